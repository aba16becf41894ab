"""Who is at the desk: every page of staff begins here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from evenhand.people import signin
from evenhand.people.models import Brand, Person
from evenhand.people.roles import Permission

View = Callable[..., HttpResponseBase]
A_MINUTE = 60.0
_complete: dict[int, float] = {}  # who needs no further set-up, and when that was looked up


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One person at one brand's desk. `zone` is the one that times are shown in."""

    person: Person
    brand: Brand
    brands: tuple[Brand, ...]  # all that this person staffs
    zone: str

    def may(self, permission: Permission) -> bool:
        return self.person.may(permission, self.brand)


def staff_page(*, needs: Permission | None = None) -> Callable[[View], View]:
    """A view for the staff of the brand in its address, called as `view(request, desk, …)`.

    Nobody signed in is asked to sign in; staff without a second factor, where one is required, to set it up.
    Answers 404 for a brand that does not exist and 403 for people who do not staff it, or lack `needs`.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if answer := stop_at_the_door(request):
                return answer
            desk = _desk(request.user, str(kwargs.pop("brand_slug")))  # type: ignore[arg-type]
            if needs and not desk.may(needs):
                raise PermissionDenied(f"Your role in {desk.brand} does not include: {needs.value}.")
            return view(request, desk, *args, **kwargs)

        return inside

    return wrap


def stop_at_the_door(request: HttpRequest) -> HttpResponse | None:
    """The answer for somebody who has to sign in, or to set up a second factor, before any staff page."""
    if not request.user.is_authenticated:
        return _sign_in(request)
    if _lacks_second_factor(request.user):
        return redirect("mfa_activate_totp")
    return None


def _lacks_second_factor(person: Person) -> bool:
    """As signin.must_set_up_totp, whose “no” is remembered for a minute: it is asked before every page."""
    now = monotonic()
    if now - _complete.get(person.pk, -A_MINUTE) < A_MINUTE:
        return False
    if signin.must_set_up_totp(person):
        return True
    _complete[person.pk] = now
    return False


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):  # a part of a page that has lost its session: load the whole page
        return HttpResponse(status=401, headers={"HX-Redirect": settings.LOGIN_URL})
    return redirect_to_login(request.get_full_path())


def _desk(person: Person, brand_slug: str) -> Desk:
    brands = tuple(person.staffed_brands())
    for brand in brands:
        if brand.slug == brand_slug:
            return Desk(person=person, brand=brand, brands=brands, zone=person.zone or brand.zone)
    if Brand.objects.filter(slug=brand_slug).exists():
        raise PermissionDenied(f"The desk of {brand_slug} is for its staff.")
    raise Http404(f"There is no brand “{brand_slug}” here.")
