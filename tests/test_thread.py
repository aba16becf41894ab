"""One message travels: an SMTP client, the listener, the worker, a ruled ticket, the reply in the outbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from tests.running import Desk, running_desk, wait_until

CARD = "4111 1111 1111 1111"
TEXT = f"""Hello,

since this morning every visitor is told that our store is not secure. The SSL certificate has expired
and the padlock is gone. In case you want to place a test order, my card number is {CARD}.

Harriet
"""


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running_desk() as desk:
        yield desk


@pytest.fixture(scope="module")
def ticket(desk: Desk) -> dict[str, Any]:
    """The ticket that the message became."""
    message = EmailMessage()
    message["From"] = "Harriet Lindqvist <harriet@fernhillnursery.example>"
    message["To"] = "help@americommerce.example"
    message["Subject"] = "SSL certificate expired"
    message["Message-ID"] = "<thread-1@fernhillnursery.example>"
    message.set_content(TEXT)
    desk.send(message)
    wait_until(lambda: desk.number(HANDLED) == 1, what="the message is handled")
    [(found,)] = desk.ask(TICKET)
    return dict(found)


HANDLED = "SELECT count(*) FROM intake_arrival WHERE state = 'handled'"
TICKET = """
    SELECT to_jsonb(t) || jsonb_build_object(
        'requester', p.email,
        'said', (SELECT jsonb_agg(m.text ORDER BY m.at, m.id)
                 FROM tickets_message m WHERE m.ticket_id = t.id),
        'ruling', (SELECT to_jsonb(r) FROM tickets_ruling r WHERE r.ticket_id = t.id AND r.matter = 0),
        'letter', (SELECT to_jsonb(l) FROM mail_letter l JOIN tickets_message m ON m.letter_id = l.id
                   WHERE m.ticket_id = t.id))
    FROM tickets_ticket t JOIN people_person p ON p.id = t.requester_id
    WHERE t.id = (SELECT ticket_id FROM intake_arrival)
"""


def test_the_message_is_a_ticket_of_its_sender(ticket: dict[str, Any]) -> None:
    assert ticket["requester"] == "harriet@fernhillnursery.example"


def test_its_card_number_is_gone_everywhere(desk: Desk, ticket: dict[str, Any]) -> None:
    [(arrivals,)] = desk.ask("SELECT jsonb_agg(a) FROM intake_arrival a")
    stored = json.dumps([ticket, arrivals])
    assert "1111" not in stored
    assert "▮▮▮ card number" in ticket["said"][0]


def test_it_is_ruled_by_a_clause_of_the_policy_in_force(ticket: dict[str, Any]) -> None:
    ruling = ticket["ruling"]
    assert ruling["topics"][0][0] == "ssl"
    assert (ruling["act"], ruling["clauses"]) == ("help", ["5"])


def test_the_facts_have_their_sources(ticket: dict[str, Any]) -> None:
    facts = {fact["name"]: fact for fact in ticket["ruling"]["facts"]}
    assert facts["theme state"]["source"] == "known from the store fernhillnursery.example"
    assert {fact["status"] for fact in facts.values()} <= {"known", "presumed", "unknown"}


def test_the_reply_is_sent_and_leads_back(desk: Desk, ticket: dict[str, Any]) -> None:
    letter = ticket["letter"]
    wait_until(
        lambda: desk.number("SELECT count(*) FROM mail_letter WHERE state = 'sent'") == 1, what="it is sent"
    )
    assert letter["recipient"] == "harriet@fernhillnursery.example"
    assert letter["reply_to"].startswith(f"help+{ticket['id']}-")
    assert str(ticket["id"]) in letter["text"]


def test_the_answer_to_it_joins_the_ticket(desk: Desk, ticket: dict[str, Any]) -> None:
    answer = EmailMessage()
    answer["From"] = "harriet@fernhillnursery.example"
    answer["To"] = ticket["letter"]["reply_to"]
    answer["Message-ID"] = "<thread-2@fernhillnursery.example>"
    answer.set_content("It is the www address that fails.")
    desk.send(answer)
    joined = f"SELECT count(*) FROM tickets_message WHERE ticket_id = {ticket['id']} AND kind = 'customer'"
    wait_until(lambda: desk.number(joined) == 2, what="the answer has joined")


def test_the_same_mail_again_changes_nothing(desk: Desk, ticket: dict[str, Any]) -> None:
    again = EmailMessage()
    again["From"] = "Harriet Lindqvist <harriet@fernhillnursery.example>"
    again["To"] = "help@americommerce.example"
    again["Subject"] = "SSL certificate expired"
    again["Message-ID"] = "<thread-1@fernhillnursery.example>"
    again.set_content(TEXT)
    before = desk.number("SELECT count(*) FROM intake_arrival")
    desk.send(again)
    assert desk.number("SELECT count(*) FROM intake_arrival") == before


def test_the_record_of_it_is_whole(desk: Desk, ticket: dict[str, Any]) -> None:
    assert desk.evenhand("audit", "verify")
