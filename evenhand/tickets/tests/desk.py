"""A ruled ticket made by hand, for tests of what is done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from evenhand.people.models import Brand, Person
from evenhand.policy import FactValue
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.tickets import actions
from evenhand.tickets.models import Channel, Ticket
from evenhand.tickets.verdicts import Ruled

Topics = Mapping[str, float]
SURE_SSL: Topics = {"ssl": 0.99}
SURE_CSS: Topics = {"custom-html-css": 0.99}
TORN: Topics = {"bug-report": 0.2, "store-help": 0.15, "ssl": 0.1}


@transaction.atomic
def open_ruled(
    brand: Brand,
    requester: Person,
    version: Version,
    *matters: Topics,
    facts: Mapping[str, str] | None = None,
    subject: str = "A question",
    text: str = "What about this?",
    at: dt.datetime | None = None,
) -> Ticket:
    """A ticket with one ruling for each of `matters`."""
    at = at or timezone.now()
    ticket, message = actions.open_ticket(
        brand=brand, requester=requester, subject=subject, text=text, channel=Channel.EMAIL, at=at
    )
    policy = rulebook.policy(version)
    known = {
        name: FactValue(value=value, status="known", source="the test")
        for name, value in (facts or {}).items()
    }
    verdicts = policy.rule_matters([(topics, known) for topics in matters])
    ruled = [
        Ruled(text=text, topics=topics, verdict=verdict)
        for topics, verdict in zip(matters, verdicts, strict=True)
    ]
    actions.rule(ticket, message=message, version=version, matters=ruled, at=at)
    ticket.refresh_from_db()
    return ticket
