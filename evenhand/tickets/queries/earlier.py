"""The recent tickets of one customer, to see whether a new one brings the same matter again."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery

from evenhand.people import queries as people
from evenhand.people.models import Brand, Person
from evenhand.tickets.models import Message, Ruling, RulingQuerySet, Ticket
from evenhand.tickets.statuses import DONE

MOST = 20  # the newest ones: what one person's many tickets cost is bounded
WINDOW_DAYS = 30  # where the ruling names no time of reopening
MOST_DAYS = 120
MOST_CHARACTERS = 20_000
REOPENING = "reopening"


@dataclass(frozen=True, kw_only=True)
class EarlierTicket:
    id: int
    requester_id: int
    text: str  # subject and first message
    topic: str  # of its ruling; empty: none
    was_answered: bool  # replied to, answered by the policy, or declined


def earlier_tickets(person: Person, brand: Brand, at: dt.datetime) -> tuple[EarlierTicket, ...]:
    """The tickets of `person`, and of their organisation, that are still fresh at a moment, newest first.

    Fresh: changed within the time that the policy gives for reopening (its target of that name), or
    WINDOW_DAYS where it gives none.
    """
    membership = people.standing(person, brand)
    theirs = Q(requester=person)
    if membership and membership.organisation_id:
        theirs |= Q(organisation=membership.organisation_id)
    recent = Ticket.objects.filter(theirs, brand=brand, opened_at__lt=at)
    found = recent.filter(changed_at__gt=at - dt.timedelta(days=MOST_DAYS)).annotate(
        said=Subquery(Message.objects.filter(ticket=OuterRef("pk")).order_by("at", "pk").values("text")[:1]),
        topic=Subquery(_rulings().values("topic")[:1]),
        targets=Subquery(_rulings().values("targets")[:1]),
    )
    newest = found.order_by("-opened_at").values_list(*_COLUMNS)[:MOST]
    return tuple(
        EarlierTicket(
            id=pk,
            requester_id=requester,
            text=f"{subject}\n{said or ''}"[:MOST_CHARACTERS],
            topic=topic or "",
            was_answered=replied is not None or status in DONE,
        )
        for pk, requester, subject, status, replied, changed, said, topic, targets in newest
        if changed > at - _window(targets or {})
    )


_COLUMNS = (
    "pk",
    "requester_id",
    "subject",
    "status",
    "first_replied_at",
    "changed_at",
    "said",
    "topic",
    "targets",
)


def _rulings() -> RulingQuerySet:
    standing = Ruling.objects.filter(ticket=OuterRef("pk")).standing()
    return standing.order_by("matter")


def _window(targets: dict[str, str]) -> dt.timedelta:
    named = re.match(r"(\d{1,3}) days?\b", targets.get(REOPENING, ""))
    return dt.timedelta(days=min(int(named[1]), MOST_DAYS) if named else WINDOW_DAYS)
