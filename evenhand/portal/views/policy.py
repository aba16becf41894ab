"""The policy itself, and the places it sends people to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from evenhand.people.models import Brand
from evenhand.portal import queries
from evenhand.portal.readers import zone
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NoVersion

# Places that are pages of the portal already.
PAGES = {"policy-page": "portal:policy", "ticket-desk": "portal:tickets", "app-guide": "portal:apps"}


@require_safe
def policy_page(request: HttpRequest, brand_slug: str) -> HttpResponse:
    brand = get_object_or_404(Brand, slug=brand_slug)
    try:
        return _page(request, brand, rulebook.in_force(brand))
    except NoVersion:
        return render(request, "portal/no_policy.html", {"brand": brand})


@require_safe
def earlier_version(request: HttpRequest, brand_slug: str, version_id: int) -> HttpResponse:
    """A version that rules or once ruled. What is still to come is the lead's own until it begins."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    known = {row.id for row in rulebook.versions(brand) if row.state in queries.PUBLIC}
    if version_id not in known:
        raise Http404
    return _page(request, brand, Version.objects.get(pk=version_id))


@require_safe
def place(request: HttpRequest, brand_slug: str, place_slug: str) -> HttpResponse:
    brand = get_object_or_404(Brand, slug=brand_slug)
    found = queries.place_page(brand, place_slug)
    if found is None:
        raise Http404
    if place_slug in PAGES:
        return redirect(PAGES[place_slug], brand.slug)
    return render(request, "portal/place.html", {"brand": brand, "place": found})


def _page(request: HttpRequest, brand: Brand, version: Version) -> HttpResponse:
    shown = {"brand": brand, "zone": zone(request, brand), "page": queries.policy_page(brand, version)}
    return render(request, "portal/policy.html", shown)
