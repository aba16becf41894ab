"""The one question: beside the text box, in the form that is sent, and on the ticket."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evenhand.policy import Question
from evenhand.portal import tokens
from evenhand.portal.queries.questions import asked, facts_of
from evenhand.rulebook import queries as rulebook
from evenhand.tickets.models import Ruling, Ticket
from evenhand.tickets.questions import in_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

THEME = "My theme hides the cart on my phone since I installed it"
FRESH = "theme+state=fresh"


def guidance(client: Client, **fields: str) -> str:
    return str(client.post("/americommerce/help/guidance", {"text": THEME, **fields}).content.decode())


def ask(client: Client, **fields: str) -> Ticket:
    sent = {"text": THEME, "email": "new@shop.example", "token": tokens.fresh(), **fields}
    client.post("/americommerce/help", sent)
    return Ticket.objects.get()


def ruling(ticket: Ticket) -> Ruling:
    return Ruling.objects.get(ticket=ticket, state=Ruling.State.IN_FORCE)


def test_one_question_is_asked_where_its_answer_decides(client: Client) -> None:
    said = guidance(client)
    assert "One question" in said
    assert f'value="{FRESH}"' in said
    assert "Covered" not in said


def test_its_answer_decides_and_stays_chosen(client: Client) -> None:
    said = guidance(client, **{"answer:theme state": FRESH})
    assert f'value="{FRESH}" checked' in said
    assert "Covered" in said


def test_not_knowing_keeps_the_question_and_decides_nothing(client: Client) -> None:
    said = guidance(client, **{"answer:theme state": ""})
    assert 'value="" checked' in said
    assert "Covered" not in said


def test_an_answer_that_was_not_offered_counts_as_none(client: Client) -> None:
    assert guidance(client, **{"answer:theme state": "standing=banned"}) == guidance(client)


def test_an_answer_sent_with_the_request_is_ruled_on(client: Client) -> None:
    ticket = ask(client, **{"answer:theme state": FRESH})
    assert ruling(ticket).act == "help"
    assert ruling(ticket).clauses[0].startswith("9.1")


def test_a_request_sent_without_it_is_asked_on_its_page(client: Client) -> None:
    ticket = ask(client)
    client.force_login(ticket.requester)
    page = client.get(f"/americommerce/tickets/{ticket.pk}").content.decode()
    assert ruling(ticket).act == "ask"
    assert '<input type="radio" name="answer" value="fresh">' in page


def test_an_answer_on_the_ticket_rules_it_again(client: Client) -> None:
    ticket = ask(client)
    client.force_login(ticket.requester)
    address = f"/americommerce/tickets/{ticket.pk}/answer"
    client.post(address, {"answer": "fresh", "text": "Nobody touched it.", "token": tokens.fresh()})
    assert ruling(ticket).act == "help"
    assert ticket.messages.filter(text="Fresh\n\nNobody touched it.").exists()


def test_topics_are_offered_in_the_documents_words(published: Any) -> None:
    policy = rulebook.policy(published["americommerce"])
    assert in_words(policy, "topic", "ssl").startswith("SSL certificates")
    assert in_words(policy, "topic", "something else") == "Something else"
    assert in_words(policy, "theme state", "fresh") == "Fresh"


def test_alternatives_that_need_the_same_case_name_it_once(published: Any) -> None:
    policy = rulebook.policy(published["americommerce"])
    said = in_words(policy, "topic", "ssl (theme state: fresh) or domain-dns (theme state: fresh)")
    assert said.startswith("Fresh: SSL certificates")
    assert said.count("resh") == 1


def test_an_answer_about_topic_and_fact_at_once_tells_both(published: Any) -> None:
    question = Question(
        fact="topic",
        text="Which?",
        answers=("ssl (theme state: fresh)", "something else"),
        meanings=((("topic", "ssl"), ("theme state", "fresh")), ()),
        settles=1.0,
    )
    offered = asked(rulebook.policy(published["americommerce"]), question, None)
    assert [facts_of({"topic": option.value}) for option in offered.options] == [
        {"topic": "ssl", "theme state": "fresh"},
        {},
    ]
