"""The letters a ticket sends: what stands in them, and posting them so that answers find the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from evenhand import policy as language
from evenhand.mail import actions as mail
from evenhand.mail.models import Letter
from evenhand.tickets import addresses, links
from evenhand.tickets.models import Message, Ruling, Ticket
from evenhand.tickets.questions import in_words
from evenhand.tickets.slots import fill, lacking
from evenhand.tickets.targets import FIRST_REPLY
from evenhand.tickets.verdicts import ASK

A_PERSON = "A person reads this and answers you."
ANY_OBJECTION = (
    "If this is not right, or you would rather have a person decide, answer this letter and a person will."
)


def post(ticket: Ticket, message: Message, *, automatic: bool = False, answered: str | None = None) -> Letter:
    """Queue `message` to the ticket's requester, in this transaction, and note which letter carries it.

    `answered`: the Message-ID of the mail that it answers; None: the newest one of the ticket.
    """
    heard = _newest_mail(ticket) if answered is None else answered
    answered = f"<{heard}>" if heard else ""
    thread = addresses.thread_id(ticket.brand_id, ticket.pk)
    letter = mail.post(
        purpose=f"message:{message.pk}",
        brand_name=ticket.brand.name,
        sender=ticket.brand.mailbox,
        recipient=ticket.requester.email,
        subject=subject(ticket),
        text=message.text,
        in_reply_to=answered,
        references=f"{thread} {answered}".strip(),
        reply_to=addresses.reply_address(ticket.brand, ticket.pk),
        automatic=automatic,
    )
    message.letter_id = letter.pk
    message.save(update_fields=["letter_id"])
    return letter


def _newest_mail(ticket: Ticket) -> str:
    heard = ticket.messages.exclude(mail_id="").order_by("-at")
    return heard.values_list("mail_id", flat=True).first() or ""


def subject(ticket: Ticket) -> str:
    """The subject of the ticket's letters: one “Re:”, and the number for people (machines use the token)."""
    said = ticket.subject
    while said[:3].lower() == "re:":
        said = said[3:].lstrip()
    number = f" [{ticket.pk}]"
    return f"Re: {said}"[: 250 - len(number)] + number


def automatic(ticket: Ticket, rulings: Sequence[Ruling], policy: language.Policy) -> str:
    """What the desk itself says about `rulings`, a paragraph for each matter; empty: send nothing."""
    speaking = [ruling for ruling in rulings if not is_silent(ruling, policy)]
    if not speaking:
        return ""
    said = _by_question(speaking)
    paragraphs = [_paragraph(ticket, together, policy, alone=len(said) == 1) for together in said]
    decided = any(ruling.is_settled and ruling.act != ASK for ruling in speaking)
    closing = [_number(ticket), *_promise(ticket, speaking), *([ANY_OBJECTION] if decided else [])]
    return "\n\n".join([*paragraphs, " ".join(closing)])


def acknowledgement(ticket: Ticket) -> str:
    """What is said where nothing was decided yet."""
    return f"We have your message. {A_PERSON}\n\n{_number(ticket)}"


def is_silent(ruling: Ruling, policy: language.Policy) -> bool:
    """True where the policy closes the matter without a word, as for bulk mail."""
    said = policy.replies.get(ruling.reply, "").strip()
    return ruling.is_settled and ruling.act == "close" and (not said or said.startswith("("))


def is_answered(ruling: Ruling, policy: language.Policy, ticket: Ticket) -> bool:
    """True where the document's own reply says all there is to say: nothing in it is left for a person."""
    return ruling.is_settled and ruling.reply in policy.replies and not lacking(ticket, ruling, policy)


def _by_question(rulings: Sequence[Ruling]) -> list[list[Ruling]]:
    """Each ruling by itself, but those that wait for one answer together: it is asked once (rule 26)."""
    together: list[list[Ruling]] = []
    for ruling in rulings:
        asked = next(
            (one for one in together if ruling.question and one[0].question == ruling.question), None
        )
        if asked is None:
            together.append([ruling])
        else:
            asked.append(ruling)
    return together


def _paragraph(ticket: Ticket, together: Sequence[Ruling], policy: language.Policy, *, alone: bool) -> str:
    ruling = together[0]
    about = " and ".join(f"“{_shortened(one.matter_text)}”" for one in together)
    words = [_said(ticket, ruling, policy), _because(ticket, ruling, policy)]
    return "\n".join(["" if alone else f"On {about}:", *words]).strip()


def _said(ticket: Ticket, ruling: Ruling, policy: language.Policy) -> str:
    if not ruling.is_settled:
        return A_PERSON
    if ruling.question:
        return _asked(ruling.question, policy)
    if is_answered(ruling, policy, ticket):
        return fill(ticket, ruling, policy)
    return _goes_to(ruling, policy)


def _asked(question: dict[str, Any], policy: language.Policy) -> str:
    answers = [f"- {in_words(policy, question['fact'], answer)}" for answer in question["answers"]]
    choose = ["Answer with one of these, or in your own words:", *answers] if answers else []
    return "\n".join([question["text"], *choose])


def _goes_to(ruling: Ruling, policy: language.Policy) -> str:
    department = policy.departments.get(ruling.department, "")
    return f"Your request is with {department or 'our support team'}. A person answers you."


def _because(ticket: Ticket, ruling: Ruling, policy: language.Policy) -> str:
    """Which clause decided, with the way to its public text; nothing before a decision is in force."""
    if not ruling.is_settled:
        return ""
    lines = []
    for number in ruling.clauses:
        clause = policy.clauses.get(number.partition("(")[0])
        title = f", {clause.title}" if clause else ""
        lines.append(f"Decided by § {number}{title}: {links.clause(ticket.brand, number)}")
    return "\n".join(lines)


def _number(ticket: Ticket) -> str:
    return f"Your ticket is {ticket.pk}: {links.ticket(ticket.brand, ticket.pk)}."


def _promise(ticket: Ticket, rulings: Sequence[Ruling]) -> list[str]:
    """By when, only where the policy says so in public and a person is still to answer."""
    due = ticket.first_reply_due
    if due is None or ticket.is_done or not any(FIRST_REPLY in ruling.promised for ruling in rulings):
        return []
    local = due.astimezone(ZoneInfo(ticket.brand.zone))
    return [f"You hear from us by {local:%-d %B %Y, %H:%M} ({ticket.brand.zone})."]


def _shortened(text: str, most: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
