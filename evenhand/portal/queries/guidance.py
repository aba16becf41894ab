"""What the policy says about a request, in words for the customer: while it is written, and once it was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.text import slugify

from evenhand.intake.cleaning import clean
from evenhand.intake.models import Arrival
from evenhand.intake.understanding import Matter, understand
from evenhand.people.models import Brand, Person
from evenhand.policy import FactValue, Policy, Question
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.refusals import NoVersion
from evenhand.stores import queries as stores
from evenhand.tickets.models import Channel, Ruling
from evenhand.tickets.queries.rulings import Cited, cited
from evenhand.tickets.verdicts import outcome

FEWEST_WORDS = 3  # below that nothing can be read from a text
MOST_READ = 8000  # characters; a preview of a longer text reads its beginning
IDLE = "What our policy says about it appears here while you write."
UNSURE = "We cannot tell yet what this is about. Send it in any case, and a person reads it."
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
class Place:
    slug: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """What applies to one matter. `next` is what happens then."""

    act: str
    word: str
    next: str
    because: tuple[Cited, ...] = ()
    gave_way: tuple[Cited, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Guidance:
    rows: tuple[Row, ...] = ()
    question: Question | None = None
    answered: tuple[tuple[str, str], ...] = ()  # what the customer told us: fact, value
    secrets_removed: bool = False
    idle: str = IDLE  # shown where there are no rows


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of a request: its ticket, None while it is still being read, and the rulings in force."""

    ticket: int | None
    rows: tuple[Row, ...]


def guidance(brand: Brand, *, text: str, person: Person | None, answers: Mapping[str, str]) -> Guidance:
    """What would be decided if `text` were sent now. Nothing is stored; secrets go before anything reads it."""
    written = text[: settings.TEXT_MOST_CHARACTERS].strip()
    if len(written.split()) < FEWEST_WORDS:
        return Guidance()
    try:
        version = rulebook.in_force(brand)
    except NoVersion:
        return Guidance(idle=NO_POLICY)
    cleaned = clean(written, most=MOST_READ)
    policy = rulebook.policy(version)
    told = {fact: value for fact, value in answers.items() if value in _values(policy, fact)}
    understood = understand(
        cleaned,
        channel=Channel.FORM,
        facts=_held(brand, person, cleaned) | _told(told),
        policy=policy,
        model=rulebook.reader(version),
        apps=stores.guide(brand),
    )
    rows = tuple(row for matter in understood.matters if (row := _matter_row(matter, policy)))
    return Guidance(
        rows=rows,
        question=understood.question,
        answered=tuple(told.items()),
        secrets_removed=cleaned != written[: len(cleaned)],
        idle=UNSURE,
    )


def sent(arrival: Arrival) -> Sent:
    """What whoever holds the receipt of `arrival` may read: the decision on their own words."""
    rulings = Ruling.objects.filter(message_id=arrival.message_id, state=Ruling.State.IN_FORCE) if arrival.message_id else ()
    return Sent(ticket=arrival.ticket_id, rows=tuple(_ruling_row(ruling) for ruling in rulings))


def places(policy: Policy, names: Sequence[str]) -> tuple[Place, ...]:
    """Places of the policy, as the portal links them; the policy page itself is named, too."""
    return tuple(Place(slug=slugify(name), says=_capital(str(policy.places.get(name, name)))) for name in names)


def _matter_row(matter: Matter, policy: Policy) -> Row | None:
    """None where nothing is certain enough to be said; the one question is shown beside the rows, not as one."""
    verdict = matter.verdict
    if verdict.kind == "ask" or verdict.decision is None:
        return None
    if verdict.kind == "person":
        return None
    decided = outcome(verdict)
    row = _row(policy, decided.act, decided.clauses, decided.gave_way, decided.pointers)
    if verdict.kind == "propose":
        return Row(
            act=row.act,
            word=f"Probably: {row.word[0].lower()}{row.word[1:]}",
            next="A person makes sure of it.",
            because=row.because,
            gave_way=row.gave_way,
            places=row.places,
        )
    return row


def _ruling_row(ruling: Ruling) -> Row:
    return _row(rulebook.policy(ruling.version), ruling.act, ruling.clauses, ruling.gave_way, ruling.pointers)


def _row(
    policy: Policy, act: str, clauses: Sequence[str], gave_way: Sequence[str], pointers: Sequence[str]
) -> Row:
    word, then = _WORDS[act]
    return Row(
        act=act,
        word=word,
        next=then,
        because=cited(policy, list(clauses)),
        gave_way=cited(policy, list(gave_way)),
        places=places(policy, pointers),
    )


def _held(brand: Brand, person: Person | None, text: str) -> dict[str, FactValue]:
    return dict(stores.facts_for(person, brand, text)) if person else {}


def _told(answers: Mapping[str, str]) -> dict[str, FactValue]:
    return {fact: FactValue(value=value, status="known", source="you told us") for fact, value in answers.items()}


def _values(policy: Policy, fact: str) -> tuple[str, ...]:
    return tuple(policy.facts[fact].values) if fact in policy.facts else tuple(policy.topics) if fact == "topic" else ()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
