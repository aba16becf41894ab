"""Which status may follow which."""

from __future__ import annotations

import datetime as dt

import pytest

from evenhand.tickets.models import Ticket
from evenhand.tickets.refusals import MoveRefused
from evenhand.tickets.statuses import MOVES, Status

NOW = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)


def ticket(status: Status) -> Ticket:
    return Ticket(status=status, due_at=NOW, opened_at=NOW, changed_at=NOW)


@pytest.mark.parametrize(("status", "to"), [(s, to) for s in Status for to in MOVES[s]])
def test_every_move_of_the_table_is_made(status: Status, to: Status) -> None:
    moved = ticket(status)
    moved.move(to, at=NOW)
    assert moved.status == to


@pytest.mark.parametrize(
    ("status", "to"), [(s, to) for s in Status for to in Status if to not in MOVES[s] and to != s]
)
def test_no_other_move_is_made(status: Status, to: Status) -> None:
    with pytest.raises(MoveRefused) as refusal:
        ticket(status).move(to, at=NOW)
    assert refusal.value.possible == tuple(move.value for move in MOVES[status])


def test_a_closed_ticket_says_that_a_new_one_is_opened() -> None:
    with pytest.raises(MoveRefused, match="opens a new ticket"):
        ticket(Status.CLOSED).move(Status.OPEN, at=NOW)


def test_what_waits_on_the_customer_is_not_due() -> None:
    waiting = ticket(Status.OPEN)
    waiting.move(Status.WAITING_ON_CUSTOMER, at=NOW)
    assert waiting.due_at is None


def test_a_customers_word_opens_a_solved_ticket() -> None:
    solved = ticket(Status.SOLVED)
    solved.hear(at=NOW, due=None)
    assert (solved.status, solved.unread) == (Status.OPEN, True)


def test_the_first_reply_is_remembered_and_the_second_does_not_change_it() -> None:
    answered = ticket(Status.NEW)
    answered.answer(at=NOW, then=Status.OPEN)
    answered.answer(at=NOW + dt.timedelta(days=1), then=Status.SOLVED)
    assert answered.first_replied_at == NOW
