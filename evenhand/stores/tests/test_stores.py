"""Stores: entered any number of times to the same end, read as facts with their source."""

from __future__ import annotations

import io

import pytest

from evenhand.audit.models import Entry
from evenhand.people.actions import MayNot
from evenhand.people.models import Brand, Person
from evenhand.stores import actions, queries
from evenhand.stores.models import App, Store
from evenhand.stores.refusals import BadFile, DomainTaken, NotAStore, UnknownApps
from evenhand.stores.spelling import domains_in, tidy_domain

HEADING = "reference,organisation,domain,plan,product_line,theme_state,apps\n"


def save(brand: Brand, **told: object) -> Store:
    store = {"reference": "s1", "organisation": "Corals", "domain": "corals.example", "by": None}
    return actions.save_store(brand, **{**store, **told})  # type: ignore[arg-type]


def imported(brand: Brand, *lines: str) -> int:
    return actions.import_csv(brand, io.BytesIO((HEADING + "\n".join(lines)).encode()), by=None)


@pytest.fixture
def apps(ac: Brand) -> list[App]:
    return [
        actions.save_app(ac, "books", name="QuickBooks", aliases=["Quick Books"], integrated=True, by=None),
        actions.save_app(ac, "pets", name="PetPay", integrated=False, by=None),
    ]


def test_a_store_entered_twice_is_one_store_and_one_record(ac: Brand) -> None:
    assert save(ac, plan="pro") == save(ac, plan="Pro ")
    assert Entry.objects.filter(kind__startswith="store.").count() == 1


def test_a_store_entered_differently_is_brought_up_to_date(ac: Brand) -> None:
    save(ac, plan="basic")
    assert save(ac, plan="pro", domain="https://www.Reefs.example/").domain == "reefs.example"
    assert Entry.objects.filter(kind="store.changed").get().facts["changed"] == ["domain", "plan"]


def test_apps_are_taken_by_name_or_alias(ac: Brand, apps: list[App]) -> None:
    assert list(save(ac, apps=["quick books", "PetPay"]).apps.order_by("slug")) == apps


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"domain": "no domain"}, NotAStore),
        ({"organisation": " "}, NotAStore),
        ({"reference": ""}, NotAStore),
        ({"theme_state": "odd"}, NotAStore),
        ({"plan": "x" * 41}, NotAStore),
        ({"apps": ["Unheard"]}, UnknownApps),
    ],
)
def test_what_cannot_be_a_store_is_refused(
    ac: Brand, told: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        save(ac, **told)
    assert not Store.objects.exists()


def test_a_domain_belongs_to_one_store(ac: Brand) -> None:
    save(ac)
    with pytest.raises(DomainTaken, match="already the domain of store s1"):
        save(ac, reference="s2")


def test_two_brands_may_have_the_same_reference(ac: Brand, sp: Brand) -> None:
    assert save(ac) != save(sp)


def test_an_agent_may_not_enter_stores_and_an_administrator_may(
    ac: Brand, ana_agent: Person, root_admin: Person
) -> None:
    with pytest.raises(MayNot):
        save(ac, by=ana_agent)
    assert save(ac, by=root_admin)


def test_an_app_entered_again_is_brought_up_to_date(ac: Brand, apps: list[App]) -> None:
    actions.save_app(ac, "pets", name="PetPay", integrated=True, by=None)
    assert App.objects.get(slug="pets").integrated


# ── files ──


def test_a_file_enters_its_stores_and_again_changes_nothing(ac: Brand, apps: list[App]) -> None:
    lines = ('s1,Corals,corals.example,pro,,fresh,"QuickBooks; PetPay"', 's2,"Reefs, Ltd",reefs.example,,,,')
    assert imported(ac, *lines) == 2
    before = Entry.objects.count()
    assert imported(ac, *lines) == 2
    assert Entry.objects.count() == before


def test_a_file_with_bad_lines_names_each_and_enters_nothing(ac: Brand) -> None:
    with pytest.raises(BadFile) as refusal:
        imported(ac, "s1,Corals,corals.example", "s2,,x.example", "s3,Reefs,nowhere", "s1,Again,y.example")
    assert [str(line) for line in refusal.value.lines] == [
        "line 3: organisation: it is empty; name the customer whose store it is",
        "line 4: domain: it is no domain name; it looks like shop.example",
        "line 5: reference: s1 stands on line 2 too",
    ]
    assert not Store.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: the heading lacks reference, organisation, domain"),
        (b"reference,organisation,domain,colour\n", "line 1: the heading has the unknown colour"),
        (b"reference,organisation,domain\ns1,Caf\xe9,x.example\n", "line 2: is not UTF-8"),
        (
            b"reference,organisation,domain\ns1,A,x.example,more\n",
            "line 2: has more columns than the heading",
        ),
        (b"\xff\xfe\x00", "line 1: is not UTF-8"),
    ],
)
def test_what_is_no_such_file_is_refused_at_its_line(ac: Brand, content: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refusal:
        actions.import_csv(ac, io.BytesIO(content), by=None)
    assert str(refusal.value).startswith(said)


def test_a_file_as_spreadsheets_save_it_is_read(ac: Brand) -> None:
    content = b"\xef\xbb\xbfreference,organisation,domain\r\ns1,Corals,corals.example\r\n"
    assert actions.import_csv(ac, io.BytesIO(content), by=None) == 1


# ── facts ──


def test_facts_come_with_their_source(ac: Brand, cora: Person) -> None:
    facts = queries.facts_for(cora, ac)
    assert {name: (fact.value, fact.source) for name, fact in facts.items()} == {
        "customer status": ("current", "known from the account"),
        "plan": ("pro", "known from the store corals.example"),
        "theme state": ("customised", "known from the store corals.example"),
    }


def test_another_brand_knows_nothing_of_the_person(sp: Brand, cora: Person) -> None:
    assert queries.facts_for(cora, sp) == {}


def test_what_the_books_do_not_hold_is_left_out(ac: Brand, cora: Person) -> None:
    save(ac, reference="corals", plan="pro", theme_state="")
    assert "theme state" not in queries.facts_for(cora, ac)


@pytest.fixture
def second_store(ac: Brand, cora: Person) -> Store:
    return save(ac, reference="reefs", domain="reefs.example", plan="basic", theme_state="customised")


def test_stores_that_disagree_make_the_fact_unknown(ac: Brand, cora: Person, second_store: Store) -> None:
    facts = queries.facts_for(cora, ac)
    assert (facts["plan"].status, facts["plan"].value) == ("unknown", None)
    assert facts["plan"].source == "differs between corals.example and reefs.example"
    assert facts["theme state"].value == "customised"


def test_a_domain_named_in_the_text_decides_which_store(ac: Brand, cora: Person, second_store: Store) -> None:
    text = "On https://www.REEFS.example/cart the plan is wrong. Cora, cora@corals.example"
    assert queries.facts_for(cora, ac, text)["plan"].value == "basic"
    assert queries.store_of(cora, ac, text) == second_store
    assert queries.store_of(cora, ac) is None


def test_somebody_elses_domain_in_the_text_tells_nothing(ac: Brand, cora: Person, carl: Person) -> None:
    assert queries.facts_for(cora, ac, "my shop carls.example")["plan"].value == "pro"


def test_the_guide_finds_apps_by_usual_misspellings(ac: Brand, apps: list[App]) -> None:
    assert queries.apps_named("our Quick-Books and PetPay", ac) == tuple(apps)
    assert queries.app_named("nothing here", ac) is None


def test_a_customer_sees_own_stores_and_an_agent_the_brands(
    ac: Brand, cora: Person, carl: Person, sid: Person, ana_agent: Person
) -> None:
    assert [store.domain for store in Store.objects.visible_to(cora)] == ["corals.example"]
    assert {store.domain for store in Store.objects.visible_to(ana_agent)} == {
        "corals.example",
        "carls.example",
    }


@pytest.mark.parametrize(
    ("given", "domain"),
    [
        ("shop.example", "shop.example"),
        (" HTTPS://www.Shop.example/a?b ", "shop.example"),
        ("a.b-c.shop.example", "a.b-c.shop.example"),
        ("localhost", ""),
        ("", ""),
        ("a@shop.example", ""),
    ],
)
def test_a_domain_is_kept_in_one_spelling(given: str, domain: str) -> None:
    assert tidy_domain(given) == domain


def test_addresses_of_people_are_no_domains() -> None:
    assert domains_in("me@corals.example wrote about reefs.example.") == {"reefs.example"}
