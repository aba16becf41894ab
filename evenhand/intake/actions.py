"""A request's way in: accepted once, then handled; see docs/walks.md, walk 1.

`accept` is the one door for mail, forms, API and call notes. `handle` may be killed anywhere and repeated.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import QuerySet

from evenhand import jobs
from evenhand.intake import answers, joining, opening, reports
from evenhand.intake.incoming import Content, Incoming
from evenhand.intake.models import Arrival
from evenhand.intake.sender import sender_of
from evenhand.tickets import actions as tickets
from evenhand.tickets.models import Ticket

log = logging.getLogger(__name__)
MOST_TRIES = 6  # then the message becomes a ticket unread: better seen late than never


def accept(incoming: Incoming) -> Arrival:
    """Keep one message and queue its handling; a repetition gives the arrival that stands."""
    return accept_all([incoming])[0]


@transaction.atomic
def accept_all(incoming: Sequence[Incoming]) -> list[Arrival]:
    """Keep messages in one transaction, each exactly once, and queue the handling of those that are new."""
    new = set(_keep(incoming))
    known = {(a.channel, a.source_id): a for a in _arrivals(incoming)}
    for arrival in known.values():
        if arrival.pk in new:
            jobs.later("intake.handle", arrival_id=arrival.pk)
    return [known[each.channel, each.source_id] for each in incoming]


def take_in(incoming: Incoming) -> Arrival:
    """Accept, then handle at once, for doors where somebody waits. The job repeats what goes wrong."""
    arrival = accept(incoming)
    try:
        handle(arrival.pk)
    except Exception:
        log.exception("Arrival %s could not be handled at once; its job tries again.", arrival.pk)
    arrival.refresh_from_db()
    return arrival


def handle(arrival_id: int) -> Ticket | None:
    """Turn an arrival into a ticket, or a part of one, and do what the policy says. Repeating does nothing.

    After MOST_TRIES beginnings that had no end it becomes a ticket that says so, unread.
    """
    if _begin(arrival_id) > MOST_TRIES:
        return _show_unhandled(arrival_id)
    return _handle(arrival_id)


@transaction.atomic
def _handle(arrival_id: int) -> Ticket | None:
    arrival = (
        Arrival.objects.select_related("brand", "claimed_by")
        .select_for_update(of=("self",))
        .get(pk=arrival_id)
    )
    if not arrival.is_waiting:
        return None
    content = Content.of(arrival.content)
    sender = sender_of(arrival, content)
    if report := reports.of_our_letter(arrival, content):
        ticket, message = reports.keep(arrival, content, sender, report)
    elif found := joining.ticket_of(arrival, content, sender):
        ticket, message = answers.continue_ticket(arrival, content, sender, found)
    else:
        ticket, message = opening.open_ruled_ticket(arrival, content, sender)
    _finish(arrival, Arrival.State.HANDLED, ticket, message.pk)
    return ticket


@transaction.atomic
def _show_unhandled(arrival_id: int) -> Ticket | None:
    arrival = (
        Arrival.objects.select_related("brand", "claimed_by")
        .select_for_update(of=("self",))
        .get(pk=arrival_id)
    )
    if not arrival.is_waiting:
        return None
    content = Content.of(arrival.content)
    problem = (
        f"Reading this message failed {MOST_TRIES} times. It was not ruled: read it and answer yourself."
    )
    ticket, message = opening.open_ticket(arrival, content, sender_of(arrival, content), problem=problem)
    tickets.acknowledge(ticket, at=arrival.received_at, answer=not content.automatic)
    _finish(arrival, Arrival.State.REFUSED, ticket, message.pk)
    return ticket


def _finish(arrival: Arrival, state: Arrival.State, ticket: Ticket, message_id: int) -> None:
    arrival.state, arrival.ticket_id, arrival.message_id = state, ticket.pk, message_id
    arrival.save(update_fields=["state", "ticket_id", "message_id", "flags"])


def _keep(incoming: Sequence[Incoming]) -> list[int]:
    """Insert what is new, in one statement; the numbers of the new rows."""
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s, 'received', '[]', 0)"] * len(incoming))
    values = [
        value
        for each in incoming
        for value in (
            each.channel,
            each.source_id,
            each.brand_id,
            each.received_at,
            json.dumps(each.content.as_json()),
            each.claimed_by_id,
        )
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_arrival (channel, source_id, brand_id, received_at, content, claimed_by_id,"  # noqa: S608
            f" state, flags, tries) VALUES {rows} ON CONFLICT (channel, source_id) DO NOTHING RETURNING id",
            values,
        )
        return [pk for (pk,) in cursor.fetchall()]


def _arrivals(incoming: Sequence[Incoming]) -> QuerySet[Arrival]:
    return Arrival.objects.filter(
        channel__in={each.channel for each in incoming}, source_id__in={each.source_id for each in incoming}
    ).defer("content")


def _begin(arrival_id: int) -> int:
    """Count a beginning, in a transaction of its own, so that what kills the worker is counted too.

    It need not survive a crash of the machine, so it does not wait for the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH lax AS (SELECT set_config('synchronous_commit', 'off', true))"
            " UPDATE intake_arrival SET tries = tries + 1 FROM lax"
            " WHERE intake_arrival.id = %s AND state = 'received' RETURNING tries",
            [arrival_id],
        )
        counted = cursor.fetchone()
    return counted[0] if counted else 0
