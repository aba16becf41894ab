"""Tells open pages that something changed: only what and which, never content; they fetch it as themselves."""

from __future__ import annotations

from django.db import connection

CHANNEL = "evenhand"


def notify(kind: str, pk: int) -> None:
    """Say “ticket 10482 changed” to every listener once the current transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{kind}:{pk}"])
