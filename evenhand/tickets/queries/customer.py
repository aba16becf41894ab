"""A customer's own tickets: what was said and what decided it, without notes or what is internal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evenhand.people.models import Brand, Person
from evenhand.rulebook import queries as rulebook
from evenhand.tickets.models import Event, Ruling, Ticket
from evenhand.tickets.queries.conversation import EventView, MessageView, messages
from evenhand.tickets.queries.rulings import Cited, Fact, cited

ROWS = 200
INTERNAL_FACTS = frozenset(
    {"breach", "standing", "conduct", "repeats"}
)  # from the conduct record and screening


@dataclass(frozen=True, kw_only=True)
class CustomerTicket:
    """One line of *My tickets*."""

    id: int
    subject: str
    status: str
    outcome: str
    clause: str
    ruled: bool
    opened_at: dt.datetime
    changed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PublicRuling:
    """What decided, as its customer may read it: no targets, limits or probabilities."""

    act: str
    clauses: tuple[Cited, ...]
    facts: tuple[Fact, ...]  # known, presumed or unknown; those of the conduct record are left out
    places: tuple[tuple[str, str], ...]  # name, and what the ruling's own version says of the place
    service: str
    question: str
    asks: str  # the fact that the question is about, or “topic”; empty without a question
    answers: tuple[str, ...]
    version_id: int
    version: str  # its label
    matter_text: str
    overridden: bool


@dataclass(frozen=True, kw_only=True)
class CustomerTicketPage:
    id: int
    subject: str
    status: str
    opened_at: dt.datetime
    messages: tuple[MessageView, ...]
    events: tuple[EventView, ...]
    rulings: tuple[PublicRuling, ...]
    may_answer: bool


def customer_tickets(person: Person, brand: Brand) -> tuple[CustomerTicket, ...]:
    """The person's own tickets in this brand, newest change first."""
    own = Ticket.objects.visible_to(person).filter(brand=brand, requester=person)
    return tuple(
        CustomerTicket(
            id=ticket.pk,
            subject=ticket.subject,
            status=ticket.status,
            outcome=ticket.outcome,
            clause=ticket.clause,
            ruled=ticket.ruled,
            opened_at=ticket.opened_at,
            changed_at=ticket.changed_at,
        )
        for ticket in own.order_by("-changed_at", "-pk")[:ROWS]
    )


def customer_ticket_page(person: Person, ticket_id: int) -> CustomerTicketPage:
    """One own ticket. Raises Ticket.DoesNotExist for anybody else's, as for one that does not exist."""
    ticket = Ticket.objects.visible_to(person).get(pk=ticket_id, requester=person)
    events = Event.objects.filter(ticket=ticket, public=True).order_by("at", "pk")
    rulings = Ruling.objects.filter(ticket=ticket, state=Ruling.State.IN_FORCE).select_related("version")
    return CustomerTicketPage(
        id=ticket.pk,
        subject=ticket.subject,
        status=ticket.status,
        opened_at=ticket.opened_at,
        messages=messages(person, ticket.pk, notes=False),
        events=tuple(EventView(kind=e.kind, facts=e.facts, actor="", at=e.at) for e in events),
        rulings=tuple(_public(ruling) for ruling in rulings.order_by("matter")),
        may_answer=not ticket.is_closed,
    )


def _public(ruling: Ruling) -> PublicRuling:
    policy = rulebook.policy(ruling.version)
    question = ruling.question or {}
    return PublicRuling(
        act=ruling.act,
        clauses=cited(policy, ruling.clauses),
        facts=tuple(Fact(**fact) for fact in ruling.facts if fact["name"] not in INTERNAL_FACTS),
        places=tuple((name, policy.places[name]) for name in ruling.pointers),
        service=ruling.service,
        question=question.get("text", ""),
        asks=question.get("fact", ""),
        answers=tuple(question.get("answers", ())),
        version_id=ruling.version_id,
        version=ruling.version.label,
        matter_text=ruling.matter_text,
        overridden=ruling.overridden,
    )
