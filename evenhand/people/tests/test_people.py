"""People: who is recognised, what each role may do, whom each may see."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from evenhand.audit.models import Entry
from evenhand.people import actions, queries
from evenhand.people.models import Brand, Membership, Person, Role
from evenhand.people.roles import GRANTS, Permission

ROLES = Path(__file__).resolve().parents[3] / "docs" / "roles.md"


def test_who_writes_becomes_a_customer_of_that_brand(ac: Brand) -> None:
    person = actions.recognise(ac, " New@Shop.Example ", "New  Person")
    assert (person.email, person.name) == ("new@shop.example", "New Person")
    assert Membership.objects.get(person=person).role == Role.CUSTOMER


def test_who_writes_again_is_the_same_person_whatever_name_they_claim(ac: Brand, cora: Person) -> None:
    assert actions.recognise(ac, "CORA@corals.example", "Somebody Else") == cora
    assert Person.objects.get(pk=cora.pk).name == "Cora Customer"


def test_a_name_is_learnt_where_none_was_known(ac: Brand) -> None:
    actions.recognise(ac, "new@shop.example")
    assert actions.recognise(ac, "new@shop.example", "New Person").name == "New Person"


@pytest.mark.parametrize("given", ["", "nobody", "a@b", "a b@x.example", "a@x.example\nBcc: b@x.example"])
def test_what_is_no_address_makes_nobody(ac: Brand, given: str) -> None:
    with pytest.raises(actions.NotAnAddress):
        actions.recognise(ac, given)
    assert not Person.objects.exists()


def test_the_database_holds_one_spelling_of_an_address(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="Cora@corals.example")


def test_recognising_is_on_record_without_naming_anybody(ac: Brand) -> None:
    person = actions.recognise(ac, "new@shop.example", "New Person")
    entry = Entry.objects.get(stream=f"person:{person.pk}")
    assert "new" not in str(entry.facts).lower()


def test_the_books_of_the_brand_set_a_customers_standing(ac: Brand) -> None:
    told = {
        "name": "New",
        "organisation": "Shop",
        "status": "prospect",
        "since": dt.date(2026, 1, 2),
        "by": None,
    }
    person = actions.save_customer(ac, "new@shop.example", **told)  # type: ignore[arg-type]
    standing = queries.standing(person, ac)
    assert standing is not None
    assert (standing.customer_status, str(standing.organisation)) == ("prospect", "Shop")


def test_the_same_standing_again_is_not_recorded_again(ac: Brand, cora: Person) -> None:
    before = Entry.objects.count()
    actions.save_customer(
        ac, "cora@corals.example", organisation="Corals", status="current", since=dt.date(2024, 3, 1), by=None
    )
    assert Entry.objects.count() == before


def test_an_administrator_adds_staff_and_an_agent_may_not(
    ac: Brand, ana_agent: Person, root_admin: Person
) -> None:
    with pytest.raises(actions.MayNot, match="add and remove staff"):
        actions.add_staff(ac, "new@desk.example", name="New", roles=["agent"], by=ana_agent)
    new = actions.add_staff(
        ac, "new@desk.example", name="New", roles=["agent"], teams=["support"], by=root_admin
    )
    assert new.may(Permission.ANSWER, ac)
    assert queries.team(ac, "support").members.contains(new)  # type: ignore[union-attr]


def test_staff_who_are_removed_may_nothing_and_stand_in_no_team(
    ac: Brand, ana_agent: Person, root_admin: Person
) -> None:
    actions.remove_staff(ac, ana_agent, by=root_admin)
    ana = Person.objects.get(pk=ana_agent.pk)
    assert not any(ana.may(permission, ac) for permission in Permission)
    assert not ana.teams.exists()


def test_staff_of_one_brand_are_nobody_at_the_other(sp: Brand, root_admin: Person) -> None:
    assert not any(root_admin.may(permission, sp) for permission in Permission)
    with pytest.raises(actions.MayNot):
        actions.add_staff(sp, "new@desk.example", name="New", roles=["agent"], by=root_admin)


def test_a_customer_sees_oneself_and_staff_their_brand(
    cora: Person, carl: Person, sid: Person, ana_agent: Person
) -> None:
    assert set(Person.objects.visible_to(cora)) == {cora}
    assert set(Person.objects.visible_to(ana_agent)) == {cora, carl, ana_agent}
    assert not Membership.objects.visible_to(ana_agent).filter(person=sid).exists()


def test_those_who_work_for_a_brand_are_listed_by_name(
    ac: Brand, sp: Brand, cora: Person, leo_lead: Person, ana_agent: Person
) -> None:
    assert queries.staff(ac) == [ana_agent, leo_lead]
    assert queries.staff(sp) == []


def test_the_brand_of_a_mailbox_is_found_however_it_is_spelt(ac: Brand) -> None:
    assert queries.brand_of_mailbox("HELP@AmeriCommerce.example") == ac
    assert queries.brand_of_mailbox("other@americommerce.example") is None


@pytest.mark.parametrize("role", Role)
def test_a_person_may_what_the_role_grants(ac: Brand, role: Role) -> None:
    person = Person.objects.create(email="one@desk.example")
    Membership.objects.create(person=person, brand=ac, role=role)
    assert {permission for permission in Permission if person.may(permission, ac)} == GRANTS[role]


def test_the_document_says_what_the_code_grants() -> None:
    heading, _, *lines = [
        line for line in ROLES.read_text(encoding="utf-8").splitlines() if line.startswith("|")
    ]
    roles = [cell.strip() for cell in heading.split("|")[2:-1]]
    told: dict[str, set[str]] = {role: set() for role in roles}
    for line in lines:
        permission, *marks = (cell.strip() for cell in re.split(r"\|", line)[1:-1])
        for role, mark in zip(roles, marks, strict=True):
            if mark:
                told[role].add(permission)
    assert told == {
        str(role): {str(permission) for permission in granted} for role, granted in GRANTS.items()
    }
    assert len(lines) == len(Permission)
