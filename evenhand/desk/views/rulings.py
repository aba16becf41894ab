"""What staff do with a ruling: choose its topic, accept it, or override it with a reason."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from evenhand.desk.access import Desk, staff_page
from evenhand.desk.forms import AcceptForm, FactForm, OverrideForm, TopicForm
from evenhand.desk.views.acts import perform
from evenhand.look import words
from evenhand.people.roles import Permission
from evenhand.tickets import actions
from evenhand.tickets.models import Ruling, Ticket


@require_POST
@staff_page(needs=Permission.RULE)
def choose_topic(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Rule a matter again, its topic known from this person."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        ruling = actions.choose_topic(ticket, by=desk.person, topic=given["topic"], matter=given["matter"])
        return f"Ruled again: {words.outcome_word(ruling.act).lower()}."

    return perform(request, desk, ticket_id, place="ruling", form=TopicForm(request.POST), act=act)


@require_POST
@staff_page(needs=Permission.RULE)
def decide_again(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Rule a matter again, now that a fact is known for which the policy waits."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        actions.decide_again(
            ticket, by=desk.person, fact=given["fact"], value=given["value"], matter=given["matter"]
        )
        return f"Decided again: {given['fact']} is {given['value']}."

    return perform(request, desk, ticket_id, place="ruling", form=FactForm(request.POST), act=act)


@require_POST
@staff_page(needs=Permission.RULE)
def accept(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Let a proposal come into force as it stands."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        ruling = Ruling.objects.visible_to(desk.person).filter(ticket=ticket, pk=given["ruling"]).first()
        if ruling is None:
            raise Http404("There is no such proposal in this ticket.")
        accepted = actions.accept(ruling, by=desk.person)
        return f"Accepted: {words.outcome_word(accepted.act).lower()}."

    return perform(request, desk, ticket_id, place="ruling", form=AcceptForm(request.POST), act=act)


@require_POST
@staff_page(needs=Permission.OVERRIDE)
def override(request: HttpRequest, desk: Desk, ticket_id: int) -> HttpResponse:
    """Set another outcome than the policy gives; the reason is kept and counted."""

    def act(ticket: Ticket, given: dict[str, Any]) -> str:
        actions.override(
            ticket,
            by=desk.person,
            act=given["act"],
            reason=given["reason"],
            department=given["department"],
            matter=given["matter"],
        )
        return f"Overridden: {words.outcome_word(given['act']).lower()}. The reason is kept with the ticket."

    return perform(request, desk, ticket_id, place="ruling", form=OverrideForm(request.POST), act=act)
