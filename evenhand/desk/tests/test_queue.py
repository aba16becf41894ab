from __future__ import annotations

import re
from html import unescape
from typing import Any

from evenhand.desk.tests.scene import DESK, a_ticket, signed_in
from evenhand.people.models import Brand, Person
from evenhand.tickets import actions
from evenhand.tickets.models import Ruling, Ticket


def text(response: Any) -> str:
    return response.content.decode()


def test_a_row_tells_what_decides_and_links_to_the_clause(ana: Any, proposal: Ruling) -> None:
    page = text(ana.get(f"{DESK}/"))
    assert "The padlock is gone" in page
    assert 'href="/americommerce/policy#c-5"' in page
    assert "Proposed: a person decides" in page


def test_the_page_asks_the_database_few_questions(
    ana: Any, ac: Brand, cora: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        a_ticket(ac, cora, subject=f"Question {number}")
    with django_assert_max_num_queries(6):
        ana.get(f"{DESK}/")


def test_older_goes_on_where_the_page_ends(ana: Any, ac: Brand, cora: Person) -> None:
    for number in range(60):
        a_ticket(ac, cora, subject=f"Question {number:02}")
    first = text(ana.get(f"{DESK}/"))
    older = text(ana.get(unescape(re.search(r'href="([^"]+)" data-key="]"', first)[1])))
    assert sorted(re.findall(r"Question \d\d", first + older)) == [
        f"Question {number:02}" for number in range(60)
    ]


def test_a_search_finds_by_number_and_by_words(ana: Any, ticket: Ticket) -> None:
    assert f"/tickets/{ticket.pk}" in text(ana.get(f"{DESK}/?q={ticket.pk}"))
    assert "The padlock is gone" in text(ana.get(f"{DESK}/?q=certificate+warn"))
    assert "Nothing was found" in text(ana.get(f"{DESK}/?q=zeppelin"))


def test_searched_words_stand_in_no_other_address(ana: Any, ticket: Ticket) -> None:
    assert "q=padlock" not in text(ana.get(f"{DESK}/?q=padlock"))


def test_an_empty_view_says_what_to_do_next(ana: Any, ac: Brand) -> None:
    assert "Take the ticket that is due next." in text(ana.get(f"{DESK}/?view=mine"))


def test_a_view_that_does_not_exist_is_not_found(ana: Any) -> None:
    answer = ana.get(f"{DESK}/?view=nonsense")
    assert answer.status_code == 404
    assert "There is no view “nonsense”" in text(answer)


def test_a_department_sees_its_own_tickets_alone(
    ac: Brand, ana_agent: Person, ada_accountant: Person, cora: Person
) -> None:
    theirs, other = (
        a_ticket(ac, cora, subject="Charged twice"),
        a_ticket(ac, cora, subject="The padlock is gone"),
    )
    actions.assign(theirs, by=ana_agent, team=ac.teams.get(slug="accounting"))
    page = text(signed_in(ada_accountant).get(f"{DESK}/?view=open"))
    assert "Charged twice" in page
    assert other.subject not in page


def test_the_first_brand_is_where_the_desk_begins(ana: Any) -> None:
    assert ana.get("/desk/").url == f"{DESK}/"


def test_staff_set_up_a_one_time_password_first_where_it_is_required(ana: Any, settings: Any) -> None:
    settings.STAFF_TOTP = "required"
    assert "2fa/totp/activate" in ana.get(f"{DESK}/").url
