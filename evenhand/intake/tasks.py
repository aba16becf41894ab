"""Jobs of the way in."""

from __future__ import annotations

from evenhand.intake import actions
from evenhand.jobs import task


@task("intake.handle")
def handle_arrival(arrival_id: int) -> None:
    actions.handle(arrival_id)
