"""What a rule may decide after `we`: an outcome, targets, a conduct step, a charge, a credit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .document import Text
from .facts import Misread
from .findings import nearest, shorten
from .words import ACTS, CHARGE, CREDIT, OUTCOME, PERSON, PRIORITIES, PRIORITY, STEP, STRENGTHS, TARGETS


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What becomes of the matter. Two outcomes are equal where all but the pointers are (rule 8)."""

    act: str
    department: str | None = None
    reply: str | None = None
    service: str | None = None
    pointers: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str | None, ...]:
        return self.act, self.department, self.reply, self.service

    @property
    def name(self) -> str:
        """How the outcome is called in an example: its reply, or its act where it has none."""
        return self.reply or self.act


@dataclass(frozen=True, kw_only=True)
class Target:
    """A time or a priority. `strength`: promise and aim are public, set is internal (rule 29)."""

    name: str
    text: str
    strength: str
    calendar: str | None = None
    pauses: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        return self.name, self.text, self.strength, self.calendar, self.pauses

    @property
    def is_public(self) -> bool:
        return self.strength != "set"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the ladder, or none."""

    name: str | None

    @property
    def key(self) -> tuple[object, ...]:
        return (self.name,)


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What the matter costs; `service` None is no charge. `again_when`: the fact to decide again upon."""

    service: str | None
    terms: tuple[str, ...] = ()
    again_when: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return self.service, self.terms, self.again_when


@dataclass(frozen=True, kw_only=True)
class Credit:
    text: str

    @property
    def key(self) -> tuple[object, ...]:
        return (self.text,)


Effect = Outcome | Target | Step | Charge | Credit


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The names that decisions may use, as the schedules declare them."""

    departments: Mapping[str, str]
    replies: Mapping[str, str]
    places: Mapping[str, str]
    services: Mapping[str, str]
    calendars: Mapping[str, object]
    steps: tuple[str, ...]
    facts: tuple[str, ...]


def read_decision(said: Text, words: Vocabulary) -> dict[str, Effect]:
    """One `we …` line: its effects by group. Raises Misread."""
    text = said.text
    for start, strength in STRENGTHS.items():
        if text.startswith(start + " "):
            return _targets(text[len(start) + 1 :], strength, words)
    if text == "no charge" or text.startswith("charge "):
        return {CHARGE: _charge(text, words)}
    if text.startswith("credit "):
        return {CREDIT: Credit(text=text[7:].strip())}
    if text.startswith("take "):
        return {STEP: _step(text[5:], words)}
    return {OUTCOME: _outcome(text, words)}


def _declared(name: str, known: Mapping[str, object] | tuple[str, ...], what: str) -> str:
    if name not in known:
        raise Misread(f"There is no {what} “{shorten(name)}”.", nearest(name, known), "dangling")
    return name


def _outcome(text: str, words: Vocabulary) -> Outcome:
    first, *rest = (piece.strip() for piece in text.split(";"))
    if first == PERSON:
        act, department = PERSON, None
    else:
        act, to, name = first.partition(" to ")
        if act not in ACTS:
            raise Misread(
                f"“we {shorten(first, 40)}” is nothing we do.",
                nearest(act, (*ACTS, *STRENGTHS, "take step", "charge", "no charge", "credit")),
            )
        department = _declared(name.strip(), words.departments, "department") if to else None
    details: dict[str, str] = {}
    pointers: tuple[str, ...] = ()
    for piece in rest:
        kind, _, name = piece.partition(" ")
        name = name.strip()
        if kind in details or (kind == "pointers" and pointers):
            raise Misread(f"{kind} stands twice in one decision.", "Keep one of them.")
        if kind == "reply":
            details[kind] = _declared(name, words.replies, "reply")
        elif kind == "service":
            details[kind] = _declared(name, words.services, "service")
        elif kind == "pointers":
            pointers = tuple(_declared(place.strip(), words.places, "place") for place in name.split(","))
        else:
            raise Misread(
                f"“{shorten(piece)}” is not part of an outcome.",
                nearest(kind, ("reply", "pointers", "service")),
            )
    return Outcome(
        act=act,
        department=department,
        reply=details.get("reply"),
        service=details.get("service"),
        pointers=pointers,
    )


def _targets(text: str, strength: str, words: Vocabulary) -> dict[str, Effect]:
    named: dict[str, str] = {}
    calendar: str | None = None
    pauses: tuple[str, ...] = ()
    for piece in (piece.strip() for piece in text.split(";")):
        if piece.startswith("calendar "):
            calendar = _declared(piece[9:].strip(), words.calendars, "calendar")
        elif piece.startswith("pauses "):
            pauses = tuple(pause.strip() for pause in piece[7:].split(","))
        else:
            name, value = _target(piece)
            if name in named:
                raise Misread(f"{name} stands twice in one decision.", "Keep one of them.")
            named[name] = value
    if not named:
        raise Misread("This names no target.", f"There are: {', '.join(TARGETS)}.")
    return {
        name: Target(
            name=name,
            text=value,
            strength=strength,
            calendar=None if name == PRIORITY else calendar,
            pauses=() if name == PRIORITY else pauses,
        )
        for name, value in named.items()
    }


def _target(piece: str) -> tuple[str, str]:
    for name in TARGETS:
        if piece.startswith(name + " "):
            value = piece[len(name) + 1 :].strip()
            if name == PRIORITY and value not in PRIORITIES:
                raise Misread(f"“{shorten(value)}” is no priority.", nearest(value, PRIORITIES))
            if name != PRIORITY and minutes(value) is None:
                raise Misread(
                    f"“{shorten(value)}” is no length of time.",
                    "Write 30 minutes, 8 business hours, 4 days, 10 days of silence, or none.",
                )
            return name, value
    raise Misread(f"“{shorten(piece)}” is no target.", nearest(piece, TARGETS))


_LENGTH = re.compile(r"(\d{1,5}) (business )?(minute|hour|day|week)s?(?: of silence)?")
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
_BUSINESS_MINUTES = {"minute": 3, "hour": 3 * 60, "day": 24 * 60 * 7 // 5, "week": 7 * 24 * 60}
NEVER_DUE = 10**9


def minutes(text: str) -> int | None:
    """A length of time in rough elapsed minutes, to tell which of two targets is the earlier; None if
    unreadable.

    A business hour counts as three hours and a business day as seven fifths of a day, since calendars differ.
    The tickets' clock works by the calendar; this only orders.

    >>> minutes("8 business hours"), minutes("1 hour"), minutes("soon")
    (1440, 60, None)
    """
    if text == "none":
        return NEVER_DUE
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    return int(match[1]) * (_BUSINESS_MINUTES if match[2] else _MINUTES)[match[3]]


def urgency(target: Target) -> int:
    """Smaller is earlier, or more urgent."""
    if target.name == PRIORITY:
        return PRIORITIES.index(target.text)
    length = minutes(target.text)
    return NEVER_DUE if length is None else length


def _step(text: str, words: Vocabulary) -> Step:
    if text in ("no step", "none"):
        return Step(name=None)
    name = text.removeprefix("the ").removeprefix("step ").strip()
    return Step(name=_declared(name, words.steps, "step of the ladder"))


def _charge(text: str, words: Vocabulary) -> Charge:
    if text == "no charge":
        return Charge(service=None)
    first, *rest = (piece.strip() for piece in text[7:].split(";"))
    again: str | None = None
    terms: list[str] = []
    for piece in rest:
        if match := re.fullmatch(r"decide when (.+) is known", piece):
            again = _declared(match[1], words.facts, "fact")
        else:
            terms.append(piece)
    return Charge(service=_declared(first, words.services, "service"), terms=tuple(terms), again_when=again)
