"""The sealer's clock."""

from __future__ import annotations

from django.conf import settings

from evenhand.audit import actions
from evenhand.jobs import periodic


def every(seconds: int) -> str:
    """A cron line that comes round each `seconds`, to the second below a minute, to the minute above."""
    return f"* * * * * */{seconds}" if seconds < 60 else f"*/{min(seconds // 60, 59)} * * * *"


@periodic("audit.seal", cron=every(settings.SEAL_EVERY_SECONDS))
def seal() -> None:
    actions.seal()
