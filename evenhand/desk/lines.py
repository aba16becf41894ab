"""Rows of a list, said before the template: a list of fifty costs what its text costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote

from django.template import engines
from django.urls import reverse
from markupsafe import Markup

from evenhand.desk.access import Desk
from evenhand.look import words
from evenhand.tickets.queries import TicketRow
from evenhand.tickets.statuses import Status

WAITING = {
    Status.WAITING_ON_CUSTOMER: "waits on customer",
    Status.WAITING_ON_US: "waits on us",
    Status.SOLVED: "solved",
    Status.CLOSED: "closed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row. `due`, its `tone` and its `exact` time say when something must happen, or why nothing must."""

    id: int
    href: str
    subject: str
    of: str  # the organisation, else the requester
    act: str
    clause: str
    ruled: bool
    problem: str
    due: str
    tone: str
    exact: str
    assignee: str
    initials: str
    unread: bool


def lines(rows: Sequence[TicketRow], desk: Desk, *, view: str = "") -> tuple[Line, ...]:
    """`rows` for the page; each links to its ticket and remembers the view it was found in."""
    start, end = (
        reverse("desk:ticket", args=[desk.brand.slug, 0])[:-1],
        f"?view={quote(view)}" if view else "",
    )
    return tuple(_line(row, f"{start}{row.id}{end}", desk) for row in rows)


@lru_cache(maxsize=4096)
def markup(line: Line, brand_slug: str, *, at: bool = False, wide: bool = False) -> Markup:
    """The row as HTML, as `desk/_row.html` draws it. Remembered: a row says nothing that is not in `line`."""
    return Markup(_drawing()(line, brand_slug, at, wide))  # noqa: S704 — the macro escapes


@cache
def _drawing() -> Callable[..., str]:
    drawing: Callable[..., str] = engines["jinja2"].env.get_template("desk/_row.html").module.row  # type: ignore[attr-defined]
    return drawing


def _line(row: TicketRow, href: str, desk: Desk) -> Line:
    due, tone, exact = _when(row, desk.zone)
    return Line(
        id=row.id,
        href=href,
        subject=row.subject or "No subject",
        of=row.organisation or row.requester,
        act=row.outcome,
        clause=row.clause,
        ruled=row.ruled,
        problem=row.problem,
        due=due,
        tone=tone,
        exact=exact,
        assignee=row.assignee or "Nobody yet",
        initials=row.assignee_initials or "–",
        unread=row.unread,
    )


def _when(row: TicketRow, zone: str) -> tuple[str, str, str]:
    if row.status == Status.SNOOZED and row.snoozed_until:
        return f"until {words.clock(row.snoozed_until, zone)}", "", words.exact(row.snoozed_until, zone)
    if row.due:
        return words.due(row.due), words.due_tone(row.due), words.exact(row.due, zone)
    said = WAITING.get(Status(row.status), "nothing due")
    return said, "", f"Since {words.exact(row.changed_at, zone)}"
