"""What was said in a ticket, with its files and letters, and what happened to it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from django.db.models import Exists, OuterRef, Q

from evenhand.mail.models import Letter as Posted
from evenhand.people.models import Person
from evenhand.tickets.models import Attachment, Event, Message
from evenhand.tickets.queries.composed import SCOPES, TICKET, Question, compose


@dataclass(frozen=True, kw_only=True)
class PersonView:
    id: int
    name: str
    email: str
    initials: str


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


def person_view(person: Person) -> PersonView:
    return PersonView(id=person.pk, name=str(person), email=person.email, initials=person.initials)


def person_or_none(number: int | None, name: str, email: str) -> PersonView | None:
    """Who stands in a row beside what was asked for; None: nobody does."""
    return person_view(Person(pk=number, name=name, email=email)) if number else None


def messages(person: Person, ticket_id: int, *, notes: bool = True) -> tuple[MessageView, ...]:
    """What `person` may read of the conversation, oldest first, with files and the fate of each letter."""
    found = _said(Message.seen_by(person), notes).rows(ticket=ticket_id)
    files = _files(person, ticket_id) if any(row[-1] for row in found) else {}
    letters = Posted.objects.in_bulk([row[-2] for row in found if row[-2]])
    return tuple(
        MessageView(
            id=pk,
            kind=kind,
            author=person_or_none(author, name, email),
            channel=channel,
            text=text,
            quoted=tuple((start, end) for start, end in quoted),
            at=at,
            files=tuple(files.get(pk, ())),
            letter=_letter(letters.get(letter_id)),
        )
        for pk, kind, author, name, email, channel, text, quoted, at, letter_id, _ in found
    )


@lru_cache(maxsize=SCOPES)
def _said(seen: Q, notes: bool) -> Question:
    said = Message.objects.filter(seen, ticket=TICKET).order_by("at", "pk")
    author = ("author_id", "author__name", "author__email")
    has_files = Exists(Attachment.objects.filter(message=OuterRef("pk")))
    return compose(
        (said if notes else said.exclude(kind=Message.Kind.NOTE)).values_list(
            "pk", "kind", *author, "channel", "text", "quoted", "at", "letter_id", has_files
        )
    )


def _letter(posted: Posted | None) -> Letter | None:
    return Letter(state=posted.state, problem=posted.problem, sent_at=posted.sent_at) if posted else None


def _files(person: Person, ticket_id: int) -> dict[int, list[File]]:
    """The files of the ticket that `person` may have, by message."""
    found = Attachment.objects.visible_to(person).filter(message__ticket=ticket_id).order_by("pk")
    by_message: dict[int, list[File]] = defaultdict(list)
    for message, pk, name, kind, size, screened in found.values_list(
        "message_id", "pk", "name", "type", "size", "screened"
    ):
        by_message[message].append(File(id=pk, name=name, type=kind, size=size, screened=screened))
    return by_message


@cache
def _happened() -> Question:
    happened = Event.objects.filter(ticket=TICKET).order_by("at", "pk")
    return compose(happened.values_list("kind", "facts", "actor__name", "actor__email", "at"))


def events(ticket_id: int) -> tuple[EventView, ...]:
    """What happened, oldest first; all of it, so for staff alone."""
    return tuple(
        EventView(kind=kind, facts=facts, actor=name or email or "", at=at)
        for kind, facts, name, email, at in _happened().rows(ticket=ticket_id)
    )
