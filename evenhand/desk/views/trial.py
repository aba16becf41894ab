"""“Try a request” of the Studio."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import told
from evenhand.desk.studio_forms import TryForm
from evenhand.desk.trial import UnfitFact, try_request
from evenhand.desk.views.studio import Opened, open_draft, studio_frame, studio_page
from evenhand.people.roles import Permission
from evenhand.rulebook.drafts.queries import policy_of

NOT_WHOLE = "The draft has errors, so nothing can be decided by it yet. Mend what the findings name first."


@require_POST
@staff_page(needs=Permission.SEE_RULEBOOK)
def try_draft(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """What the draft, as it was kept last, would decide of a request; nothing of it is stored."""
    opened, form = open_draft(desk, draft_id), TryForm(request.POST)
    if not form.is_valid():
        return _answer(request, desk, opened, problem=told(form), status=422)
    policy = policy_of(opened.text, opened.sayings)
    if policy is None:
        return _answer(request, desk, opened, problem=NOT_WHOLE, status=409)
    try:
        trial = try_request(desk.brand, policy, form.cleaned_data["request_text"], form.facts)
    except UnfitFact as fault:
        return _answer(request, desk, opened, problem=str(fault), status=422)
    return _answer(request, desk, opened, trial=trial)


def _answer(
    request: HttpRequest,
    desk: Desk,
    opened: Opened,
    *,
    trial: object = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The part alone where a script asks, else the whole page."""
    context: dict[str, Any] = {"trial": trial, "trial_problem": problem, "typed": request.POST.dict()}
    if request.headers.get("HX-Request"):
        return render(request, "desk/_trial.html", studio_frame(desk) | context, status=status)
    return studio_page(request, desk, opened, status=status, **context)
