"""A proposal made by hand, for tests of what is decided about it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from evenhand.conduct import actions
from evenhand.conduct.actions import Found
from evenhand.conduct.models import Proposal
from evenhand.desk.tests.scene import a_ticket
from evenhand.people.models import Brand, Person
from evenhand.rulebook import queries as rulebook
from evenhand.tickets.models import Message

SAID = "My certificate has run out. This is complete bullshit."


def a_breach(
    brand: Brand,
    person: Person,
    *,
    breach: str = "cursing",
    step: str = "warning",
    at: dt.datetime | None = None,
) -> Proposal:
    """A ticket of `person` whose message was found to be a breach, waiting for a lead."""
    ticket = a_ticket(brand, person, text=SAID)
    start = SAID.index("bullshit")
    return actions.propose(
        brand=brand,
        person=person,
        ticket_id=ticket.pk,
        message_id=Message.objects.get(ticket=ticket).pk,
        version=rulebook.in_force(brand),
        channel="email",
        breach=breach,
        standing="good",
        step=step,
        received_at=at or timezone.now(),
        found=[
            Found(
                label="cursing",
                kind="",
                severity="standard",
                passage="bullshit",
                place="text",
                start=start,
                end=start + 8,
            )
        ],
    )
