"""The statuses of a ticket and the moves between them, as one table."""

from __future__ import annotations

from django.db import models

from evenhand.tickets.refusals import MoveRefused


class Status(models.TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    WAITING_ON_CUSTOMER = "waiting on customer", "Waiting on customer"
    WAITING_ON_US = "waiting on us", "Waiting on us"  # on another department
    SNOOZED = "snoozed", "Snoozed"
    SOLVED = "solved", "Solved"
    CLOSED = "closed", "Closed"


# Where work is left to do; SNOOZED counts, it only sleeps.
UNDER_WAY = (Status.NEW, Status.OPEN, Status.WAITING_ON_US, Status.WAITING_ON_CUSTOMER, Status.SNOOZED)
# Where staff, not the customer, moves next.
OURS = (Status.NEW, Status.OPEN, Status.WAITING_ON_US)
WAITING = (Status.WAITING_ON_CUSTOMER, Status.WAITING_ON_US)
DONE = (Status.SOLVED, Status.CLOSED)

MOVES: dict[Status, tuple[Status, ...]] = {
    Status.NEW: (
        Status.OPEN,
        Status.WAITING_ON_CUSTOMER,
        Status.WAITING_ON_US,
        Status.SNOOZED,
        Status.SOLVED,
        Status.CLOSED,
    ),
    Status.OPEN: (
        Status.WAITING_ON_CUSTOMER,
        Status.WAITING_ON_US,
        Status.SNOOZED,
        Status.SOLVED,
        Status.CLOSED,
    ),
    Status.WAITING_ON_CUSTOMER: (
        Status.OPEN,
        Status.WAITING_ON_US,
        Status.SNOOZED,
        Status.SOLVED,
        Status.CLOSED,
    ),
    Status.WAITING_ON_US: (
        Status.OPEN,
        Status.WAITING_ON_CUSTOMER,
        Status.SNOOZED,
        Status.SOLVED,
        Status.CLOSED,
    ),
    Status.SNOOZED: (
        Status.OPEN,
        Status.WAITING_ON_CUSTOMER,
        Status.WAITING_ON_US,
        Status.SOLVED,
        Status.CLOSED,
    ),
    Status.SOLVED: (Status.OPEN, Status.CLOSED),
    Status.CLOSED: (),  # what is said afterwards opens a new ticket
}


def check_move(status: str, to: Status) -> None:
    """Say nothing where the move is allowed or changes nothing; raise MoveRefused otherwise."""
    if to != status and to not in MOVES[Status(status)]:
        raise MoveRefused(status=status, to=to, possible=tuple(move.value for move in MOVES[Status(status)]))


# A customer is told whose turn it is; "snoozed" and "waiting on us" are the desk's own words.
FOR_CUSTOMERS = {
    Status.NEW: "Received",
    Status.OPEN: "With us",
    Status.WAITING_ON_CUSTOMER: "Waiting for you",
    Status.WAITING_ON_US: "With another department",
    Status.SNOOZED: "With us",
    Status.SOLVED: "Answered",
    Status.CLOSED: "Closed",
}
