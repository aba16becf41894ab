"""What a draft would have made of the requests that were ruled lately: its replay, with a plot."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.plot import columns
from evenhand.desk.views.studio import check_context, draft_context, open_draft
from evenhand.people.roles import Permission
from evenhand.rulebook.drafts.queries import policy_of
from evenhand.tickets.models import Ticket
from evenhand.tickets.queries.replay import replay

USUAL = dt.timedelta(days=90)


@require_safe
@staff_page(needs=Permission.PUBLISH)
def impact(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """The requests since a day (`since`, else ninety days back), decided again under the draft."""
    opened = open_draft(desk, draft_id)
    policy = policy_of(opened.text, opened.sayings)
    since, problem = _since(desk, request.GET.get("since", ""))
    seen = Ticket.objects.visible_to(desk.person)
    found = replay(desk.brand, policy, desk.brand.midnight(since), visible=seen) if policy else None
    context = {
        "tab": "impact",
        "since": since,
        "since_problem": problem,
        "found": found,
        "columns": columns(found.by_day) if found else (),
    }
    context |= draft_context(desk, opened) | check_context(opened.text, opened.sayings)
    return render(request, "desk/draft_impact.html", context)


def _since(desk: Desk, typed: str) -> tuple[dt.date, str]:
    """The day that was typed; where it is none, the usual one and why."""
    usual = (timezone.now() - USUAL).astimezone(ZoneInfo(desk.brand.zone)).date()
    if not typed:
        return usual, ""
    try:
        return dt.date.fromisoformat(typed), ""
    except ValueError:
        return usual, f"“{typed[:20]}” is not a date. Write it as {usual:%Y-%m-%d}."
