"""The rulebook: which version rules, which is to come, and a lead's way to publish one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import PolicyForm, told
from evenhand.desk.listing import Listed, outline
from evenhand.desk.rail import frame
from evenhand.people.roles import Permission
from evenhand.policy import Finding, PolicyError
from evenhand.rulebook import actions, queries
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NotPublished

DOCUMENT, SAYINGS = "policy.md", "policy.sayings.md"


@require_safe
@staff_page(needs=Permission.SEE_RULEBOOK)
def versions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All versions of the brand: in force, to come, past and withdrawn."""
    return render(request, "desk/rulebook.html", _frame(desk) | {"versions": queries.versions(desk.brand)})


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


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(needs=Permission.PUBLISH)
def new_version(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A lead's page: paste or upload a policy, see its findings in place, publish it from a date."""
    if request.method != "POST":
        return _draft_page(request, desk, _draft_of_the_one_in_force(desk))
    form = PolicyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _draft_page(request, desk, dict(request.POST.items()), problem=told(form), status=422)
    if request.POST.get("do") != "publish":
        return _draft_page(request, desk, form.cleaned_data, findings=_check(form))
    return _publish(request, desk, form)


@require_POST
@staff_page(needs=Permission.PUBLISH)
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The findings of a draft, for a page that checks while somebody writes."""
    form = PolicyForm(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponse(told(form), status=422)
    given = form.cleaned_data
    return render(
        request, "desk/_findings.html", frame(desk) | _checked(given["text"], given["sayings"], _check(form))
    )


def _publish(request: HttpRequest, desk: Desk, form: PolicyForm) -> HttpResponse:
    given = form.cleaned_data
    begins = given["from_"] or timezone.now().astimezone(ZoneInfo(desk.brand.zone)).date()
    try:
        made = actions.publish(
            desk.brand, given["text"], sayings=given["sayings"], by=desk.person, from_=begins, file=DOCUMENT
        )
    except PolicyError as error:
        problem = "Nothing was published: the errors below stand in the way."
        return _draft_page(request, desk, given, findings=error.findings, problem=problem, status=422)
    except NotPublished as refusal:
        return _draft_page(request, desk, given, findings=_check(form), problem=str(refusal), status=409)
    messages.success(request, f"Version {made.label} is published.")
    return redirect("desk:version", desk.brand.slug, made.pk)


def _check(form: PolicyForm) -> tuple[Finding, ...]:
    return queries.findings(form.cleaned_data["text"], sayings=form.cleaned_data["sayings"], file=DOCUMENT)


def _draft_page(
    request: HttpRequest,
    desk: Desk,
    given: dict[str, Any],
    *,
    findings: tuple[Finding, ...] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    text, sayings = str(given.get("text") or ""), str(given.get("sayings") or "")
    today = timezone.now().astimezone(ZoneInfo(desk.brand.zone)).date()
    begins = given.get("from_") or today
    context = {"text": text, "sayings": sayings, "today": today, "begins": begins, "problem": problem}
    context |= _checked(text, sayings, findings)
    return render(request, "desk/draft.html", _frame(desk) | context, status=status)


def _checked(text: str, sayings: str, findings: tuple[Finding, ...] | None) -> dict[str, Any]:
    """The findings for the page, in place; `findings` None: nothing was checked yet."""
    return {
        "checked": findings is not None,
        "errors": sum(finding.severity == "error" for finding in findings or ()),
        "warnings": sum(finding.severity != "error" for finding in findings or ()),
        "findings": findings or (),
        "listed": Listed.of(text, findings or (), file=DOCUMENT) if findings is not None else (),
    }


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
    return render(request, "desk/version.html", _frame(desk) | context, status=status)


def _frame(desk: Desk) -> dict[str, Any]:
    return frame(desk) | {"section": "rulebook", "may_publish": desk.may(Permission.PUBLISH)}


def _found(desk: Desk, version_id: int) -> Version:
    found = Version.objects.filter(brand=desk.brand, pk=version_id).select_related("brand").first()
    if found is None:
        raise Http404(f"{desk.brand} has no such version of its policy.")
    return found


def _draft_of_the_one_in_force(desk: Desk) -> dict[str, str | dt.date]:
    """A new version begins as the text that rules today: most changes are small."""
    found = Version.objects.in_force(desk.brand, timezone.now()).first()
    return {"text": found.written, "sayings": found.sayings} if found else {}
