"""A ruling as the panel shows it: what decided, what gave way, on which facts, and what would change it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evenhand import policy as language
from evenhand.tickets.models import Ruling

LIKELIEST = 3  # topics offered where an agent decides


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A clause as it is cited: "9.1", or one line of it: "21(e)". `anchor` is its id on the public page."""

    number: str
    title: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    name: str
    value: str  # empty where unknown
    status: str  # known, presumed, unknown
    source: str
    confidence: float | None


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What the agent may not do, and the clause that says so."""

    text: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    topic: str
    description: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Change:
    """If `fact` were `value`, the outcome would be `reply` by `clause`."""

    fact: str
    value: str
    act: str
    reply: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """A fact that decides the matter again once it is known; `values` to choose from, none for a number."""

    fact: str
    value: str  # as it is taken or known now
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RulingView:
    """Everything the ruling panel needs, without another query."""

    id: int
    matter: int
    matter_text: str
    state: str  # proposed, in force, superseded
    kind: str  # alone, propose, ask, person; agent where a person chose
    act: str
    department: str
    reply: str  # the reply's name in the document
    service: str
    pointers: tuple[str, ...]
    topic: str
    candidates: tuple[Candidate, ...]  # likeliest first, at most LIKELIEST
    belief: float
    plausibility: float
    facts: tuple[Fact, ...]
    clauses: tuple[Cited, ...]
    gave_way: tuple[Cited, ...]
    limits: tuple[Limit, ...]
    targets: tuple[tuple[str, str], ...]
    question: str
    answers: tuple[str, ...]
    changes: tuple[Change, ...]
    charge: str  # what the matter costs, in the document's words
    awaited: tuple[Awaited, ...]
    version_id: int
    version: str  # its label: "2027-01"
    at: dt.datetime
    by: str  # empty: the desk
    reason: str
    overridden: bool


def view(ruling: Ruling, policy: language.Policy) -> RulingView:
    """`ruling` beside the policy that made it; its `version` and `by` are loaded."""
    question = ruling.question or {}
    explained = _explained(ruling, policy)
    return RulingView(
        id=ruling.pk,
        matter=ruling.matter,
        matter_text=ruling.matter_text,
        state=ruling.state,
        kind=ruling.kind,
        act=ruling.act,
        department=ruling.department,
        reply=ruling.reply,
        service=ruling.service,
        pointers=tuple(ruling.pointers),
        topic=ruling.topic,
        candidates=tuple(_candidate(policy, *read) for read in ruling.topics[:LIKELIEST]),
        belief=ruling.belief,
        plausibility=ruling.plausibility,
        facts=tuple(Fact(**fact) for fact in ruling.facts),
        clauses=cited(policy, ruling.clauses),
        gave_way=cited(policy, ruling.gave_way),
        limits=tuple(Limit(**limit) for limit in ruling.limits),
        targets=tuple(ruling.targets.items()),
        question=question.get("text", ""),
        answers=tuple(question.get("answers", ())),
        changes=_changes(explained),
        charge=_charge(explained, policy),
        awaited=_awaited(ruling, policy),
        version_id=ruling.version_id,
        version=ruling.version.label,
        at=ruling.at,
        by=str(ruling.by) if ruling.by else "",
        reason=ruling.reason,
        overridden=ruling.overridden,
    )


def cited(policy: language.Policy, numbers: list[str]) -> tuple[Cited, ...]:
    """Clause numbers with their titles; a line's letter, as in "21(e)", stays in the number."""
    return tuple(_cited(policy, number) for number in numbers)


def _cited(policy: language.Policy, number: str) -> Cited:
    clause = policy.clauses.get(number.partition("(")[0])
    title = clause.title if clause else ""
    return Cited(number=number, title=title, anchor=f"c-{number.partition('(')[0]}")


def _candidate(policy: language.Policy, topic: str, probability: float) -> Candidate:
    known = policy.topics.get(topic)
    return Candidate(topic=topic, description=known.description if known else "", probability=probability)


def _explained(ruling: Ruling, policy: language.Policy) -> language.Explanation | None:
    """The ruling with its topic for certain; nothing where it has none, or a person set the outcome."""
    if not ruling.topic or ruling.overridden:
        return None
    return policy.explain({ruling.topic: 1.0}, facts_of(ruling))


def _charge(explained: language.Explanation | None, policy: language.Policy) -> str:
    decision = explained.verdict.decision if explained else None
    if decision is None or decision.charge is None or decision.charge.service is None:
        return ""
    terms = [policy.services[decision.charge.service], *decision.charge.terms]
    return f"{', '.join(terms)} ({', '.join(decision.because['charge'])})"


def _awaited(ruling: Ruling, policy: language.Policy) -> tuple[Awaited, ...]:
    if ruling.overridden or ruling.state == Ruling.State.SUPERSEDED:
        return ()
    held = facts_of(ruling)
    return tuple(
        Awaited(fact=name, value=held[name].value or "", values=policy.facts[name].values)
        for name in policy.awaits(dict(ruling.topics), held)
    )


def _changes(explained: language.Explanation | None) -> tuple[Change, ...]:
    if explained is None:
        return ()
    return tuple(
        Change(
            fact=change.fact,
            value=change.value,
            act=change.act,
            reply=change.reply or "",
            clause=change.clause,
        )
        for change in explained.changes
    )


def facts_of(ruling: Ruling) -> dict[str, language.FactValue]:
    """The facts the ruling was made from, as the language takes them."""
    return {
        fact["name"]: language.FactValue(
            value=fact["value"] or None,
            status=fact["status"],
            source=fact["source"],
            confidence=fact["confidence"],
        )
        for fact in ruling.facts
    }
