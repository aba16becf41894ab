"""What a message means under a policy: its matters, each with a verdict, its conduct, and the facts.

Reading finds topics, facts and breaches in the text; the policy alone decides.  Nothing here knows the
database: the desk's intake and the command `evenhand read request` come to one answer by the same steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from evenhand.policy import FactValue, Policy, Question, Verdict
from evenhand.reading import language, screen
from evenhand.reading.facts import read_facts
from evenhand.reading.guide import App
from evenhand.reading.matters import split, whole
from evenhand.reading.screen import ConductFinding
from evenhand.reading.triage import Model, TopicReading

UNDERSTOOD = ("en", language.UNDETERMINED)
"""A few words or figures are no language; they are read as they stand."""

TOPIC, BREACH = "topic", "breach"

BREACHES = {
    "discriminatory": "discriminatory",
    "cursing": "cursing",
    "duplicate-tickets": "shopping around",
    "screaming": "shouting",
    "all-caps": "shouting",
}
"""Kinds of finding, gravest first, and the breach of the ladder that each of them is."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One matter of a message: its words, what it is about, and what the policy says about it."""

    text: str
    reading: TopicReading
    verdict: Verdict
    policy: Policy = field(repr=False, compare=False)
    held: Mapping[str, FactValue]

    @property
    def topic(self) -> str:
        """The likeliest topic that the facts do not exclude."""
        return self.verdict.candidates[0][0] if self.verdict.candidates else self.reading.first

    @cached_property
    def foreseen(self) -> Verdict:
        """The verdict that would follow were the likeliest ending's topic certain: what an agent is shown
        where `verdict` asks or leaves it to a person.

        Topics that end alike count together. Worked out only when asked for: the policy rules once for each
        candidate.
        """
        endings: dict[tuple[str, str | None], list[tuple[float, Verdict]]] = {}
        for topic, chance in self.verdict.candidates or (self.reading.topics[0],):
            certain = self.policy.rule({topic: 1.0}, self.held)
            reply = certain.decision.reply if certain.decision is not None else None
            ending = ("ask", None) if certain.kind == "ask" else ("decided", reply)
            endings.setdefault(ending, []).append((chance, certain))
        weightiest = max(endings.values(), key=lambda together: sum(chance for chance, _ in together))
        return weightiest[0][1]


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """What a message means: at least one matter, what was found in its tone, and every fact of the policy."""

    language: str
    matters: tuple[Matter, ...]
    conduct: tuple[ConductFinding, ...]
    breach: str | None
    facts: Mapping[str, FactValue]

    @property
    def foreign(self) -> bool:
        """Whether a person has to read it because it is in another language."""
        return self.language not in UNDERSTOOD

    @property
    def alone(self) -> bool:
        """Whether the desk acts without a person: every matter is certain, and nobody has to be warned."""
        return self.breach is None and all(matter.verdict.kind == "alone" for matter in self.matters)

    @property
    def question(self) -> Question | None:
        """The one question to the customer, which every matter that asks shares (policy-spec, 26)."""
        return next((one.verdict.question for one in self.matters if one.verdict.question is not None), None)


def understand(
    text: str,
    *,
    channel: str,
    facts: Mapping[str, FactValue],
    policy: Policy,
    model: Model,
    apps: Sequence[App] = (),
) -> Understanding:
    """What `text`, which came by `channel`, means under `policy`.

    `facts` are those that account, store and record hold; what is known there stands above the text. `apps`
    is the guide to apps.  A fact `topic` is somebody's choice: it stands for all that was read, and the
    message has one matter.  A message in another language goes to a person, whatever its topics.
    """
    spoken = language.detect(text)
    conduct = tuple(screen.screen(text, channel)) if policy.ladder is not None else ()
    breach = next((BREACHES[kind] for kind in BREACHES if any(one.label == kind for one in conduct)), None)
    segments = (whole(text, model),) if TOPIC in facts else split(text, model)
    held = [_held(segment.text, facts, policy, apps, breach) for segment in segments]
    verdicts = policy.rule_matters(
        [(dict(segment.reading.topics), each) for segment, each in zip(segments, held, strict=True)]
    )
    if spoken not in UNDERSTOOD:
        verdicts = tuple(replace(verdict, kind="person", question=None) for verdict in verdicts)
    matters = tuple(
        Matter(text=segment.text, reading=segment.reading, verdict=verdict, policy=policy, held=each)
        for segment, verdict, each in zip(segments, verdicts, held, strict=True)
    )
    return Understanding(
        language=spoken,
        matters=matters,
        conduct=conduct,
        breach=breach,
        facts=matters[0].verdict.facts,
    )


def _held(
    text: str, facts: Mapping[str, FactValue], policy: Policy, apps: Sequence[App], breach: str | None
) -> dict[str, FactValue]:
    """The facts of one matter: what the record knows, else what the text says, else what is unknown."""
    declared = {name: tuple(fact.values) for name, fact in policy.facts.items()}
    read = read_facts(text, declared=declared, apps=apps)
    held = {name: value for name, value in facts.items() if name in policy.facts or name == TOPIC}
    for name, reading in read.items():
        if name not in held or held[name].status != "known":
            held[name] = FactValue(
                value=reading.value, status="known", source=reading.source, confidence=reading.confidence
            )
    if breach is not None and BREACH in policy.facts and breach in policy.facts[BREACH].values:
        held[BREACH] = FactValue(value=breach, status="known", source="screening")
    return held
