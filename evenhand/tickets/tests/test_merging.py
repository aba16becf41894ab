"""The same matter twice: joined, taken apart, and kept from colleagues' eyes."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from evenhand.conduct import actions as conduct
from evenhand.conduct.models import Repeat
from evenhand.desk.tests.scene import a_ticket
from evenhand.intake.tests.post import answer, letters
from evenhand.people import actions as people
from evenhand.people.models import Brand, Person
from evenhand.tickets import actions
from evenhand.tickets.models import Message, Ticket
from evenhand.tickets.refusals import Refused


def offered(brand: Brand, first: Person, second: Person | None = None) -> tuple[Ticket, Ticket]:
    earlier, later = a_ticket(brand, first), a_ticket(brand, second or first, text="The padlock, again.")
    conduct.offer_merge(brand, later.pk, earlier.pk, likeness=0.8, at=timezone.now())
    return earlier, later


def test_merging_joins_the_messages_and_tells_the_customer(
    ac: Brand, cora: Person, ana_agent: Person
) -> None:
    earlier, later = offered(ac, cora)
    actions.merge(later, by=ana_agent)
    later.refresh_from_db()
    assert (later.status, later.follows, later.messages.count()) == ("closed", earlier, 0)
    assert earlier.messages.filter(text="The padlock, again.").exists()
    assert f"ticket {later.pk} to this one, {earlier.pk}" in letters(cora)[-1].text


def test_an_answer_to_the_merged_ticket_joins_the_earlier_one(
    ac: Brand, cora: Person, ana_agent: Person, published: Any
) -> None:
    earlier, later = offered(ac, cora)
    actions.merge(later, by=ana_agent)
    assert answer(later, cora, "It works again.") == earlier


def test_a_merge_can_be_taken_apart(ac: Brand, cora: Person, ana_agent: Person) -> None:
    earlier, later = offered(ac, cora)
    actions.merge(later, by=ana_agent)
    actions.take_apart(later, by=ana_agent)
    later.refresh_from_db()
    assert (later.status, later.follows) == ("open", None)
    assert later.messages.get().text == "The padlock, again."
    assert earlier.messages.filter(kind=Message.Kind.CUSTOMER).count() == 1


def test_a_colleagues_words_stay_with_staff(ac: Brand, cora: Person, ana_agent: Person) -> None:
    colleague = people.save_customer(ac, "cleo@corals.example", organisation="Corals", by=None)
    earlier, later = offered(ac, cora, colleague)
    actions.merge(later, by=ana_agent)
    assert earlier.messages.get(kind=Message.Kind.NOTE).text.endswith("The padlock, again.")
    assert not Message.objects.visible_to(cora).filter(text__contains="again.").exists()
    assert f"ticket {earlier.pk}" in letters(colleague)[-1].text


def test_what_a_colleague_answers_opens_a_ticket_of_their_own(
    ac: Brand, cora: Person, ana_agent: Person, published: Any
) -> None:
    colleague = people.save_customer(ac, "cleo@corals.example", organisation="Corals", by=None)
    _, later = offered(ac, cora, colleague)
    actions.merge(later, by=ana_agent)
    mine = answer(later, colleague, "No, it is another store.")
    assert (mine.requester, mine.follows) == (colleague, later)


def test_kept_apart_is_offered_no_more(ac: Brand, cora: Person, ana_agent: Person) -> None:
    _, later = offered(ac, cora)
    actions.keep_apart(later, by=ana_agent)
    assert Repeat.objects.get().state == "kept apart"
    with pytest.raises(Refused):
        actions.merge(later, by=ana_agent)


def test_another_brands_staff_cannot_merge(ac: Brand, sp: Brand, cora: Person) -> None:
    stranger = people.add_staff(sp, "s@desk.example", name="S", roles=["lead"], by=None)
    _, later = offered(ac, cora)
    with pytest.raises(Ticket.DoesNotExist):
        actions.merge(later, by=stranger)


def test_a_closed_ticket_is_not_merged_into(ac: Brand, cora: Person, ana_agent: Person) -> None:
    earlier, later = offered(ac, cora)
    Ticket.objects.filter(pk=earlier.pk).update(status="closed")
    with pytest.raises(Refused, match="closed"):
        actions.merge(later, by=ana_agent)
    assert later.messages.count() == 1
