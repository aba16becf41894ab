"""The queue: a brand's tickets, by view or by search."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.lines import Line, lines, markup
from evenhand.desk.rail import frame, rail
from evenhand.tickets import queries
from evenhand.tickets.queries import QueuePage, UnknownView

FIRST_VIEW = "open"
EMPTY = {
    "mine": ("Nothing is assigned to you.", "Take the ticket that is due next.", "open", "All open"),
    "unruled": ("Every ticket is ruled.", "What is due next is a good place to go on.", "open", "All open"),
    "open": (
        "Nothing waits for staff.",
        "Tickets that wait on somebody else are still here.",
        "waiting",
        "Waiting",
    ),
    "waiting": (
        "Nobody is being waited for.",
        "What is due next is a good place to go on.",
        "open",
        "All open",
    ),
    "snoozed": ("No ticket sleeps.", "A ticket is snoozed from its status menu.", "open", "All open"),
    "solved": ("Nothing is solved yet.", "What is due next is a good place to go on.", "open", "All open"),
}
EMPTY_ELSEWHERE = (
    "No ticket stands in this view.",
    "What is due next is a good place to go on.",
    "open",
    "All open",
)


@require_safe
@staff_page()
def queue_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One page of a view, or what a search found. htmx gets the list alone."""
    words = request.GET.get("q", "").strip()
    view = request.GET.get("view", FIRST_VIEW)
    page = _page(desk, view, words, request.GET.get("after", ""))
    # Words typed into the search are not carried along: they may hold what no address should.
    context = _list(desk, page, "" if words else view, words)
    if request.headers.get("HX-Request"):
        return render(request, "desk/_queue.html", context | frame(desk))
    return render(request, "desk/queue.html", context | frame(desk) | {"rail": rail(desk)})


def _page(desk: Desk, view: str, words: str, after: str) -> QueuePage:
    if words:
        return queries.search(desk.person, desk.brand, words)
    try:
        return queries.queue(desk.person, desk.brand, view, after=after)
    except UnknownView as unknown:
        raise Http404(f"There is no view “{view}”. The rail names those there are.") from unknown


def _list(desk: Desk, page: QueuePage, view: str, words: str) -> dict[str, Any]:
    home = reverse("desk:queue", args=[desk.brand.slug])
    rows: tuple[Line, ...] = lines(page.rows, desk, view=view)
    return {
        "view": view,
        "words": words,
        "title": _title(view, words),
        "rows": rows,
        "draw": markup,
        "newest": f"{home}?view={quote(view)}",
        "older": f"{home}?view={quote(view)}&after={quote(page.next)}" if page.next else "",
        "empty": EMPTY.get(view, EMPTY_ELSEWHERE),
    }


def _title(view: str, words: str) -> str:
    """The heading where the rail has no name for it."""
    if words:
        return "Found"
    kind, _, value = view.partition(":")
    return {"clause": f"Decided by § {value}", "outcome": value.capitalize()}.get(kind, kind.capitalize())
