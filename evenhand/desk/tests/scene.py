"""What the desk's tests begin with: a ticket of Cora's that awaits an agent's decision."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from evenhand.people.models import Brand, Person
from evenhand.rulebook.models import Version
from evenhand.tickets import actions
from evenhand.tickets.models import Channel, Ruling, Ticket
from evenhand.tickets.queries import queue

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DESK = "/desk/americommerce"


def signed_in(person: Person | None) -> Client:
    """A browser; `person` None: nobody."""
    browser = Client()
    if person:
        browser.force_login(person, backend=BACKEND)
    return browser


def a_ticket(brand: Brand, requester: Person, *, subject: str = "The padlock is gone", **more: Any) -> Ticket:
    text = more.pop("text", "My store shows a certificate warning since this morning.")
    ticket, _ = actions.open_ticket(
        brand=brand,
        requester=requester,
        subject=subject,
        text=text,
        channel=Channel.EMAIL,
        at=timezone.now(),
        **more,
    )
    return ticket


def a_proposal(ticket: Ticket, version: Version) -> Ruling:
    """A ruling that the policy leaves to a person: help with certificates, or is it DNS?"""
    ruling = Ruling.objects.create(
        ticket=ticket,
        message=ticket.messages.first(),
        version=version,
        state=Ruling.State.PROPOSED,
        kind="propose",
        topics=[["ssl", 0.61], ["domain-dns", 0.24], ["email-hosting", 0.08]],
        facts=[
            {"name": "plan", "value": "pro", "status": "known", "source": "the account", "confidence": None},
            {"name": "theme state", "value": "", "status": "unknown", "source": "", "confidence": None},
        ],
        topic="ssl",
        act="help",
        department="support",
        reply="answer",
        clauses=["5"],
        gave_way=["9"],
        limits=[{"text": "sign in to a customer's registrar", "clause": "5"}],
        belief=0.61,
        plausibility=0.7,
        at=timezone.now(),
    )
    Ticket.objects.filter(pk=ticket.pk).update(outcome="help", clause="5")
    return ruling


def subjects(person: Person, brand: Brand, view: str) -> list[str]:
    return [row.subject for row in queue(person, brand, view).rows]
