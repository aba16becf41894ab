"""Conduct: what waits for a lead, how a customer stands, and how evenly one clause falls on everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evenhand.conduct import queries
from evenhand.conduct.models import Appeal, Proposal, Step
from evenhand.conduct.refusals import Refused
from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import AppealForm, ReasonForm, StepForm, told
from evenhand.desk.rail import count_again, frame
from evenhand.people.models import Person
from evenhand.people.roles import Permission
from evenhand.tickets import actions
from evenhand.tickets.queries import GROUPINGS, UnknownGrouping
from evenhand.tickets.queries import evenness as counted_evenness


@require_safe
@staff_page(needs=Permission.CONDUCT)
def inbox(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Proposals and appeals that wait, reviews that are due, and what counts now."""
    return _inbox_page(request, desk)


@require_safe
@staff_page(needs=Permission.SEE_CONDUCT)
def person(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """A customer's standing and history at this brand."""
    customers = Person.objects.visible_to(desk.person).filter(memberships__brand=desk.brand)
    about = get_object_or_404(customers.distinct(), pk=person_id)
    shown = queries.record(desk.person, desk.brand, about)
    context = _frame(desk) | {"record": shown, "may_decide": desk.may(Permission.CONDUCT)}
    return render(request, "desk/standing.html", context)


@require_POST
@staff_page(needs=Permission.CONDUCT)
def decide(request: HttpRequest, desk: Desk, proposal_id: int) -> HttpResponse:
    """Confirm the proposed step, take another one, or none."""
    proposal = _found(Proposal.objects.visible_to(desk.person).filter(brand=desk.brand), proposal_id)

    def act(given: dict[str, Any]) -> str:
        if given["do"] == "dismiss":
            actions.dismiss_step(proposal, by=desk.person, reason=given["reason"])
            return "Dismissed. The customer hears nothing of it."
        step = given["step"] if given["do"] == "change" else ""
        taken = actions.confirm_step(proposal, by=desk.person, step=step, reason=given["reason"])
        return f"Confirmed: {taken.name}. The customer is told by mail."

    return _perform(request, desk, f"p{proposal_id}", StepForm(request.POST), act)


@require_POST
@staff_page(needs=Permission.CONDUCT)
def decide_appeal(request: HttpRequest, desk: Desk, appeal_id: int) -> HttpResponse:
    """Overturn a step, or let it stand."""
    found = Appeal.objects.visible_to(desk.person).filter(step__brand=desk.brand)
    appeal = _found(found.select_related("step__proposal"), appeal_id)

    def act(given: dict[str, Any]) -> str:
        grant = given["do"] == "grant"
        actions.decide_appeal(appeal, by=desk.person, grant=grant, reason=given["reason"])
        return f"The step {'is overturned' if grant else 'stands'}. The customer is told why."

    return _perform(request, desk, f"a{appeal_id}", AppealForm(request.POST), act)


@require_POST
@staff_page(needs=Permission.CONDUCT)
def lift(request: HttpRequest, desk: Desk, step_id: int) -> HttpResponse:
    """End a step before it lapses."""
    found = Step.objects.visible_to(desk.person).filter(brand=desk.brand)
    step = _found(found.select_related("proposal"), step_id)

    def act(given: dict[str, Any]) -> str:
        actions.lift_step(step, by=desk.person, reason=given["reason"])
        return f"The {step.name} has ended. The customer is told why."

    return _perform(request, desk, f"s{step_id}", ReasonForm(request.POST), act)


@require_safe
@staff_page(needs=Permission.SEE_EVENNESS)
def evenness(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Same clause, how differently treated, by one grouping at a time."""
    by = request.GET.get("by", "channel")
    try:
        found = counted_evenness(desk.person, desk.brand, by, now=timezone.now())
    except UnknownGrouping as unknown:
        raise Http404(f"Tickets cannot be grouped by “{by}”.") from unknown
    groupings = [(key, name) for key, (name, _) in GROUPINGS.items()]
    return render(request, "desk/evenness.html", _frame(desk) | {"found": found, "groupings": groupings})


def _perform(
    request: HttpRequest, desk: Desk, place: str, form: Form, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Do `act` and go back to the inbox; a refusal shows the page again, the reason at `place`."""
    problem, status = told(form), 422
    count_again(desk)
    if form.is_valid():
        try:
            messages.success(request, act(form.cleaned_data))
        except Refused as refusal:
            problem, status = str(refusal), 409
    if problem:
        typed = {key: str(value) for key, value in request.POST.items()}
        return _inbox_page(request, desk, problem=problem, place=place, typed=typed, status=status)
    return redirect("desk:conduct", desk.brand.slug)


def _inbox_page(
    request: HttpRequest,
    desk: Desk,
    *,
    problem: str = "",
    place: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _frame(desk) | {"inbox": queries.inbox(desk.person, desk.brand), "may_decide": True}
    context |= {"problem": problem, "place": place, "typed": typed or {}}
    return render(request, "desk/conduct.html", context, status=status)


def _found(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such decision to be made at this desk.")
    return found


def _frame(desk: Desk) -> dict[str, Any]:
    return frame(desk) | {"section": "conduct", "problem": "", "place": "", "typed": {}}
