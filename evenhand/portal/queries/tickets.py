"""Own tickets as the portal words them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evenhand.people.models import Brand, Person
from evenhand.portal.queries.guidance import Place, places
from evenhand.rulebook import queries as rulebook
from evenhand.tickets import queries as tickets
from evenhand.tickets.models import Ruling, Status, Ticket
from evenhand.tickets.queries import CustomerTicketPage, File, MessageView, PublicRuling
from evenhand.tickets.queries.rulings import Cited, Fact

# A customer is told whose turn it is; "snoozed" and "waiting on us" are the desk's own words.
STATES = {
    Status.NEW: "Received",
    Status.OPEN: "With us",
    Status.WAITING_ON_CUSTOMER: "Waiting for you",
    Status.WAITING_ON_US: "With another department",
    Status.SNOOZED: "With us",
    Status.SOLVED: "Answered",
    Status.CLOSED: "Closed",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    id: int
    subject: str
    state: str
    outcome: str
    clause: str
    ruled: bool
    changed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a message; what is quoted is folded."""

    text: str
    quoted: bool


@dataclass(frozen=True, kw_only=True)
class Said:
    author: str  # empty: the desk
    initials: str
    at: dt.datetime
    pieces: tuple[Piece, ...]
    files: tuple[File, ...]


@dataclass(frozen=True, kw_only=True)
class Decided:
    act: str
    because: tuple[Cited, ...]
    facts: tuple[Fact, ...]
    places: tuple[Place, ...]
    question: str
    answers: tuple[str, ...]
    version: str
    matter_text: str


@dataclass(frozen=True, kw_only=True)
class OwnTicket:
    id: int
    subject: str
    state: str
    opened_at: dt.datetime
    messages: tuple[Said, ...]
    rulings: tuple[Decided, ...]
    may_answer: bool


def own_tickets(person: Person, brand: Brand) -> tuple[Line, ...]:
    """The person's own tickets, newest change first."""
    return tuple(
        Line(
            id=ticket.id,
            subject=ticket.subject,
            state=STATES[Status(ticket.status)],
            outcome=ticket.outcome,
            clause=ticket.clause,
            ruled=ticket.ruled,
            changed_at=ticket.changed_at,
        )
        for ticket in tickets.customer_tickets(person, brand)
    )


def own_ticket(page: CustomerTicketPage, brand: Brand) -> OwnTicket:
    """The page of one own ticket, worded for its customer."""
    return OwnTicket(
        id=page.id,
        subject=page.subject,
        state=STATES[Status(page.status)],
        opened_at=page.opened_at,
        messages=tuple(_said(message) for message in page.messages),
        rulings=tuple(_decided(ruling, brand) for ruling in page.rulings),
        may_answer=page.may_answer,
    )


def answered_fact(ticket: Ticket, answer: str) -> dict[str, str]:
    """The fact that `answer` settles, where it is one of the answers that the standing question offers."""
    for ruling in Ruling.objects.filter(ticket=ticket, state=Ruling.State.IN_FORCE).exclude(question=None):
        if ruling.question and answer in ruling.question["answers"]:
            return {ruling.question["fact"]: answer}
    return {}


def pieces(text: str, quoted: tuple[tuple[int, int], ...]) -> tuple[Piece, ...]:
    """The text cut where quotations begin and end; empty stretches are left out."""
    found, at = [], 0
    for start, end in quoted:
        found += [Piece(text=text[at:start], quoted=False), Piece(text=text[start:end], quoted=True)]
        at = end
    found.append(Piece(text=text[at:], quoted=False))
    return tuple(piece for piece in found if piece.text.strip())


def _said(message: MessageView) -> Said:
    return Said(
        author=message.author.name if message.author else "",
        initials=message.author.initials if message.author else "",
        at=message.at,
        pieces=pieces(message.text, message.quoted),
        files=message.files,
    )


def _decided(ruling: PublicRuling, brand: Brand) -> Decided:
    policy = rulebook.policy(rulebook.in_force(brand))
    return Decided(
        act=ruling.act,
        because=ruling.clauses,
        facts=ruling.facts,
        places=places(policy, ruling.pointers),
        question=ruling.question,
        answers=ruling.answers,
        version=ruling.version,
        matter_text=ruling.matter_text,
    )
