"""From the verdict of the policy to the ruling that is kept: the one place where the two meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from evenhand import policy as language
from evenhand.people.models import Person
from evenhand.tickets.models import Message, Ruling, Ticket

ASK = "ask"
TOPIC = "topic"  # a question may be for the topic itself
PERSON = "leave it to a person"


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """One matter of a message and what the policy says of it."""

    text: str
    topics: Mapping[str, float]  # as read; the rest to 1 is something else
    verdict: language.Verdict


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a verdict comes to. Equal outcomes are the same ruling."""

    act: str
    department: str = ""
    reply: str = ""
    service: str = ""
    pointers: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    gave_way: tuple[str, ...] = ()


def outcome(verdict: language.Verdict) -> Outcome:
    """What follows from `verdict`. Asking is an act of its own, since no clause decides before the answer."""
    decision = verdict.decision
    if verdict.kind == "ask":
        return Outcome(act=ASK)
    if decision is None:
        return Outcome(act=PERSON)
    return Outcome(
        act=decision.act,
        department=decision.department or "",
        reply=decision.reply or "",
        service=decision.service or "",
        pointers=decision.pointers,
        clauses=decision.clauses,
        gave_way=decision.gave_way,
    )


def new_ruling(
    ticket: Ticket,
    ruled: Ruled,
    *,
    matter: int,
    version_id: int,
    message: Message | None,
    at: dt.datetime,
    by: Person | None,
) -> Ruling:
    """The unsaved ruling: in force where the desk may act or ask alone, or `by` chose; otherwise proposed."""
    verdict, decision = ruled.verdict, ruled.verdict.decision
    fields = asdict(outcome(verdict))
    lists = ("pointers", "clauses", "gave_way")
    return Ruling(
        ticket=ticket,
        message=message,
        matter=matter,
        matter_text=ruled.text,
        version_id=version_id,
        state=Ruling.State.IN_FORCE if by or acts_by_itself(verdict) else Ruling.State.PROPOSED,
        kind="agent" if by else verdict.kind,
        topics=[[topic, round(p, 6)] for topic, p in sorted(ruled.topics.items(), key=lambda read: -read[1])],
        facts=[_fact(name, fact) for name, fact in verdict.facts.items()],
        topic=verdict.topic or "",
        **{name: list(value) if name in lists else value for name, value in fields.items()},
        limits=[{"text": limit.text, "clause": limit.clause} for limit in decision.limits]
        if decision
        else [],
        targets=dict(decision.targets) if decision else {},
        calendars=dict(decision.calendars) if decision else {},
        promised=_public(decision) if decision else [],
        question=_question(verdict.question),
        belief=verdict.belief,
        plausibility=verdict.plausibility,
        by=by,
        at=at,
    )


def acts_by_itself(verdict: language.Verdict) -> bool:
    """True where the document lets the desk act, or ask, without a person."""
    return verdict.kind in ("alone", "ask")


def _public(decision: language.Decision) -> list[str]:
    """The targets that the policy states in public; the others only drive our clock (policy-spec, 29)."""
    return [name for name, strength in decision.strengths.items() if strength != "set"]


def without_question(ruled: Ruled) -> Ruled:
    """The same where the customer was asked before: what would be a question goes to a person."""
    if ruled.verdict.kind != "ask":
        return ruled
    return replace(ruled, verdict=replace(ruled.verdict, kind="person"))


def _fact(name: str, fact: language.FactValue) -> dict[str, Any]:
    return {
        "name": name,
        "value": fact.value or "",
        "status": fact.status,
        "source": fact.source,
        "confidence": fact.confidence,
    }


def _question(question: language.Question | None) -> dict[str, Any] | None:
    if question is None:
        return None
    return {
        "fact": question.fact,
        "text": question.text,
        "answers": list(question.answers),
        "meanings": [[list(settled) for settled in meaning] for meaning in question.meanings],
    }
