from __future__ import annotations

import datetime as dt
from typing import Any

from evenhand.desk.tests.scene import DESK, a_ticket, signed_in
from evenhand.people.models import Brand, Person
from evenhand.rulebook.actions import publish
from evenhand.tickets import actions
from evenhand.tickets.models import Attachment, Ruling, Ticket
from evenhand.tickets.statuses import Status
from evenhand.tickets.tests.desk import open_ruled
from evenhand.tickets.tests.test_deciding_again import text

LAST_YEAR = dt.date(2025, 1, 1)


def page_of(browser: Any, ticket: Ticket) -> str:
    return browser.get(f"{DESK}/tickets/{ticket.pk}").content.decode()


def act(browser: Any, ticket: Ticket, name: str, **given: Any) -> Any:
    return browser.post(f"{DESK}/tickets/{ticket.pk}/{name}", given)


# ── What stands on the page ──


def test_the_panel_says_what_decided_what_gave_way_and_on_which_facts(
    ana: Any, ticket: Ticket, proposal: Ruling
) -> None:
    page = page_of(ana, ticket)
    assert "Email, domains, DNS and certificates" in page
    assert "HTML, CSS and changes to a theme" in page
    assert "known, the account" in page
    assert "sign in to a customer&#39;s registrar" in page


def test_a_proposal_offers_its_three_likeliest_topics(ana: Any, ticket: Ticket, proposal: Ruling) -> None:
    page = page_of(ana, ticket)
    assert [topic in page for topic in ('value="ssl"', 'value="domain-dns"', 'value="email-hosting"')] == [
        True
    ] * 3


def test_what_was_removed_shows_as_a_block_and_markup_as_text(ana: Any, ac: Brand, cora: Person) -> None:
    page = page_of(ana, a_ticket(ac, cora, text="My card is ▮▮▮ card number <script>alert(1)</script>"))
    assert '<span class="redacted"' in page
    assert "<script>alert" not in page


def test_quoted_text_is_folded(ana: Any, ac: Brand, cora: Person) -> None:
    page = page_of(ana, a_ticket(ac, cora, text="Still broken.\n> It works\n> for us", quoted=[(14, 33)]))
    assert "2 lines quoted" in page


def test_opening_a_ticket_marks_it_read(ana: Any, ticket: Ticket) -> None:
    page_of(ana, ticket)
    ticket.refresh_from_db()
    assert not ticket.unread


def test_a_live_page_fetches_its_parts_without_the_frame(ana: Any, ticket: Ticket) -> None:
    parts = ana.get(f"{DESK}/tickets/{ticket.pk}", headers={"HX-Request": "true"}).content.decode()
    assert 'id="talk"' in parts
    assert "<html" not in parts


def test_a_ticket_of_another_brand_is_not_found_under_this_one(
    ac: Brand, sp: Brand, ana_agent: Person, sid: Person
) -> None:
    from evenhand.people.actions import add_staff

    add_staff(sp, ana_agent.email, name="Ana Agent", roles=["agent"], teams=["support"], by=None)
    elsewhere = a_ticket(sp, sid)
    assert signed_in(ana_agent).get(f"{DESK}/tickets/{elsewhere.pk}").status_code == 404


# ── What staff do ──


def test_a_reply_goes_out_and_the_ticket_waits_on_its_customer(ana: Any, ticket: Ticket) -> None:
    answer = act(ana, ticket, "reply", text="Please set the www record back.", then="waiting on customer")
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.status) == (302, Status.WAITING_ON_CUSTOMER)
    assert ticket.messages.get(kind="reply").text == "Please set the www record back."


def test_a_button_pressed_twice_is_one_reply(ana: Any, ticket: Ticket) -> None:
    seen = ticket.messages.latest("pk").pk
    for _ in range(2):
        assert act(ana, ticket, "reply", text="Done.", then="solved", seen=seen).status_code == 302
    assert ticket.messages.filter(kind="reply").count() == 1


def test_the_same_words_from_a_newer_page_are_a_second_reply(ana: Any, ticket: Ticket) -> None:
    for _ in range(2):
        act(ana, ticket, "reply", text="Any news?", seen=ticket.messages.latest("pk").pk)
    assert ticket.messages.filter(kind="reply").count() == 2


def test_a_refused_move_says_why_and_keeps_what_was_typed(
    ana: Any, ticket: Ticket, ana_agent: Person
) -> None:
    actions.change_status(ticket, by=ana_agent, status=Status.CLOSED)
    answer = act(ana, ticket, "status", status="open")
    assert answer.status_code == 409
    assert "A ticket that is closed cannot become open." in answer.content.decode()


def test_a_reply_that_cannot_be_sent_is_still_in_its_box(ana: Any, ticket: Ticket) -> None:
    answer = act(ana, ticket, "reply", text="Half an answer", then="closed")
    assert answer.status_code == 422
    assert "Half an answer</textarea>" in answer.content.decode()


def test_a_ticket_is_taken_given_and_let_go(ana: Any, ticket: Ticket, ana_agent: Person) -> None:
    act(ana, ticket, "assign", assignee="me")
    assert Ticket.objects.get(pk=ticket.pk).assignee == ana_agent
    act(ana, ticket, "assign", team="hosting", assignee="")
    given = Ticket.objects.get(pk=ticket.pk)
    assert (str(given.team), given.assignee) == ("Hosting", None)


def test_a_colleague_of_another_brand_is_not_there_to_be_assigned(
    ana: Any, ticket: Ticket, sid: Person
) -> None:
    assert act(ana, ticket, "assign", assignee=str(sid.pk)).status_code == 409


def test_a_ticket_sleeps_until_a_time_in_the_readers_zone(ana: Any, ticket: Ticket) -> None:
    act(ana, ticket, "status", status="snoozed", until="2090-01-02T09:00")
    ticket.refresh_from_db()
    assert str(ticket.snoozed_until) == "2090-01-02 15:00:00+00:00"  # nine in Chicago


def test_an_accepted_proposal_is_in_force(ana: Any, ticket: Ticket, proposal: Ruling) -> None:
    act(ana, ticket, "accept", ruling=proposal.pk)
    proposal.refresh_from_db()
    assert proposal.state == Ruling.State.IN_FORCE


def test_a_proposal_that_somebody_else_settled_is_refused_in_words(
    ana: Any, ticket: Ticket, proposal: Ruling
) -> None:
    act(ana, ticket, "accept", ruling=proposal.pk)
    again = act(ana, ticket, "accept", ruling=proposal.pk)
    assert again.status_code == 409
    assert "Somebody decided this in the meantime" in again.content.decode()


def test_a_chosen_topic_rules_again(ana: Any, ticket: Ticket, proposal: Ruling) -> None:
    act(ana, ticket, "topic", topic="one-on-one-training", matter=0)
    assert ticket.rulings.standing().get().act == "decline"


def test_an_override_without_a_reason_is_not_made(ana: Any, ticket: Ticket, proposal: Ruling) -> None:
    answer = act(ana, ticket, "override", act="decline", reason=" ", matter=0)
    assert answer.status_code == 422
    assert "Write one sentence" in answer.content.decode()


def test_an_override_keeps_its_reason(ana: Any, ticket: Ticket, proposal: Ruling) -> None:
    act(ana, ticket, "override", act="decline", reason="The certificate was bought elsewhere.", matter=0)
    assert "The certificate was bought elsewhere." in page_of(ana, ticket)


def test_a_file_comes_as_a_download_and_is_marked_as_not_screened(
    ana: Any, ticket: Ticket, settings: Any, tmp_path: Any
) -> None:
    settings.ATTACHMENTS, settings.KEYS = tmp_path / "files", tmp_path / "keys"
    from evenhand.intake import attachments

    file = Attachment.objects.create(
        message=ticket.messages.get(), name="page.html", type="text/html", size=9, screened=False,
        place=attachments.store(b"<b>hi</b>"),
    )  # fmt: skip
    assert "not screened" in page_of(ana, ticket)
    answer = ana.get(f"{DESK}/tickets/{ticket.pk}/files/{file.pk}")
    assert b"".join(answer.streaming_content) == b"<b>hi</b>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_fact_that_the_policy_waits_for_is_given_on_the_ticket(ana: Any, ac: Brand, cora: Person) -> None:
    version = publish(ac, text(), by=None, from_=LAST_YEAR)
    fault = open_ruled(ac, cora, version, {"bug-report": 0.9}, facts={"plan": "pro"})
    assert "Decide again: cause" in page_of(ana, fault)
    assert act(ana, fault, "fact", fact="cause", value="customer's own change", matter=0).status_code == 302
    page = page_of(ana, fault)
    assert "repairs, 120 USD an hour, from opening (2)" in page
    assert "cause is customer&#39;s own change" in page
