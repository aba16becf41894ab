from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand.people.models import Brand


def home(request: HttpRequest) -> HttpResponse:
    """Staff go to the desk; everyone else chooses whose support they want, unless there is one brand only."""
    if request.user.is_authenticated and request.user.staffed_brands():
        return redirect("desk:home")
    brands = list(Brand.objects.order_by("name"))
    if len(brands) == 1:
        return redirect("portal:ask", brands[0].slug)
    return render(request, "portal/home.html", {"brands": brands})
