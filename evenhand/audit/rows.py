"""Entries read through a server-side cursor: a record of any length passes through constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

from django.db import connection

from evenhand.audit.models import Entry

CHUNK = 2000  # rows in memory

_OWN = ("id", "stream", "number", "at", "actor", "kind", "facts", "person_id", "sealed", "previous", "hash")
ENTRY_COLUMNS: LiteralString = ", ".join(f"entry.{name}" for name in _OWN)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a query that begins with ENTRY_COLUMNS; `entry` is None where an outer join found none."""

    entry: Entry | None
    beside: tuple[Any, ...]  # the columns after those of the entry; bytes as bytes


def rows(query: LiteralString) -> Iterator[Row]:
    """The rows of `query`, in its order, as of the moment that it began. Needs a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while found := cursor.fetchmany(CHUNK):
            for row in found:
                yield Row(
                    entry=_entry(row[: len(_OWN)]), beside=tuple(_plain(value) for value in row[len(_OWN) :])
                )


def _entry(values: tuple[Any, ...]) -> Entry | None:
    if values[0] is None:
        return None
    entry = Entry.from_db(connection.alias, list(_OWN), list(values))
    if isinstance(entry.facts, str):  # below the ORM Django leaves jsonb as text
        entry.facts = json.loads(entry.facts)
    return entry


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
