"""Stores and apps through the API: entered any number of times, whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.api.tests.caller import Caller, said
from evenhand.audit.models import Entry
from evenhand.people.models import Brand, Organisation, Person
from evenhand.stores.models import App, Store

HEADING = b"reference,organisation,domain,plan\n"


def test_a_store_put_twice_is_one_store_and_one_record(administrator: Caller) -> None:
    first, again = administrator.store(plan="pro"), administrator.store(plan="pro")
    assert first.json() == again.json() == {"reference": "s1", "domain": "reefs.example"}
    assert Entry.objects.filter(kind__startswith="store.").count() == 1


def test_a_store_put_differently_is_brought_up_to_date(administrator: Caller) -> None:
    administrator.store(plan="basic")
    administrator.store(plan="pro")
    assert Store.objects.get().plan == "pro"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"domain": "no domain"}, "domain: it is no domain name"),
        ({"apps": ["Unheard"]}, "apps: the guide does not have “Unheard”"),
        ({"theme_state": "odd"}, "theme_state: Input should be '', 'fresh' or 'customised'"),
        ({"plan": "x" * 41}, "plan: String should have at most 40 characters"),
    ],
)
def test_a_store_that_cannot_be_leaves_nothing_behind(
    administrator: Caller, told: dict[str, Any], wrong: str
) -> None:
    status, words = said(administrator.store(**told))
    assert (status, words[: len(wrong)]) == (422, wrong)
    assert not Store.objects.exists()
    assert not Organisation.objects.exists()


def test_only_who_manages_stores_enters_them(agent: Caller) -> None:
    for answer in (agent.store(), agent.csv(HEADING + b"s1,Reefs,reefs.example,pro\n"), agent.app()):
        assert said(answer) == (403, "Your roles at AmeriCommerce do not let you import stores and apps.")
    assert not Store.objects.exists()
    assert not App.objects.exists()


def test_a_file_of_stores_is_entered(administrator: Caller) -> None:
    answer = administrator.csv(HEADING + b"s1,Reefs,reefs.example,pro\ns2,Reefs,atolls.example,basic\n")
    assert (answer.status_code, answer.json()) == (200, {"stores": 2})
    assert Store.objects.count() == 2


def test_a_file_with_bad_lines_is_refused_whole_and_names_each(administrator: Caller) -> None:
    status, words = said(
        administrator.csv(
            HEADING + b"s1,Reefs,reefs.example,pro\ns2,,atolls.example,pro\ns3,Lagoons,lagoons,pro\n"
        )
    )
    assert (status, [line.partition(":")[0] for line in words.splitlines()]) == (422, ["line 3", "line 4"])
    assert not Store.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("file", [b"", b"\xff\xfe\x00", b"colour\nred\n", b'reference,"'], ids=range(4))
def test_what_is_no_file_of_stores_is_refused(administrator: Caller, file: bytes) -> None:
    status, words = said(administrator.csv(file))
    assert (status, words.startswith("line 1: ")) == (422, True)


def test_a_file_too_large_is_refused_in_words(administrator: Caller, settings: Any) -> None:
    settings.FORM_MOST_BYTES = 1000
    assert said(administrator.csv(HEADING + b"x" * 1000)) == (
        413,
        "This is larger than the 1,000 bytes that are taken here. Send the file in parts.",
    )


def test_a_file_larger_than_a_form_may_be_is_read(administrator: Caller) -> None:
    line = b"s1,Reefs,reefs.example," + b" " * 3_000_000 + b"pro\n"
    assert administrator.csv(HEADING + line).json() == {"stores": 1}


def test_an_app_is_entered_and_brought_up_to_date(administrator: Caller) -> None:
    administrator.app(aliases=["Pet Pay"])
    answer = administrator.app(integrated=True, site="https://petpay.example/")
    assert (answer.status_code, answer.json()["integrated"]) == (200, True)
    assert [(app.integrated, app.aliases) for app in App.objects.all()] == [(True, [])]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "petpay.example", "https://a b.example", "https://"])
def test_a_link_that_is_none_is_refused(administrator: Caller, link: str) -> None:
    status, words = said(administrator.app(site=link))
    assert (status, words.partition(":")[0]) == (422, "site")


@pytest.mark.parametrize("slug", ["a%00b", "a b", "x" * 51])
def test_a_name_in_the_address_that_cannot_be_kept_is_refused(administrator: Caller, slug: str) -> None:
    assert administrator.app(slug).status_code == 422
    assert administrator.store("s" * 10 + slug).status_code == 422


def test_another_brands_books_are_not_there(administrator: Caller, sp: Brand, root_admin: Person) -> None:
    assert said(Caller(sp, key=administrator.key).store())[0] == 404
    assert not Store.objects.filter(brand=sp).exists()
