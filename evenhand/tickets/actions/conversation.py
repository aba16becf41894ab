"""What is said in a ticket: by its customer, to its customer, and among staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from evenhand.jobs import live
from evenhand.people.models import Brand, Person
from evenhand.people.roles import Permission
from evenhand.tickets import letters
from evenhand.tickets.actions.locks import held, now, spoken, tell
from evenhand.tickets.models import Attachment, Channel, Message, Ticket
from evenhand.tickets.statuses import Status
from evenhand.tickets.targets import next_due


@dataclass(frozen=True, kw_only=True)
class File:
    """An attachment that already lies in the store, encrypted; `place` is its name there, `size` in bytes."""

    name: str
    type: str
    size: int
    screened: bool
    place: str


@transaction.atomic(savepoint=False)
def open_ticket(
    *,
    brand: Brand,
    requester: Person,
    subject: str,
    text: str,
    channel: str,
    at: dt.datetime,
    by: Person | None = None,
    quoted: Sequence[Sequence[int]] = (),
    mail_id: str = "",
    files: Sequence[File] = (),
    follows: Ticket | None = None,
    problem: str = "",
    facts: dict[str, Any] | None = None,
) -> tuple[Ticket, Message]:
    """A new ticket with its first message. `text` is redacted; `by` wrote it down for the requester."""
    organisation = _organisation(requester, brand)
    ticket = Ticket.objects.create(
        brand=brand,
        requester=requester,
        organisation_id=organisation[0],
        subject=subject[:250],
        channel=channel,
        opened_at=at,
        changed_at=at,
        follows=follows,
        problem=problem,
        findable=" ".join((subject[:250], requester.name, *_words(requester.email), organisation[1])),
    )
    message = _say(ticket, Message.Kind.CUSTOMER, requester, text, channel, at, quoted, mail_id, files)
    tell(ticket, "opened", by=by, at=at, public=True, channel=channel, **(facts or {}))
    return ticket, message


@transaction.atomic
def add_message(
    ticket: Ticket,
    *,
    author: Person,
    text: str,
    channel: str,
    at: dt.datetime,
    quoted: Sequence[Sequence[int]] = (),
    mail_id: str = "",
    files: Sequence[File] = (),
    wakes: bool = True,
) -> Message:
    """The customer says more. `wakes` False: automatic mail, nobody need move."""
    ticket = held(ticket, by=None)
    message = _say(ticket, Message.Kind.CUSTOMER, author, text, channel, at, quoted, mail_id, files)
    if wakes and author.pk == ticket.requester_id:
        ticket.hear(at=at, due=next_due(ticket, at))
    else:
        ticket.unread, ticket.changed_at = True, at
    ticket.save()
    tell(ticket, "answered", by=author, at=at, public=True, channel=channel)
    return message


@transaction.atomic
def reply(ticket: Ticket, *, by: Person, text: str, then: Status | None = None) -> Message:
    """Answer the customer by mail; the ticket moves to `then`, or waits on the customer.

    Raises TextRefused, NotPermitted, MoveRefused; Ticket.DoesNotExist where `by` may not see it.
    """
    ticket = held(ticket, by=by, permission=Permission.ANSWER)
    at = now()
    message = _say(ticket, Message.Kind.REPLY, by, spoken(text), ticket.channel, at)
    ticket.answer(at=at, then=then or Status.WAITING_ON_CUSTOMER)
    ticket.save()
    letters.post(ticket, message)
    tell(ticket, "replied", by=by, at=at, public=True, message=message.pk, status=ticket.status)
    return message


@transaction.atomic
def note(ticket: Ticket, *, by: Person, text: str) -> Message:
    """Write something that only staff reads. Raises TextRefused, NotPermitted."""
    ticket = held(ticket, by=by, permission=Permission.ANSWER)
    at = now()
    message = _say(ticket, Message.Kind.NOTE, by, spoken(text), ticket.channel, at)
    tell(ticket, "noted", by=by, at=at, message=message.pk)
    return message


@transaction.atomic
def keep_report(ticket: Ticket, *, text: str, at: dt.datetime, files: Sequence[File] = ()) -> Message:
    """A letter of ours came back: keep the mail system's report as a note, and show the ticket as unread."""
    ticket = held(ticket, by=None)
    message = _say(ticket, Message.Kind.NOTE, None, text, Channel.EMAIL, at, files=files)
    ticket.unread, ticket.changed_at = True, at
    ticket.save(update_fields=["unread", "changed_at"])
    tell(ticket, "letter returned", by=None, at=at, message=message.pk)
    return message


@transaction.atomic
def note_event(ticket: Ticket, kind: str, *, at: dt.datetime, **facts: Any) -> None:
    """One line of history that the desk itself adds: a letter came back, an answer was held back."""
    tell(held(ticket, by=None), kind, by=None, at=at, **facts)


def mark_seen(ticket: Ticket, *, by: Person) -> None:
    """A person of staff has opened it: the newest word is no longer unread."""
    if Ticket.objects.worked_by(by).filter(pk=ticket.pk, unread=True).update(unread=False):
        live.notify("ticket", ticket.pk, brand_id=ticket.brand_id)


def _say(
    ticket: Ticket,
    kind: str,
    author: Person | None,
    text: str,
    channel: str,
    at: dt.datetime,
    quoted: Sequence[Sequence[int]] = (),
    mail_id: str = "",
    files: Sequence[File] = (),
) -> Message:
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        author=author,
        channel=channel,
        text=text,
        quoted=[list(span) for span in quoted],
        at=at,
        mail_id=mail_id,
    )
    if files:
        Attachment.objects.bulk_create(
            Attachment(
                message=message,
                name=file.name[:250],
                type=file.type[:120],
                size=file.size,
                screened=file.screened,
                place=file.place,
            )
            for file in files
        )
    return message


def _organisation(requester: Person, brand: Brand) -> tuple[int | None, str]:
    """The organisation that the requester belongs to as this brand's customer, and its name."""
    memberships = requester.memberships.filter(brand=brand, organisation__isnull=False)
    found = memberships.values_list("organisation_id", "organisation__name").first()
    return found or (None, "")


def _words(email: str) -> list[str]:
    """An address in the pieces that people search for."""
    return [email, *email.replace("@", " ").replace(".", " ").split()]
