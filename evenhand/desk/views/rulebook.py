"""The rulebook: which version rules, which is to come, and what is being written."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.listing import Listed, outline
from evenhand.desk.views.studio import studio_frame
from evenhand.people.roles import Permission
from evenhand.rulebook import actions, queries
from evenhand.rulebook.drafts.queries import DOCUMENT, drafts
from evenhand.rulebook.drafts.release import four_eyes
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NotPublished


@require_safe
@staff_page(needs=Permission.SEE_RULEBOOK)
def versions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All versions of the brand, in force, to come, past and withdrawn, and its drafts."""
    context = {
        "versions": queries.versions(desk.brand),
        "drafts": drafts(desk.brand),
        "four_eyes": four_eyes(desk.brand),
    }
    return render(request, "desk/rulebook.html", studio_frame(desk) | context)


@require_safe
@staff_page(needs=Permission.SEE_RULEBOOK)
def version(request: HttpRequest, desk: Desk, version_id: int) -> HttpResponse:
    """One version's text, line by line."""
    return _version_page(request, desk, _found(desk, version_id))


@require_POST
@staff_page(needs=Permission.PUBLISH)
def withdraw(request: HttpRequest, desk: Desk, version_id: int) -> HttpResponse:
    """Take back a version that has not begun."""
    taken = _found(desk, version_id)
    try:
        actions.withdraw(taken, by=desk.person)
    except NotPublished as refusal:
        return _version_page(request, desk, _found(desk, version_id), problem=str(refusal), status=409)
    messages.success(request, f"Version {taken.label} is withdrawn. The one before it stays in force.")
    return redirect("desk:rulebook", desk.brand.slug)


def _version_page(
    request: HttpRequest, desk: Desk, shown: Version, *, problem: str = "", status: int = 200
) -> HttpResponse:
    rows = {row.id: row for row in queries.versions(desk.brand)}
    context = {
        "shown": rows[shown.pk],
        "listed": Listed.of(shown.text, (), file=DOCUMENT),
        "outline": outline(shown.text),
        "sayings": shown.sayings,
        "amendment": shown.amendment,
        "problem": problem,
    }
    return render(request, "desk/version.html", studio_frame(desk) | context, status=status)


def _found(desk: Desk, version_id: int) -> Version:
    found = Version.objects.filter(brand=desk.brand, pk=version_id).select_related("brand").first()
    if found is None:
        raise Http404(f"{desk.brand} has no such version of its policy.")
    return found
