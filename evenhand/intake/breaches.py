"""Conduct on the way in: how the sender stands, what a message breaks, and which earlier ticket it repeats.

What is found is proposed to a lead, with the passages; nothing follows from it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.conduct import actions as conduct
from evenhand.conduct import queries as standing
from evenhand.conduct.actions import Found
from evenhand.conduct.refusals import Refused
from evenhand.intake.incoming import Content
from evenhand.intake.models import Arrival
from evenhand.intake.sender import Sender
from evenhand.intake.understanding import BREACH, BREACHES, gravest
from evenhand.policy import FactValue, Policy
from evenhand.policy.ladder import STANDING
from evenhand.reading import screen
from evenhand.reading.duplicates import likeness
from evenhand.reading.screen import ConductFinding
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NoVersion
from evenhand.tickets import actions as tickets
from evenhand.tickets import queries as ticket_queries
from evenhand.tickets.models import Message, Ticket
from evenhand.tickets.queries import EarlierTicket

OF_THE_RECORD = frozenset({BREACH, STANDING})  # no form can set these
ALIKE = 0.6  # of the shorter text's own words; less is enough where both were read as the same topic
ALIKE_ON_ONE_TOPIC = 0.4
_NUMBER = re.compile(r"(?<!\d)\d{3,12}(?!\d)")
FEWEST_WORDS = 5  # of fewer, each could be chance


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """The earlier ticket that a message brings again, how like it is, and what in it shows the offence."""

    earlier: EarlierTicket
    likeness: float
    finding: ConductFinding | None


def record_of(
    sender: Sender, arrival: Arrival, policy: Policy, given: Mapping[str, FactValue]
) -> dict[str, FactValue]:
    """Facts given with a form, without those that only the record knows, and how the sender stands."""
    told = {name: fact for name, fact in given.items() if name not in OF_THE_RECORD}
    return told | standing.facts_for(sender.person, arrival.brand, arrival.received_at, policy)


def repetition_of(arrival: Arrival, content: Content, sender: Sender, text: str) -> Repetition | None:
    """The recent ticket of the sender, or of their organisation, that `text` brings again; None: it is new.

    Only their few newest tickets within the window are compared. It is an offence only where the same person
    asks again, the earlier one was answered or declined, and the text shows that another answer is sought.
    """
    if content.automatic or content.bounce or len(text.split()) < FEWEST_WORDS:
        return None
    earlier = ticket_queries.earlier_tickets(sender.person, arrival.brand, arrival.received_at)
    named = set(_NUMBER.findall(text))
    rated = [(1.0 if str(one.id) in named else likeness(one.text, text), one) for one in earlier]
    if not rated:
        return None
    alike, nearest = max(rated, key=lambda pair: (pair[0], pair[1].id))
    own = nearest.requester_id == sender.person.pk
    numbered = f"{nearest.text}\nTicket {nearest.id}"  # so that a text that names it is seen to mean it
    finding = screen.same_matter(numbered, text, own) if nearest.was_answered else None
    if alike < ALIKE_ON_ONE_TOPIC and finding is None:
        return None
    return Repetition(earlier=nearest, likeness=alike, finding=finding)


def offer_merge(ticket: Ticket, arrival: Arrival, found: Repetition | None, topic: str) -> None:
    """Offer to merge a repeated matter: like in words, or in words and topic."""
    if found is None:
        return
    same_topic = bool(topic) and topic == found.earlier.topic
    if found.finding or found.likeness >= ALIKE or (same_topic and found.likeness >= ALIKE_ON_ONE_TOPIC):
        conduct.offer_merge(
            arrival.brand, ticket.pk, found.earlier.id, likeness=found.likeness, at=arrival.received_at
        )


def propose(
    arrival: Arrival,
    content: Content,
    sender: Sender,
    message: Message,
    version: Version,
    found: Sequence[ConductFinding],
    *,
    lead: str = "",
    step: str | None = None,
    repeats: Repetition | None = None,
) -> None:
    """Put the gravest breach of a message before a lead; `lead` stood before the words that were screened.

    `step` is what the ruling says follows; None: what the ladder says. Machines are not held to account.
    """
    policy, breach = rulebook.policy(version), gravest(found)
    if policy.ladder is None or breach is None or breach not in policy.ladder.breaches:
        return
    if content.automatic or content.bounce:
        return
    stands = standing.standing(sender.person, arrival.brand, arrival.received_at, policy)
    follows = policy.ladder.step(stands, breach)
    assert follows is not None  # the ladder names the breach, and is complete
    conduct.propose(
        brand=arrival.brand,
        person=sender.person,
        ticket_id=message.ticket_id,
        message_id=message.pk,
        version=version,
        channel=arrival.channel,
        breach=breach,
        standing=stands,
        step=step or follows.name,
        received_at=arrival.received_at,
        found=[_placed(content, each, lead, repeats) for each in found if BREACHES[each.label] == breach],
    )
    tickets.note_event(
        Ticket(pk=message.ticket_id),
        "conduct found",
        at=arrival.received_at,
        labels=sorted({each.label for each in found}),
    )


def watch(arrival: Arrival, content: Content, sender: Sender, message: Message) -> None:
    """Screen what is said later in a ticket, which no ruling follows from."""
    try:
        version = rulebook.in_force(arrival.brand, arrival.received_at)
    except NoVersion:
        return
    if rulebook.policy(version).ladder is not None:
        found = screen.screen(content.said, arrival.channel)
        propose(arrival, content, sender, message, version, found)


def hear_appeal(arrival: Arrival, content: Content, sender: Sender, message: Message) -> bool:
    """An answer to the notice of a step is the appeal against it. True where it was one."""
    step = standing.step_of_notice(arrival.brand, sender.person, content.references[-1:])
    if step is None or content.automatic:
        return False
    try:
        conduct.appeal(step, by=sender.person, text=content.said, message_id=message.pk)
    except Refused:  # it was made before, or the step is over: the message is in the ticket all the same
        return False
    tickets.note_event(
        Ticket(pk=message.ticket_id), "appealed", at=arrival.received_at, public=True, step=step.name
    )
    return True


def _placed(content: Content, found: ConductFinding, lead: str, repeats: Repetition | None) -> Found:
    """Where a passage of the screened text stands in the message as it is kept."""
    before = len(lead)
    in_subject = found.end <= before
    first, last = max(found.start - before, 0), found.end - 1 - before  # of the sender's words
    start, end = (
        (found.start, found.end) if in_subject else (content.place_of(first), content.place_of(last) + 1)
    )
    is_repeat = repeats is not None and found is repeats.finding
    return Found(
        label=found.label,
        kind=found.kind,
        severity=found.severity,
        passage=(content.subject if in_subject else content.text)[start:end],
        place="subject" if in_subject else "text",
        start=start,
        end=end,
        earlier_ticket=repeats.earlier.id if is_repeat and repeats else None,
    )
