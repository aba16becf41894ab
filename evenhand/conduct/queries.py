"""How somebody stands, what waits for a lead, and what is on record about a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from evenhand.conduct import ladder
from evenhand.conduct.models import Appeal, Proposal, Repeat, Step
from evenhand.people.models import Brand, Person
from evenhand.people.roles import Permission
from evenhand.policy import FactValue, Policy
from evenhand.policy.ladder import STANDING
from evenhand.rulebook import queries as rulebook

ROWS = 100  # of a list; what waits longest stands first
SOURCE = "the conduct record"


# ── Standing ──


def standing(person: Person, brand: Brand, at: dt.datetime, policy: Policy) -> str:
    """The worst standing that the person's steps give at a moment; the best one where none counts.

    Only what was confirmed before the moment counts, so that a step never changes an earlier ruling. A
    standing that `policy` does not name counts for nothing under it.
    """
    names = ladder.standings(policy)
    given = {step.standing_at(at) for step in Step.objects.filter(person=person, brand=brand).counting(at)}
    return max((name for name in names if name in given), key=names.index, default=names[0] if names else "")


def facts_for(person: Person | None, brand: Brand, at: dt.datetime, policy: Policy) -> dict[str, FactValue]:
    """The fact `standing`, where the policy has it and something counts; else the policy presumes."""
    if person is None or STANDING not in policy.facts:
        return {}
    value = standing(person, brand, at, policy)
    if value == ladder.standings(policy)[0]:
        return {}
    return {STANDING: FactValue(value=value, status="known", source=SOURCE)}


def terms(person: Person, brand: Brand, at: dt.datetime) -> dict[str, dt.datetime]:
    """When what runs against the person ends: `until`, of the latest run, where something runs out."""
    running = Step.objects.filter(person=person, brand=brand, runs_until__gt=at).counting(at)
    last = max((step.runs_until for step in running if step.runs_until), default=None)
    return {"until": last} if last else {}


# ── Pages ──


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What was found: the words, and around them for the reader."""

    label: str
    kind: str
    severity: str
    text: str
    place: str
    earlier_ticket: int | None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A step of the ladder, with its terms in words; `internal`: the public policy does not name them."""

    name: str
    terms: str
    internal: bool
    closes: str  # what it shuts, as the policy says
    notice: str  # the reply that tells of it, with its slots


@dataclass(frozen=True, kw_only=True)
class ProposalView:
    id: int
    person_id: int
    person: str
    email: str
    ticket_id: int
    channel: str
    version_id: int
    version: str
    breach: str
    breach_text: str  # as the policy says it
    severity: str
    standing: str
    step: Choice
    choices: tuple[Choice, ...]
    passages: tuple[Passage, ...]
    received_at: dt.datetime
    state: str
    taken: str
    reason: str
    decided_by: str
    decided_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class AppealView:
    id: int
    text: str
    at: dt.datetime
    state: str
    reason: str
    decided_by: str
    decided_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A confirmed step with its proposal and its appeals."""

    id: int
    name: str
    standing: str
    counts: bool
    runs: bool
    begins_at: dt.datetime
    runs_until: dt.datetime | None
    lapses_at: dt.datetime | None
    review_at: dt.datetime | None
    review_due: bool
    ended_at: dt.datetime | None
    ended_why: str
    ended_reason: str
    internal: bool
    tells_lapse: bool  # its notice names the day, or the public policy names the term
    tells_run: bool
    proposal: ProposalView
    appeals: tuple[AppealView, ...]
    confirmed_by_id: int | None

    @property
    def waiting_appeal(self) -> AppealView | None:
        return next((appeal for appeal in self.appeals if appeal.state == "waiting"), None)


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """What a lead decides, what waits longest first; `more` where a list was cut."""

    proposals: tuple[ProposalView, ...]
    appeals: tuple[StepView, ...]
    reviews: tuple[StepView, ...]
    counting: tuple[StepView, ...]
    more: bool


@dataclass(frozen=True, kw_only=True)
class Record:
    """A person's standing now, and everything that was ever proposed or taken, newest first."""

    person_id: int
    person: str
    email: str
    standing: str
    steps: tuple[StepView, ...]
    others: tuple[ProposalView, ...]  # waiting or dismissed


def inbox(person: Person, brand: Brand) -> Inbox:
    """Everything about conduct that waits at this brand."""
    now = timezone.now()
    proposals = _proposals(Proposal.objects.visible_to(person).filter(brand=brand).waiting())
    steps = Step.objects.visible_to(person).filter(brand=brand)
    waiting = steps.filter(appeals__state=Appeal.State.WAITING).order_by("appeals__at")
    counting = steps.counting(now)
    reviews = counting.filter(review_at__lte=now).order_by("review_at")
    lists = (_views(waiting, now), _views(reviews, now), _views(counting.order_by("-begins_at"), now))
    return Inbox(
        proposals=proposals,
        appeals=lists[0],
        reviews=lists[1],
        counting=lists[2],
        more=any(len(each) >= ROWS for each in (proposals, *lists)),
    )


def waiting_count(person: Person, brand: Brand) -> int:
    """Proposals and appeals that wait for whoever may decide them."""
    if not person.may(Permission.CONDUCT, brand):
        return 0
    proposals = Proposal.objects.filter(brand=brand).waiting().count()
    return proposals + Appeal.objects.filter(step__brand=brand, state=Appeal.State.WAITING).count()


def record(reader: Person, brand: Brand, person: Person) -> Record:
    """What `reader` may see of `person` at this brand: staff everything, the person their own steps."""
    now = timezone.now()
    steps = Step.objects.visible_to(reader).filter(brand=brand, person=person).order_by("-begins_at")
    others = Proposal.objects.visible_to(reader).filter(brand=brand, person=person)
    shown = _views(steps, now)
    return Record(
        person_id=person.pk,
        person=str(person),
        email=person.email,
        standing=_now(person, brand, now, shown),
        steps=shown,
        others=_proposals(others.exclude(state=Proposal.State.CONFIRMED), newest=True),
    )


def beside_ticket(reader: Person, brand: Brand, person_id: int, ticket_id: int) -> tuple[str, int]:
    """For a ticket's side panel: the requester's standing in a word, and how many proposals it waits with.

    Empty and 0 where the reader may not see conduct.
    """
    if not reader.may(Permission.SEE_CONDUCT, brand):
        return "", 0
    now = timezone.now()
    steps = Step.objects.filter(person=person_id, brand=brand).counting(now)
    shown = sorted(steps, key=lambda step: step.runs(now))
    waiting = Proposal.objects.filter(ticket_id=ticket_id).waiting().count()
    return (shown[-1].standing_at(now) if shown else ""), waiting


def _now(person: Person, brand: Brand, now: dt.datetime, shown: Sequence[StepView]) -> str:
    if not any(step.counts for step in shown):
        return ""
    try:
        return standing(person, brand, now, rulebook.policy(rulebook.in_force(brand, now)))
    except LookupError:
        return next(step.standing for step in shown if step.counts)


def step_of_notice(brand: Brand, person: Person, message_ids: Sequence[str]) -> Step | None:
    """The person's step whose notice one of these letters is."""
    bare = [each.strip("<>") for each in message_ids if each]
    return Step.objects.filter(brand=brand, person=person, notice_id__in=bare).first() if bare else None


def repeat_of(ticket_id: int) -> Repeat | None:
    """The earlier ticket that this one may repeat, and what became of the offer to merge them."""
    return Repeat.objects.filter(ticket_id=ticket_id).first()


def merged_into(ticket_id: int) -> int | None:
    """The ticket that this one was merged into, where messages for it belong now."""
    merged = Repeat.objects.filter(ticket_id=ticket_id, state=Repeat.State.MERGED)
    return merged.exclude(joined=[]).values_list("earlier_id", flat=True).first()


# ── Views ──


def _proposals(found: QuerySet[Proposal], *, newest: bool = False) -> tuple[ProposalView, ...]:
    ordered = (
        found.select_related("person", "version", "decided_by")
        .defer("version__text", "version__sayings")
        .prefetch_related("findings")
        .order_by("-received_at" if newest else "received_at")
    )
    return tuple(_proposal(each) for each in ordered[:ROWS])


def _views(steps: QuerySet[Step], now: dt.datetime) -> tuple[StepView, ...]:
    found = (
        steps.select_related("proposal__person", "proposal__version", "proposal__decided_by")
        .defer("proposal__version__text", "proposal__version__sayings")
        .prefetch_related("appeals__decided_by", "proposal__findings")
    )
    return tuple(_step(each, now) for each in found[:ROWS])


def _proposal(proposal: Proposal) -> ProposalView:
    policy = rulebook.policy(proposal.version)
    assert policy.ladder is not None
    breach = policy.ladder.breaches[proposal.breach]
    choices = {name: _choice(policy, name) for name in policy.ladder.steps}
    return ProposalView(
        id=proposal.pk,
        person_id=proposal.person_id,
        person=str(proposal.person),
        email=proposal.person.email,
        ticket_id=proposal.ticket_id,
        channel=proposal.channel,
        version_id=proposal.version_id,
        version=proposal.version.label,
        breach=proposal.breach,
        breach_text=breach.text,
        severity=breach.severity,
        standing=proposal.standing,
        step=choices[proposal.step],
        choices=tuple(choices.values()),
        passages=tuple(
            Passage(
                label=f.label,
                kind=f.kind,
                severity=f.severity,
                text=f.passage,
                place=f.place,
                earlier_ticket=f.earlier_ticket,
            )
            for f in sorted(proposal.findings.all(), key=lambda f: (f.place, f.start))
        ),
        received_at=proposal.received_at,
        state=proposal.state,
        taken=proposal.taken,
        reason=proposal.reason,
        decided_by=str(proposal.decided_by or ""),
        decided_at=proposal.decided_at,
    )


def _choice(policy: Policy, name: str) -> Choice:
    assert policy.ladder is not None
    step = policy.ladder.steps[name]
    terms = "; ".join(term.removeprefix("internal ") for term in step.terms)
    notice = policy.replies.get(step.reply or "", "")
    return Choice(
        name=name, terms=terms, internal=ladder.is_internal(step), closes=step.closes, notice=notice
    )


def _step(step: Step, now: dt.datetime) -> StepView:
    proposal = _proposal(step.proposal)
    chosen = next(choice for choice in proposal.choices if choice.name == step.name)
    return StepView(
        id=step.pk,
        name=step.name,
        standing=step.standing_at(now),
        counts=step.counts(now),
        runs=step.runs(now),
        begins_at=step.begins_at,
        runs_until=step.runs_until,
        lapses_at=step.lapses_at,
        review_at=step.review_at,
        review_due=step.counts(now) and step.review_at is not None and step.review_at <= now,
        ended_at=step.ended_at,
        ended_why=step.ended_why,
        ended_reason=step.ended_reason,
        internal=chosen.internal,
        tells_lapse=not chosen.internal or "{lapses}" in chosen.notice,
        tells_run=not chosen.internal or "{until}" in chosen.notice,
        proposal=proposal,
        appeals=tuple(
            AppealView(
                id=appeal.pk,
                text=appeal.text,
                at=appeal.at,
                state=appeal.state,
                reason=appeal.reason,
                decided_by=str(appeal.decided_by or ""),
                decided_at=appeal.decided_at,
            )
            for appeal in sorted(step.appeals.all(), key=lambda appeal: appeal.at)
        ),
        confirmed_by_id=step.proposal.decided_by_id,
    )
