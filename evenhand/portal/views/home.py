from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand.people.models import Brand


def home(request: HttpRequest) -> HttpResponse:
    """Staff go to the desk, a brand's customer to their tickets; others choose whose support they want."""
    if request.user.is_authenticated and request.user.staffed_brands():
        return redirect("desk:home")
    own = request.user.held_memberships() if request.user.is_authenticated else []
    if len(own) == 1:
        return redirect("portal:tickets", own[0].brand.slug)
    brands = list(Brand.objects.order_by("name"))
    if len(brands) == 1:
        return redirect("portal:ask", brands[0].slug)
    return render(request, "portal/home.html", {"brands": brands})
