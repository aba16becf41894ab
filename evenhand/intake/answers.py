"""More from somebody of a ticket: an answer to the question that was asked, or simply the next word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from evenhand.intake import breaches, opening
from evenhand.intake.incoming import Content
from evenhand.intake.models import Arrival
from evenhand.intake.sender import Sender
from evenhand.policy import FactValue, Policy
from evenhand.reading.facts import read_facts
from evenhand.rulebook import queries as rulebook
from evenhand.stores import queries as stores
from evenhand.tickets import actions as tickets
from evenhand.tickets.models import Message, Ruling, Ticket
from evenhand.tickets.questions import in_words
from evenhand.tickets.verdicts import ASK

SOURCE = "the customer's answer"


def continue_ticket(
    arrival: Arrival, content: Content, sender: Sender, ticket: Ticket
) -> tuple[Ticket, Message]:
    """Add the message to its ticket; rule again where it answers what was asked. Closed stays closed."""
    if ticket.is_closed:
        opened, message = opening.open_ruled_ticket(arrival, content, sender, follows=ticket)
        breaches.hear_appeal(arrival, content, sender, message)
        return opened, message
    if sender.person.pk != ticket.requester_id:
        return ticket, tickets.note(ticket, by=sender.person, text=content.text or "(no text)")
    asked = _asked(ticket)
    message = tickets.add_message(
        ticket,
        author=sender.person,
        text=content.text,
        channel=arrival.channel,
        at=arrival.received_at,
        quoted=content.quoted,
        mail_id=content.message_id,
        files=opening.files_of(content),
        wakes=not content.automatic,
    )
    breaches.watch(arrival, content, sender, message)
    appeals = breaches.hear_appeal(arrival, content, sender, message)
    if asked and not content.automatic and not appeals:
        _rule_again(arrival, content, sender, tickets.hold(ticket), message, asked)
    return ticket, message


def chosen(text: str, answers: Sequence[str]) -> str | None:
    """The one of `answers` that `text` gives: by itself, in its first line, or as the only one that it names.

    >>> chosen("Fresh, I think.", ("fresh", "customised"))
    'fresh'
    >>> chosen("Is it fresh or customised?", ("fresh", "customised")) is None
    True
    """
    for said in (text, text.strip().partition("\n")[0]):
        named = [answer for answer in answers if _names(said, answer)]
        longest = [one for one in named if not any(one != other and one in other for other in named)]
        if len(longest) == 1:
            return longest[0]
    return None


def offered(said: str, policy: Policy, question: dict[str, Any]) -> int | None:
    """Which of the offered answers was given: as the letter worded it, or by its name in the policy."""
    worded = [in_words(policy, question["fact"], answer) for answer in question["answers"]]
    for answers in (worded, question["answers"]):
        given = chosen(said, answers)
        if given is not None:
            return answers.index(given)
    return None


def _names(text: str, answer: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE) is not None


def _asked(ticket: Ticket) -> list[Ruling]:
    """The standing rulings that wait for this answer."""
    return list(
        ticket.rulings.standing()
        .filter(act=ASK, state=Ruling.State.IN_FORCE)
        .select_related("version", "message")
    )


def _rule_again(
    arrival: Arrival,
    content: Content,
    sender: Sender,
    ticket: Ticket,
    message: Message,
    asked: Sequence[Ruling],
) -> None:
    at = arrival.received_at
    version, question = asked[0].version, next((r.question for r in asked if r.question), None)
    found = _answers(arrival, content, rulebook.policy(version), question) if question else {}
    if found:
        tickets.answer_question(
            ticket, message=message, answers=found, at=at, answer=opening.may_be_answered(content, sender)
        )
        return
    before = asked[0].message.text if asked[0].message else ""
    understood = opening.understand(arrival, content, sender, version, also=before)
    tickets.rule(
        ticket,
        message=message,
        version=version,
        matters=opening.ruled(understood),
        at=at,
        may_ask=False,
        answer=opening.may_be_answered(content, sender),
    )


def _answers(
    arrival: Arrival, content: Content, policy: Policy, question: dict[str, Any]
) -> dict[str, FactValue]:
    """The facts that the reply settles: by an answer that was offered, else as read from any text."""
    given = offered(content.said, policy, question)
    if given is not None:
        meaning = question["meanings"][given]
        return {fact: FactValue(value=value, status="known", source=SOURCE) for fact, value in meaning}
    asked_for = {fact for meaning in question["meanings"] for fact, _ in meaning}
    declared = {fact: tuple(policy.facts[fact].values) for fact in asked_for if fact in policy.facts}
    read = read_facts(content.said, declared=declared, apps=stores.guide(arrival.brand))
    return {
        fact: FactValue(value=reading.value, status="known", source=SOURCE, confidence=reading.confidence)
        for fact, reading in read.items()
    }
