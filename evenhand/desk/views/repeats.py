"""The same matter twice: join the tickets, keep them apart, or take them apart again."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.views.acts import perform
from evenhand.people.roles import Permission
from evenhand.tickets import actions
from evenhand.tickets.models import Ticket


@require_POST
@staff_page(needs=Permission.ANSWER)
def merge(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    def act(ticket: Ticket, _: dict[str, Any]) -> str:
        return f"Merged into ticket {actions.merge(ticket, by=desk.person).pk}. The customer is told."

    return _perform(request, desk, ticket_id, act)


@require_POST
@staff_page(needs=Permission.ANSWER)
def keep_apart(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    def act(ticket: Ticket, _: dict[str, Any]) -> str:
        actions.keep_apart(ticket, by=desk.person)
        return "Kept apart."

    return _perform(request, desk, ticket_id, act)


@require_POST
@staff_page(needs=Permission.ANSWER)
def take_apart(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    def act(ticket: Ticket, _: dict[str, Any]) -> str:
        actions.take_apart(ticket, by=desk.person)
        return "Taken apart. The messages are back, and the ticket is open again."

    return _perform(request, desk, ticket_id, act)


def _perform(request: HttpRequest, desk: Desk, ticket_id: int, act: Any) -> HttpResponse:
    return perform(request, desk, ticket_id, place="repeat", form=Form(request.POST), act=act)
