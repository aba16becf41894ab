"""Targets of the policy on the clock: by when staff must have said something, and how urgent it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from evenhand import policy as language
from evenhand.rulebook import queries as rulebook
from evenhand.tickets import clock
from evenhand.tickets.models import Ruling, Ticket

FIRST_REPLY, NEXT_REPLY, PRIORITY = "first reply", "next reply", "priority"
URGENCY = ("low", "normal", "high", "urgent")


def set_targets(ticket: Ticket, rulings: Sequence[Ruling], policy: language.Policy) -> None:
    """Give the ticket the earliest first reply and the greatest urgency of its rulings."""
    ticket.set_target(
        priority=max((r.targets.get(PRIORITY, "normal") for r in rulings), key=_urgency, default="normal"),
        first_reply_due=_earliest(target_due(r, policy, FIRST_REPLY, ticket.opened_at) for r in rulings),
    )


def next_due(ticket: Ticket, at: dt.datetime) -> dt.datetime | None:
    """By when a customer's new word wants its answer: by its own target, or the one for the first reply."""
    if ticket.waits_for_first_reply and ticket.first_reply_due:
        return ticket.first_reply_due
    standing = Ruling.objects.filter(ticket=ticket).standing().select_related("version")
    return _earliest(_next_due(r, at) for r in standing.defer("version__text", "version__sayings"))


def target_due(
    ruling: Ruling, policy: language.Policy, target: str, start: dt.datetime
) -> dt.datetime | None:
    """When one target of a ruling runs out, on the calendar that its clause names."""
    text = ruling.targets.get(target, "")
    return clock.due(text, start, calendar(policy, ruling.calendars.get(target, ""))) if text else None


def calendar(policy: language.Policy, name: str) -> language.Calendar:
    """A calendar of the document; elapsed time where none is named."""
    return policy.calendars.get(name, clock.ALWAYS)


def _next_due(ruling: Ruling, at: dt.datetime) -> dt.datetime | None:
    policy = rulebook.policy(ruling.version)
    name = NEXT_REPLY if NEXT_REPLY in ruling.targets else FIRST_REPLY
    return target_due(ruling, policy, name, at)


def _earliest(times: Iterable[dt.datetime | None]) -> dt.datetime | None:
    return min((time for time in times if time), default=None)


def _urgency(priority: str) -> int:
    return URGENCY.index(priority) if priority in URGENCY else len(URGENCY)
