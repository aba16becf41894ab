"""What a draft would make of recorded requests: a million of them by table look-ups.

Facts stay as they were recorded, presumed and unknown ones too; a fact that only the draft declares is
presumed or unknown as the draft says. What the draft leaves open ends as "a question or a person": which
question it would ask is not replayed, since nobody gave the answer.

`Replay.endings` agrees with `Policy.rule` in kind (alone, proposed, open), outcome, clauses and targets. The
few requests for which tables do not say enough (two outcomes are certain enough at once) go through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .belief import MOST_LOST, ROUNDING
from .endings import Ending, States, ending_of
from .facts import FactValue
from .packed import How, Packing
from .policy import Policy
from .tables import Array, Tables
from .words import TOPIC

MOST_RULED = 65_536


@dataclass(frozen=True)
class Endings:
    """For each record the number of its ending in `Replay.all`, and whether it falls into a `never`."""

    numbers: Array
    never: Array


class Replay:
    """Decides the records of one version under another policy, the draft.

    >>> from evenhand.policy import compile_policy
    >>> text = "---\\npolicy: p\\nversion: 1\\n---\\n# All\\n## 1 Help\\n```rule\\nalways\\nwe help\\n```\\n"
    >>> policy = compile_policy(text)
    >>> packing = Packing(policy)
    >>> records = np.frombuffer(packing.pack_decision({}, policy.decide({})), packing.dtype)
    >>> replay = Replay(packing, policy)
    >>> [replay.all[number].clauses for number in replay.endings(records).numbers]
    [('1',)]
    """

    def __init__(self, packing: Packing, draft: Policy, states: States | None = None) -> None:
        """`states`: those of the same draft, where several versions are replayed under it."""
        self.packing, self.draft = packing, draft
        self.tables = Tables(packing, states or States(draft))
        self.misfits = self.tables.misfits
        self._ruled: dict[bytes, tuple[int, bool]] = {}

    @property
    def all(self) -> list[Ending]:
        return self.tables.endings.all

    def endings(self, records: Array) -> Endings:
        """How each record (a row of the packing's dtype) would end."""
        numbers = np.zeros(len(records), np.int32)
        never = np.zeros(len(records), bool)
        if not self.tables.fits:
            for row, record in enumerate(records):
                numbers[row], never[row] = self._rule(record)
            return Endings(numbers, never)
        topics, masses = self.tables.considered(records)
        options = self.tables.options(records)
        counts = np.count_nonzero(masses, axis=1)
        for count in np.flatnonzero(np.bincount(counts)).tolist():
            rows = np.flatnonzero(counts == count)
            if count:
                states = self.tables.states([one[rows] for one in options], topics[rows, :count])
                weigh = self._one if count == 1 else self._several
                numbers[rows], never[rows], unsure = weigh(states, masses[rows, :count])
                for row in rows[unsure].tolist():
                    numbers[row], never[row] = self._rule(records[row])
        return Endings(numbers, never)

    def _one(self, states: Array, masses: Array) -> tuple[Array, Array, Array]:
        """One topic each: what it says, where it is likely enough."""
        tables, state, mass = self.tables, states[:, 0], masses[:, 0]
        sure = mass >= tables.needs[state]
        unsure = ~sure if self._anything_goes else np.zeros(len(sure), bool)
        return np.where(sure, tables.settled[state], tables.open[state]), tables.empty[state], unsure

    @property
    def _anything_goes(self) -> bool:
        """Whether some outcome needs no belief at all, so that even what nothing speaks for may be done."""
        return min(self.tables.least, default=1.0) <= 0

    def _several(self, states: Array, masses: Array) -> tuple[Array, Array, Array]:
        """Rules 19 to 21: topics without a case lose their mass to the others, those alike add up."""
        tables = self.tables
        empty, certain = tables.empty[states], tables.certain[states]
        kept, lost = _scaled(masses, empty)
        never = (lost >= MOST_LOST - ROUNDING) | empty.all(axis=1)
        belief = _belief(kept, certain)
        least = np.append(np.array(tables.least), np.inf)  # -1, no outcome, finds the last
        passes = (belief >= least[certain]) & ~never[:, None]
        best = np.where(passes, belief, -1.0).argmax(axis=1)
        rows = np.arange(len(states))
        sure = passes[rows, best]
        chosen = certain[rows, best]
        unsure = (passes & (certain != chosen[:, None])).any(axis=1)
        if self._anything_goes:
            unsure |= ~sure & ~never
        ends = np.empty(len(states), np.int32)
        ends[~sure] = self._left_open(states[~sure])
        ends[sure] = self._settled(states[sure], certain[sure], states[rows, best][sure], chosen[sure])
        return ends, never, unsure

    def _left_open(self, states: Array) -> Array:
        """Open, with the earliest of all targets that remain possible."""
        rest = self.tables.open_rest[states[:, 0]]
        for column in range(1, states.shape[1]):
            rest = self.tables.together(rest, self.tables.open_rest[states[:, column]])
        return self.tables.retimed(np.zeros(len(states), np.int32), rest)

    def _settled(self, states: Array, certain: Array, first: Array, chosen: Array) -> Array:
        """The outcome `chosen`, as its likeliest topic `first` says it, with the earliest targets of all
        topics that may yield it; open where they differ in a step or a charge (rule 25)."""
        tables = self.tables
        alone = rest = tables.rest_of[first, chosen]
        yielded = tables.rest_of[states, chosen[:, None]]
        for agreeing in (certain == chosen[:, None], certain != chosen[:, None]):
            for column in range(states.shape[1]):
                rest = tables.together(rest, np.where(agreeing[:, column], yielded[:, column], -1))
        ends = tables.settled[first]
        other = np.flatnonzero(rest != alone)
        ends[other] = tables.retimed(ends[other], rest[other])
        unsettled = np.array([one.is_unsettled for one in tables.rests.all])[rest]
        ends[unsettled] = self._left_open(states[unsettled])
        return ends

    def _rule(self, record: Any) -> tuple[int, bool]:
        """One record through `Policy.rule`; remembered."""
        asked = record.tobytes()[9:]  # without the mark and how: they are no part of the request
        found = self._ruled.get(asked)
        if found is None:
            if len(self._ruled) >= MOST_RULED:
                self._ruled.clear()
            topics, facts = as_ruled(self.packing, self.draft, record.tobytes())
            verdict = self.draft.rule(topics, facts)
            ending = self.tables.endings.number(ending_of(verdict.kind, verdict.decision))
            found = self._ruled[asked] = ending, falls_into_never(self.draft, topics, facts)
        return found


def _scaled(masses: Array, empty: Array) -> tuple[Array, Array]:
    """Masses with what was lost given to the others, and how much was lost. Adds up as `Scales` does."""
    if not empty.any():
        return masses, np.zeros(len(masses))
    total, lost = np.zeros(len(masses)), np.zeros(len(masses))
    for column in range(masses.shape[1]):
        total = total + masses[:, column]
        lost = lost + np.where(empty[:, column], masses[:, column], 0.0)
    left = total - lost
    scale = np.divide(total, left, out=np.zeros(len(total)), where=left > ROUNDING)
    return np.where(empty, 0.0, masses * scale[:, None]), lost


def _belief(masses: Array, certain: Array) -> Array:
    """Bel of each topic's outcome: the mass of all topics that certainly end so."""
    belief = np.zeros(masses.shape)
    for column in range(masses.shape[1]):
        belief += np.where(certain == certain[:, column, None], masses[:, column, None], 0.0)
    return belief


def as_ruled(packing: Packing, draft: Policy, record: bytes) -> tuple[dict[str, float], dict[str, FactValue]]:
    """Topics and facts of a record as `draft.rule` takes them; what the draft does not declare is unknown."""
    held = packing.unpack(record)
    facts = {}
    for name, value in held.facts.items():
        if name in draft.facts:
            fits = value.value is None or draft.fault_in(name, value.value) is None
            facts[name] = value if fits else FactValue(value=None, status="unknown")
    return {topic: mass for topic, mass in held.topics.items() if topic in draft.topics}, facts


def falls_into_never(draft: Policy, topics: dict[str, float], facts: dict[str, FactValue]) -> bool:
    """Whether half of the topics' mass, or all of it, lies where the draft says `never` (rule 19)."""
    given = {name: value.value or "unknown" for name, value in facts.items()}
    least = draft.desk.considers_down_to
    masses = {topic: mass for topic, mass in topics.items() if mass >= least} if draft.topics else {"": 1.0}
    lost = sum(
        mass
        for topic, mass in masses.items()
        if not draft.decider.outcomes(draft.situation({**given, **({TOPIC: topic} if topic else {})}))
    )
    return bool(lost) and (lost >= MOST_LOST - ROUNDING or lost >= sum(masses.values()) - ROUNDING)


def kind_of(policy: Policy, topics: Mapping[str, float], facts: Mapping[str, FactValue]) -> How:
    """What the policy itself says of a request: whoever is asked to hold it back is no part of it."""
    verdict = policy.rule(topics, facts)
    return ending_of(verdict.kind, verdict.decision).how
