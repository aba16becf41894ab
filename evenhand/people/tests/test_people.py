"""People: who is recognised, what each role may do, what each may see."""

from __future__ import annotations

import pytest

from evenhand.people import actions
from evenhand.people.models import Brand, Membership, Person, Role


def test_who_writes_becomes_a_customer_of_that_brand(ac: Brand) -> None:
    person = actions.recognise(ac, " New@Shop.Example ", "New  Person")
    assert (person.email, person.name) == ("new@shop.example", "New Person")
    assert Membership.objects.get(person=person).role == Role.CUSTOMER


def test_who_writes_again_is_the_same_person(ac: Brand, cora: Person) -> None:
    assert actions.recognise(ac, "CORA@corals.example", "Somebody Else") == cora
    assert Person.objects.get(pk=cora.pk).name == "Cora Customer"
