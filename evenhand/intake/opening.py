"""A new ticket from an arrival: what the policy in force says of it, and why not where it says nothing."""

from __future__ import annotations

import logging
from dataclasses import replace

from evenhand.intake import breaches, understanding
from evenhand.intake.incoming import Content, first_line, mail_prefix
from evenhand.intake.models import Arrival
from evenhand.intake.sender import Sender
from evenhand.policy import FactValue, Verdict
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NoVersion
from evenhand.stores import queries as stores
from evenhand.tickets import actions as tickets
from evenhand.tickets.models import Channel, Message, Ticket
from evenhand.tickets.verdicts import Ruled

log = logging.getLogger(__name__)
NO_POLICY = (
    "No policy of {brand} was in force when this came, so nothing could decide it. "
    "Publish one under Rulebook, and answer this ticket yourself."
)
UNREADABLE = "The reader failed on this message ({error}), so it was not ruled. Read it and answer yourself."
NOBODY_TO_ANSWER = (
    "It names no address that an answer could go to. Look for its sender in the text or the files."
)


def open_ruled_ticket(
    arrival: Arrival, content: Content, sender: Sender, *, follows: Ticket | None = None
) -> tuple[Ticket, Message]:
    """Open a ticket, rule it, and carry the ruling out; or say on the ticket what hindered it."""
    at, answer = arrival.received_at, may_be_answered(content, sender)
    try:
        version = rulebook.in_force(arrival.brand, at)
    except NoVersion:
        return _open_unruled(arrival, content, sender, NO_POLICY.format(brand=arrival.brand.name), follows)
    try:
        # What continues a closed ticket says so itself: it is no repetition.
        repeats = None if follows else breaches.repetition_of(arrival, content, sender, screened(content))
        understood = understand(arrival, content, sender, version, repeats=repeats)
    except Exception as error:
        log.exception("Arrival %s could not be read.", arrival.pk)
        return _open_unruled(arrival, content, sender, UNREADABLE.format(error=type(error).__name__), follows)
    problem = "" if sender.answerable else NOBODY_TO_ANSWER
    ticket, message = open_ticket(arrival, content, sender, problem=problem, follows=follows)
    breaches.offer_merge(ticket, arrival, repeats, understood.matters[0].topic)
    propose(arrival, content, sender, message, version, understood, repeats=repeats)
    tickets.rule(ticket, message=message, version=version, matters=ruled(understood), at=at, answer=answer)
    return ticket, message


def open_ticket(
    arrival: Arrival, content: Content, sender: Sender, *, problem: str = "", follows: Ticket | None = None
) -> tuple[Ticket, Message]:
    """The ticket with its first message, before anything is decided."""
    return tickets.open_ticket(
        brand=arrival.brand,
        requester=sender.person,
        subject=content.subject or first_line(content.said) or "Without a subject",
        text=content.text,
        channel=arrival.channel,
        at=arrival.received_at,
        by=sender.took_by,
        quoted=content.quoted,
        mail_id=content.message_id,
        files=files_of(content),
        follows=follows,
        problem=problem,
        facts={"flags": _flags(arrival, content)},
    )


def understand(
    arrival: Arrival,
    content: Content,
    sender: Sender,
    version: Version,
    *,
    also: str = "",
    repeats: breaches.Repetition | None = None,
) -> understanding.Understanding:
    """What the message says under `version`, with the facts that are held; `also` was said before."""
    text = screened(content, also)
    policy = rulebook.policy(version)
    facts = stores.facts_for(sender.person, arrival.brand, text)
    given = {
        fact: FactValue(value=value, status="known", source="the form")
        for fact, value in content.facts.items()
    }
    return understanding.understand(
        text,
        channel=arrival.channel,
        facts=facts | breaches.record_of(sender, arrival, policy, given),
        policy=policy,
        model=rulebook.reader(version),
        apps=stores.guide(arrival.brand),
        also=[repeats.finding] if repeats and repeats.finding else [],
    )


def screened(content: Content, also: str = "") -> str:
    """What is read of a message: its subject, or what was said before, then its own words."""
    return lead(content, also) + content.said


def lead(content: Content, also: str = "") -> str:
    # One line break only: a blank line would let the subject be taken for a matter of its own.
    before = also or content.subject
    return f"{before}\n" if before else ""


def propose(
    arrival: Arrival,
    content: Content,
    sender: Sender,
    message: Message,
    version: Version,
    understood: understanding.Understanding,
    *,
    repeats: breaches.Repetition | None = None,
) -> None:
    """Put what the message breaks before a lead, with the step that its ruling says follows."""
    decided = [matter.verdict.decision for matter in understood.matters]
    steps = [decision.step for decision in decided if decision and decision.step]
    breaches.propose(
        arrival,
        content,
        sender,
        message,
        version,
        understood.conduct,
        lead=lead(content),
        step=steps[0] if steps else None,
        repeats=repeats,
    )


def ruled(understood: understanding.Understanding) -> list[Ruled]:
    """The matters of a message as tickets keep them; after a breach of conduct a person decides."""
    return [
        Ruled(
            text=matter.text,
            topics=dict(matter.reading.topics),
            verdict=matter.verdict if understood.breach is None else _proposed(matter.verdict),
        )
        for matter in understood.matters
    ]


def _proposed(verdict: Verdict) -> Verdict:
    return replace(verdict, kind="propose", question=None) if verdict.kind in ("alone", "ask") else verdict


def may_be_answered(content: Content, sender: Sender) -> bool:
    """False where the desk must keep silent: machines would answer back, and no letter can reach nobody."""
    return sender.answerable and not content.automatic and not content.bounce


def files_of(content: Content) -> list[tickets.File]:
    return [
        tickets.File(name=f.name, type=f.type, size=f.size, screened=f.screened, place=f.place)
        for f in content.files
    ]


def _open_unruled(
    arrival: Arrival, content: Content, sender: Sender, problem: str, follows: Ticket | None
) -> tuple[Ticket, Message]:
    ticket, message = open_ticket(arrival, content, sender, problem=problem, follows=follows)
    tickets.acknowledge(ticket, at=arrival.received_at, answer=may_be_answered(content, sender))
    return ticket, message


def _flags(arrival: Arrival, content: Content) -> list[str]:
    if arrival.channel == Channel.EMAIL and content.message_id:
        prefix = mail_prefix(arrival.brand, content.message_id)
        twins = Arrival.objects.filter(channel=arrival.channel, source_id__startswith=prefix).exclude(
            pk=arrival.pk
        )
        if twins.exists():
            arrival.flags = [*arrival.flags, "same Message-ID, other body"]
    return list(arrival.flags)
