"""The queue: its views, paged by key, at one price whatever its size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q, QuerySet

from evenhand.people.models import Brand, Person, Team
from evenhand.tickets.models import NEVER_DUE, Message, Ticket
from evenhand.tickets.queries.composed import SCOPES, Question, compose
from evenhand.tickets.sight import staff_scope
from evenhand.tickets.statuses import DONE, OURS, UNDER_WAY, WAITING, Status

ROWS = 50
COUNT_MOST = 500  # a rail needs no exact count beyond this
SEARCH_CANDIDATES = 1000  # a word that is everywhere is cut here, newest tickets first


class UnknownView(LookupError):
    """No view of that name; the page answers 404."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One entry of the rail. `key` is what stands in the address: "mine", "team:accounting", "clause:9.1"."""

    key: str
    name: str
    group: str  # "you", "all", "teams"


@dataclass(frozen=True, kw_only=True)
class TicketRow:
    """One line of a list. Times are aware, UTC."""

    id: int
    subject: str
    requester: str
    organisation: str
    status: str
    priority: str
    outcome: str  # the act; empty while nothing is ruled
    clause: str  # "9.1" or empty
    ruled: bool
    due: dt.datetime | None
    snoozed_until: dt.datetime | None
    opened_at: dt.datetime
    changed_at: dt.datetime
    team: str
    assignee: str
    assignee_initials: str
    unread: bool
    problem: str


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """One page of a view; `next` goes back in as `after`, empty on the last page."""

    view: str
    rows: tuple[TicketRow, ...]
    next: str = ""


def views(person: Person, brand: Brand) -> tuple[View, ...]:
    """The rail: what each person has, then one view for each team of the brand."""
    teams = Team.objects.filter(brand=brand).order_by("name")
    return (
        View(key="mine", name="Mine", group="you"),
        View(key="unruled", name="Unruled", group="you"),
        View(key="open", name="All open", group="all"),
        View(key="waiting", name="Waiting", group="all"),
        View(key="snoozed", name="Snoozed", group="all"),
        View(key="solved", name="Solved", group="all"),
        *(View(key=f"team:{team.slug}", name=team.name, group="teams") for team in teams),
    )


def queue(person: Person, brand: Brand, view: str, *, after: str = "", most: int = ROWS) -> QueuePage:
    """One page of `view`, in one query.

    Views: mine, unruled, open, waiting, snoozed, solved, team:SLUG, outcome:ACT, clause:NUMBER.
    Raises UnknownView for any other name; a mangled `after` starts at the top.
    """
    chosen = _chosen(person, view)
    scope, order = staff_scope(person), _order(view)
    if after:
        found = list(_page(scope, brand.pk, chosen, order, most, after))
    else:
        found = _first_page(scope, brand.pk, chosen, order, most).rows()
    rows = tuple(_row(values) for values in found[:most])
    return QueuePage(view=view, rows=rows, next=order.cursor(rows[-1]) if len(found) > most else "")


def _page(
    scope: Q, brand_id: int, chosen: Q, order: _Order, most: int, after: str = ""
) -> QuerySet[Ticket, tuple[Any, ...]]:
    tickets = Ticket.objects.filter(scope, brand=brand_id).filter(chosen)
    return order.page(tickets, after)[: most + 1].values_list(*_COLUMNS)


@lru_cache(maxsize=SCOPES)
def _first_page(scope: Q, brand_id: int, chosen: Q, order: _Order, most: int) -> Question:
    """Kept by everything that goes into it: who sees more or less asks another question."""
    return compose(_page(scope, brand_id, chosen, order, most))


def counts(person: Person, brand: Brand, keys: tuple[str, ...]) -> dict[str, int]:
    """How many tickets stand in each view, in one query, counted up to COUNT_MOST."""
    visible = Ticket.objects.worked_by(person).filter(brand=brand)
    parts: list[str] = []
    parameters: list[Any] = []
    for key in keys:
        few = visible.filter(_chosen(person, key)).order_by().values("pk")[:COUNT_MOST]
        sql, given = few.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 - composed by the ORM
        parameters += given
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return dict(zip(keys, cursor.fetchone(), strict=True))


def search(person: Person, brand: Brand, words: str, *, most: int = ROWS) -> QueuePage:
    """Tickets by number, or by words of their subject, requester, store or messages; newest change first."""
    visible = Ticket.objects.worked_by(person).filter(brand=brand)
    asked = words.strip().lstrip("#")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        found = visible.filter(pk=int(asked))
    elif query := _as_query(asked):
        found = visible.filter(Q(pk__in=_by_ticket(brand, query)) | Q(pk__in=_by_message(brand, query)))
    else:
        found = visible.none()
    newest = found.order_by("-changed_at", "-pk")[:most].values_list(*_COLUMNS)
    return QueuePage(view=f"search:{words}", rows=tuple(_row(values) for values in newest))


# ── What each view holds ──

_VIEWS: dict[str, Callable[[Person], Q]] = {
    "mine": lambda person: Q(assignee=person, status__in=UNDER_WAY),
    "unruled": lambda person: Q(ruled=False, status__in=UNDER_WAY),
    "open": lambda person: Q(status__in=OURS),
    "waiting": lambda person: Q(status__in=WAITING),
    "snoozed": lambda person: Q(status=Status.SNOOZED),
    "solved": lambda person: Q(status__in=DONE),
}
_VIEWS_OF: dict[str, Callable[[str], Q]] = {
    "team": lambda slug: Q(team__slug=slug, status__in=UNDER_WAY),
    "outcome": lambda act: Q(outcome=act, status__in=UNDER_WAY),
    "clause": lambda number: Q(clause=number, status__in=UNDER_WAY),
}


def _chosen(person: Person, view: str) -> Q:
    if view in _VIEWS:
        return _VIEWS[view](person)
    kind, colon, value = view.partition(":")
    if not colon or kind not in _VIEWS_OF or "\0" in value:
        raise UnknownView(view)
    return _VIEWS_OF[kind](value)


# ── Order and paging ──


@dataclass(frozen=True, kw_only=True)
class _Order:
    """How a view is sorted, and how its cursor says where the last page ended: "<time>_<id>"."""

    key: str
    descending: bool
    of: Callable[[TicketRow], dt.datetime | None]

    def page(self, tickets: QuerySet[Ticket], after: str) -> QuerySet[Ticket]:
        sign = "-" if self.descending else ""
        ordered = tickets.order_by(f"{sign}{self.key}", f"{sign}pk")
        return ordered.filter(self._beyond(*place)) if (place := _place(after)) else ordered

    def _beyond(self, at: dt.datetime, pk: int) -> Q:
        way = "lt" if self.descending else "gt"
        # The first condition alone bounds the index; the second settles ties.
        bound = Q(**{f"{self.key}__{way}e": at})
        return bound & (Q(**{f"{self.key}__{way}": at}) | Q(**{f"pk__{way}": pk}))

    def cursor(self, row: TicketRow) -> str:
        return f"{(self.of(row) or NEVER_DUE).isoformat()}_{row.id}"


_BY_TURN = _Order(key="turn", descending=False, of=lambda row: row.due)
_ORDERS = {
    "solved": _Order(key="changed_at", descending=True, of=lambda row: row.changed_at),
    "snoozed": _Order(key="snoozed_until", descending=False, of=lambda row: row.snoozed_until),
}


def _order(view: str) -> _Order:
    return _ORDERS.get(view, _BY_TURN)


def _place(after: str) -> tuple[dt.datetime, int] | None:
    try:
        at, pk = after.rsplit("_", 1)
        moment = dt.datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo and int(pk) < 2**63 else None
    except ValueError:
        return None


# ── Search ──


def _as_query(words: str) -> SearchQuery | None:
    """All words must occur; the last may be the beginning of one, since people search while typing."""
    parts = ["".join(c if c.isalnum() else " " for c in word) for word in words[:200].split()]
    lexemes = [piece for part in parts for piece in part.split()]
    if not lexemes:
        return None
    raw = " & ".join([*lexemes[:-1], f"{lexemes[-1]}:*"])
    return SearchQuery(raw, search_type="raw", config="simple")


def _by_ticket(brand: Brand, query: SearchQuery) -> QuerySet[Ticket, int]:
    vector = SearchVector("findable", config="simple")
    tickets = Ticket.objects.filter(brand=brand).annotate(vector=vector).filter(vector=query)
    return tickets.values_list("pk", flat=True)[:SEARCH_CANDIDATES]


def _by_message(brand: Brand, query: SearchQuery) -> QuerySet[Message, int]:
    messages = Message.objects.annotate(vector=SearchVector("text", config="simple")).filter(vector=query)
    return messages.filter(ticket__brand=brand).values_list("ticket_id", flat=True)[:SEARCH_CANDIDATES]


# ── Rows ──

_COLUMNS = (
    "pk",
    "subject",
    "requester__name",
    "requester__email",
    "organisation__name",
    "status",
    "priority",
    "outcome",
    "clause",
    "ruled",
    "due_at",
    "snoozed_until",
    "opened_at",
    "changed_at",
    "team__name",
    "assignee__name",
    "assignee__email",
    "unread",
    "problem",
)


def _row(values: tuple[Any, ...]) -> TicketRow:
    column = dict(zip(_COLUMNS, values, strict=True))
    assignee = Person(name=column["assignee__name"] or "", email=column["assignee__email"] or "")
    return TicketRow(
        id=column["pk"],
        subject=column["subject"],
        requester=column["requester__name"] or column["requester__email"],
        organisation=column["organisation__name"] or "",
        status=column["status"],
        priority=column["priority"],
        outcome=column["outcome"],
        clause=column["clause"],
        ruled=column["ruled"],
        due=column["due_at"],
        snoozed_until=column["snoozed_until"],
        opened_at=column["opened_at"],
        changed_at=column["changed_at"],
        team=column["team__name"] or "",
        assignee=str(assignee),
        assignee_initials=assignee.initials,
        unread=column["unread"],
        problem=column["problem"],
    )
