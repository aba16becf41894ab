"""Delivery reports: a letter of ours came back. The ticket is told; nobody is answered."""

from __future__ import annotations

from django.db.models import QuerySet

from evenhand.intake.incoming import Content
from evenhand.intake.models import Arrival
from evenhand.intake.opening import files_of
from evenhand.intake.sender import Sender
from evenhand.tickets import actions as tickets
from evenhand.tickets import addresses
from evenhand.tickets.models import Message, Ticket


def of_our_letter(arrival: Arrival, content: Content) -> Ticket | None:
    """The ticket whose letter the report speaks of, by the signed token in address, references or text."""
    if not content.bounce:
        return None
    given = [content.token, *addresses.tokens_in([*content.references, content.text])]
    for token in filter(None, given):
        ticket_id = addresses.ticket_named(arrival.brand_id, token)
        if ticket_id and (ticket := _tickets().filter(pk=ticket_id).first()):
            return ticket
    return None


def _tickets() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("brand", "requester")


def keep(arrival: Arrival, content: Content, sender: Sender, ticket: Ticket) -> tuple[Ticket, Message]:
    """Keep the report as a note, for it is the mail system's word and not the customer's."""
    message = tickets.keep_report(
        ticket, text=content.text or content.subject, at=arrival.received_at, files=files_of(content)
    )
    return ticket, message
