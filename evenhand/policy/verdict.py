"""The verdict: act alone, propose, ask, or leave it to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .ask import Asker, Question, Rated, Situated
from .belief import Scales, Weighed
from .decide import Decision, Key
from .facts import Fact, FactValue
from .schedules import Topic
from .words import TOPIC, UNKNOWN

Kind = Literal["alone", "propose", "ask", "person"]
CONTRADICTION = "What the message says and the facts on record cannot both be."
NO_TOPIC_LIKELY = "No topic is likely enough."
NO_TOPIC = ""
"""Stands for the topic in a document that declares none."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the desk should do with one matter.

    `decision` is that of the likeliest outcome (None where nothing can be), `topic` the likeliest topic
    that yields it, `belief` and `plausibility` that outcome's Bel and Pl. `question` is set where the kind
    is ask; `nearest` is, for a person, the question that came nearest and is not to be asked. `facts` holds
    every declared fact. `why` is one plain sentence.
    """

    kind: Kind
    decision: Decision | None
    topic: str | None
    belief: float
    plausibility: float
    question: Question | None
    candidates: tuple[tuple[str, float], ...]
    facts: Mapping[str, FactValue]
    nearest: Question | None = None
    why: str = ""


class Judge:
    """Carries out section D for one policy."""

    def __init__(
        self,
        facts: Mapping[str, Fact],
        topics: Mapping[str, Topic],
        rows: Mapping[str, Mapping[str | None, int]],
        scales: Scales,
        asker: Asker,
    ) -> None:
        self.facts = facts
        self.topics = topics
        self.rows = rows
        self.scales = scales
        self.asker = asker

    def ruling(self, topics: Mapping[str, float], facts: Mapping[str, FactValue]) -> Ruling:
        """One matter, weighed and not yet answered."""
        complete = {name: _complete(fact, facts.get(name)) for name, fact in self.facts.items()}
        masses = self._masses(topics, facts.get(TOPIC))
        situated = Situated(
            rows={name: self.rows[name][given.value or UNKNOWN] for name, given in complete.items()},
            topic_rows={topic: self.rows[TOPIC][topic] if TOPIC in self.rows else -1 for topic in masses},
            masses=masses,
        )
        weighed = self.scales.weigh(masses, situated.situations())
        candidates = tuple(sorted(weighed.masses.items(), key=lambda pair: -pair[1]))
        return Ruling(self, situated, weighed, complete, candidates if self.topics else ())

    def _masses(self, topics: Mapping[str, float], chosen: FactValue | None) -> dict[str, float]:
        """The topics considered, with their probability; "something else" is the rest to 1 (rule 18)."""
        if not self.topics:
            return {NO_TOPIC: 1.0}
        if chosen is not None and chosen.value is not None:
            return {chosen.value: 1.0}
        least = self.scales.desk.considers_down_to
        # In the order of the document, never of the caller: sums and ties come out alike (rule 27).
        read = ((topic, topics.get(topic, 0.0)) for topic in self.topics)
        return {topic: mass for topic, mass in read if mass > 0 and mass >= least}


@dataclass(frozen=True)
class Ruling:
    """One matter in front of the judge: decided at once, or open to a question."""

    judge: Judge
    situated: Situated
    weighed: Weighed
    facts: Mapping[str, FactValue]
    candidates: tuple[tuple[str, float], ...]

    def decided(self) -> Verdict | None:
        """The verdict that needs no question (rules 19 and 21), or None where only a question could help."""
        weighed, scales = self.weighed, self.judge.scales
        if not weighed.masses:
            return self._verdict("person", None, why=CONTRADICTION if weighed.lost else NO_TOPIC_LIKELY)
        if weighed.contradictory:
            return self._verdict("person", weighed.likeliest, why=CONTRADICTION)
        settled = scales.settled(weighed)
        return self._settled(*settled) if settled is not None else None

    def singles(self) -> list[Rated]:
        return self.judge.asker.singles(self.situated, self.weighed, self._unknown)

    def joints(self) -> list[Rated]:
        return self.judge.asker.joints(self.situated, self.weighed, self._unknown)

    @property
    def _unknown(self) -> list[str]:
        return [name for name, given in self.facts.items() if given.status == UNKNOWN]

    def asking(self, question: Question) -> Verdict:
        return self._verdict(
            "ask", self.weighed.likeliest, question=question, why="One answer settles what we do."
        )

    def left_to_a_person(self, nearest: Question | None, why: str) -> Verdict:
        return self._verdict(
            "person", self.weighed.likeliest, nearest=nearest, why=f"No outcome is certain enough. {why}"
        )

    def _settled(self, key: Key, kind: Literal["alone", "propose"]) -> Verdict:
        threshold = self.judge.scales.desk.threshold(self.judge.scales.outcome(self.weighed, key))
        belief = self.weighed.belief[key]
        verdict = self._verdict(kind, key, why=f"Certain to {belief:.2f}; {threshold:.2f} is asked for.")
        unsettled = verdict.decision.unsettled if verdict.decision else ()
        if unsettled:
            return self._verdict("person", key, why=f"The {unsettled[0]} turns on a fact that is not known.")
        if kind == "propose":
            return self._verdict(kind, key, why="The desk never does this alone.")
        return verdict

    def _verdict(
        self,
        kind: Kind,
        key: Key | None,
        *,
        question: Question | None = None,
        nearest: Question | None = None,
        why: str = "",
    ) -> Verdict:
        weighed = self.weighed
        decision: Decision | None = None
        topic: str | None = None
        if key is not None:
            settled = kind in ("alone", "propose")
            yielding = weighed.topics_for(key)
            topic = yielding[0] or None
            others = (
                yielding[1:] if settled else tuple(name for name in weighed.masses if name != yielding[0])
            )
            situations = tuple(weighed.situations[name] for name in (yielding[0], *others))
            decision = self.judge.scales.decider.decision(situations, key, settled=settled)
        return Verdict(
            kind=kind,
            decision=decision,
            topic=topic,
            belief=weighed.belief[key] if key is not None else 0.0,
            plausibility=weighed.plausibility[key] if key is not None else 0.0,
            question=question,
            candidates=self.candidates,
            facts=self.facts,
            nearest=nearest,
            why=why,
        )


def _complete(fact: Fact, given: FactValue | None) -> FactValue:
    """A fact as given, else as presumed, else unknown: never silently defaulted."""
    if given is not None:
        if given.status == UNKNOWN or given.value is None:
            return FactValue(value=None, status="unknown", source=given.source)
        return given
    if fact.presumed is not None:
        return FactValue(value=fact.presumed, status="presumed", source="taken as the policy says")
    return FactValue(value=None, status="unknown", source=fact.source)
