"""Rulings: made by the policy, accepted or corrected by an agent, and never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from evenhand import policy as language
from evenhand.people.models import Person
from evenhand.people.roles import Permission
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.tickets import letters, records
from evenhand.tickets.actions.locks import held, now, spoken, tell
from evenhand.tickets.actions.outcomes import carry_out, leading
from evenhand.tickets.models import Message, Ruling, Ticket
from evenhand.tickets.queries.rulings import facts_of
from evenhand.tickets.queries.ticket import ACTS
from evenhand.tickets.refusals import RulingSettled, UnknownChoice
from evenhand.tickets.targets import set_targets
from evenhand.tickets.verdicts import ASK, TOPIC, Ruled, new_ruling, without_question


def rule(
    ticket: Ticket,
    *,
    message: Message,
    version: Version,
    matters: Sequence[Ruled],
    at: dt.datetime,
    may_ask: bool = True,
    answer: bool = True,
) -> list[Ruling]:
    """Keep what the policy says of each matter, in place of what stood before, and carry it out.

    Holds the ticket's lock (it was opened in this transaction, or by `hold`). Where the desk may act alone,
    or asks, the ruling is in force; otherwise it is proposed. `may_ask` False: the customer was asked once,
    so what would be a question is proposed to a person. `answer` False: nothing is mailed.
    """
    told = set()
    if ticket.outcome:  # ruled before
        told = _told(ticket)
        Ruling.objects.filter(ticket=ticket).standing().supersede()
    rulings = [
        new_ruling(
            ticket,
            ruled if may_ask else without_question(ruled),
            matter=number,
            version_id=version.pk,
            message=message,
            at=at,
            by=None,
        )
        for number, ruled in enumerate(matters)
    ]
    Ruling.objects.bulk_create(rulings)
    policy = rulebook.policy(version)
    records.keep(rulings, policy)
    _take(ticket, rulings, policy)
    _tell_ruled(ticket, rulings, version, at)
    news = [one for one in rulings if answer and (one.act, one.reply) not in told]
    carry_out(ticket, rulings, policy, at=at, about=news, answered=message.mail_id)
    return rulings


def answer_question(
    ticket: Ticket,
    *,
    message: Message,
    answers: Mapping[str, language.FactValue],
    at: dt.datetime,
    answer: bool = True,
) -> list[Ruling]:
    """Decide again what waited for an answer, and carry it out. Holds the ticket's lock.

    The answers are known facts from now on (policy-spec, 24); nothing is asked twice.
    """
    waiting = list(ticket.rulings.standing().filter(act=ASK).select_related("version"))
    rulings = []
    for before in waiting:
        policy = rulebook.policy(before.version)
        topics = {answers[TOPIC].value or "": 1.0} if TOPIC in answers else dict(before.topics)
        verdict = policy.rule(topics, {**facts_of(before), **answers}, asked=1)
        ruling = new_ruling(
            ticket,
            Ruled(text=before.matter_text, topics=topics, verdict=verdict),
            matter=before.matter,
            version_id=before.version_id,
            message=message,
            at=at,
            by=None,
        )
        _replace(before, ruling, policy)
        rulings.append(ruling)
    standing, policy = _take_standing(ticket, waiting[0].version)
    _tell_ruled(ticket, rulings, waiting[0].version, at)
    carry_out(ticket, standing, policy, at=at, about=rulings if answer else (), answered=message.mail_id)
    return rulings


@transaction.atomic
def choose_topic(ticket: Ticket, *, by: Person, topic: str, matter: int = 0) -> Ruling:
    """Rule a matter again with its topic known from `by`; the new ruling is carried out.

    Raises UnknownChoice for a topic that the version does not have, RulingSettled where nothing stands to be
    ruled again, NotPermitted.
    """
    ticket = held(ticket, by=by, permission=Permission.RULE)
    before = _standing(ticket, matter)
    policy = rulebook.policy(before.version)
    if topic not in policy.topics:
        raise UnknownChoice(what="topic", given=topic, possible=tuple(policy.topics))
    verdict = policy.rule({topic: 1.0}, facts_of(before), asked=_asked(ticket))
    at = now()
    ruling = new_ruling(
        ticket,
        Ruled(text=before.matter_text, topics={topic: 1.0}, verdict=verdict),
        matter=matter,
        version_id=before.version_id,
        message=before.message,
        at=at,
        by=by,
    )
    _replace(before, ruling, policy)
    standing, policy = _take_standing(ticket, before.version)
    tell(ticket, "topic chosen", by=by, at=at, topic=topic, matter=matter, rulings=[_line(ruling)])
    told = before.is_settled and (before.act, before.reply) == (ruling.act, ruling.reply)
    news = [] if told else _news(ticket, ruling, policy)
    carry_out(ticket, standing, policy, at=at, about=news)
    return ruling


@transaction.atomic
def decide_again(ticket: Ticket, *, by: Person, fact: str, value: str, matter: int = 0) -> Ruling:
    """Rule a matter again with a fact that the policy waits for, such as the cause of a fault (rule 28).

    The ticket is routed and its customer told only where another outcome follows: who pays may change on a
    ticket that is solved. Raises UnknownChoice for a fact that nothing waits for or a value that it does not
    have, RulingSettled where a person set the outcome, NotPermitted.
    """
    ticket = held(ticket, by=by, permission=Permission.RULE)
    before = _standing(ticket, matter)
    if before.overridden:
        raise RulingSettled("A person set this outcome, so the policy does not decide it again.")
    policy = rulebook.policy(before.version)
    topics, known = dict(before.topics), facts_of(before)
    if fact not in policy.awaits(topics, known):
        raise UnknownChoice(what="awaited fact", given=fact, possible=policy.awaits(topics, known))
    if policy.fault_in(fact, value) is not None:
        raise UnknownChoice(what=fact, given=value, possible=policy.facts[fact].values)
    learnt = language.FactValue(value=value, status="known", source=str(by))
    verdict = policy.rule(topics, {**known, fact: learnt}, asked=_asked(ticket))
    at = now()
    ruling = new_ruling(
        ticket,
        Ruled(text=before.matter_text, topics=topics, verdict=verdict),
        matter=matter,
        version_id=before.version_id,
        message=before.message,
        at=at,
        by=by,
    )
    same = before.is_settled and _outcome_of(ruling) == _outcome_of(before)
    _replace(before, ruling, policy)
    standing, policy = _take_standing(ticket, before.version)
    tell(ticket, "fact learnt", by=by, at=at, fact=fact, value=value, matter=matter, rulings=[_line(ruling)])
    if same:
        ticket.save()
    else:
        carry_out(ticket, standing, policy, at=at, about=_news(ticket, ruling, policy))
    return ruling


def _outcome_of(ruling: Ruling) -> tuple[str, str, str, str]:
    return ruling.act, ruling.department, ruling.reply, ruling.service


@transaction.atomic
def accept(ruling: Ruling, *, by: Person) -> Ruling:
    """Let a proposal come into force as it stands, and carry it out. Raises RulingSettled, NotPermitted."""
    ticket = held(Ticket(pk=ruling.ticket_id), by=by, permission=Permission.RULE)
    proposal = _standing(ticket, ruling.matter)
    if proposal.pk != ruling.pk or proposal.is_settled:
        raise RulingSettled("Somebody decided this in the meantime. Reload the ticket to see how.")
    at = now()
    proposal.state, proposal.by = Ruling.State.IN_FORCE, by
    proposal.save(update_fields=["state", "by"])
    standing, policy = _take_standing(ticket, proposal.version)
    records.keep([proposal], policy)
    tell(ticket, "accepted", by=by, at=at, rulings=[_line(proposal)])
    carry_out(ticket, standing, policy, at=at, about=_news(ticket, proposal, policy))
    return proposal


@transaction.atomic
def override(
    ticket: Ticket,
    *,
    by: Person,
    act: str,
    reason: str,
    department: str = "",
    reply: str = "",
    matter: int = 0,
) -> Ruling:
    """Set another outcome than the policy gives, with a reason that is kept and counted; nothing is mailed.

    Raises UnknownChoice, TextRefused where no reason is given, NotPermitted.
    """
    ticket = held(ticket, by=by, permission=Permission.OVERRIDE)
    why = spoken(reason)
    before = _standing(ticket, matter)
    _check_choice(before, act=act, department=department, reply=reply)
    at = now()
    ruling = Ruling(
        ticket=ticket,
        message=before.message,
        matter=matter,
        matter_text=before.matter_text,
        version=before.version,
        state=Ruling.State.IN_FORCE,
        kind="agent",
        topics=before.topics,
        facts=before.facts,
        topic=before.topic,
        act=act,
        department=department,
        reply=reply,
        clauses=before.clauses,
        limits=before.limits,
        targets=before.targets,
        calendars=before.calendars,
        by=by,
        reason=why,
        overridden=True,
        at=at,
    )
    _replace(before, ruling, rulebook.policy(before.version))
    standing, policy = _take_standing(ticket, before.version)
    tell(
        ticket,
        "overridden",
        by=by,
        at=at,
        personal=why,
        before=before.act,
        act=act,
        clauses=list(before.clauses),
    )
    carry_out(ticket, standing, policy, at=at, about=())
    return ruling


def _told(ticket: Ticket) -> set[tuple[str, str]]:
    """What the customer knows already: a matter that was settled at once is not answered a second time."""
    settled = ticket.rulings.standing().filter(state=Ruling.State.IN_FORCE).exclude(act=ASK)
    return set(settled.values_list("act", "reply"))


def _asked(ticket: Ticket) -> int:
    """How many questions the customer was asked; matters that asked together asked one."""
    return int(ticket.rulings.filter(question__isnull=False).exists())


def _standing(ticket: Ticket, matter: int) -> Ruling:
    found = ticket.rulings.standing().filter(matter=matter).select_related("version", "message").first()
    if found is None:
        raise RulingSettled(
            "Nothing was ruled here yet, so there is nothing to change. Answer the customer instead."
        )
    return found


def _replace(before: Ruling, ruling: Ruling, policy: language.Policy) -> None:
    Ruling.objects.filter(pk=before.pk).supersede()
    before.state = Ruling.State.SUPERSEDED
    ruling.save()
    records.keep([ruling], policy)


def _take_standing(ticket: Ticket, version: Version) -> tuple[list[Ruling], language.Policy]:
    standing, policy = list(ticket.rulings.standing().order_by("matter")), rulebook.policy(version)
    _take(ticket, standing, policy)
    return standing, policy


def _take(ticket: Ticket, rulings: Sequence[Ruling], policy: language.Policy) -> None:
    """Repeat on the ticket what its lists show of the rulings that stand; carrying them out saves it."""
    lead = leading(rulings)
    ticket.outcome, ticket.clause = lead.act, lead.clauses[0] if lead.clauses else ""
    ticket.ruled = all(ruling.is_settled for ruling in rulings)
    set_targets(ticket, rulings, policy)


def _news(ticket: Ticket, ruling: Ruling, policy: language.Policy) -> list[Ruling]:
    """What is news to a customer who knows that a person answers: a reply that says all, or a question."""
    return [ruling] if ruling.question or letters.is_answered(ruling, policy, ticket) else []


def _tell_ruled(ticket: Ticket, rulings: Sequence[Ruling], version: Version, at: dt.datetime) -> None:
    kind = "ruled" if ticket.ruled else "proposed"
    tell(ticket, kind, by=None, at=at, version=version.label, rulings=[_line(ruling) for ruling in rulings])


def _check_choice(ruling: Ruling, *, act: str, department: str, reply: str) -> None:
    policy = rulebook.policy(ruling.version)
    for what, given, possible in (
        ("outcome", act, ACTS),
        ("department", department, ("", *policy.departments)),
        ("reply", reply, ("", *policy.replies)),
    ):
        if given not in possible:
            raise UnknownChoice(what=what, given=given, possible=tuple(filter(None, possible)))


def _line(ruling: Ruling) -> dict[str, object]:
    return {
        "act": ruling.act,
        "department": ruling.department,
        "clauses": list(ruling.clauses),
        "topic": ruling.topic,
        "state": ruling.state,
    }
