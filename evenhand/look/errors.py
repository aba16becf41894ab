"""Pages for what went wrong: each names the place, the cause and the next step."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What the page says: `cause` and `step` are whole sentences."""

    status: int
    title: str
    cause: str
    step: str


FORBIDDEN = Wrong(
    status=403,
    title="This page is not yours to open",
    cause="You are signed in, but none of your roles opens it.",
    step="If you need it for your work, ask a lead of the brand for the role.",
)
EXPIRED = Wrong(
    status=403,
    title="This form has expired",
    cause="It was opened before you signed in, or its cookie is gone.",
    step="Go back, load the page again, and send it once more. What you typed is still there.",
)
NOT_FOUND = Wrong(
    status=404,
    title="There is nothing at this address",
    cause="It may be mistyped, or what stood here belongs to somebody else.",
    step="Check the address, or begin again from the start.",
)
TOO_LARGE = Wrong(
    status=413,
    title="That was too large",
    cause="What was sent is larger than this desk accepts. Nothing of it was kept.",
    step="Send less text or smaller files, in several messages if need be.",
)
BAD_REQUEST = Wrong(
    status=400,
    title="This could not be read",
    cause="What the browser sent is not a request that this desk understands. Nothing was changed.",
    step="Go back, load the page again, and try once more.",
)
BROKEN = Wrong(
    status=500,
    title="Something failed here",
    cause="The fault is the desk's, not yours, and it is written to its log. Nothing was half done.",
    step="Try again in a moment. If it fails again, tell whoever runs this desk when it happened.",
)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, FORBIDDEN, cause=str(exception))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's check of forms against other sites said no (CSRF_FAILURE_VIEW)."""
    return _page(request, EXPIRED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return _page(request, NOT_FOUND, cause=said)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also what is too large: Django counts that among bad requests, people and clients do not."""
    return _page(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def broken(request: HttpRequest) -> HttpResponse:
    return _page(request, BROKEN)


def _page(request: HttpRequest, wrong: Wrong, *, cause: str = "") -> HttpResponse:
    context = {"wrong": wrong, "cause": cause or wrong.cause, "place": request.path}
    return render(request, "look/error.html", context, status=wrong.status)
