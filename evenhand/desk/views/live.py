"""The stream that tells open pages what changed."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from evenhand.desk import live
from evenhand.desk.access import Desk, staff_page


@require_safe
@staff_page()
def stream(request: HttpRequest, desk: Desk) -> StreamingHttpResponse:
    """Server-sent events of the brand, for as long as the page is open."""
    connection.close()  # back to the pool: a stream lasts for hours and asks the database nothing
    return StreamingHttpResponse(
        live.stream(desk.brand.pk),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
