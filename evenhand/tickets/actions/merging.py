"""The same matter twice: the later ticket is joined to the earlier one, and can be taken apart again.

One customer's messages move. Of a colleague's ticket nothing moves, since the earlier requester may not read
what another person wrote: its words become a note for staff, and its customer is told where the matter is.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from evenhand.conduct import actions as conduct
from evenhand.conduct import queries as repeats
from evenhand.conduct.models import Repeat
from evenhand.people.models import Person
from evenhand.people.roles import Permission
from evenhand.tickets import letters
from evenhand.tickets.actions.locks import held, now, tell
from evenhand.tickets.models import Message, Ticket
from evenhand.tickets.refusals import Refused

JOINED = "We have joined your ticket {later} to this one, {earlier}, since both are about the same matter."
WITH_A_COLLEAGUE = (
    "Somebody of your organisation asked us about the same matter, in ticket {earlier}, where we answer it. "
    "If yours is another matter, answer this letter and a person reads it."
)


@transaction.atomic
def merge(ticket: Ticket, *, by: Person) -> Ticket:
    """Join a ticket to the earlier one that it was found to repeat; the earlier one, with everything in it.

    Raises Refused where nothing is offered or one of them is closed, NotPermitted.
    """
    offer = _offer(ticket, Repeat.State.OFFERED)
    earlier, later = _both(offer, by)
    if earlier.is_closed or later.is_closed:
        raise Refused("One of the two is closed. What is said now opens a new ticket; link it in a note.")
    at = now()
    own = earlier.requester_id == later.requester_id
    moved = _move(later, earlier) if own else []
    conduct.settle_repeat(later.pk, Repeat.State.MERGED, joined=moved)
    said = (JOINED if own else WITH_A_COLLEAGUE).format(later=later.pk, earlier=earlier.pk)
    if not own:
        _note(earlier, later, at)
    later.close_into(earlier, at=at)
    later.save()
    earlier.wake(at=at)
    earlier.save()
    _tell_customer(earlier if own else later, said, at)
    tell(later, "merged", by=by, at=at, public=True, other=earlier.pk, messages=moved)
    tell(earlier, "joined", by=by, at=at, public=own, other=later.pk)
    return earlier


@transaction.atomic
def take_apart(ticket: Ticket, *, by: Person) -> Ticket:
    """Undo a merge: the messages go back, the later ticket is open again. Raises Refused, NotPermitted."""
    offer = _offer(ticket, Repeat.State.MERGED)
    earlier, later = _both(offer, by)
    at = now()
    Message.objects.filter(ticket=earlier, pk__in=offer.joined).update(ticket=later)
    conduct.settle_repeat(later.pk, Repeat.State.APART)
    later.reopen_apart(at=at)
    later.save()
    tell(later, "taken apart", by=by, at=at, public=True, other=earlier.pk)
    tell(earlier, "taken apart", by=by, at=at, other=later.pk)
    return later


@transaction.atomic
def keep_apart(ticket: Ticket, *, by: Person) -> None:
    """Two matters after all: the offer goes away. Raises Refused, NotPermitted."""
    offer = _offer(ticket, Repeat.State.OFFERED)
    later = held(ticket, by=by, permission=Permission.ANSWER)
    conduct.settle_repeat(later.pk, Repeat.State.APART)
    tell(later, "kept apart", by=by, at=now(), other=offer.earlier_id)


def _offer(ticket: Ticket, state: str) -> Repeat:
    offer = repeats.repeat_of(ticket.pk)
    if offer is None or offer.state != state:
        raise Refused("Somebody settled this in the meantime. Reload the ticket to see how.")
    return offer


def _both(offer: Repeat, by: Person) -> tuple[Ticket, Ticket]:
    """Both tickets under their locks, the earlier first, so that two merges cannot wait for each other."""
    earlier = held(Ticket(pk=offer.earlier_id), by=by, permission=Permission.ANSWER)
    later = held(Ticket(pk=offer.ticket_id), by=by, permission=Permission.ANSWER)
    _offer(later, offer.state)  # again, now that nobody else can settle it
    return earlier, later


def _move(later: Ticket, earlier: Ticket) -> list[int]:
    moved = list(later.messages.order_by("pk").values_list("pk", flat=True))
    Message.objects.filter(pk__in=moved).update(ticket=earlier)
    return moved


def _note(earlier: Ticket, later: Ticket, at: dt.datetime) -> None:
    said = later.messages.filter(kind=Message.Kind.CUSTOMER).order_by("at", "pk").first()
    words = said.text if said else ""
    Message.objects.create(
        ticket=earlier,
        kind=Message.Kind.NOTE,
        author=None,
        channel=later.channel,
        text=f"The same matter from {later.requester}, in ticket {later.pk}:\n\n{words}",
        at=at,
    )


def _tell_customer(ticket: Ticket, text: str, at: dt.datetime) -> None:
    message = Message.objects.create(
        ticket=ticket, kind=Message.Kind.REPLY, author=None, channel=ticket.channel, text=text, at=at
    )
    letters.post(ticket, message, automatic=True)
