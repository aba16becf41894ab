"""One ticket: its page, the parts that a live page fetches again, and its files."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from io import BytesIO
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenhand.conduct import queries as conduct
from evenhand.desk.access import Desk, staff_page
from evenhand.desk.lines import lines, markup
from evenhand.desk.rail import frame, rail
from evenhand.desk.talk import conversation
from evenhand.intake import attachments
from evenhand.people.roles import Permission
from evenhand.tickets import actions, queries
from evenhand.tickets.models import Attachment, Ticket
from evenhand.tickets.queries import TicketPage, UnknownView

BESIDE = 20  # rows of the view that stay in sight beside the ticket
FIRST_VIEW = "open"


@require_safe
@staff_page()
def ticket_page(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """The ticket. htmx gets the parts that change while it is open, without list and rail."""
    page = find(desk, ticket_id)
    if page.unread:
        actions.mark_seen(Ticket(pk=page.id), by=desk.person)
    if request.headers.get("HX-Request"):
        return render(request, "desk/_ticket_parts.html", _ticket(desk, page, _view(request)) | frame(desk))
    return whole_page(request, desk, page)


@require_safe
@staff_page()
def file(request: HttpRequest, desk: Desk, ticket_id: int, attachment_id: int) -> HttpResponseBase:
    """A file of the ticket, to be kept, never to be shown: it may not have been screened."""
    try:
        row = queries.attachment(desk.person, attachment_id)
        content = attachments.fetch(row.place)
    except (Attachment.DoesNotExist, attachments.Unreadable) as missing:
        raise Http404("There is no such file, or it cannot be read any more.") from missing
    if row.message.ticket_id != ticket_id or row.message.ticket.brand_id != desk.brand.pk:
        raise Http404(f"Ticket {ticket_id} has no such file.")
    return FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=row.name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


def whole_page(
    request: HttpRequest,
    desk: Desk,
    page: TicketPage,
    *,
    problem: str = "",
    place: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. `problem` is shown at `place` (reply, note, assign, status, ruling), with what was typed."""
    view = _view(request)
    context = _ticket(desk, page, view) | frame(desk) | _list(desk, view)
    context |= {"problem": problem, "place": place, "typed": defaultdict(str, typed or {})}
    return render(request, "desk/ticket.html", context, status=status)


def find(desk: Desk, ticket_id: int) -> TicketPage:
    """The ticket of this desk's brand; 404 alike for one that does not exist and one of another brand."""
    try:
        page = queries.ticket_page(desk.person, ticket_id)
    except Ticket.DoesNotExist:
        raise _no_ticket(desk, ticket_id) from None
    if page.brand_id != desk.brand.pk:
        raise _no_ticket(desk, ticket_id)
    return page


def worked_on(desk: Desk, ticket_id: int) -> Ticket:
    """The bare ticket, to act on. 404 as for `find`."""
    found = Ticket.objects.worked_by(desk.person).filter(brand=desk.brand, pk=ticket_id).first()
    if found is None:
        raise _no_ticket(desk, ticket_id)
    return found


def _no_ticket(desk: Desk, ticket_id: int) -> Http404:
    return Http404(f"There is no ticket {ticket_id} that you may see in {desk.brand}.")


def ticket_address(desk: Desk, ticket_id: int, view: str, anchor: str = "") -> str:
    """Where a ticket stands, found through `view`."""
    address = reverse("desk:ticket", args=[desk.brand.slug, ticket_id])
    return f"{address}{f'?view={quote(view)}' if view else ''}{f'#{anchor}' if anchor else ''}"


def _view(request: HttpRequest) -> str:
    return request.POST.get("view", request.GET.get("view", ""))


def _ticket(desk: Desk, page: TicketPage, view: str) -> dict[str, Any]:
    return {
        "page": page,
        "view": view,
        "talk": conversation(page, desk.zone),
        "seen": max((message.id for message in page.messages), default=0),
        "address": reverse("desk:ticket", args=[desk.brand.slug, page.id]),
        "sleeps": sleeps(desk.zone),
        "repeat": conduct.repeat_of(page.id),
        "stands": conduct.beside_ticket(desk.person, desk.brand, page.requester.id, page.id),
        "sees_conduct": desk.may(Permission.SEE_CONDUCT),
        "problem": "",
        "place": "",
        "typed": defaultdict(str),
    }


def _list(desk: Desk, view: str) -> dict[str, Any]:
    """The view that the person came from; one that is not a view is none."""
    groups = rail(desk)
    names = {entry.key: entry for group in groups for entry in group.entries}
    try:
        found = queries.queue(desk.person, desk.brand, view or FIRST_VIEW, most=BESIDE)
    except UnknownView:
        found = queries.queue(desk.person, desk.brand, FIRST_VIEW, most=BESIDE)
    return {
        "rail": groups,
        "rail_at": names.get(found.view),
        "list_view": found.view,
        "rows": lines(found.rows, desk, view=found.view),
        "draw": markup,
    }


def sleeps(zone: str) -> tuple[tuple[str, str], ...]:
    """Usual times to snooze to, as (words, ISO time): in three hours, tomorrow and on Monday at nine."""
    now = timezone.now().astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
    nine = now.replace(hour=9, minute=0)
    monday = nine + dt.timedelta(days=7 - nine.weekday())
    return (
        ("In 3 hours", (now + dt.timedelta(hours=3)).isoformat()),
        ("Tomorrow at 9", (nine + dt.timedelta(days=1)).isoformat()),
        ("Monday at 9", monday.isoformat()),
    )
