"""Who sent it."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.intake.incoming import Content
from evenhand.intake.models import Arrival
from evenhand.people import actions as people
from evenhand.people.models import Brand, Person
from evenhand.tickets.models import Channel

NOBODY = "unknown-sender@nobody.invalid"  # RFC 2606: no mail can ever be sent there


@dataclass(frozen=True, kw_only=True)
class Sender:
    """`person` asked; `took_by` wrote it down (a call note). `answerable`: a letter can reach them."""

    person: Person
    took_by: Person | None
    answerable: bool


def sender_of(arrival: Arrival, content: Content) -> Sender:
    """The person behind an arrival: who was signed in, else who the address belongs to, known or new.

    Another brand's customer is a stranger in this brand, and becomes its customer of unknown status.
    """
    note = arrival.channel == Channel.PHONE_NOTE
    if arrival.claimed_by and not note:
        person = people.recognise(arrival.brand, arrival.claimed_by.email)
        return Sender(person=person, took_by=None, answerable=True)
    address = _readable(content.sender_address)
    person = people.recognise(arrival.brand, address or NOBODY, content.sender_name if address else "")
    answerable = bool(address) and not is_our_own(address)
    return Sender(person=person, took_by=arrival.claimed_by if note else None, answerable=answerable)


def _readable(given: str) -> str:
    try:
        return people.address(given)
    except people.NotAnAddress:
        return ""


def is_our_own(address: str) -> bool:
    """True for a mailbox of this desk, tokens included: writing there would be writing to ourselves."""
    local, _, domain = address.rpartition("@")
    return Brand.objects.filter(mailbox__iexact=f"{local.partition('+')[0]}@{domain}").exists()
