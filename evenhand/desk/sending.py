"""Sending once: a button pressed twice, or a page sent again, is one message."""

from __future__ import annotations

from django.db import transaction

from evenhand.people.models import Person
from evenhand.tickets import actions
from evenhand.tickets.models import Message, Ticket
from evenhand.tickets.statuses import Status


@transaction.atomic
def reply(ticket: Ticket, *, by: Person, text: str, then: Status, seen: int) -> None:
    """As tickets.actions.reply, unless `by` said just this since message `seen`, the newest on their page."""
    if not _said_already(ticket, by, Message.Kind.REPLY, text, seen):
        actions.reply(ticket, by=by, text=text, then=then)


@transaction.atomic
def note(ticket: Ticket, *, by: Person, text: str, seen: int) -> None:
    """As tickets.actions.note, once for each page that was sent."""
    if not _said_already(ticket, by, Message.Kind.NOTE, text, seen):
        actions.note(ticket, by=by, text=text)


def _said_already(ticket: Ticket, by: Person, kind: str, text: str, seen: int) -> bool:
    # Under the ticket's lock, so that of two presses at once the second sees what the first said.
    Ticket.objects.worked_by(by).select_for_update(of=("self",)).get(pk=ticket.pk)
    newer = Message.objects.visible_to(by).filter(ticket=ticket, pk__gt=seen, author=by, kind=kind)
    return newer.filter(text=text.replace("\0", "").strip()).exists()
