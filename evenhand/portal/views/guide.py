from __future__ import annotations

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evenhand.people.models import Brand
from evenhand.stores.models import App


@require_safe
def apps(request: HttpRequest, brand_slug: str) -> HttpResponse:
    """The guide to third-party apps, public like the policy that names it."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    apps = App.objects.filter(brand=brand).order_by(Lower("name"))
    return render(request, "portal/apps.html", {"brand": brand, "apps": apps})
