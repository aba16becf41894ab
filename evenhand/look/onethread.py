"""Keeps a request in one thread."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_only_middleware

Handler = Callable[[HttpRequest], HttpResponseBase]


@sync_only_middleware
def in_one_thread(get_response: Handler) -> Handler:
    """Does nothing, and stands innermost: since it cannot be async, no middleware around it is.

    Otherwise Django runs the chain as coroutines and hands each synchronous step to a thread and back:
    sixteen times for a page that is synchronous all through.
    """
    return get_response
