"""One ticket as staff see it: what was said, what happened, what was ruled, and what this person may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from evenhand.mail.models import Letter as Posted
from evenhand.people.models import Person
from evenhand.people.roles import Permission
from evenhand.rulebook import queries as rulebook
from evenhand.tickets.models import Attachment, Event, Message, Ruling, Ticket
from evenhand.tickets.queries.hands import Choice, hands
from evenhand.tickets.queries.rulings import Candidate, RulingView, view
from evenhand.tickets.statuses import MOVES, Status

EARLIER = 5  # tickets of the same customer, shown beside this one


@dataclass(frozen=True, kw_only=True)
class PersonView:
    id: int
    name: str
    email: str
    initials: str


@dataclass(frozen=True, kw_only=True)
class StoreView:
    domain: str
    plan: str
    product_line: str
    theme_state: str  # fresh, customised; empty: not known


@dataclass(frozen=True, kw_only=True)
class File:
    """An attachment. `screened` False: it could not be read, so secrets in it were not removed."""

    id: int
    name: str
    type: str
    size: int  # bytes
    screened: bool


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The mail that carries a reply: queued, sent, or failed with the other side's words."""

    state: str
    problem: str
    sent_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class MessageView:
    id: int
    kind: str  # customer, reply, note
    author: PersonView | None  # None: the desk itself
    channel: str
    text: str
    quoted: tuple[tuple[int, int], ...]  # spans of `text`, folded on the screen
    at: dt.datetime
    files: tuple[File, ...]
    letter: Letter | None


@dataclass(frozen=True, kw_only=True)
class EventView:
    kind: str
    facts: dict[str, object]
    actor: str  # empty: the desk
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Another ticket of the same customer."""

    id: int
    subject: str
    status: str
    opened_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    id: int
    brand_id: int
    subject: str
    status: str
    priority: str
    channel: str
    outcome: str
    clause: str
    ruled: bool
    problem: str
    unread: bool
    opened_at: dt.datetime
    changed_at: dt.datetime
    due: dt.datetime | None
    first_reply_due: dt.datetime | None
    first_replied_at: dt.datetime | None
    snoozed_until: dt.datetime | None
    follows: int | None  # the closed ticket that this one continues
    requester: PersonView
    customer_status: str
    customer_since: dt.date | None
    organisation: str
    stores: tuple[StoreView, ...]
    team: str  # slug, empty: none
    team_name: str
    assignee: PersonView | None
    messages: tuple[MessageView, ...]
    events: tuple[EventView, ...]
    rulings: tuple[RulingView, ...]  # standing ones, by matter
    superseded: tuple[RulingView, ...]  # newest first
    earlier: tuple[Neighbour, ...]
    moves: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    colleagues: tuple[Choice, ...]
    topics: tuple[Candidate, ...]  # every topic of the version that ruled, to choose from
    acts: tuple[str, ...]  # outcomes that an override may set
    may_answer: bool
    may_rule: bool
    may_override: bool


def ticket_page(person: Person, ticket_id: int) -> TicketPage:
    """The whole page. Raises Ticket.DoesNotExist where there is no such ticket for this person."""
    ticket = (
        Ticket.objects.worked_by(person)
        .select_related("brand", "requester", "organisation", "team", "assignee")
        .get(pk=ticket_id)
    )
    standing, superseded, topics = _rulings(ticket)
    given_to = hands(ticket.brand_id)
    membership = ticket.requester.memberships.filter(brand=ticket.brand, role="customer").first()
    return TicketPage(
        id=ticket.pk,
        brand_id=ticket.brand_id,
        subject=ticket.subject,
        status=ticket.status,
        priority=ticket.priority,
        channel=ticket.channel,
        outcome=ticket.outcome,
        clause=ticket.clause,
        ruled=ticket.ruled,
        problem=ticket.problem,
        unread=ticket.unread,
        opened_at=ticket.opened_at,
        changed_at=ticket.changed_at,
        due=ticket.due_at,
        first_reply_due=ticket.first_reply_due,
        first_replied_at=ticket.first_replied_at,
        snoozed_until=ticket.snoozed_until,
        follows=ticket.follows_id,
        requester=person_view(ticket.requester),
        customer_status=membership.customer_status if membership else "",
        customer_since=membership.since if membership else None,
        organisation=ticket.organisation.name if ticket.organisation else "",
        stores=_stores(ticket),
        team=ticket.team.slug if ticket.team else "",
        team_name=ticket.team.name if ticket.team else "",
        assignee=person_view(ticket.assignee) if ticket.assignee else None,
        messages=messages(person, ticket),
        events=_events(ticket),
        rulings=standing,
        superseded=superseded,
        earlier=_earlier(person, ticket),
        moves=tuple(Choice(value=to.value, name=to.label) for to in MOVES[Status(ticket.status)]),
        teams=given_to.teams,
        colleagues=given_to.colleagues,
        topics=topics,
        acts=ACTS,
        may_answer=person.may(Permission.ANSWER, ticket.brand),
        may_rule=person.may(Permission.RULE, ticket.brand),
        may_override=person.may(Permission.OVERRIDE, ticket.brand),
    )


ACTS = ("help", "decline", "quote", "assign", "point", "ask", "close", "leave it to a person")


def attachment(person: Person, attachment_id: int) -> Attachment:
    """The file's row, for a download. Raises Attachment.DoesNotExist where the person may not have it."""
    return Attachment.objects.visible_to(person).get(pk=attachment_id)


def person_view(person: Person) -> PersonView:
    return PersonView(id=person.pk, name=str(person), email=person.email, initials=person.initials)


def messages(person: Person, ticket: Ticket, *, notes: bool = True) -> tuple[MessageView, ...]:
    """What `person` may read of the conversation, oldest first, with files and the fate of each letter."""
    said = Message.objects.visible_to(person).filter(ticket=ticket)
    files = Prefetch("attachments", Attachment.objects.visible_to(person).order_by("pk"))
    found = list(
        (said if notes else said.exclude(kind=Message.Kind.NOTE))
        .select_related("author")
        .prefetch_related(files)
        .order_by("at", "pk")
    )
    letters = Posted.objects.in_bulk([message.letter_id for message in found if message.letter_id])
    return tuple(_message(message, letters.get(message.letter_id or 0)) for message in found)


def _message(message: Message, letter: Posted | None) -> MessageView:
    return MessageView(
        id=message.pk,
        kind=message.kind,
        author=person_view(message.author) if message.author else None,
        channel=message.channel,
        text=message.text,
        quoted=tuple((start, end) for start, end in message.quoted),
        at=message.at,
        files=tuple(_file(attached) for attached in message.attachments.all()),
        letter=Letter(state=letter.state, problem=letter.problem, sent_at=letter.sent_at) if letter else None,
    )


def _file(attached: Attachment) -> File:
    return File(
        id=attached.pk,
        name=attached.name,
        type=attached.type,
        size=attached.size,
        screened=attached.screened,
    )


def _events(ticket: Ticket) -> tuple[EventView, ...]:
    found = Event.objects.filter(ticket=ticket).select_related("actor").order_by("at", "pk")
    return tuple(
        EventView(kind=e.kind, facts=e.facts, actor=str(e.actor) if e.actor else "", at=e.at) for e in found
    )


def _rulings(
    ticket: Ticket,
) -> tuple[tuple[RulingView, ...], tuple[RulingView, ...], tuple[Candidate, ...]]:
    found = list(
        Ruling.objects.filter(ticket=ticket)
        .select_related("version", "by")
        .defer("version__text", "version__sayings")
        .order_by("matter", "-at", "-pk")
    )
    views = [view(ruling, rulebook.policy(ruling.version)) for ruling in found]
    standing = tuple(v for v in views if v.state != Ruling.State.SUPERSEDED)
    superseded = tuple(
        sorted((v for v in views if v.state == Ruling.State.SUPERSEDED), key=lambda v: v.at, reverse=True)
    )
    return standing, superseded, _topics(found)


def _topics(rulings: Sequence[Ruling]) -> tuple[Candidate, ...]:
    if not rulings:
        return ()
    read = dict(rulings[0].topics)
    topics = rulebook.policy(rulings[0].version).topics
    return tuple(
        Candidate(topic=name, description=topic.description, probability=read.get(name, 0.0))
        for name, topic in topics.items()
    )


def _stores(ticket: Ticket) -> tuple[StoreView, ...]:
    if ticket.organisation is None:
        return ()
    return tuple(
        StoreView(domain=s.domain, plan=s.plan, product_line=s.product_line, theme_state=s.theme_state)
        for s in ticket.organisation.stores.order_by("domain")
    )


def _earlier(person: Person, ticket: Ticket) -> tuple[Neighbour, ...]:
    found = (
        Ticket.objects.worked_by(person)
        .filter(brand=ticket.brand, requester=ticket.requester)
        .exclude(pk=ticket.pk)
        .order_by("-opened_at")[:EARLIER]
    )
    return tuple(Neighbour(id=t.pk, subject=t.subject, status=t.status, opened_at=t.opened_at) for t in found)
