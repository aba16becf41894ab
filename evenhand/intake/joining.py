"""Which ticket an answer belongs to: never by subject, by the signed token, for those of the ticket."""

from __future__ import annotations

from evenhand.conduct import queries as conduct
from evenhand.intake.incoming import Content
from evenhand.intake.models import Arrival
from evenhand.intake.sender import Sender
from evenhand.mail.models import Letter
from evenhand.tickets import addresses
from evenhand.tickets.models import Channel, Message, Ticket


def ticket_of(arrival: Arrival, content: Content, sender: Sender) -> Ticket | None:
    """The ticket that this continues, where the sender is of it; None opens a new one and tells nothing.

    The address it was sent to counts first, then References from the newest back.
    """
    named = addresses.ticket_named(arrival.brand_id, content.token) if content.token else None
    ticket = _find(arrival, named) or _by_references(arrival, content)
    if ticket is None:
        return None
    if not ticket.belongs_to(sender.person):
        arrival.flags = [*arrival.flags, "answers a ticket that its sender is not of"]
        return None
    return ticket


def _by_references(arrival: Arrival, content: Content) -> Ticket | None:
    if arrival.channel != Channel.EMAIL or not content.references:
        return None
    for token in reversed(addresses.tokens_in(content.references)):
        if ticket := _find(arrival, addresses.ticket_named(arrival.brand_id, token)):
            return ticket
    return _by_our_letters(arrival, content) or _by_their_mails(arrival, content)


def _by_our_letters(arrival: Arrival, content: Content) -> Ticket | None:
    """Some programs keep only In-Reply-To: the Message-ID of the very letter that is answered."""
    bare = [reference.strip("<>") for reference in content.references]
    ids = [*bare, *(f"<{reference}>" for reference in bare)]
    letters = Letter.objects.filter(message_id__in=ids).values_list("pk", flat=True)
    carried = Message.objects.filter(letter_id__in=list(letters)).order_by("-at")
    return _find(arrival, carried.values_list("ticket_id", flat=True).first())


def _by_their_mails(arrival: Arrival, content: Content) -> Ticket | None:
    """A second mail that answers the sender's own first one, written before ours came."""
    bare = [reference.strip("<>") for reference in content.references]
    theirs = Message.objects.filter(mail_id__in=bare, ticket__brand=arrival.brand_id).order_by("-at")
    return _find(arrival, theirs.values_list("ticket_id", flat=True).first())


def _find(arrival: Arrival, ticket_id: int | None) -> Ticket | None:
    if ticket_id is None:
        return None
    tickets = Ticket.objects.select_related("brand", "requester").filter(brand=arrival.brand_id)
    return tickets.filter(pk=conduct.merged_into(ticket_id) or ticket_id).first()
