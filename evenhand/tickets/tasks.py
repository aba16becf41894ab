"""Jobs of tickets."""

from __future__ import annotations

from evenhand.jobs import periodic
from evenhand.tickets import actions


@periodic("tickets.wake_snoozed", "* * * * *")
def wake_snoozed() -> None:
    actions.wake_snoozed()
