"""A draft becomes a version: looked over, approved where the brand wants four eyes, published from a date."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import told
from evenhand.desk.studio_forms import NumberForm, PublishForm
from evenhand.desk.views.studio import Opened, check_context, draft_context, open_draft
from evenhand.people.roles import Permission
from evenhand.policy import PolicyError
from evenhand.rulebook.drafts import queries
from evenhand.rulebook.drafts.changes import changes
from evenhand.rulebook.drafts.refusals import NotKept
from evenhand.rulebook.drafts.release import approve, publish, set_four_eyes
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NotPublished


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(needs=Permission.PUBLISH)
def publish_draft(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """What publishing would change, and the act itself. A second press leads to the same version."""
    opened = open_draft(desk, draft_id)
    if request.method != "POST":
        return _page(request, desk, opened)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, opened, problem=told(form), status=422)
    given = form.cleaned_data
    begins: dt.date = given["from_"] or _today(desk)
    try:
        made = publish(opened.draft, number=given["number"], from_=begins, by=desk.person)
    except PolicyError:
        said = "Nothing was published: the errors below stand in the way."
        return _page(request, desk, opened, problem=said, begins=begins, status=422)
    except (NotPublished, NotKept) as refusal:
        opened = open_draft(desk, draft_id)
        return _page(request, desk, opened, problem=str(refusal), begins=begins, status=409)
    messages.success(request, f"Version {made.label} is published.")
    return redirect("desk:version", desk.brand.slug, made.pk)


@require_POST
@staff_page(needs=Permission.PUBLISH)
def approve_draft(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """Stand for the revision that was looked at."""
    opened, form = open_draft(desk, draft_id), NumberForm(request.POST)
    problem = told(form)
    if form.is_valid():
        try:
            approve(opened.draft, number=form.cleaned_data["number"], by=desk.person)
        except (NotPublished, NotKept) as refusal:
            problem = str(refusal)
    if problem:
        return _page(request, desk, open_draft(desk, draft_id), problem=problem, status=409)
    messages.success(request, "You approved this revision. A change to the text takes that back.")
    return redirect("desk:publish draft", desk.brand.slug, draft_id)


@require_POST
@staff_page(needs=Permission.PUBLISH)
def four_eyes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whether the brand publishes with four eyes."""
    wanted = request.POST.get("four_eyes") == "yes"
    set_four_eyes(desk.brand, wanted, by=desk.person)
    said = (
        "From now on somebody other than the author approves." if wanted else "One person may publish alone."
    )
    messages.success(request, said)
    return redirect("desk:rulebook", desk.brand.slug)


def _page(
    request: HttpRequest,
    desk: Desk,
    opened: Opened,
    *,
    problem: str = "",
    begins: dt.date | None = None,
    status: int = 200,
) -> HttpResponse:
    policy = queries.policy_of(opened.text, opened.sayings)
    now = Version.objects.in_force(desk.brand, timezone.now()).first()
    context: dict[str, Any] = {
        "tab": "publish",
        "release": queries.release(opened.draft, desk.person),
        "now": now,
        "today": _today(desk),
        "begins": begins or _today(desk),
        "problem": problem,
        "whole": policy is not None,
        "changes": changes(desk.brand, policy) if policy else None,
        "change_lines": queries.difference(now.text, opened.text) if now else (),
    }
    context |= draft_context(desk, opened) | check_context(opened.text, opened.sayings)
    return render(request, "desk/draft_publish.html", context, status=status)


def _today(desk: Desk) -> dt.date:
    return timezone.now().astimezone(ZoneInfo(desk.brand.zone)).date()
