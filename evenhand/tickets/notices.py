"""What a customer is told about conduct: the step with its reason, its term and the way to appeal.

The policy words the notice of each step (its reply); where it has none, these words stand in. A date stands
in a notice only where the policy’s own slot asks for it: terms that the public text leaves out are internal.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from evenhand import policy as language
from evenhand.conduct.models import Appeal, Finding, Step
from evenhand.rulebook import queries as rulebook
from evenhand.tickets import links
from evenhand.tickets.models import Ticket
from evenhand.tickets.slots import names, wanted

A_PERSON_CONFIRMED = "A person read your message and confirmed this step."
NO_DATE = "a date that is not set"
MOST_QUOTED = 3
MOST_CHARACTERS = 160
REPEATED = "the matter of ticket {ticket} again"


def of_step(ticket: Ticket, step: Step) -> str:
    """The notice of a confirmed step: the document's reply for it, with the words, and where to appeal."""
    policy = rulebook.policy(step.proposal.version)
    ladder = policy.ladder
    assert ladder is not None  # the step was proposed by it
    reply = ladder.steps[step.name].reply
    said = _reply(ticket, step, policy, reply) if reply else _plainly(step, ladder)
    return f"{said}\n\n{A_PERSON_CONFIRMED} {_where_to_appeal(ticket, ladder)}"


def of_appeal(ticket: Ticket, appeal: Appeal) -> str:
    """What came of an appeal, and why."""
    step = _lower(appeal.step.name)
    if appeal.state == Appeal.State.GRANTED:
        said = f"Your appeal was granted. The {step} does not count any more, from this moment on."
    else:
        said = f"Your appeal was decided by somebody who had not confirmed the step. The {step} stands."
    return f"{said}\n\nThe reason: {appeal.reason}\n\n{_own_page(ticket)}"


def of_lifting(ticket: Ticket, step: Step) -> str:
    """That a step ended before it lapsed, and why."""
    said = f"The {_lower(step.name)} has ended: it does not count any more, from this moment on."
    return f"{said}\n\nThe reason: {step.ended_reason}\n\n{_own_page(ticket)}"


def about(step: Step, ladder: language.Ladder) -> str:
    """What the step is about: the breach as the policy names it, and the words themselves."""
    breach = ladder.breaches[step.proposal.breach]
    named = breach.text.rstrip(".") or breach.name
    words = [_quoted(finding) for finding in step.proposal.findings.order_by("place", "start")[:MOST_QUOTED]]
    return f"{named} ({', '.join(words)})" if words else named


def day(at: dt.datetime, ticket: Ticket) -> str:
    """A date as the brand's customers read it."""
    return f"{at.astimezone(ZoneInfo(ticket.brand.zone)):%-d %B %Y}"


def _reply(ticket: Ticket, step: Step, policy: language.Policy, reply: str) -> str:
    assert policy.ladder is not None
    values = names(ticket, policy) | {
        "breach": about(step, policy.ladder),
        "ticket": str(ticket.pk),
        "lapses": day(step.lapses_at, ticket) if step.lapses_at else NO_DATE,
        "until": day(step.runs_until, ticket) if step.runs_until else NO_DATE,
    }
    unknown = dict.fromkeys(wanted(policy, reply) - values.keys(), "…")
    return policy.render_reply(reply, values | unknown).strip()


def _plainly(step: Step, ladder: language.Ladder) -> str:
    return (
        f"Under the conduct part of our policy this step was taken: {_lower(step.name)}. "
        f"It is about the following: {about(step, ladder)}."
    )


def _where_to_appeal(ticket: Ticket, ladder: language.Ladder) -> str:
    how = (
        f"You may appeal {ladder.appeal.rstrip('.')}" if ladder.appeal else "You may appeal by answering this"
    )
    return f"{how}, or here: {links.conduct(ticket.brand)}. Somebody decides who did not confirm it."


def _own_page(ticket: Ticket) -> str:
    return f"How you stand with us is shown here: {links.conduct(ticket.brand)}."


def _quoted(finding: Finding) -> str:
    if finding.earlier_ticket:
        return REPEATED.format(ticket=finding.earlier_ticket)
    words = " ".join(finding.passage.split())
    short = words if len(words) <= MOST_CHARACTERS else words[: MOST_CHARACTERS - 1].rstrip() + "…"
    return f"“{short}”"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
