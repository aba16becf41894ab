"""What staff do with a ticket: answer, note, assign, move. Each reads a form, calls one action, goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from evenhand.desk import sending
from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import AssignForm, ReplyForm, StatusForm, TextForm, told
from evenhand.desk.rail import count_again
from evenhand.desk.views.tickets import find, ticket_address, whole_page, worked_on
from evenhand.people.models import Person, Team
from evenhand.people.roles import Permission
from evenhand.tickets import actions
from evenhand.tickets.models import Ticket
from evenhand.tickets.refusals import Refused, UnknownChoice
from evenhand.tickets.statuses import Status


def perform(
    request: HttpRequest,
    desk: Desk,
    ticket_id: int,
    *,
    place: str,
    form: Form,
    act: Callable[[Ticket, dict[str, Any]], str],
) -> HttpResponse:
    """Do `act` and go back to the ticket with the words it returns.

    A form not filled in (422), or an act that is refused (409), shows the page again: the reason stands
    at `place`, and what was typed is still there.
    """
    ticket = worked_on(desk, ticket_id)
    problem, status = told(form), 422
    if form.is_valid():
        try:
            done = act(ticket, form.cleaned_data)
        except Refused as refusal:
            problem, status = str(refusal), 409
    count_again(desk)
    if problem:
        typed = {key: str(value) for key, value in request.POST.items()}
        page = find(desk, ticket_id)  # as it stands now: it may have moved, which is why the act was refused
        return whole_page(request, desk, page, problem=problem, place=place, typed=typed, status=status)
    messages.success(request, done)
    return redirect(ticket_address(desk, ticket_id, request.POST.get("view", ""), "newest"))


@require_POST
@staff_page(needs=Permission.ANSWER)
def reply(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Answer the customer, and move the ticket on."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        sending.reply(ticket, by=desk.person, text=given["text"], then=given["then"], seen=given["seen"])
        return f"Sent. The ticket is {Status(given['then']).label.lower()}."

    return perform(request, desk, ticket_id, place="reply", form=ReplyForm(request.POST), act=act)


@require_POST
@staff_page(needs=Permission.ANSWER)
def note(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Write what only staff reads."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        sending.note(ticket, by=desk.person, text=given["text"], seen=given["seen"])
        return "The note is kept. Only staff can read it."

    return perform(request, desk, ticket_id, place="note", form=TextForm(request.POST), act=act)


@require_POST
@staff_page(needs=Permission.ANSWER)
def assign(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Give the ticket to a team, a person, both, oneself or nobody."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        if given["assignee"] == "me":
            actions.assign(ticket, by=desk.person, assignee=desk.person)
            return "The ticket is yours."
        team, person = _team(desk, given["team"]), _person(given["assignee"])
        actions.assign(ticket, by=desk.person, team=team, assignee=person)
        return f"Assigned to {' · '.join(str(to) for to in (team, person) if to) or 'nobody'}."

    return perform(request, desk, ticket_id, place="assign", form=AssignForm(request.POST), act=act)


@require_POST
@staff_page(needs=Permission.ANSWER)
def change_status(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Move the ticket; to snoozed, until a time."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        if given["status"] == Status.SNOOZED:
            actions.snooze(ticket, by=desk.person, until=given["until"])
        else:
            actions.change_status(ticket, by=desk.person, status=given["status"])
        return f"The ticket is {given['status'].label.lower()}."

    form = StatusForm(request.POST, zone=desk.zone)
    return perform(request, desk, ticket_id, place="status", form=form, act=act)


def _team(desk: Desk, slug: str) -> Team | None:
    found = Team.objects.filter(brand=desk.brand, slug=slug).first()
    if slug and not found:
        raise UnknownChoice(what="team", given=slug)
    return found


def _person(number: str) -> Person | None:
    found = Person.objects.filter(pk=int(number), is_active=True).first() if number else None
    if number and not found:
        raise UnknownChoice(what="colleague", given=number)
    return found
