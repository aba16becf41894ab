"""Carrying a ruling out: where the ticket goes, and what its customer is told at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from evenhand import policy as language
from evenhand.people.models import Team
from evenhand.policy.ladder import STANDING
from evenhand.tickets import letters
from evenhand.tickets.actions.locks import tell
from evenhand.tickets.models import Message, Ruling, Ticket
from evenhand.tickets.statuses import DONE, Status
from evenhand.tickets.verdicts import ASK, PERSON

SUPPORT = "support"
# Letters that the desk itself writes to one person: two machines cannot chat for long.
AUTOMATIC_MOST_PER_HOUR = 20
# Which of several matters says where the ticket stands: first what people must do, then what is done.
_WEIGHT = (PERSON, "help", "assign", "quote", ASK, "refuse", "decline", "point", "close")


def carry_out(
    ticket: Ticket,
    rulings: Sequence[Ruling],
    policy: language.Policy,
    *,
    at: dt.datetime,
    about: Sequence[Ruling],
    answered: str | None = None,
) -> Message | None:
    """Do what `rulings`, all that stand, say: team, status, and a letter that speaks `about` some of them.

    Holds the ticket's lock, and saves it. `answered`: the Message-ID that the letter answers, where at hand.
    Returns what was said to the customer, if anything.
    """
    lead = leading(rulings)
    _route(ticket, lead, policy)
    text = letters.automatic(ticket, about, policy)
    said = _say(ticket, text, at, answered) if text else None
    _stand(ticket, lead, policy, at)
    ticket.save()
    return said


def acknowledge(ticket: Ticket, *, at: dt.datetime, answer: bool = True) -> Message | None:
    """A ticket that nothing has ruled goes to support; its customer is told that a person reads it.

    Holds the ticket's lock.
    """
    ticket.team = Team.objects.filter(brand=ticket.brand_id, slug=SUPPORT).first()
    ticket.save(update_fields=["team"])
    return _say(ticket, letters.acknowledgement(ticket), at) if answer else None


def leading(rulings: Sequence[Ruling]) -> Ruling:
    """The ruling that says where the ticket stands: an open proposal first, then what people must do."""
    return min(rulings, key=lambda r: (r.is_settled, _weight(r.act), r.matter))


def _weight(act: str) -> int:
    return _WEIGHT.index(act) if act in _WEIGHT else 0


def _route(ticket: Ticket, lead: Ruling, policy: language.Policy) -> None:
    slug = lead.department if lead.is_settled or _is_for_them_alone(lead, policy) else ""
    if ticket.team_id is None or slug:
        ticket.team = Team.objects.filter(brand=ticket.brand_id, slug=slug or SUPPORT).first() or ticket.team


def _is_for_them_alone(lead: Ruling, policy: language.Policy) -> bool:
    """True where a lost standing sends the ticket to people who alone may help, and alone may decide it.

    The document lets no desk do that by itself, so the ruling waits, but it waits in their queue.
    """
    confirmed = any(f["name"] == STANDING and f["status"] == "known" for f in lead.facts)
    return confirmed and lead.act == "assign" and lead.reply in policy.desk.never_alone


def _stand(ticket: Ticket, lead: Ruling, policy: language.Policy, at: dt.datetime) -> None:
    status = _status(ticket, lead, policy)
    if status == ticket.status:
        return
    if ticket.status in DONE:
        ticket.move(Status.OPEN, at=at)
    ticket.move(status, at=at)


def _status(ticket: Ticket, lead: Ruling, policy: language.Policy) -> Status:
    waits_on_us = Status.NEW if ticket.status == Status.NEW else Status.OPEN
    if not lead.is_settled or lead.act == PERSON:
        return waits_on_us
    if lead.act == ASK:
        return Status.WAITING_ON_CUSTOMER
    if lead.act in ("assign", "quote"):
        return Status.WAITING_ON_US
    if lead.act == "help":
        return waits_on_us if lead.department in ("", SUPPORT) else Status.WAITING_ON_US
    if lead.act == "close":
        return Status.CLOSED if letters.is_silent(lead, policy) else Status.SOLVED
    return Status.SOLVED if letters.is_answered(lead, policy, ticket) else waits_on_us


def _say(ticket: Ticket, text: str, at: dt.datetime, answered: str | None = None) -> Message | None:
    """Mail `text` as the desk's own word, unless this person had enough of those within the hour."""
    if _told_enough(ticket, at):
        tell(ticket, "answer held back", by=None, at=at, most_per_hour=AUTOMATIC_MOST_PER_HOUR)
        return None
    message = Message.objects.create(
        ticket=ticket, kind=Message.Kind.REPLY, author=None, channel=ticket.channel, text=text, at=at
    )
    letters.post(ticket, message, automatic=True, answered=answered)
    return message


def _told_enough(ticket: Ticket, at: dt.datetime) -> bool:
    hour = at - dt.timedelta(hours=1)
    told = Message.objects.filter(
        ticket__requester=ticket.requester_id,
        ticket__changed_at__gte=hour,
        kind=Message.Kind.REPLY,
        author=None,
        at__gte=hour,
    )
    return len(told.values_list("pk")[:AUTOMATIC_MOST_PER_HOUR]) >= AUTOMATIC_MOST_PER_HOUR
