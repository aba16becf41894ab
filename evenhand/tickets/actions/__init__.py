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
from evenhand.tickets.actions.merging import keep_apart, merge, take_apart
from evenhand.tickets.actions.outcomes import acknowledge
from evenhand.tickets.actions.rulings import (
    accept,
    answer_question,
    choose_topic,
    decide_again,
    override,
    rule,
)
from evenhand.tickets.actions.steps import confirm_step, decide_appeal, dismiss_step, lift_step

__all__ = [
    "File",
    "accept",
    "acknowledge",
    "add_message",
    "answer_question",
    "assign",
    "change_status",
    "choose_topic",
    "confirm_step",
    "decide_again",
    "decide_appeal",
    "dismiss_step",
    "hold",
    "keep_apart",
    "keep_report",
    "lift_step",
    "mark_seen",
    "merge",
    "note",
    "note_event",
    "open_ticket",
    "override",
    "reply",
    "rule",
    "snooze",
    "take_apart",
    "wake_snoozed",
]
