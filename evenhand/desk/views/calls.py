"""A call, written down: it goes through the same door as a mail."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import CallForm
from evenhand.desk.rail import count_again, frame, rail
from evenhand.desk.views.tickets import ticket_address
from evenhand.intake import actions as intake
from evenhand.intake.incoming import from_fields
from evenhand.people.roles import Permission
from evenhand.tickets.models import Channel


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(needs=Permission.TAKE_CALLS)
def new_call(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form for a call note; sent, it is ruled at once. Its token makes a second press the same call."""
    form = CallForm(request.POST or None, initial={"token": secrets.token_urlsafe(24)})
    if form.is_valid():
        return _take(request, desk, form)
    context = frame(desk) | {"rail": rail(desk), "form": form, "most": settings.TEXT_MOST_CHARACTERS}
    return render(request, "desk/call.html", context, status=422 if form.is_bound else 200)


def _take(request: HttpRequest, desk: Desk, form: CallForm) -> HttpResponse:
    given = form.cleaned_data
    count_again(desk)
    arrival = intake.take_in(
        from_fields(
            brand=desk.brand,
            channel=Channel.PHONE_NOTE,
            source_id=f"call:{desk.person.pk}:{given['token'] or secrets.token_urlsafe(24)}",
            sender_address=given["email"],
            sender_name=given["name"],
            subject=given["subject"],
            text=given["text"],
            claimed_by=desk.person,
        )
    )
    if arrival.ticket_id is None:
        messages.info(request, "The call is kept. Its ticket appears here in a moment.")
        return redirect("desk:queue", desk.brand.slug)
    messages.success(request, "The call is a ticket now.")
    return redirect(ticket_address(desk, arrival.ticket_id, ""))
