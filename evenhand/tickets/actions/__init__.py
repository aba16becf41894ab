"""What is done with tickets. Each act opens its transaction, holds the ticket's lock, and is recorded."""

from evenhand.tickets.actions.conversation import (
    File,
    add_message,
    keep_report,
    mark_seen,
    note,
    note_event,
    open_ticket,
    reply,
)
from evenhand.tickets.actions.handling import assign, change_status, snooze, wake_snoozed
from evenhand.tickets.actions.locks import hold
from evenhand.tickets.actions.outcomes import acknowledge
from evenhand.tickets.actions.rulings import (
    accept,
    answer_question,
    choose_topic,
    decide_again,
    override,
    rule,
)

__all__ = [
    "File",
    "accept",
    "acknowledge",
    "add_message",
    "answer_question",
    "assign",
    "change_status",
    "choose_topic",
    "decide_again",
    "hold",
    "keep_report",
    "mark_seen",
    "note",
    "note_event",
    "open_ticket",
    "override",
    "reply",
    "rule",
    "snooze",
    "wake_snoozed",
]
