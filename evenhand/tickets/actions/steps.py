"""What a decision about conduct means for the ticket: its customer is told, in the same transaction.

The conduct record itself stands a floor below (`conduct.actions`); its refusals come through unchanged.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from evenhand.conduct import actions as conduct
from evenhand.conduct.models import Appeal, Proposal, Step
from evenhand.mail.models import Letter
from evenhand.people.models import Person
from evenhand.tickets import letters, notices
from evenhand.tickets.actions.locks import held, now, tell
from evenhand.tickets.models import Message, Ticket


@transaction.atomic
def confirm_step(proposal: Proposal, *, by: Person, step: str = "", reason: str = "") -> Step:
    """Confirm the proposed step, or another for a reason, and send the customer its notice.

    Raises conduct's refusals; of two who confirm at once, the second is refused with DecidedAlready.
    """
    ticket = _ticket(proposal.ticket_id)
    confirmed = conduct.confirm(proposal, by=by, step=step, reason=reason)
    letter = _say(ticket, notices.of_step(ticket, confirmed), "step confirmed", by, step=confirmed.name)
    conduct.note_notice(confirmed, letter.message_id)
    return confirmed


@transaction.atomic
def dismiss_step(proposal: Proposal, *, by: Person, reason: str) -> None:
    """Take no step. The customer, who was told of none, hears nothing."""
    ticket = _ticket(proposal.ticket_id)
    conduct.dismiss(proposal, by=by, reason=reason)
    tell(ticket, "step dismissed", by=by, at=now(), step=proposal.step)


@transaction.atomic
def decide_appeal(appeal: Appeal, *, by: Person, grant: bool, reason: str) -> Appeal:
    """Overturn a step or let it stand, and tell the customer why. Raises conduct's refusals."""
    ticket = _ticket(appeal.step.proposal.ticket_id)
    decided = conduct.decide_appeal(appeal, by=by, grant=grant, reason=reason)
    _say(ticket, notices.of_appeal(ticket, decided), f"appeal {decided.state}", by, step=decided.step.name)
    return decided


@transaction.atomic
def lift_step(step: Step, *, by: Person, reason: str) -> Step:
    """End a step before it lapses, and tell the customer. Raises conduct's refusals."""
    ticket = _ticket(step.proposal.ticket_id)
    lifted = conduct.lift(step, by=by, reason=reason)
    _say(ticket, notices.of_lifting(ticket, lifted), "step lifted", by, step=lifted.name)
    return lifted


def _ticket(ticket_id: int) -> Ticket:
    """Locked before the record is, always in this order, so that two decisions cannot wait for each other."""
    return held(Ticket(pk=ticket_id), by=None)


def _say(ticket: Ticket, text: str, kind: str, by: Person, **facts: Any) -> Letter:
    """The desk's own word in the ticket, as a letter; the ticket itself stays where it stands."""
    at = now()
    message = Message.objects.create(
        ticket=ticket, kind=Message.Kind.REPLY, author=None, channel=ticket.channel, text=text, at=at
    )
    letter = letters.post(ticket, message, automatic=True)
    tell(ticket, kind, by=by, at=at, message=message.pk, **facts)
    return letter
