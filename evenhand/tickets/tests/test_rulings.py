"""What becomes of a ruling: in force, proposed, accepted, corrected, overridden."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.mail.models import Letter
from evenhand.people.models import Brand, Person
from evenhand.tickets import actions, queries
from evenhand.tickets.models import Ruling, Status, Ticket
from evenhand.tickets.refusals import NotPermitted, RulingSettled, TextRefused, UnknownChoice
from evenhand.tickets.tests.desk import SURE_CSS, SURE_SSL, TORN, open_ruled

BROKEN = {"works as intended": "no"}  # so that the theme decides, and nobody knows it


@pytest.fixture
def helped(ac: Brand, cora: Person, published: Any) -> Ticket:
    return open_ruled(ac, cora, published["americommerce"], SURE_SSL)


@pytest.fixture
def torn(ac: Brand, cora: Person, published: Any) -> Ticket:
    return open_ruled(ac, cora, published["americommerce"], TORN)


def again(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket


def test_what_is_certain_is_in_force(helped: Ticket) -> None:
    assert (helped.ruled, helped.rulings.get().state) == (True, Ruling.State.IN_FORCE)


def test_what_is_not_is_proposed(torn: Ticket) -> None:
    assert (torn.ruled, torn.rulings.get().state) == (False, Ruling.State.PROPOSED)


def test_the_likeliest_three_topics_are_offered(torn: Ticket, ana_agent: Person) -> None:
    [ruling] = queries.ticket_page(ana_agent, torn.pk).rulings
    assert [one.topic for one in ruling.candidates] == ["bug-report", "store-help", "ssl"]


def test_a_chosen_topic_rules_again(torn: Ticket, ana_agent: Person) -> None:
    ruling = actions.choose_topic(torn, by=ana_agent, topic="accounting-billing-issue")
    assert (ruling.act, ruling.by, again(torn).ruled) == ("assign", ana_agent, True)
    assert (torn.team.slug if torn.team else "", torn.status) == ("accounting", Status.WAITING_ON_US)


def test_the_proposal_stays_in_the_record(torn: Ticket, ana_agent: Person) -> None:
    actions.choose_topic(torn, by=ana_agent, topic="ssl")
    assert [r.state for r in torn.rulings.order_by("pk")] == [Ruling.State.SUPERSEDED, Ruling.State.IN_FORCE]


def test_a_decided_reply_goes_out_when_a_person_chose_it(
    torn: Ticket, ana_agent: Person, cora: Person
) -> None:
    before = Letter.objects.filter(recipient=cora.email).count()
    actions.choose_topic(torn, by=ana_agent, topic="accounting-billing-issue")
    assert Letter.objects.filter(recipient=cora.email).count() == before + 1


def test_that_a_person_answers_is_not_told_twice(torn: Ticket, ana_agent: Person, cora: Person) -> None:
    before = Letter.objects.filter(recipient=cora.email).count()
    actions.choose_topic(torn, by=ana_agent, topic="ssl")
    assert Letter.objects.filter(recipient=cora.email).count() == before


def test_a_topic_that_the_policy_does_not_have_is_refused(torn: Ticket, ana_agent: Person) -> None:
    with pytest.raises(UnknownChoice, match="no topic “weather”"):
        actions.choose_topic(torn, by=ana_agent, topic="weather")


def test_an_accepted_proposal_is_in_force(torn: Ticket, ana_agent: Person) -> None:
    actions.accept(torn.rulings.get(), by=ana_agent)
    assert (again(torn).ruled, torn.rulings.get().by) == (True, ana_agent)


def test_a_proposal_is_accepted_once(torn: Ticket, ana_agent: Person) -> None:
    proposal = torn.rulings.get()
    actions.accept(proposal, by=ana_agent)
    with pytest.raises(RulingSettled):
        actions.accept(proposal, by=ana_agent)


def test_an_override_keeps_its_reason_and_is_counted(helped: Ticket, ana_agent: Person) -> None:
    ruling = actions.override(helped, by=ana_agent, act="assign", department="accounting", reason="paid work")
    assert (ruling.overridden, ruling.reason, again(helped).outcome) == (True, "paid work", "assign")
    assert Ruling.objects.filter(overridden=True).count() == 1


def test_an_override_mails_nothing(helped: Ticket, ana_agent: Person) -> None:
    before = Letter.objects.count()
    actions.override(helped, by=ana_agent, act="decline", reason="not ours")
    assert Letter.objects.count() == before


@pytest.mark.parametrize("reason", ["", "   ", "\0"])
def test_an_override_without_a_reason_is_refused(helped: Ticket, ana_agent: Person, reason: str) -> None:
    with pytest.raises(TextRefused):
        actions.override(helped, by=ana_agent, act="decline", reason=reason)


def test_a_department_may_not_rule(
    torn: Ticket, ada_accountant: Person, ana_agent: Person, ac: Brand
) -> None:
    actions.assign(torn, by=ana_agent, team=ac.teams.get(slug="accounting"))
    with pytest.raises(NotPermitted):
        actions.choose_topic(torn, by=ada_accountant, topic="ssl")


def test_a_solved_ticket_can_be_ruled_again(
    ac: Brand, cora: Person, published: Any, ana_agent: Person
) -> None:
    known = {"theme state": "customised"}
    declined = open_ruled(ac, cora, published["americommerce"], SURE_CSS, facts=known)
    assert declined.status == Status.SOLVED
    actions.choose_topic(declined, by=ana_agent, topic="ssl")
    assert again(declined).status == Status.OPEN


def test_an_asked_ticket_can_be_ruled_by_an_agent(
    ac: Brand, cora: Person, published: Any, ana_agent: Person
) -> None:
    asked = open_ruled(ac, cora, published["americommerce"], SURE_CSS, facts={"works as intended": "no"})
    assert (asked.outcome, asked.status) == ("ask", Status.WAITING_ON_CUSTOMER)
    actions.choose_topic(asked, by=ana_agent, topic="ssl")
    assert again(asked).status == Status.OPEN


def test_several_matters_are_told_in_one_letter(ac: Brand, cora: Person, published: Any) -> None:
    known = {"theme state": "customised"}
    ticket = open_ruled(ac, cora, published["americommerce"], SURE_SSL, SURE_CSS, facts=known)
    [letter] = Letter.objects.filter(recipient=cora.email)
    assert "#c-5" in letter.text
    assert "#c-9" in letter.text
    assert (ticket.outcome, ticket.status) == ("help", Status.NEW)


def test_two_matters_that_wait_for_one_answer_are_asked_once(ac: Brand, cora: Person, published: Any) -> None:
    fault = {"fresh-theme-fault": 0.99}
    asked = open_ruled(ac, cora, published["americommerce"], SURE_SSL, SURE_CSS, fault, facts=BROKEN)
    [letter] = Letter.objects.filter(recipient=cora.email)
    assert letter.text.count("Is your theme fresh") == 1
    assert [one.act for one in asked.rulings.order_by("matter")] == ["help", "ask", "ask"]
    assert all(again.same for again in queries.rederive(asked.pk))


def test_a_topic_chosen_after_a_question_asks_no_second_one(
    ac: Brand, cora: Person, published: Any, ana_agent: Person
) -> None:
    asked = open_ruled(ac, cora, published["americommerce"], SURE_CSS, TORN, facts=BROKEN)
    ruling = actions.choose_topic(asked, by=ana_agent, topic="custom-html-css", matter=1)
    assert ruling.act != "ask"


def test_every_stored_ruling_comes_out_the_same(ac: Brand, cora: Person, published: Any) -> None:
    version = published["americommerce"]
    tickets = [
        open_ruled(ac, cora, version, SURE_SSL),
        open_ruled(ac, cora, version, TORN),
        open_ruled(ac, cora, version, SURE_CSS, facts={"works as intended": "no"}),
    ]
    assert [again.same for ticket in tickets for again in queries.rederive(ticket.pk)] == [True] * 3


def test_an_override_is_not_what_the_policy_gives(helped: Ticket, ana_agent: Person) -> None:
    actions.override(helped, by=ana_agent, act="decline", reason="not ours")
    assert [again.same for again in queries.rederive(helped.pk)] == [True, False]


def test_the_panel_says_what_would_change_the_outcome(helped: Ticket, ana_agent: Person) -> None:
    [ruling] = queries.ticket_page(ana_agent, helped.pk).rulings
    assert any(change.fact == "customer status" and change.value == "prospect" for change in ruling.changes)
