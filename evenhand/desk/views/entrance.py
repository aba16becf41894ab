"""The way in, and the pattern page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenhand.desk.access import stop_at_the_door
from evenhand.people.models import Brand, Person

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase


@require_safe
def first_brand(request: HttpRequest) -> HttpResponseBase:
    """To the first brand that this person staffs."""
    return stop_at_the_door(request) or redirect("desk:queue", _staffed(request)[0].slug)


@require_safe
def pattern(request: HttpRequest) -> HttpResponseBase:
    """Every component of the look, once."""
    return stop_at_the_door(request) or _pattern(request, _staffed(request))


def _pattern(request: HttpRequest, brands: list[Brand]) -> HttpResponse:
    return render(request, "desk/pattern.html", {"brand": brands[0], "brands": brands})


def _staffed(request: HttpRequest) -> list[Brand]:
    brands = cast(Person, request.user).staffed_brands()
    if not brands:
        raise PermissionDenied("The desk is for staff. You have no role in a brand's staff.")
    return brands
