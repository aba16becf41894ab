"""The queue's views, pages and search."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenhand.people.models import Brand, Person
from evenhand.tickets import actions, queries
from evenhand.tickets.models import Status, Ticket
from evenhand.tickets.tests.desk import SURE_SSL, TORN, open_ruled

NOW = timezone.now()


@pytest.fixture
def tickets(ac: Brand, cora: Person, published: Any) -> list[Ticket]:
    version = published["americommerce"]
    return [
        open_ruled(ac, cora, version, SURE_SSL, subject=f"Number {n}", at=NOW - dt.timedelta(days=n))
        for n in range(5)
    ]


def numbers(page: queries.QueuePage) -> list[int]:
    return [row.id for row in page.rows]


def test_what_is_due_first_stands_first(tickets: list[Ticket], ana_agent: Person, ac: Brand) -> None:
    due = [row.due for row in queries.queue(ana_agent, ac, "open").rows]
    assert due == sorted(due, key=lambda at: at or NOW)
    assert len(due) == 5


def test_pages_follow_each_other_without_gap_or_repetition(
    tickets: list[Ticket], ana_agent: Person, ac: Brand
) -> None:
    Ticket.objects.update(due_at=None)  # a tie everywhere
    seen, after = [], ""
    while True:
        page = queries.queue(ana_agent, ac, "open", after=after, most=2)
        seen += numbers(page)
        if not (after := page.next):
            break
    assert seen == sorted(ticket.pk for ticket in tickets)


@pytest.mark.parametrize("view", ["solved", "snoozed"])
def test_other_orders_are_paged_as_well(
    tickets: list[Ticket], ana_agent: Person, ac: Brand, view: str
) -> None:
    for hours, ticket in enumerate(tickets, 1):
        if view == "solved":
            actions.change_status(ticket, by=ana_agent, status=Status.SOLVED)
        else:
            actions.snooze(ticket, by=ana_agent, until=NOW + dt.timedelta(hours=hours))
    first = queries.queue(ana_agent, ac, view, most=3)
    second = queries.queue(ana_agent, ac, view, after=first.next, most=3)
    assert sorted(numbers(first) + numbers(second)) == sorted(ticket.pk for ticket in tickets)


@pytest.mark.parametrize(
    "after", ["", "x", "_", "2027-01-01_5", "9999-99-99T00:00:00+00:00_1", "\0_1", "1_" + "9" * 30]
)
def test_a_mangled_cursor_starts_at_the_top(
    tickets: list[Ticket], ana_agent: Person, ac: Brand, after: str
) -> None:
    assert len(queries.queue(ana_agent, ac, "open", after=after).rows) == 5


@pytest.mark.parametrize("view", ["", "nonsense", "team", "clause:\0", "person:1"])
def test_an_unknown_view_is_told(ana_agent: Person, ac: Brand, view: str) -> None:
    with pytest.raises(queries.UnknownView):
        queries.queue(ana_agent, ac, view)


def test_views_hold_what_they_say(
    tickets: list[Ticket], ana_agent: Person, ac: Brand, cora: Person, published: Any
) -> None:
    proposed = open_ruled(ac, cora, published["americommerce"], TORN)
    actions.assign(tickets[0], by=ana_agent, assignee=ana_agent)
    assert numbers(queries.queue(ana_agent, ac, "unruled")) == [proposed.pk]
    assert numbers(queries.queue(ana_agent, ac, "mine")) == [tickets[0].pk]
    assert len(queries.queue(ana_agent, ac, "outcome:help").rows) >= 5
    assert len(queries.queue(ana_agent, ac, "clause:5").rows) == 5
    assert len(queries.queue(ana_agent, ac, "team:support").rows) == 6
    assert numbers(queries.queue(ana_agent, ac, "waiting")) == []


def test_a_page_costs_one_query_and_so_do_the_counts(
    tickets: list[Ticket], ana_agent: Person, ac: Brand
) -> None:
    ana_agent.held_memberships()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.queue(ana_agent, ac, "open")
        queries.counts(ana_agent, ac, ("mine", "open", "team:support"))
    assert len(asked) <= 2


def test_counts_tell_each_view(tickets: list[Ticket], ana_agent: Person, ac: Brand) -> None:
    assert queries.counts(ana_agent, ac, ("mine", "open")) == {"mine": 0, "open": 5}


@pytest.mark.parametrize("words", ["corals", "cora@corals.example", "CORA custom", "number 3", "about this"])
def test_tickets_are_found_by_words(tickets: list[Ticket], ana_agent: Person, ac: Brand, words: str) -> None:
    assert tickets[3].pk in numbers(queries.search(ana_agent, ac, words))


def test_a_ticket_is_found_by_its_number(tickets: list[Ticket], ana_agent: Person, ac: Brand) -> None:
    assert numbers(queries.search(ana_agent, ac, f"#{tickets[2].pk}")) == [tickets[2].pk]


@pytest.mark.parametrize(
    "words", ["", "   ", "'", "& | !", "\0", "%", ":*", "9" * 40, "ünïcode", "(", "nothinglikethis"]
)
def test_odd_words_find_nothing_and_break_nothing(
    tickets: list[Ticket], ana_agent: Person, ac: Brand, words: str
) -> None:
    assert numbers(queries.search(ana_agent, ac, words)) == []


def test_search_stays_within_sight(tickets: list[Ticket], ada_accountant: Person, ac: Brand) -> None:
    assert numbers(queries.search(ada_accountant, ac, "corals")) == []


def test_what_a_person_may_see_is_asked_anew_each_time(
    ac: Brand, ana_agent: Person, ada_accountant: Person, tickets: list[Ticket]
) -> None:
    team = ac.teams.get(slug="accounting")
    actions.assign(tickets[0], by=ana_agent, team=team)
    assert numbers(queries.queue(ada_accountant, ac, "open")) == [tickets[0].pk]
    team.members.remove(ada_accountant)
    assert numbers(queries.queue(Person.objects.get(pk=ada_accountant.pk), ac, "open")) == []

    assert queries.ticket_page(ana_agent, tickets[1].pk)
    ana_agent.memberships.all().delete()
    ana = Person.objects.get(pk=ana_agent.pk)
    assert numbers(queries.queue(ana, ac, "open")) == []
    with pytest.raises(Ticket.DoesNotExist):
        queries.ticket_page(ana, tickets[1].pk)
