"""Tells open pages that something changed: what and which, never content; they fetch it as themselves."""

from __future__ import annotations

from django.db import connection

CHANNEL = "evenhand"


def notify(kind: str, pk: int, *, brand_id: int) -> None:
    """Say “ticket 10482 of brand 1 changed” to every listener once the current transaction commits.

    The brand goes along so that a page can be told of its own brand alone, without a look into the database.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{kind}:{pk}:{brand_id}"])
