"""The hidden field that keeps forms of other sites out, made once for each page."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject


def csrf_once(request: HttpRequest) -> dict[str, object]:
    """A context processor. Django's own draws a new mask for each form, and a ticket's page has eight.

    Still made only where a form asks for it, so that a page without forms sets no cookie.
    """
    return {"csrf_input": SimpleLazyObject(lambda: csrf_input(request))}
