"""Own tickets as the portal words them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evenhand.people.models import Brand, Person
from evenhand.portal.queries.places import Place, named_places
from evenhand.portal.queries.policy import version_address
from evenhand.portal.queries.questions import Option, options
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.tickets import queries as tickets
from evenhand.tickets.models import Ruling, Status, Ticket
from evenhand.tickets.queries import CustomerTicketPage, File, MessageView, PublicRuling
from evenhand.tickets.queries.rulings import Cited, Fact
from evenhand.tickets.questions import in_words
from evenhand.tickets.statuses import FOR_CUSTOMERS


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
    policy: str  # the address of the version that ruled
    act: str
    because: tuple[Cited, ...]
    facts: tuple[Fact, ...]
    places: tuple[Place, ...]
    question: str
    options: tuple[Option, ...]
    version: str
    matter_text: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A chosen answer: as it stands in the conversation, and the facts it settles."""

    words: str
    facts: dict[str, str]


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
            state=FOR_CUSTOMERS[Status(ticket.status)],
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
        state=FOR_CUSTOMERS[Status(page.status)],
        opened_at=page.opened_at,
        messages=tuple(_said(message) for message in page.messages),
        rulings=tuple(_decided(ruling, brand) for ruling in page.rulings),
        may_answer=page.may_answer,
    )


def answered(ticket: Ticket, answer: str) -> Answered:
    """What `answer` tells, where it is one that the standing question offers; nothing where it is not."""
    asked = Ruling.objects.filter(ticket=ticket, state=Ruling.State.IN_FORCE).exclude(question=None)
    for ruling in asked.select_related("version"):
        question = ruling.question or {}
        if answer in question.get("answers", ()):
            policy = rulebook.policy(ruling.version)
            meaning = question["meanings"][question["answers"].index(answer)]
            return Answered(words=in_words(policy, question["fact"], answer), facts=dict(meaning))
    return Answered(words="", facts={})


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
    return Decided(
        policy=version_address(brand, ruling.version_id),
        act=ruling.act,
        because=ruling.clauses,
        facts=ruling.facts,
        places=named_places(ruling.places),
        question=ruling.question,
        options=_offered(ruling),
        version=ruling.version,
        matter_text=ruling.matter_text,
    )


def _offered(ruling: PublicRuling) -> tuple[Option, ...]:
    """The answers of the desk's question; each is sent back as the desk wrote it."""
    if not ruling.answers:
        return ()
    policy = rulebook.policy(Version.objects.get(pk=ruling.version_id))
    return options(policy, ruling.asks, ruling.answers, ruling.answers)
