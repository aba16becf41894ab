"""How a customer stands: their own steps, when each lapses, and the appeal. Nobody else's."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenhand.conduct import actions, queries
from evenhand.conduct.models import Step
from evenhand.conduct.refusals import Refused
from evenhand.intake.cleaning import clean
from evenhand.people.models import Brand
from evenhand.portal.forms import AppealForm
from evenhand.portal.readers import reader, zone


@login_required
@require_safe
def own_standing(request: HttpRequest, brand_slug: str) -> HttpResponse:
    return _page(request, get_object_or_404(Brand, slug=brand_slug))


@login_required
@require_POST
def appeal(request: HttpRequest, brand_slug: str, step_id: int) -> HttpResponse:
    """Object to an own step, once."""
    brand, person = get_object_or_404(Brand, slug=brand_slug), reader(request)
    assert person is not None
    own = Step.objects.visible_to(person).filter(brand=brand, person=person)
    step = get_object_or_404(own, pk=step_id)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, brand, at=step.pk, problem=" ".join(map(str, form.errors["text"])), status=422)
    try:
        actions.appeal(step, by=person, text=clean(form.cleaned_data["text"]))
    except Refused as refusal:
        return _page(request, brand, at=step.pk, problem=str(refusal), status=409)
    messages.success(request, "Your appeal is here. Somebody decides it who did not confirm the step.")
    return redirect("portal:conduct", brand.slug)


def _page(
    request: HttpRequest, brand: Brand, *, at: int = 0, problem: str = "", status: int = 200
) -> HttpResponse:
    person = reader(request)
    assert person is not None
    shown = {
        "brand": brand,
        "zone": zone(request, brand),
        "record": queries.record(person, brand, person),
        "at": at,
        "problem": problem,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "portal/conduct.html", shown, status=status)
