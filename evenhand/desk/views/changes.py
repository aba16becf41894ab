"""What a draft would change: against the version in force, case by case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.views.studio import check_context, draft_context, open_draft
from evenhand.people.roles import Permission
from evenhand.rulebook.drafts.changes import changes
from evenhand.rulebook.drafts.queries import policy_of


@require_safe
@staff_page(needs=Permission.SEE_RULEBOOK)
def difference(request: HttpRequest, desk: Desk, draft_id: int) -> HttpResponse:
    """Every case that the draft decides otherwise than the version in force, with an example of each."""
    opened = open_draft(desk, draft_id)
    policy = policy_of(opened.text, opened.sayings)
    context = {
        "tab": "difference",
        "whole": policy is not None,
        "changes": changes(desk.brand, policy) if policy else None,
    }
    context |= draft_context(desk, opened) | check_context(opened.text, opened.sayings)
    return render(request, "desk/draft_difference.html", context)
