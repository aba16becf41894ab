"""Questions that the ORM composes once: a page asks the same of every ticket, and composing costs most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet, Value

SCOPES = 1024  # kept of each question: it is another one for each scope of what a person sees


class Blank:
    """A place for a value that is set in, by name, whenever the question is asked."""

    def __init__(self, name: str) -> None:
        self.name = name


#: These stand for numbers where a question is composed: `filter(ticket=TICKET)`.
TICKET, BRAND, REQUESTER = (Value(Blank(name)) for name in ("ticket", "brand", "requester"))


@dataclass(frozen=True, kw_only=True)
class Question:
    """SQL with its parameters; those that are Blank differ from one asking to the next."""

    sql: str  # empty: nobody can see anything here, so there is nothing to ask
    parameters: tuple[object, ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]  # column, what reads it, of what

    def rows(self, **blanks: int) -> list[tuple[Any, ...]]:
        """What the database answers with the blanks filled in, as `values_list` would give it."""
        if not self.sql:
            return []
        given: list[Any] = [blanks[p.name] if isinstance(p, Blank) else p for p in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            found = cursor.fetchall()
        return [self._read(row) for row in found] if self.converters else found

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for column, converters, of in self.converters:
            for convert in converters:
                values[column] = convert(values[column], of, connection)
        return tuple(values)


def compose(asked: QuerySet[Any, tuple[Any, ...]]) -> Question:
    """The question that `asked`, a `values_list`, puts. Who keeps it keeps it by all that went into `asked`,

    above all by the scope, worked out anew from what the person may see now: then nobody gets another's rows.
    """
    compiler = asked.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return Question(sql="", parameters=(), converters=())
    found = compiler.get_converters([column for column, _, _ in compiler.select[: compiler.col_count]])
    return Question(
        sql=sql,
        parameters=tuple(parameters),
        converters=tuple((at, tuple(converters), of) for at, (converters, of) in found.items()),
    )
