"""The conduct pages as leads, agents and customers meet them."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.conduct import actions
from evenhand.conduct.models import Appeal, Proposal, Step
from evenhand.conduct.tests.scene import a_breach
from evenhand.desk.tests.scene import DESK, signed_in
from evenhand.people.models import Brand, Person
from evenhand.tickets.actions import confirm_step

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture(autouse=True)
def _code_is_enough(settings: Any) -> None:
    settings.STAFF_TOTP = "optional"


def page(person: Person, address: str) -> str:
    return signed_in(person).get(address).content.decode()


def test_a_lead_sees_passage_clause_standing_and_step(ac: Brand, cora: Person, leo_lead: Person) -> None:
    a_breach(ac, cora)
    shown = page(leo_lead, f"{DESK}/conduct")
    for words in ("<q>bullshit</q>", "Cursing, in a ticket", "stood good", "Confirm: warning", "internal"):
        assert words in shown


def test_a_lead_confirms_and_the_inbox_is_empty_again(ac: Brand, cora: Person, leo_lead: Person) -> None:
    leo, proposal = signed_in(leo_lead), a_breach(ac, cora)
    answer = leo.post(f"{DESK}/conduct/{proposal.pk}", {"do": "confirm"}, follow=True).content.decode()
    assert "Confirmed: warning. The customer is told by mail." in answer
    assert "No proposal waits." in answer


def test_another_step_without_a_reason_shows_the_page_again(
    ac: Brand, cora: Person, leo_lead: Person
) -> None:
    proposal = a_breach(ac, cora)
    sent = {"do": "change", "step": "temporary ban", "reason": ""}
    answer = signed_in(leo_lead).post(f"{DESK}/conduct/{proposal.pk}", sent)
    assert answer.status_code == 409
    assert "Write the reason in a sentence" in answer.content.decode()
    assert Proposal.objects.get().state == "waiting"


def test_a_double_press_is_told_who_decided(ac: Brand, cora: Person, leo_lead: Person) -> None:
    leo, proposal = signed_in(leo_lead), a_breach(ac, cora)
    codes = [leo.post(f"{DESK}/conduct/{proposal.pk}", {"do": "confirm"}).status_code for _ in range(2)]
    assert codes == [302, 409]
    assert Step.objects.count() == 1


def test_who_confirmed_finds_no_buttons_under_the_appeal(
    ac: Brand, cora: Person, leo_lead: Person, root_admin: Person
) -> None:
    step = confirm_step(a_breach(ac, cora), by=leo_lead)
    appeal = actions.appeal(step, by=cora, text="I quoted my supplier.")
    assert "so somebody else decides the appeal" in page(leo_lead, f"{DESK}/conduct")
    sent = {"do": "grant", "reason": "It was quoted."}
    signed_in(root_admin).post(f"{DESK}/conduct/appeals/{appeal.pk}", sent)
    assert Appeal.objects.get().state == "granted"


def test_an_agent_sees_the_standing_beside_the_ticket_and_decides_nothing(
    ac: Brand, cora: Person, ana_agent: Person, leo_lead: Person
) -> None:
    step = confirm_step(a_breach(ac, cora), by=leo_lead)
    ticket = step.proposal.ticket_id
    assert f'conduct/people/{cora.pk}">warned</a>' in page(ana_agent, f"{DESK}/tickets/{ticket}")
    history = page(ana_agent, f"{DESK}/conduct/people/{cora.pk}")
    assert "confirmed by Leo Lead" in history
    assert "<form method" not in history


def test_a_customer_sees_their_step_and_appeals_once(ac: Brand, cora: Person, leo_lead: Person) -> None:
    step, browser = confirm_step(a_breach(ac, cora), by=leo_lead), signed_in(cora)
    assert "<q>bullshit</q>" in browser.get("/americommerce/conduct").content.decode()
    where = f"/americommerce/conduct/{step.pk}/appeal"
    codes = [browser.post(where, {"text": "I quoted my supplier."}).status_code for _ in range(2)]
    assert (codes, Appeal.objects.count()) == ([302, 409], 1)


def test_no_customer_sees_anothers_conduct(ac: Brand, cora: Person, carl: Person, leo_lead: Person) -> None:
    step = confirm_step(a_breach(ac, cora), by=leo_lead)
    assert "Nothing is held against you." in page(carl, "/americommerce/conduct")
    answer = signed_in(carl).post(f"/americommerce/conduct/{step.pk}/appeal", {"text": "For her."})
    assert answer.status_code == 404


def test_what_a_customer_may_see_is_their_own(
    ac: Brand, cora: Person, carl: Person, leo_lead: Person
) -> None:
    step = confirm_step(a_breach(ac, cora), by=leo_lead)
    actions.appeal(step, by=cora, text="I quoted somebody.")
    for rows in (Step.objects, Appeal.objects):
        assert [rows.visible_to(person).count() for person in (cora, carl, leo_lead)] == [1, 0, 1]
    assert [Proposal.objects.visible_to(person).count() for person in (cora, leo_lead)] == [0, 1]


def test_a_mere_proposal_is_not_shown_to_the_customer(ac: Brand, cora: Person) -> None:
    a_breach(ac, cora)
    assert "Nothing is held against you." in page(cora, "/americommerce/conduct")


def test_an_internal_term_is_shown_only_where_the_notice_told_it(
    ac: Brand, cora: Person, leo_lead: Person
) -> None:
    confirm_step(a_breach(ac, cora), by=leo_lead)
    assert "lapses on" in page(cora, "/americommerce/conduct")
    Step.objects.all().delete()
    confirm_step(a_breach(ac, cora), by=leo_lead, step="temporary ban", reason="Again.")
    shown = page(cora, "/americommerce/conduct")
    assert "until" in shown
    assert "lapses on" not in shown


def test_a_secret_in_an_appeal_is_not_kept(ac: Brand, cora: Person, leo_lead: Person) -> None:
    step = confirm_step(a_breach(ac, cora), by=leo_lead)
    said = "My card 4111 1111 1111 1111 was refused."
    signed_in(cora).post(f"/americommerce/conduct/{step.pk}/appeal", {"text": said})
    assert "4111" not in Appeal.objects.get().text
