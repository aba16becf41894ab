"""Jobs of conduct."""

from __future__ import annotations

from evenhand.conduct import actions
from evenhand.jobs import periodic


@periodic("conduct.announce_lapsed", "7 * * * *")
def announce_lapsed() -> None:
    actions.announce_lapsed()
