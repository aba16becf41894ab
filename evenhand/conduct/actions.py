"""The conduct record: proposing, deciding, appealing. What follows in the ticket is its own room's matter.

The machine proposes; only a person with the permission decides. Each act opens its transaction, locks what it
decides about, and writes into the record of the person concerned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from evenhand.audit import actions as audit
from evenhand.conduct import ladder
from evenhand.conduct.models import Appeal, Finding, Proposal, Repeat, Step
from evenhand.conduct.refusals import (
    DecidedAlready,
    MayNotDecide,
    NoAppeal,
    NoSuchStep,
    ReasonMissing,
    SomebodyElse,
)
from evenhand.people.models import Brand, Membership, Person
from evenhand.people.roles import GRANTS, Permission
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version

MOST_PASSAGE = 500
MOST_FINDINGS = 20  # of one message; more show nothing new
MOST_REASON = 2000


@dataclass(frozen=True, kw_only=True)
class Found:
    """A passage of a message: [start, end) of its text, or of the subject where `place` says so."""

    label: str
    kind: str
    severity: str
    passage: str
    place: str
    start: int
    end: int
    earlier_ticket: int | None = None


@transaction.atomic
def propose(
    *,
    brand: Brand,
    person: Person,
    ticket_id: int,
    message_id: int,
    version: Version,
    channel: str,
    breach: str,
    standing: str,
    step: str,
    received_at: dt.datetime,
    found: Sequence[Found],
) -> Proposal:
    """Put a step before a lead, with its passages. The same message again gives the proposal that stands."""
    proposal, new = Proposal.objects.get_or_create(
        message_id=message_id,
        defaults={
            "brand": brand,
            "person": person,
            "ticket_id": ticket_id,
            "version": version,
            "channel": channel,
            "breach": breach,
            "standing": standing,
            "step": step,
            "received_at": received_at,
        },
    )
    if new:
        Finding.objects.bulk_create(
            Finding(proposal=proposal, **_fields(each)) for each in found[:MOST_FINDINGS]
        )
        passages = "\n".join(each.passage[:MOST_PASSAGE] for each in found[:MOST_FINDINGS])
        facts = {"ticket": ticket_id, "breach": breach, "standing": standing, "step": step}
        _record(proposal, None, "proposed", facts | {"version": version.label}, personal=passages)
    return proposal


@transaction.atomic
def confirm(proposal: Proposal, *, by: Person, step: str = "", reason: str = "") -> Step:
    """Take the proposed step, or another one for a `reason`; it begins now. The caller tells the customer.

    Raises DecidedAlready, MayNotDecide, NoSuchStep, ReasonMissing.
    """
    proposal = _held(proposal, by)
    policy = rulebook.policy(proposal.version)
    assert policy.ladder is not None  # else nothing would have been proposed
    taken, why = step or proposal.step, _tidy(reason)
    if taken not in policy.ladder.steps:
        raise NoSuchStep(taken, tuple(policy.ladder.steps))
    if taken != proposal.step and not why:
        raise ReasonMissing
    at = timezone.now()
    proposal.decide(Proposal.State.CONFIRMED, by=by, at=at, reason=why, taken=taken)
    proposal.save()
    term = ladder.term(policy.ladder.steps[taken], at)
    standing, after = ladder.standing_by(policy, taken)
    confirmed = Step.objects.create(
        proposal=proposal,
        brand=proposal.brand,
        person=proposal.person,
        name=taken,
        standing=standing,
        after=after,
        begins_at=at,
        runs_until=term.runs_until,
        lapses_at=term.lapses_at,
        review_at=term.review_at,
    )
    facts = {"ticket": proposal.ticket_id, "proposed": proposal.step, "step": taken, "standing": standing}
    facts["lapses"] = term.lapses_at.isoformat() if term.lapses_at else ""
    _record(proposal, by, "confirmed" if taken == proposal.step else "changed", facts, personal=why)
    return confirmed


@transaction.atomic
def dismiss(proposal: Proposal, *, by: Person, reason: str) -> None:
    """Take no step, for a reason that is kept. Raises DecidedAlready, MayNotDecide, ReasonMissing."""
    proposal = _held(proposal, by)
    why = _needed(reason)
    proposal.decide(Proposal.State.DISMISSED, by=by, at=timezone.now(), reason=why)
    proposal.save()
    facts = {"ticket": proposal.ticket_id, "proposed": proposal.step}
    _record(proposal, by, "dismissed", facts, personal=why)


@transaction.atomic
def note_notice(step: Step, message_id: str) -> None:
    """Remember which letter told of the step: its answer is the appeal."""
    Step.objects.filter(pk=step.pk).update(notice_id=message_id)


@transaction.atomic
def appeal(step: Step, *, by: Person, text: str, message_id: int | None = None) -> Appeal:
    """The person concerned objects, once at a time. Raises NoAppeal, MayNotDecide, ReasonMissing."""
    step = Step.objects.select_for_update().get(pk=step.pk)
    if step.person_id != by.pk:
        raise MayNotDecide("A step is appealed by the person whom it is about.")
    said = _needed(text, most=20_000)
    if not step.counts(timezone.now()):
        raise NoAppeal("This step does not count any more, so there is nothing to appeal.")
    if step.appeals.exists():
        raise NoAppeal("Your appeal against this step is here already. You hear from us when it is decided.")
    made = Appeal.objects.create(step=step, text=said, message_id=message_id, at=timezone.now())
    _record(step.proposal, by, "appealed", {"step": step.name}, personal=said)
    return made


@transaction.atomic
def decide_appeal(appeal: Appeal, *, by: Person, grant: bool, reason: str) -> Appeal:
    """Overturn the step or let it stand; the caller tells the customer.

    Raises SomebodyElse for whoever confirmed the step, MayNotDecide, DecidedAlready, ReasonMissing.
    """
    appeal = Appeal.objects.select_related("step__proposal", "step__brand", "step__person").get(pk=appeal.pk)
    step = Step.objects.select_for_update().get(pk=appeal.step_id)  # one at a time, whoever presses first
    appeal.refresh_from_db(fields=["state", "decided_by"])
    _require(by, appeal.step.brand, appeal.step.person)
    if not appeal.is_waiting:
        raise DecidedAlready("appeal", str(appeal.decided_by or ""))
    if appeal.step.proposal.decided_by_id == by.pk:
        raise SomebodyElse(_others(appeal.step.brand, by, appeal.step.person))
    why, at = _needed(reason), timezone.now()
    appeal.decide(Appeal.State.GRANTED if grant else Appeal.State.REFUSED, by=by, at=at, reason=why)
    appeal.save()
    if grant:
        step.end(Step.Ended.OVERTURNED, at=at, reason=why)
        step.save()
    _record(appeal.step.proposal, by, f"appeal {appeal.state}", {"step": step.name}, personal=why)
    return appeal


@transaction.atomic
def lift(step: Step, *, by: Person, reason: str) -> Step:
    """End a step before it lapses, as at its review; the caller tells the customer.

    Raises MayNotDecide, DecidedAlready where it has ended, ReasonMissing.
    """
    step = Step.objects.select_for_update().select_related("proposal", "brand", "person").get(pk=step.pk)
    _require(by, step.brand, step.person)
    at = timezone.now()
    if not step.counts(at):
        raise DecidedAlready("step", "")
    why = _needed(reason)
    step.end(Step.Ended.LIFTED, at=at, reason=why)
    step.save()
    _record(step.proposal, by, "lifted", {"step": step.name}, personal=why)
    return step


def announce_lapsed() -> int:
    """Write into the record what has lapsed by itself; how many. It lapsed in time in any case."""
    now = timezone.now()
    due = Step.objects.filter(announced_at=None, ended_at=None, lapses_at__lte=now).order_by("lapses_at")
    return sum(_announce(pk, now) for pk in list(due.values_list("pk", flat=True)[:500]))


@transaction.atomic
def _announce(pk: int, now: dt.datetime) -> bool:
    step = Step.objects.select_for_update(of=("self",)).select_related("proposal__person").get(pk=pk)
    if step.announced_at is not None or step.ended_at is not None:
        return False
    step.announced_at = now
    step.save(update_fields=["announced_at"])
    assert step.lapses_at is not None
    _record(step.proposal, None, "lapsed", {"step": step.name, "at": step.lapses_at.isoformat()})
    return True


# ── Repeats ──


def offer_merge(brand: Brand, ticket_id: int, earlier_id: int, *, likeness: float, at: dt.datetime) -> None:
    """Note that a ticket brings the matter of an earlier one again. Noted once for each ticket."""
    offered = Repeat(brand=brand, ticket_id=ticket_id, earlier_id=earlier_id, likeness=likeness, found_at=at)
    Repeat.objects.bulk_create([offered], ignore_conflicts=True)


def settle_repeat(ticket_id: int, state: str, *, joined: Sequence[int] = ()) -> None:
    """Say what became of the offer. Within the transaction, and under the lock, of who settles it."""
    Repeat.objects.filter(ticket_id=ticket_id).update(state=state, joined=list(joined))


# ── Who may, and what is written down ──


def _held(proposal: Proposal, by: Person) -> Proposal:
    """`proposal` read afresh under its lock, where `by` may decide it and nobody has."""
    fresh = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("brand", "person", "version", "decided_by")
        .get(pk=proposal.pk)
    )
    _require(by, fresh.brand, fresh.person)
    if not fresh.is_waiting:
        raise DecidedAlready("proposal", str(fresh.decided_by or ""))
    return fresh


def _require(by: Person, brand: Brand, about: Person) -> None:
    if not by.may(Permission.CONDUCT, brand):
        raise MayNotDecide(f"Your roles at {brand} do not let you {Permission.CONDUCT.value}. A lead can.")
    if by.pk == about.pk:
        raise MayNotDecide("Nobody decides about their own conduct. Ask another lead or an administrator.")


def _others(brand: Brand, by: Person, about: Person) -> tuple[str, ...]:
    """Who may decide instead, by name."""
    roles = [role for role, granted in GRANTS.items() if Permission.CONDUCT in granted]
    held = Membership.objects.filter(brand=brand, role__in=roles, person__is_active=True)
    people = Person.objects.filter(pk__in=held.values("person")).exclude(pk__in=[by.pk, about.pk])
    return tuple(str(person) for person in people.order_by("name")[:3])


def _record(
    proposal: Proposal, by: Person | None, kind: str, facts: dict[str, Any], *, personal: str = ""
) -> None:
    """`facts` name nobody; words of or about the person are readable with that person's key only."""
    audit.record(
        f"person:{proposal.person_id}",
        by=by,
        kind=f"conduct.{kind}",
        facts={"brand": proposal.brand.slug, "proposal": proposal.pk} | facts,
        person=proposal.person if personal else None,
        personal=personal or None,
    )


def _fields(found: Found) -> dict[str, Any]:
    return {
        "label": found.label,
        "kind": found.kind,
        "severity": found.severity,
        "passage": found.passage[:MOST_PASSAGE],
        "place": found.place,
        "start": found.start,
        "end": found.end,
        "earlier_ticket": found.earlier_ticket,
    }


def _tidy(text: str, most: int = MOST_REASON) -> str:
    return text.replace("\0", "").strip()[:most]


def _needed(text: str, most: int = MOST_REASON) -> str:
    said = _tidy(text, most)
    if not said:
        raise ReasonMissing
    return said
