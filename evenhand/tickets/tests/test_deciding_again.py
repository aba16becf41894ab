"""A fact that arrives late: the cause of a fault, known when the work is done, decides who pays (rule 28)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from evenhand.mail.models import Letter
from evenhand.people.models import Brand, Person
from evenhand.rulebook.actions import publish
from evenhand.rulebook.models import Version
from evenhand.rulebook.tests.policies import policy
from evenhand.tickets import actions, queries
from evenhand.tickets.models import Event, Ruling, Status, Ticket
from evenhand.tickets.refusals import NotPermitted, RulingSettled, UnknownChoice
from evenhand.tickets.tests.desk import open_ruled

CAUSE = """cause: not known, ours, customer's own change
  known from the agent at closing; taken as not known
```
```services
repair: repairs, 120 USD an hour
"""
CLAUSES = """we no charge
we aim for first reply
"""
WHO_PAYS = """## 2 Who pays
```rule
when cause: customer's own change; topic: bug-report
we charge repair; from opening; decide when cause is known
over 1
```
# Schedules
"""


def text() -> str:
    whole = policy().replace("we aim for first reply", CLAUSES.rstrip())
    return whole.replace("# Schedules\n", WHO_PAYS).replace(
        "plan: basic, pro\n", f"plan: basic, pro\n{CAUSE}"
    )


@pytest.fixture
def version(ac: Brand) -> Version:
    return publish(ac, text(), by=None, from_=dt.date(2025, 1, 1))


@pytest.fixture
def fault(ac: Brand, cora: Person, version: Version) -> Ticket:
    return open_ruled(ac, cora, version, {"bug-report": 0.9}, facts={"plan": "pro"})


def panel(ticket: Ticket, person: Person) -> Any:
    (ruling,) = queries.ticket_page(person, ticket.pk).rulings
    return ruling


def test_the_panel_offers_the_fact_that_is_waited_for(fault: Ticket, ana_agent: Person) -> None:
    (awaited,) = panel(fault, ana_agent).awaited
    assert (awaited.fact, awaited.value) == ("cause", "not known")
    assert awaited.values == ("not known", "ours", "customer's own change")
    assert panel(fault, ana_agent).charge == ""


def test_the_fact_decides_who_pays_and_the_old_ruling_stays(fault: Ticket, ana_agent: Person) -> None:
    ruling = actions.decide_again(fault, by=ana_agent, fact="cause", value="customer's own change")
    assert [one.state for one in fault.rulings.order_by("pk")] == [
        Ruling.State.SUPERSEDED,
        Ruling.State.IN_FORCE,
    ]
    known = {fact["name"]: fact for fact in ruling.facts}["cause"]
    assert (known["status"], known["source"]) == ("known", str(ana_agent))
    assert panel(fault, ana_agent).charge == "repairs, 120 USD an hour, from opening (2)"
    assert all(again.same for again in queries.rederive(fault.pk))


def test_a_solved_ticket_stays_solved_and_nobody_is_mailed(fault: Ticket, ana_agent: Person) -> None:
    actions.change_status(fault, by=ana_agent, status=Status.SOLVED)
    before = Letter.objects.count()
    actions.decide_again(fault, by=ana_agent, fact="cause", value="customer's own change")
    fault.refresh_from_db()
    assert (fault.status, Letter.objects.count()) == (Status.SOLVED, before)
    assert Event.objects.filter(ticket=fault, kind="fact learnt").exists()


def test_a_matter_that_does_not_turn_on_it_does_not_wait(
    ac: Brand, cora: Person, version: Version, ana_agent: Person
) -> None:
    bill = open_ruled(ac, cora, version, {"billing": 0.9}, facts={"plan": "pro"})
    assert panel(bill, ana_agent).awaited == ()
    with pytest.raises(UnknownChoice, match="awaited fact"):
        actions.decide_again(bill, by=ana_agent, fact="cause", value="ours")


def test_a_value_that_the_fact_does_not_have_is_refused(fault: Ticket, ana_agent: Person) -> None:
    with pytest.raises(UnknownChoice, match="There are: not known, ours"):
        actions.decide_again(fault, by=ana_agent, fact="cause", value="the weather")


def test_what_a_person_set_is_not_decided_again(fault: Ticket, ana_agent: Person) -> None:
    actions.override(fault, by=ana_agent, act="decline", reason="not ours")
    assert panel(fault, ana_agent).awaited == ()
    with pytest.raises(RulingSettled):
        actions.decide_again(fault, by=ana_agent, fact="cause", value="ours")


def test_a_customer_may_not_say_who_pays(fault: Ticket, cora: Person) -> None:
    with pytest.raises(NotPermitted):
        actions.decide_again(fault, by=cora, fact="cause", value="ours")


def test_another_outcome_moves_the_ticket(ac: Brand, cora: Person, ana_agent: Person) -> None:
    paid = text().replace("we charge repair; from opening", "we quote; service repair\nwe charge repair")
    version = publish(ac, paid, by=None, from_=dt.date(2025, 1, 1))
    ticket = open_ruled(ac, cora, version, {"bug-report": 0.9}, facts={"plan": "pro"})
    actions.decide_again(ticket, by=ana_agent, fact="cause", value="customer's own change")
    ticket.refresh_from_db()
    assert (ticket.outcome, ticket.status) == ("quote", Status.WAITING_ON_US)
