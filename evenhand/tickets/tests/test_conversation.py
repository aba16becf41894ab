"""Replying, noting, assigning, moving, sleeping."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from evenhand.audit.models import Entry
from evenhand.mail.models import Letter
from evenhand.people.models import Brand, Person
from evenhand.tickets import actions
from evenhand.tickets.models import Event, Status, Ticket
from evenhand.tickets.refusals import MoveRefused, NotPermitted, Refused, TextRefused, UnknownChoice
from evenhand.tickets.tests.desk import SURE_SSL, open_ruled


@pytest.fixture
def ticket(ac: Brand, cora: Person, published: Any) -> Ticket:
    return open_ruled(ac, cora, published["americommerce"], SURE_SSL, subject="Re: RE: Certificate")


def again(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket


def test_a_reply_is_mailed_recorded_and_waits_on_the_customer(ticket: Ticket, ana_agent: Person) -> None:
    message = actions.reply(ticket, by=ana_agent, text="It is renewed.")
    letter = Letter.objects.get(pk=message.letter_id)
    assert (letter.text, letter.automatic) == ("It is renewed.", False)
    assert (again(ticket).status, ticket.due_at, ticket.unread) == (Status.WAITING_ON_CUSTOMER, None, False)
    assert Entry.objects.filter(stream=f"ticket:{ticket.pk}", kind="ticket.replied").count() == 1


def test_its_letter_has_one_re_the_number_and_the_way_back(ticket: Ticket, ana_agent: Person) -> None:
    letter = Letter.objects.get(pk=actions.reply(ticket, by=ana_agent, text="Hello").letter_id)
    assert letter.subject == f"Re: Certificate [{ticket.pk}]"
    assert letter.reply_to.startswith(f"help+{ticket.pk}-")
    assert f"ticket.{ticket.pk}-" in letter.references


def test_the_first_reply_is_kept(ticket: Ticket, ana_agent: Person) -> None:
    actions.reply(ticket, by=ana_agent, text="One")
    first = again(ticket).first_replied_at
    actions.reply(ticket, by=ana_agent, text="Two", then=Status.SOLVED)
    assert (again(ticket).first_replied_at, ticket.status) == (first, Status.SOLVED)


@pytest.mark.parametrize("text", ["", " \n", "\0", "x" * 100_001])
def test_nothing_and_too_much_are_refused(ticket: Ticket, ana_agent: Person, text: str) -> None:
    with pytest.raises(TextRefused):
        actions.reply(ticket, by=ana_agent, text=text)


def test_a_closed_ticket_is_not_answered(ticket: Ticket, ana_agent: Person) -> None:
    actions.change_status(ticket, by=ana_agent, status=Status.CLOSED)
    with pytest.raises(MoveRefused):
        actions.reply(ticket, by=ana_agent, text="Hello")


def test_a_customer_does_not_reply_as_staff(ticket: Ticket, cora: Person) -> None:
    with pytest.raises(NotPermitted):
        actions.reply(ticket, by=cora, text="Hello")


def test_a_ticket_is_given_to_a_team_and_a_person(ticket: Ticket, ana_agent: Person, ac: Brand) -> None:
    actions.assign(ticket, by=ana_agent, team=ac.teams.get(slug="hosting"), assignee=ana_agent)
    actions.assign(ticket, by=ana_agent, assignee=None)
    assert (again(ticket).team, ticket.assignee) == (ac.teams.get(slug="hosting"), None)


def test_another_brands_team_and_a_customer_are_refused(
    ticket: Ticket, ana_agent: Person, sp: Brand, cora: Person
) -> None:
    with pytest.raises(UnknownChoice):
        actions.assign(ticket, by=ana_agent, team=sp.teams.get(slug="support"))
    with pytest.raises(UnknownChoice):
        actions.assign(ticket, by=ana_agent, assignee=cora)


def test_names_stand_in_the_history_and_not_in_the_record(ticket: Ticket, ana_agent: Person) -> None:
    actions.assign(ticket, by=ana_agent, assignee=ana_agent)
    assert Event.objects.get(kind="assigned").facts["assignee"] == "Ana Agent"
    assert "Ana" not in str(Entry.objects.get(kind="ticket.assigned").facts)


def test_a_sleeping_ticket_wakes_when_its_time_has_come(ticket: Ticket, ana_agent: Person) -> None:
    actions.snooze(ticket, by=ana_agent, until=timezone.now() + dt.timedelta(hours=1))
    assert actions.wake_snoozed() == 0
    Ticket.objects.update(snoozed_until=timezone.now() - dt.timedelta(seconds=1))
    assert actions.wake_snoozed() == 1
    assert (again(ticket).status, ticket.snoozed_until) == (Status.OPEN, None)


def test_a_ticket_does_not_sleep_until_yesterday(ticket: Ticket, ana_agent: Person) -> None:
    with pytest.raises(Refused):
        actions.snooze(ticket, by=ana_agent, until=timezone.now() - dt.timedelta(days=1))


def test_opening_it_takes_the_new_mark_away(ticket: Ticket, ana_agent: Person) -> None:
    actions.mark_seen(ticket, by=ana_agent)
    assert not again(ticket).unread
