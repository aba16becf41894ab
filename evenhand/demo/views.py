"""One button per role, and the outbox. Not there outside demo mode, nor for anybody but this machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from evenhand.mail.models import Letter
from evenhand.people.models import Membership, Person, Role

SHOWN_LETTERS = 100
View = Callable[[HttpRequest], HttpResponse]

# In the order of a day: who asks, who answers, who decides, who is asked.
ROLES = (
    (Role.CUSTOMER, "Customer", "asks, follows tickets, reads the policy"),
    (Role.AGENT, "Agent", "works the queue all day"),
    (Role.LEAD, "Lead", "writes and publishes the policy"),
    (Role.ACCOUNTANT, "Accountant", "answers what is about invoices and payments"),
    (Role.SALES, "Sales", "quotes what is paid by the hour"),
    (Role.DESIGNER, "Designer", "does paid theme work"),
    (Role.DEVELOPER, "Developer", "looks at defects"),
    (Role.ADMINISTRATOR, "Administrator", "keeps people and stores"),
)


def demo_only(view: View) -> View:
    """404 unless the desk runs its demo and the request comes from this very machine, through no proxy."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (settings.DEMO and is_from_here(request)):
            raise Http404
        return view(request)

    return guarded


def is_from_here(request: HttpRequest) -> bool:
    forwarded = "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and not forwarded
    except ValueError:
        return False


@require_safe
@demo_only
def roles(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/roles.html", {"roles": ROLES})


@require_POST
@demo_only
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's first person of a role."""
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Http404
    held = Membership.objects.filter(role=role, person__is_active=True)
    person = get_object_or_404(Person, pk=held.order_by("pk").values_list("person", flat=True).first())
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("portal:home")


@require_safe
@demo_only
def outbox(request: HttpRequest) -> HttpResponse:
    """The letters that would have left, newest first."""
    return render(request, "demo/outbox.html", {"letters": Letter.objects.order_by("-pk")[:SHOWN_LETTERS]})
