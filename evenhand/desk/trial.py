"""“Try a request”: what a draft would decide of it, beside what the version in force decides.

The request is redacted first and stored nowhere. Topics are found by the reader of the version in force where
the draft declares the same topics; else a reader of the draft is trained once (about two seconds) and kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.intake.cleaning import clean
from evenhand.intake.understanding import Matter, Understanding, understand
from evenhand.people.models import Brand
from evenhand.policy import Explanation, FactValue, Policy
from evenhand.reading.guide import App
from evenhand.reading.triage import Model
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.compiled import reader_for
from evenhand.rulebook.refusals import NoVersion
from evenhand.stores.queries import guide
from evenhand.tickets.models import Channel

SAME_READER = "Read by the reader of the version in force."
SAME_TOPICS = (
    "Read by the reader of the version in force; it has not learnt the sayings that this draft changes."
)
OWN_READER = "Read by a reader trained on this draft, since its topics are not those in force."


class UnfitFact(ValueError):
    """A fact was given a value that the draft does not declare; the message says what it does."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One matter of the request under one policy. `asks` is the question to the customer, or empty."""

    text: str
    kind: str  # alone, propose, ask, person
    act: str
    topic: str
    chance: float
    asks: str
    explanation: Explanation

    @property
    def because(self) -> tuple[tuple[str, str], ...]:
        """Who decides, by clause number and title."""
        return tuple((one.clause, one.title) for one in self.explanation.because)

    @property
    def gave_way(self) -> tuple[tuple[str, str], ...]:
        return tuple((one.clause, one.title) for one in self.explanation.gave_way)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`now` is None where no version is in force."""

    draft: tuple[Tried, ...]
    now: tuple[Tried, ...] | None
    version: str
    read_by: str
    redacted: bool

    @property
    def alike(self) -> bool:
        return self.now is not None and list(map(_gist, self.draft)) == list(map(_gist, self.now))


def try_request(brand: Brand, policy: Policy, text: str, facts: Mapping[str, str]) -> Trial:
    """What `policy` and the version in force decide of `text`. Raises UnfitFact."""
    held = _held(policy, facts)
    cleaned, apps = clean(text), guide(brand)
    try:
        version = rulebook.in_force(brand)
    except NoVersion:
        found = _understood(cleaned, policy, held, apps, reader_for(policy))
        return Trial(draft=found, now=None, version="", read_by=OWN_READER, redacted=cleaned != text)
    ruling, model = rulebook.policy(version), rulebook.reader(version)
    own = set(policy.topics) != set(ruling.topics)
    now = _understood(cleaned, ruling, _fitting(ruling, held), apps, model)
    found = _understood(cleaned, policy, held, apps, reader_for(policy) if own else model)
    same = policy.topics == ruling.topics
    return Trial(
        draft=found,
        now=now,
        version=version.label,
        read_by=OWN_READER if own else SAME_READER if same else SAME_TOPICS,
        redacted=cleaned != text,
    )


def _understood(
    text: str, policy: Policy, held: Mapping[str, FactValue], apps: Sequence[App], model: Model
) -> tuple[Tried, ...]:
    found = understand(text, channel=Channel.FORM, facts=held, policy=policy, model=model, apps=apps)
    return tuple(_tried(policy, matter, found) for matter in found.matters)


def _tried(policy: Policy, matter: Matter, found: Understanding) -> Tried:
    explained = policy.explain(dict(matter.reading.topics), matter.held)
    verdict = matter.verdict
    asks = verdict.question.text if verdict.kind == "ask" and verdict.question else ""
    return Tried(
        text=matter.text if len(found.matters) > 1 else "",
        kind=verdict.kind,
        act=verdict.decision.act if verdict.decision else "",
        topic=matter.topic,
        chance=dict(verdict.candidates or matter.reading.topics).get(matter.topic, 0.0),
        asks=asks,
        explanation=explained,
    )


def _held(policy: Policy, facts: Mapping[str, str]) -> dict[str, FactValue]:
    """The facts as given by the lead. Raises UnfitFact."""
    for name, value in facts.items():
        if name == "topic" and value not in policy.topics:
            raise UnfitFact(f"There is no topic “{value}” in this draft.")
        if name != "topic" and name not in policy.facts:
            raise UnfitFact(f"There is no fact “{name}” in this draft.")
        if name != "topic" and (fault := policy.fault_in(name, value)):
            raise UnfitFact(fault)
    return {name: FactValue(value=value, status="known", source="you") for name, value in facts.items()}


def _fitting(policy: Policy, held: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """Those facts that another policy knows too."""
    return {
        name: given
        for name, given in held.items()
        if (given.value in policy.topics if name == "topic" else name in policy.facts)
        and (name == "topic" or policy.fault_in(name, str(given.value)) is None)
    }


def _gist(tried: Tried) -> tuple[str, str, tuple[str, ...], str]:
    decision = tried.explanation.verdict.decision
    return tried.kind, tried.act, decision.clauses if decision else (), tried.asks
