"""What turns an outcome: the facts of the policy in force, and how much hangs on each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.rail import frame
from evenhand.people.roles import Permission
from evenhand.rulebook.refusals import NoVersion
from evenhand.tickets import queries


@require_safe
@staff_page(needs=Permission.PUBLISH)
def influence(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A lead's page: which facts can turn which outcomes, and whether a worse standing ever gets more."""
    try:
        shown = queries.influence_of(desk.brand)
    except NoVersion:
        shown = None
    return render(request, "desk/influence.html", frame(desk) | {"section": "rulebook", "shown": shown})
