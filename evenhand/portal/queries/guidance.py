"""What the policy says about a request, in customers' words: while it is written, and once it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone

from evenhand.conduct import queries as conduct
from evenhand.intake.cleaning import clean
from evenhand.intake.models import Arrival
from evenhand.intake.understanding import Matter, Understanding, understand
from evenhand.people.models import Brand, Person
from evenhand.policy import FactValue, Policy
from evenhand.portal.queries.places import Place, places
from evenhand.portal.queries.policy import version_address
from evenhand.portal.queries.questions import Asked, asked, facts_of
from evenhand.reading.redact import redact
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NoVersion
from evenhand.stores import queries as stores
from evenhand.tickets.models import Channel, Ruling
from evenhand.tickets.queries.rulings import Cited, cited
from evenhand.tickets.verdicts import Outcome, outcome

FEWEST_WORDS = 3  # below that nothing can be read from a text
MOST_ASKED = 2  # questions beside the text box: the one question, and what its answer may leave open
MOST_READ = 8000  # characters; a preview of a longer text reads its beginning
IDLE = "What our policy says about it appears here while you write."
UNSURE = "We cannot tell yet what this is about. Send it in any case, and a person reads it."
WHERE_TO_ANSWER = "The letter lists the answers; so does your ticket."
NO_POLICY = "No policy is in force today, so a person reads what you send."

_WORDS = {
    "help": ("Covered", "We answer your ticket."),
    "decline": ("Not covered by support", "This is what helps instead."),
    "quote": ("Paid, by the hour", "Sales answers with a quote first. Nothing starts before you accept it."),
    "assign": ("Passed on", "The department that decides this gets your ticket."),
    "point": ("There is a place for this", "Look there first."),
    "refuse": ("Not possible now", "You are told why, and how to appeal."),
    "close": ("Nothing more is needed", "We keep what you wrote."),
    "ask": ("One question", "We need to know one thing before we can say."),
    "leave it to a person": ("A person decides", "Somebody reads this and answers you."),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What applies to one matter, by the text at the address `policy`. `next` is what happens then."""

    policy: str
    act: str
    word: str
    next: str
    because: tuple[Cited, ...] = ()
    gave_way: tuple[Cited, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Guidance:
    rows: tuple[Row, ...] = ()
    rest: bool = False  # something in the text is left to a person, beside what the rows say
    asked: tuple[Asked, ...] = ()  # at most one waits for its answer
    secrets_removed: bool = False
    idle: str = IDLE  # shown where there are no rows


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of a request: its ticket, None while it is still being read, and the rulings in force."""

    ticket: int | None
    rows: tuple[Row, ...]


def guidance(brand: Brand, *, text: str, person: Person | None, answers: Mapping[str, str]) -> Guidance:
    """What would be decided if `text` were sent now. Nothing is stored; secrets go before anything reads."""
    written = text[: settings.TEXT_MOST_CHARACTERS].strip()
    if len(written.split()) < FEWEST_WORDS:
        return Guidance()
    try:
        version = rulebook.in_force(brand)
    except NoVersion:
        return Guidance(idle=NO_POLICY)
    cleaned = clean(written, most=MOST_READ)
    policy = rulebook.policy(version)
    understood, asked_for = _understood(brand, version, cleaned, person, answers)
    text_of = version_address(brand, version.pk)
    told = [_matter_row(matter, policy, text_of) for matter in understood.matters]
    left = [matter for matter, row in zip(understood.matters, told, strict=True) if row is None]
    return Guidance(
        rows=tuple(row for row in told if row),
        rest=any(matter.verdict.kind != "ask" for matter in left),
        asked=asked_for,
        secrets_removed=bool(redact(written).spans),
        idle=UNSURE,
    )


def _understood(
    brand: Brand, version: Version, text: str, person: Person | None, answers: Mapping[str, str]
) -> tuple[Understanding, tuple[Asked, ...]]:
    """What `text` means with the answers given so far, and the question they answer.

    An answer counts only while the text leads to its question, so that none outlives a rewritten text.
    """
    policy, model = rulebook.policy(version), rulebook.reader(version)
    guide, held = stores.guide(brand), dict(stores.facts_for(person, brand, text)) if person else {}
    held |= conduct.facts_for(person, brand, timezone.now(), policy)
    asked_for: dict[str, Asked] = {}
    while True:
        told = facts_of({fact: one.chosen for fact, one in asked_for.items() if one.chosen})
        understood = understand(
            text, channel=Channel.FORM, facts=held | _told(told), policy=policy, model=model, apps=guide
        )
        question = understood.question
        if question is None or question.fact in asked_for or len(asked_for) == MOST_ASKED:
            return understood, tuple(asked_for.values())
        asked_for[question.fact] = asked(policy, question, answers.get(question.fact))
        if not asked_for[question.fact].chosen:
            return understood, tuple(asked_for.values())


def sent(arrival: Arrival) -> Sent:
    """What whoever holds the receipt of `arrival` may read: the decision on their own words."""
    if not arrival.message_id:
        return Sent(ticket=arrival.ticket_id, rows=())
    rulings = Ruling.objects.filter(message_id=arrival.message_id, state=Ruling.State.IN_FORCE)
    ordered = rulings.select_related("version").order_by("matter")
    return Sent(
        ticket=arrival.ticket_id, rows=tuple(_ruling_row(arrival.brand, ruling) for ruling in ordered)
    )


def _matter_row(matter: Matter, policy: Policy, text_of: str) -> Row | None:
    """None where nothing is certain enough to be said; the question stands beside the rows, not as one."""
    verdict = matter.verdict
    if verdict.kind in ("ask", "person") or verdict.decision is None:
        return None
    decided = outcome(verdict)
    row = _row(policy, text_of, decided)
    if verdict.kind == "propose":
        return replace(
            row, word=f"Probably: {row.word[:1].lower()}{row.word[1:]}", next="A person makes sure of it."
        )
    return row


def _ruling_row(brand: Brand, ruling: Ruling) -> Row:
    row = _row(rulebook.policy(ruling.version), version_address(brand, ruling.version_id), ruling)
    return replace(row, next=f"{ruling.question['text']} {WHERE_TO_ANSWER}") if ruling.question else row


def _row(policy: Policy, text_of: str, decided: Outcome | Ruling) -> Row:
    word, then = _WORDS[decided.act]
    return Row(
        policy=text_of,
        act=decided.act,
        word=word,
        next=then,
        because=cited(policy, list(decided.clauses)),
        gave_way=cited(policy, list(decided.gave_way)),
        places=places(policy, decided.pointers),
    )


def _told(answers: Mapping[str, str]) -> dict[str, FactValue]:
    return {
        fact: FactValue(value=value, status="known", source="you told us") for fact, value in answers.items()
    }
