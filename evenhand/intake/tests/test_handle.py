"""From an arrival to a ruled ticket and a letter."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.intake import actions, opening
from evenhand.intake.incoming import from_fields
from evenhand.intake.models import Arrival
from evenhand.intake.tests.post import CSS, SSL, accept, letters, mail, receive
from evenhand.people.models import Brand, Person, Team
from evenhand.tickets.models import Channel, Event, Message, Ruling, Status, Ticket

pytestmark = pytest.mark.django_db


def test_a_question_about_a_certificate_is_helped_by_its_clause(
    ac: Brand, cora: Person, published: Any
) -> None:
    ticket = receive(mail(cora, SSL, subject="Certificate"), ac)
    assert (ticket.outcome, ticket.ruled, ticket.status) == ("help", True, Status.NEW)
    assert ticket.team == Team.objects.get(brand=ac, slug="support")
    assert ticket.first_reply_due == ticket.due_at is not None


def test_its_customer_is_told_the_number_and_the_clause(ac: Brand, cora: Person, published: Any) -> None:
    ticket = receive(mail(cora, SSL, subject="Certificate"), ac)
    [letter] = letters(cora)
    assert str(ticket.pk) in letter.text
    assert f"/americommerce/policy#c-{ticket.clause}" in letter.text
    assert letter.automatic
    assert "{" not in letter.text


def test_an_answer_that_a_person_must_write_is_not_sent_by_the_desk(
    ac: Brand, cora: Person, published: Any
) -> None:
    receive(mail(cora, SSL), ac)
    assert "A person answers you" in letters(cora)[0].text


def test_work_on_a_customised_theme_is_declined_with_ways_on(ac: Brand, cora: Person, published: Any) -> None:
    ticket = receive(mail(cora, CSS, subject="Menu"), ac)
    assert (ticket.outcome, ticket.status) == ("decline", Status.SOLVED)
    assert "/americommerce/places/" in letters(cora)[0].text


def test_handling_again_changes_nothing(ac: Brand, cora: Person, published: Any) -> None:
    arrival = accept(mail(cora, SSL), ac)
    actions.handle(arrival.pk)
    assert actions.handle(arrival.pk) is None
    assert (Ticket.objects.count(), len(letters(cora))) == (1, 1)


def test_nothing_is_left_half_done_by_a_crash(
    ac: Brand, cora: Person, published: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = accept(mail(cora, SSL), ac)
    with monkeypatch.context() as broken:
        broken.setattr(actions, "_finish", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.handle(arrival.pk)
    assert not Ticket.objects.exists()
    actions.handle(arrival.pk)
    assert Ticket.objects.count() == 1


def test_a_stranger_becomes_a_customer(ac: Brand, published: Any) -> None:
    ticket = receive(mail("New One <new@one.example>", SSL), ac)
    assert (ticket.requester.email, ticket.requester.name) == ("new@one.example", "New One")


def test_another_brands_customer_is_a_stranger_here(ac: Brand, sid: Person, published: Any) -> None:
    ticket = receive(mail(sid, CSS), ac)
    facts = {fact["name"]: fact for fact in ticket.rulings.get().facts}
    assert facts["theme state"]["status"] == "unknown"
    assert ticket.organisation is None


def test_the_ruling_keeps_all_that_went_in(ac: Brand, cora: Person, published: Any) -> None:
    ruling = receive(mail(cora, CSS, subject="Menu"), ac).rulings.get()
    facts = {fact["name"]: fact for fact in ruling.facts}
    assert facts["theme state"]["value"] == "customised"
    assert facts["theme state"]["source"] == "known from the store corals.example"
    assert facts["customer status"]["status"] == "known"
    assert (ruling.state, ruling.topic) == (Ruling.State.IN_FORCE, "custom-html-css")
    assert ruling.version == published["americommerce"]


def test_what_may_be_anything_is_proposed_to_a_person(ac: Brand, cora: Person, published: Any) -> None:
    ticket = receive(
        mail(cora, "The weather vane of the harbour office squeaks on Sundays, says grandmother."), ac
    )
    assert not ticket.ruled or ticket.outcome in ("ask", "leave it to a person")


def test_a_message_in_capitals_with_curses_waits_for_a_person(
    ac: Brand, cora: Person, published: Any
) -> None:
    ticket = receive(mail(cora, "FIX MY FUCKING CERTIFICATE NOW, THE SHITTY PADLOCK IS GONE AGAIN"), ac)
    assert not ticket.ruled
    assert Event.objects.filter(ticket=ticket, kind="conduct found").exists()


def test_spam_is_closed_without_a_word(ac: Brand, published: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Buy a list of verified buyers, cheap leads for your business, click here and earn from home."
    ticket = receive(mail("Bulk <bulk@spam.example>", text, subject="Leads"), ac)
    if ticket.ruled and ticket.outcome == "close":
        assert (ticket.status, letters("bulk@spam.example")) == (Status.CLOSED, [])
    else:
        pytest.fail(f"spam was read as {ticket.rulings.get().topics[:2]}")


def test_without_a_policy_the_ticket_says_so(ac: Brand, cora: Person) -> None:
    ticket = receive(mail(cora, SSL), ac)
    assert "No policy of AmeriCommerce" in ticket.problem
    assert "A person reads this" in letters(cora)[0].text


def test_what_the_reader_fails_on_is_a_ticket_that_says_so(
    ac: Brand, cora: Person, published: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "understand", lambda *_, **__: 1 / 0)
    assert "ZeroDivisionError" in receive(mail(cora, SSL), ac).problem


def test_what_ended_the_worker_too_often_is_shown_unread(ac: Brand, cora: Person, published: Any) -> None:
    arrival = accept(mail(cora, SSL), ac)
    Arrival.objects.filter(pk=arrival.pk).update(tries=actions.MOST_TRIES)
    ticket: Any = actions.handle(arrival.pk)
    arrival.refresh_from_db()
    assert "failed 6 times" in ticket.problem
    assert arrival.state == Arrival.State.REFUSED


@pytest.mark.parametrize("sender", ["", "not an address", "a@b@c", "x" * 300 + "@shop.example"])
def test_a_sender_who_cannot_be_answered_is_shown(ac: Brand, published: Any, sender: str) -> None:
    raw = f"From: {sender}\r\nSubject: hello\r\n\r\n{SSL}".encode()
    ticket = receive(raw, ac)
    assert "names no address" in ticket.problem


@pytest.mark.parametrize(
    "headers", [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List-Id": "<shop.example>"}]
)
def test_automatic_mail_is_not_answered(
    ac: Brand, cora: Person, published: Any, headers: dict[str, str]
) -> None:
    ticket = receive(mail(cora, SSL, headers=headers), ac)
    assert (ticket.messages.count(), letters(cora)) == (1, [])


def test_our_own_mailboxes_are_not_answered(ac: Brand, sp: Brand, published: Any) -> None:
    receive(mail(f"Spark Pay <{sp.mailbox}>", SSL), ac)
    assert letters(sp.mailbox) == []


def test_one_sender_is_not_answered_without_end(
    ac: Brand, cora: Person, published: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.tickets.actions.outcomes.AUTOMATIC_MOST_PER_HOUR", 2)
    tickets = [receive(mail(cora, f"{SSL} {n}"), ac) for n in range(3)]
    assert len(letters(cora)) == 2
    assert Event.objects.filter(ticket=tickets[2], kind="answer held back").exists()


def test_a_form_is_handled_at_once(ac: Brand, carl: Person, published: Any) -> None:
    arrival = actions.take_in(
        from_fields(
            brand=ac,
            channel=Channel.FORM,
            source_id="one",
            sender_address="somebody@else.example",
            text=SSL,
            claimed_by=carl,
        )
    )
    ticket = Ticket.objects.get(pk=arrival.ticket_id)
    assert (ticket.requester, ticket.channel) == (carl, Channel.FORM)


def test_an_answer_given_with_the_form_is_a_known_fact(ac: Brand, published: Any) -> None:
    arrival = actions.take_in(
        from_fields(
            brand=ac,
            channel=Channel.FORM,
            source_id="two",
            sender_address="new@one.example",
            text=CSS,
            facts={"theme state": "customised"},
        )
    )
    facts = {fact["name"]: fact for fact in Ruling.objects.get(ticket=arrival.ticket_id).facts}
    assert (facts["theme state"]["value"], facts["theme state"]["status"]) == ("customised", "known")


def test_a_call_note_is_the_callers_ticket(
    ac: Brand, ana_agent: Person, cora: Person, published: Any
) -> None:
    arrival = actions.take_in(
        from_fields(
            brand=ac,
            channel=Channel.PHONE_NOTE,
            source_id="call",
            sender_address=cora.email,
            text=SSL,
            claimed_by=ana_agent,
        )
    )
    ticket = Ticket.objects.get(pk=arrival.ticket_id)
    assert ticket.requester == cora
    assert Event.objects.get(ticket=ticket, kind="opened").actor == ana_agent


def test_the_same_message_id_with_another_body_is_flagged(ac: Brand, cora: Person, published: Any) -> None:
    receive(mail(cora, SSL, message_id="<one@shop.example>"), ac)
    ticket = receive(mail(cora, CSS, message_id="<one@shop.example>"), ac)
    opened = Event.objects.get(ticket=ticket, kind="opened")
    assert opened.facts["flags"] == ["same Message-ID, other body"]


def test_files_hang_on_the_first_message(ac: Brand, cora: Person, published: Any) -> None:
    ticket = receive(mail(cora, SSL, files=(("a.png", "image/png", b"\x89PNG"),)), ac)
    [file] = Message.objects.get(ticket=ticket, kind="customer").attachments.all()
    assert (file.name, file.screened, file.size) == ("a.png", False, 4)
