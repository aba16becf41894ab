"""One ticket as staff see it: what was said, what happened, what was ruled, and what this person may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import F, FilteredRelation, Q

from evenhand.people.models import Brand, Person, Role
from evenhand.people.roles import Permission
from evenhand.rulebook import queries as rulebook
from evenhand.stores.models import Store
from evenhand.tickets.models import Attachment, Ruling, Ticket
from evenhand.tickets.queries.composed import BRAND, REQUESTER, SCOPES, TICKET, Question, compose
from evenhand.tickets.queries.conversation import (
    EventView,
    MessageView,
    PersonView,
    events,
    messages,
    person_or_none,
    person_view,
)
from evenhand.tickets.queries.hands import Choice, hands
from evenhand.tickets.queries.rulings import Candidate, RulingView, view
from evenhand.tickets.sight import staff_scope
from evenhand.tickets.statuses import MOVES, Status

EARLIER = 5  # tickets of the same customer, shown beside this one


@dataclass(frozen=True, kw_only=True)
class StoreView:
    domain: str
    plan: str
    product_line: str
    theme_state: str  # fresh, customised; empty: not known


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
    scope = staff_scope(person)
    found = _ticket(scope).rows(ticket=ticket_id)
    if not found:
        raise Ticket.DoesNotExist(ticket_id)
    ticket = dict(zip(_TICKET, found[0], strict=True))
    brand = Brand(pk=ticket["brand_id"])
    standing, superseded, topics = _rulings(ticket_id)
    given_to = hands(brand.pk)
    return TicketPage(
        id=ticket["pk"],
        brand_id=brand.pk,
        subject=ticket["subject"],
        status=ticket["status"],
        priority=ticket["priority"],
        channel=ticket["channel"],
        outcome=ticket["outcome"],
        clause=ticket["clause"],
        ruled=ticket["ruled"],
        problem=ticket["problem"],
        unread=ticket["unread"],
        opened_at=ticket["opened_at"],
        changed_at=ticket["changed_at"],
        due=ticket["due_at"],
        first_reply_due=ticket["first_reply_due"],
        first_replied_at=ticket["first_replied_at"],
        snoozed_until=ticket["snoozed_until"],
        follows=ticket["follows_id"],
        requester=person_view(
            Person(
                pk=ticket["requester_id"], name=ticket["requester__name"], email=ticket["requester__email"]
            )
        ),
        customer_status=ticket["standing__customer_status"] or "",
        customer_since=ticket["standing__since"],
        organisation=ticket["organisation__name"] or "",
        stores=_stores(ticket),
        team=ticket["team__slug"] or "",
        team_name=ticket["team__name"] or "",
        assignee=person_or_none(ticket["assignee_id"], ticket["assignee__name"], ticket["assignee__email"]),
        messages=messages(person, ticket_id),
        events=events(ticket_id),
        rulings=standing,
        superseded=superseded,
        earlier=_earlier(scope, ticket),
        moves=tuple(Choice(value=to.value, name=to.label) for to in MOVES[Status(ticket["status"])]),
        teams=given_to.teams,
        colleagues=given_to.colleagues,
        topics=topics,
        acts=ACTS,
        may_answer=person.may(Permission.ANSWER, brand),
        may_rule=person.may(Permission.RULE, brand),
        may_override=person.may(Permission.OVERRIDE, brand),
    )


ACTS = ("help", "decline", "quote", "assign", "point", "ask", "close", "leave it to a person")


def attachment(person: Person, attachment_id: int) -> Attachment:
    """The file's row, for a download. Raises Attachment.DoesNotExist where the person may not have it."""
    return Attachment.objects.visible_to(person).get(pk=attachment_id)


# ── The ticket and what stands beside it ──

_TICKET = (
    "pk",
    "brand_id",
    "subject",
    "status",
    "priority",
    "channel",
    "outcome",
    "clause",
    "ruled",
    "problem",
    "unread",
    "opened_at",
    "changed_at",
    "due_at",
    "first_reply_due",
    "first_replied_at",
    "snoozed_until",
    "follows_id",
    "requester_id",
    "requester__name",
    "requester__email",
    "standing__customer_status",
    "standing__since",
    "organisation_id",
    "organisation__name",
    "team__slug",
    "team__name",
    "assignee_id",
    "assignee__name",
    "assignee__email",
)


@lru_cache(maxsize=SCOPES)
def _ticket(scope: Q) -> Question:
    """With its customer's standing at the brand, of which there is one at most."""
    customer = Q(requester__memberships__brand=F("brand"), requester__memberships__role=Role.CUSTOMER)
    standing = FilteredRelation("requester__memberships", condition=customer)
    tickets = Ticket.objects.filter(scope, pk=TICKET).annotate(standing=standing)
    return compose(tickets.values_list(*_TICKET))


@cache
def _stores_of() -> Question:
    stores = Store.objects.filter(organisation__tickets=TICKET).order_by("domain")
    return compose(stores.values_list("domain", "plan", "product_line", "theme_state"))


def _stores(ticket: Mapping[str, Any]) -> tuple[StoreView, ...]:
    if not ticket["organisation_id"]:
        return ()
    return tuple(
        StoreView(domain=domain, plan=plan, product_line=line, theme_state=theme)
        for domain, plan, line, theme in _stores_of().rows(ticket=ticket["pk"])
    )


@lru_cache(maxsize=SCOPES)
def _others(scope: Q) -> Question:
    tickets = Ticket.objects.filter(scope, brand=BRAND, requester=REQUESTER).exclude(pk=TICKET)
    newest = tickets.order_by("-opened_at")[:EARLIER]
    return compose(newest.values_list("pk", "subject", "status", "opened_at"))


def _earlier(scope: Q, ticket: Mapping[str, Any]) -> tuple[Neighbour, ...]:
    found = _others(scope).rows(
        ticket=ticket["pk"], brand=ticket["brand_id"], requester=ticket["requester_id"]
    )
    return tuple(Neighbour(id=pk, subject=subject, status=s, opened_at=at) for pk, subject, s, at in found)


# ── Rulings ──


def _rulings(
    ticket_id: int,
) -> tuple[tuple[RulingView, ...], tuple[RulingView, ...], tuple[Candidate, ...]]:
    found = list(
        Ruling.objects.filter(ticket=ticket_id)
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
