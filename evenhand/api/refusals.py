"""What the API says when it does not do what was asked: one shape, in words, whatever refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from evenhand.people.actions import MayNot
from evenhand.stores.refusals import NotEntered

NO_KEY = (
    "This needs a key, sent as “Authorization: Bearer eh_…”. The one sent, if any, is unknown or revoked, "
    "or its holder no longer works here. An administrator makes one with: evenhand key make"
)
NOT_JSON = "The body cannot be read as JSON. Nothing was stored."
NOWHERE = "There is nothing at this address. /api/v1/openapi.json lists what there is."


class Problem(Schema):
    """`detail` says what is wrong and what to do; where several things are wrong, a line for each."""

    detail: str


REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422), Problem)


class TooLarge(HttpError):
    def __init__(self, most_bytes: int, step: str) -> None:
        super().__init__(413, f"This is larger than the {most_bytes:,} bytes that are taken here. {step}")


def answer_refusals(api: NinjaAPI) -> None:
    """Give every refusal of the rooms below, and of django-ninja, its status and its words."""

    def answer(refusal: type[Exception], status: int, words: Callable[[Any], str] = str) -> None:
        def refuse(request: HttpRequest, why: Exception | type[Exception]) -> HttpResponse:
            return api.create_response(request, {"detail": words(why)}, status=status)

        api.add_exception_handler(refusal, refuse)

    def answer_http(request: HttpRequest, why: Any) -> HttpResponse:
        words = NOT_JSON if why.status_code == 400 else str(why)
        return api.create_response(request, {"detail": words}, status=why.status_code)

    api.add_exception_handler(HttpError, answer_http)
    answer(AuthenticationError, 401, lambda why: NO_KEY)
    answer(MayNot, 403)
    answer(RequestDataTooBig, 413, lambda why: str(_too_large_for_json()))
    answer(NotEntered, 422)
    answer(ValidationError, 422, lambda why: "\n".join(map(_in_words, why.errors)))


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """What is at no address of the API is refused in its own shape, not with a page for people."""
    return JsonResponse({"detail": NOWHERE}, status=404)


def _too_large_for_json() -> TooLarge:
    return TooLarge(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "Send less text.")


def _in_words(error: dict[str, Any]) -> str:
    """“facts.plan: Input should be a valid string”; what was sent is not repeated."""
    return f"{_place(error['loc'])}: {error['msg']}"


def _place(steps: Sequence[str | int]) -> str:
    """Where in the request: in a body without the name of our argument."""
    kind, *inside = steps
    named = inside[1:] if kind == "body" else inside
    return ".".join(map(str, named)) or "body"
