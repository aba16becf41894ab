"""Belief: which outcome is certain enough, where the topic has probabilities and facts may be unknown
(section D).

Bel of an outcome is the mass of the topics of which every remaining case yields it; Pl the mass of those of
which some case does. Topics that decide alike add up: what must be certain is the outcome, not the topic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .decide import Decider, Key
from .decisions import Outcome
from .desk import Desk

ROUNDING = 1e-9
MOST_LOST = 0.5

Settled = Literal["alone", "propose"]


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """The topics that remain, with their mass and situation, and what they say of each outcome."""

    masses: Mapping[str, float]
    situations: Mapping[str, int]
    belief: Mapping[Key, float]
    plausibility: Mapping[Key, float]
    yields: Mapping[str, tuple[Key, ...]]
    lost: float = 0.0

    @property
    def contradictory(self) -> bool:
        """Message and facts contradict each other: half of the mass lies where nothing can be (rule 19)."""
        return self.lost >= MOST_LOST - ROUNDING or not self.masses

    @property
    def is_one_outcome(self) -> bool:
        """Whether every topic that remains certainly comes out alike: then nothing turns on the topic."""
        return len(self.plausibility) == 1

    @property
    def likeliest(self) -> Key:
        """The outcome with the greatest belief, then plausibility, then the first by topic and document."""
        order = list(self.plausibility)
        return max(order, key=lambda key: (self.belief[key], self.plausibility[key], -order.index(key)))

    def topics_for(self, key: Key) -> tuple[str, ...]:
        """The topics that may yield an outcome: those that certainly do first, then by mass."""
        may = [topic for topic, keys in self.yields.items() if key in keys]
        return tuple(sorted(may, key=lambda topic: (len(self.yields[topic]) > 1, -self.masses[topic])))


@dataclass
class Scales:
    """Weighs situations, and says when an outcome is certain enough."""

    decider: Decider
    desk: Desk

    def weigh(self, masses: Mapping[str, float], situations: Mapping[str, int]) -> Weighed:
        """Bel and Pl of every outcome. Topics without a case lose their mass to the others (rule 19)."""
        outcomes = {topic: tuple(self.decider.outcomes(situations[topic])) for topic in masses}
        total = sum(masses.values())
        lost = sum(mass for topic, mass in masses.items() if not outcomes[topic])
        scale = total / (total - lost) if total - lost > ROUNDING else 0.0
        kept = {topic: mass * scale for topic, mass in masses.items() if outcomes[topic]}
        belief: dict[Key, float] = {}
        plausibility: dict[Key, float] = {}
        for topic, mass in sorted(kept.items(), key=lambda pair: -pair[1]):
            for key in outcomes[topic]:
                belief[key] = belief.get(key, 0.0) + (mass if len(outcomes[topic]) == 1 else 0.0)
                plausibility[key] = plausibility.get(key, 0.0) + mass
        return Weighed(
            masses=kept,
            situations={topic: situations[topic] for topic in kept},
            belief=belief,
            plausibility=plausibility,
            yields={topic: outcomes[topic] for topic in kept},
            lost=lost,
        )

    def settled(self, weighed: Weighed) -> tuple[Key, Settled] | None:
        """The outcome that is certain enough, and whether the desk acts alone or proposes it (rule 21)."""
        if weighed.contradictory:
            return None
        for key in sorted(weighed.belief, key=lambda key: -weighed.belief[key]):
            outcome = self.outcome(weighed, key)
            if weighed.belief[key] >= self.desk.threshold(outcome) - ROUNDING:
                return key, ("propose" if self.desk.never_acts_alone(outcome) else "alone")
        return None

    def outcome(self, weighed: Weighed, key: Key) -> Outcome:
        return self.decider.outcome(weighed.situations[weighed.topics_for(key)[0]], key)
