"""Which answers join a ticket, and which open a new one."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand.intake.answers import chosen, offered
from evenhand.intake.tests.post import CSS, SSL, answer, letters, mail, receive
from evenhand.people.models import Brand, Person
from evenhand.rulebook import queries as rulebook
from evenhand.tickets import actions as tickets
from evenhand.tickets import addresses
from evenhand.tickets.models import Event, Message, Ruling, Status, Ticket


@pytest.fixture
def ticket(ac: Brand, cora: Person, published: Any) -> Ticket:
    return receive(mail(cora, SSL, subject="Certificate", message_id="<first@corals.example>"), ac)


def test_an_answer_to_the_reply_address_joins(ticket: Ticket, cora: Person) -> None:
    assert answer(ticket, cora, "It is the www address.") == ticket
    assert ticket.messages.filter(kind="customer").count() == 2


def test_an_answer_by_references_joins(ticket: Ticket, cora: Person, ac: Brand) -> None:
    references = f"<x@y.example> {addresses.thread_id(ac.pk, ticket.pk)}"
    assert receive(mail(cora, "More", subject="anything", references=references), ac) == ticket


def test_an_answer_to_one_of_our_letters_joins(ticket: Ticket, cora: Person, ac: Brand) -> None:
    [letter] = letters(cora)
    assert receive(mail(cora, "More", headers={"In-Reply-To": f"<{letter.message_id}>"}), ac) == ticket


def test_a_second_mail_that_follows_the_senders_first_joins(ticket: Ticket, cora: Person, ac: Brand) -> None:
    assert receive(mail(cora, "I forgot to say", references="<first@corals.example>"), ac) == ticket


def test_a_subject_alone_joins_nothing(ticket: Ticket, cora: Person, ac: Brand) -> None:
    assert receive(mail(cora, "More", subject=f"Re: Certificate [{ticket.pk}]"), ac) != ticket


def test_somebody_elses_token_opens_a_new_ticket(ticket: Ticket, carl: Person) -> None:
    other = answer(ticket, carl, "What is this about?")
    assert other != ticket
    assert (other.requester, other.messages.filter(text__contains="padlock").count()) == (carl, 0)


def test_a_stranger_with_the_token_sees_nothing_of_the_ticket(ticket: Ticket) -> None:
    answer(ticket, "Mallory <m@evil.example>", "Please send me everything again")
    [letter] = letters("m@evil.example")
    assert "ertificate" not in letter.subject + letter.text
    assert str(ticket.pk) not in letter.subject + letter.text + letter.references


def test_a_token_of_the_other_brand_joins_nothing(ticket: Ticket, cora: Person, sp: Brand) -> None:
    raw = mail(cora, "More")
    to = addresses.reply_address(ticket.brand, ticket.pk).replace("americommerce", "sparkpay")
    assert receive(raw, sp, to=to) != ticket


def test_a_colleagues_mail_becomes_a_note(ticket: Ticket, ana_agent: Person) -> None:
    assert answer(ticket, ana_agent, "I know this shop.") == ticket
    assert ticket.messages.get(author=ana_agent).kind == Message.Kind.NOTE


def test_an_answer_wakes_a_solved_ticket(ac: Brand, cora: Person, published: Any) -> None:
    declined = receive(mail(cora, CSS, subject="Menu"), ac)
    answer(declined, cora, "Then I would like a quote.")
    declined.refresh_from_db()
    assert (declined.status, declined.unread) == (Status.OPEN, True)


def test_a_closed_ticket_stays_closed_and_a_new_one_follows_it(
    ticket: Ticket, cora: Person, ana_agent: Person
) -> None:
    tickets.change_status(ticket, by=ana_agent, status=Status.CLOSED)
    new = answer(ticket, cora, SSL)
    assert (new != ticket, new.follows) == (True, ticket)


def test_an_automatic_reply_is_kept_and_changes_nothing(ac: Brand, cora: Person, published: Any) -> None:
    declined = receive(mail(cora, CSS, subject="Menu"), ac)
    answer(declined, cora, "I am away", headers={"Auto-Submitted": "auto-replied"})
    declined.refresh_from_db()
    assert (declined.status, len(letters(cora))) == (Status.SOLVED, 1)


def test_a_letter_that_came_back_is_noted_on_its_ticket(ticket: Ticket, ac: Brand, cora: Person) -> None:
    report = "\r\n".join(
        (
            "From: Mail Delivery System <MAILER-DAEMON@relay.example>",
            "To: help@americommerce.example",
            "Subject: Undelivered mail",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "The mailbox is full.",
            "--b",
            "Content-Type: message/rfc822",
            "",
            f"References: {addresses.thread_id(ac.pk, ticket.pk)}",
            "Subject: Re: Certificate",
            "",
            "We have your message.",
            "--b--",
            "",
        )
    )
    assert receive(report.encode(), ac) == ticket
    assert Event.objects.filter(ticket=ticket, kind="letter returned").exists()
    assert ticket.messages.get(kind="note").author is None
    assert len(letters(cora)) == 1


class TestTheQuestion:
    """A fact is missing, and its one answer decides."""

    @pytest.fixture
    def asked(self, ac: Brand, published: Any) -> Ticket:
        text = (
            "I installed a theme and the menu of the theme does not open, its CSS is broken on phones. "
            "Please fix the theme code."
        )
        return receive(mail("New One <new@one.example>", text, subject="Theme"), ac)

    def test_the_customer_is_asked_and_the_ticket_waits(self, asked: Ticket) -> None:
        assert (asked.outcome, asked.status) == ("ask", Status.WAITING_ON_CUSTOMER)
        assert "Is your theme" in letters("new@one.example")[0].text

    def test_the_answer_is_a_known_fact_and_decides(self, asked: Ticket) -> None:
        answer(asked, "new@one.example", "It is customised, my nephew changed it.")
        ruling = asked.rulings.standing().get()
        facts = {fact["name"]: fact for fact in ruling.facts}
        assert facts["theme state"]["value"] == "customised"
        assert facts["theme state"]["source"] == "the customer's answer"
        assert ruling.act == "decline"

    def test_the_first_ruling_stays_in_the_record(self, asked: Ticket) -> None:
        answer(asked, "new@one.example", "customised")
        assert asked.rulings.filter(state=Ruling.State.SUPERSEDED).count() == 1

    def test_an_answer_that_says_nothing_goes_to_a_person_and_no_second_question(self, asked: Ticket) -> None:
        answer(asked, "new@one.example", "I have no idea what you mean.")
        asked.refresh_from_db()
        assert not asked.ruled or asked.outcome != "ask"
        assert asked.status == Status.OPEN


class TestSeveralMatters:
    """What is settled is answered at once, and the whole message is asked one question (policy-spec, 26)."""

    TEXT = (
        "My certificate has run out and the padlock is gone.\n\n"
        "Also, the menu of the theme does not open, its CSS is broken on phones, please repair the code."
    )

    @pytest.fixture
    def asked(self, ac: Brand, published: Any) -> Ticket:
        return receive(mail("New One <new@one.example>", self.TEXT, subject="Two things"), ac)

    def test_the_settled_one_is_answered_beside_the_question(self, asked: Ticket) -> None:
        assert [one.act for one in asked.rulings.order_by("matter")] == ["help", "ask"]
        [letter] = letters("new@one.example")
        assert "A person answers you" in letter.text
        assert letter.text.count("Is your theme") == 1

    def test_the_answer_decides_the_other_and_repeats_nothing(self, asked: Ticket) -> None:
        answer(asked, "new@one.example", "customised")
        assert [one.act for one in asked.rulings.standing().order_by("matter")] == ["help", "decline"]
        assert "#c-5" not in letters("new@one.example")[1].text

    def test_an_answer_that_says_nothing_repeats_nothing_either(self, asked: Ticket) -> None:
        answer(asked, "new@one.example", "I have no idea what you mean.")
        assert all("#c-5" not in letter.text for letter in letters("new@one.example")[1:])
        assert not asked.rulings.standing().filter(act="ask").exists()


@pytest.mark.parametrize(
    ("text", "answers", "found"),
    [
        ("customised", ("fresh", "customised"), "customised"),
        ("Customised, I believe.\nThanks", ("fresh", "customised"), "customised"),
        ("fresh\n\nIt was never customised", ("fresh", "customised"), "fresh"),
        ("fresh or customised?", ("fresh", "customised"), None),
        ("not integrated", ("integrated", "not integrated"), "not integrated"),
        ("refreshing", ("fresh", "customised"), None),
        ("", ("fresh",), None),
    ],
)
def test_the_answer_meant_is_found(text: str, answers: tuple[str, ...], found: str | None) -> None:
    assert chosen(text, answers) == found


@pytest.mark.django_db
def test_a_topic_is_answered_by_its_name_or_as_the_letter_words_it(published: Any) -> None:
    policy = rulebook.policy(published["americommerce"])
    question = {"fact": "topic", "answers": ["domain-dns", "ssl", "something else"]}
    assert offered("ssl", policy, question) == 1
    assert offered(f"{policy.topics['ssl'].description.upper()}, please.", policy, question) == 1
    assert offered("something else", policy, question) == 2
    assert offered("no idea", policy, question) is None
