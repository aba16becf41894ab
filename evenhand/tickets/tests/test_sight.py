"""Who sees what of a ticket."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.people.models import Brand, Person
from evenhand.tickets import actions, queries
from evenhand.tickets.models import Attachment, Event, Message, Ruling, Ticket
from evenhand.tickets.tests.desk import SURE_SSL, TORN, open_ruled


@pytest.fixture
def ticket(ac: Brand, cora: Person, published: Any) -> Ticket:
    return open_ruled(ac, cora, published["americommerce"], SURE_SSL)


def test_its_customer_sees_it_and_no_other_customer(
    ticket: Ticket, cora: Person, carl: Person, sid: Person
) -> None:
    assert [bool(Ticket.objects.visible_to(p)) for p in (cora, carl, sid, None)] == [
        True,
        False,
        False,
        False,
    ]


def test_agents_see_the_whole_brand_and_no_other(
    ticket: Ticket, ana_agent: Person, sid: Person, sp: Brand
) -> None:
    assert list(Ticket.objects.visible_to(ana_agent)) == [ticket]
    assert not Ticket.objects.visible_to(ana_agent).filter(brand=sp).exists()


def test_a_department_sees_what_its_team_has(
    ticket: Ticket, ana_agent: Person, ada_accountant: Person, ac: Brand
) -> None:
    assert not Ticket.objects.visible_to(ada_accountant).exists()
    actions.assign(ticket, by=ana_agent, team=ac.teams.get(slug="accounting"))
    assert list(Ticket.objects.visible_to(ada_accountant)) == [ticket]


def test_a_department_sees_what_is_assigned_to_it_by_name(
    ticket: Ticket, ana_agent: Person, ada_accountant: Person
) -> None:
    actions.assign(ticket, by=ana_agent, assignee=ada_accountant)
    assert list(Ticket.objects.visible_to(ada_accountant)) == [ticket]


def test_somebody_who_was_shut_out_sees_nothing(ticket: Ticket, ana_agent: Person) -> None:
    ana_agent.is_active = False
    assert not Ticket.objects.visible_to(ana_agent).exists()


def test_notes_are_for_staff(ticket: Ticket, ana_agent: Person, cora: Person) -> None:
    note = actions.note(ticket, by=ana_agent, text="They pay late.")
    assert note in Message.objects.visible_to(ana_agent)
    assert note not in Message.objects.visible_to(cora)
    assert all("pay late" not in said.text for said in queries.customer_ticket_page(cora, ticket.pk).messages)


def test_unscreened_files_are_for_staff(ticket: Ticket, ana_agent: Person, cora: Person) -> None:
    message = ticket.messages.filter(kind="customer").get()
    for screened in (True, False):
        Attachment.objects.create(message=message, name="a", type="t", size=1, screened=screened, place="x")
    assert Attachment.objects.visible_to(ana_agent).count() == 2
    assert [file.screened for file in Attachment.objects.visible_to(cora)] == [True]
    assert next(len(said.files) for said in queries.customer_ticket_page(cora, ticket.pk).messages) == 1


def test_internal_events_are_for_staff(ticket: Ticket, ana_agent: Person, cora: Person) -> None:
    actions.assign(ticket, by=ana_agent, assignee=ana_agent)
    assert Event.objects.visible_to(ana_agent).filter(kind="assigned").exists()
    assert not Event.objects.visible_to(cora).filter(kind="assigned").exists()


def test_a_proposal_is_for_staff(ac: Brand, cora: Person, published: Any, ana_agent: Person) -> None:
    proposed = open_ruled(ac, cora, published["americommerce"], TORN)
    assert Ruling.objects.visible_to(ana_agent).filter(ticket=proposed).exists()
    assert not Ruling.objects.visible_to(cora).filter(ticket=proposed).exists()
    assert queries.customer_ticket_page(cora, proposed.pk).rulings == ()


def test_facts_of_the_conduct_record_are_not_for_customers(ticket: Ticket, cora: Person) -> None:
    [ruling] = queries.customer_ticket_page(cora, ticket.pk).rulings
    assert not {"standing", "breach"} & {fact.name for fact in ruling.facts}


def test_a_ticket_of_somebody_else_is_not_found(
    ticket: Ticket, carl: Person, sid: Person, ada_accountant: Person
) -> None:
    for person in (carl, sid):
        with pytest.raises(Ticket.DoesNotExist):
            queries.customer_ticket_page(person, ticket.pk)
    with pytest.raises(Ticket.DoesNotExist):
        queries.ticket_page(ada_accountant, ticket.pk)


def test_nobody_acts_on_what_they_cannot_see(ticket: Ticket, ada_accountant: Person, cora: Person) -> None:
    with pytest.raises(Ticket.DoesNotExist):
        actions.reply(ticket, by=ada_accountant, text="Hello")
