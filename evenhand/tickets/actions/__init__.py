"""What is done with tickets. Each act opens its transaction, holds the ticket's lock, and is recorded."""

from evenhand.tickets.actions.conversation import (
    File,
    add_message,
    mark_seen,
    note,
    note_event,
    open_ticket,
    reply,
)
from evenhand.tickets.actions.handling import assign, change_status, snooze, wake_snoozed
from evenhand.tickets.actions.outcomes import carry_out
from evenhand.tickets.actions.rulings import accept, choose_topic, override, rule

__all__ = [
    "File",
    "accept",
    "add_message",
    "assign",
    "carry_out",
    "change_status",
    "choose_topic",
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
