"""Schedules read into what they mean: facts, topics, plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .document import Entry, Schedule
from .facts import Fact, Kind, Misread
from .findings import Findings, nearest, shorten
from .words import OUTCOME, TOPIC, UNKNOWN

MOST_FACTS = 100
MOST_VALUES = 1_000


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What a customer may write about; `description` and `sayings` are what the reader learns from."""

    name: str
    family: str | None
    description: str
    sayings: tuple[str, ...]
    line: int = 1


def read_words(schedule: Schedule | None, findings: Findings) -> dict[str, str]:
    """A schedule of plain words (places, departments, services, replies): name to text."""
    words: dict[str, str] = {}
    for entry in _once(schedule, findings):
        text = " ".join([entry.text, *(more.text for more in entry.more)]).strip()
        if not text:
            findings.error(
                "schedule",
                entry.line,
                f"“{shorten(entry.name)}” says nothing.",
                mend="Write its words after the colon, or remove it.",
            )
        words[entry.name] = text
    return words


def _once(schedule: Schedule | None, findings: Findings) -> Iterable[Entry]:
    seen: set[str] = set()
    for entry in schedule.entries if schedule else ():
        if entry.name in seen:
            findings.error(
                "schedule",
                entry.line,
                f"“{shorten(entry.name)}” stands twice among the {schedule.kind if schedule else ''}.",
                mend="Keep one of them.",
            )
            continue
        seen.add(entry.name)
        yield entry


def read_facts(schedule: Schedule | None, findings: Findings) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for entry in _once(schedule, findings):
        if entry.name in (TOPIC, OUTCOME):
            findings.error(
                "facts",
                entry.line,
                f"“{entry.name}” cannot be declared as a fact.",
                mend="Topics stand in the block topics."
                if entry.name == TOPIC
                else "It is what the rules decide.",
            )
        elif len(facts) >= MOST_FACTS:
            findings.error(
                "too large",
                entry.line,
                f"There are more than {MOST_FACTS} facts.",
                mend="Remove those on which no clause turns.",
            )
            break
        elif (fact := _read_fact(entry, findings)) is not None:
            facts[entry.name] = fact
    return facts


def _read_fact(entry: Entry, findings: Findings) -> Fact | None:
    try:
        kind, values, low, high = _range_or_values(entry)
    except Misread as misread:
        findings.error("facts", entry.line, misread.message, mend=misread.mend)
        return None
    source, presumed, ask = _origin(entry, findings)
    fact = Fact(
        name=entry.name,
        kind=kind,
        values=values,
        low=low,
        high=high,
        source=source,
        presumed=presumed,
        ask=ask,
        line=entry.line,
    )
    if presumed is not None:
        try:
            fact.place_of(presumed)
        except Misread as misread:
            findings.error("facts", entry.line, misread.message, mend=misread.mend)
            return None
    return fact


def _range_or_values(entry: Entry) -> tuple[Kind, tuple[str, ...], int, int]:
    if measured := re.fullmatch(r"(number|date) (\S+)(?: to |-)(\S+)", entry.text):
        kind: Kind = "number" if measured[1] == "number" else "date"
        whole = (-(10**12), 10**12) if kind == "number" else (1, 3_652_059)
        scale = Fact(name=entry.name, kind=kind, low=whole[0], high=whole[1])
        try:
            low, high = scale.place_of(measured[2]), scale.place_of(measured[3])
        except Misread:
            low, high = 1, 0
        if low > high:
            form = "number 0 to 99" if kind == "number" else "date 2020-01-01 to 2035-12-31"
            raise Misread(f"“{shorten(entry.text)}” is no range.", f"Write {entry.name}: {form}.")
        return kind, (), low, high
    ordered = "<" in entry.text
    values = tuple(" ".join(value.split()) for value in entry.text.split("<" if ordered else ","))
    if len(values) > MOST_VALUES:
        raise Misread(f"{entry.name} has more than {MOST_VALUES:,} values.", "Declare it as a number.")
    for value in values:
        if not value or values.count(value) > 1:
            raise Misread(
                f"{entry.name} has an empty value or one that stands twice.",
                "Separate its values with commas, or with < from lowest to highest.",
            )
        if value == UNKNOWN:
            raise Misread(f"“{UNKNOWN}” is no value of {entry.name}.", "Every fact may be unknown already.")
    return ("ordered" if ordered else "list"), values, 0, 0


def _origin(entry: Entry, findings: Findings) -> tuple[str, str | None, str | None]:
    source, presumed, ask = "", None, None
    for more in entry.more:
        if more.text.startswith("ask:"):
            ask = more.text[4:].strip()
            continue
        for piece in more.text.split(";"):
            piece = piece.strip()
            if piece.startswith("known from "):
                source = piece[11:].strip()
            elif piece.startswith("taken as "):
                presumed = piece[9:].strip()
            else:
                findings.error(
                    "facts",
                    more.line,
                    f"“{shorten(piece)}” says nothing about {entry.name}.",
                    mend="Write known from …, taken as …, or ask: ….",
                )
    return source, presumed, ask


def read_topics(schedule: Schedule | None, findings: Findings) -> tuple[dict[str, Topic], Fact | None]:
    """The topics, and the fact `topic` that they make; no fact where the document declares none."""
    if schedule is None:
        return {}, None
    topics: dict[str, Topic] = {}
    families: dict[str, list[str]] = {}
    family: str | None = None
    for entry in _once(schedule, findings):
        if entry.name.startswith("family ") and not entry.text:
            family = entry.name[7:].strip()
            families.setdefault(family, [])
            continue
        if "," in entry.name or ";" in entry.name or entry.name == UNKNOWN:
            findings.error(
                "topics",
                entry.line,
                f"“{shorten(entry.name)}” cannot name a topic.",
                mend="Name it without comma or semicolon, and not unknown.",
            )
            continue
        sayings = tuple(_saying(more.text) for more in entry.more)
        topics[entry.name] = Topic(
            name=entry.name, family=family, description=entry.text, sayings=sayings, line=entry.line
        )
        if family is not None:
            families[family].append(entry.name)
    for name, members in families.items():
        if not members:
            findings.error(
                "topics",
                schedule.line,
                f"The family “{shorten(name)}” has no topic.",
                mend="Write its topics below it, or remove it.",
            )
    if not topics:
        findings.error("topics", schedule.line, "No topic is declared here.", mend="Write name: description.")
        return {}, None
    fact = Fact(
        name=TOPIC,
        kind="topic",
        values=tuple(topics),
        source="the message",
        line=schedule.line,
        families={name: tuple(members) for name, members in families.items() if members},
    )
    return topics, fact


def _saying(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def read_sayings(text: str, findings: Findings) -> list[tuple[str, int, list[str]]]:
    """The companion's entries: topic, line, and what customers say. Thousands of lines, so one plain loop."""
    entries: list[tuple[str, int, list[str]]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        said = line.strip()
        if not said or line.startswith(("#", "```", "\ufeff#")):
            continue
        if line[0].isspace():
            if entries:
                entries[-1][2].append(said[1:-1] if said[0] == said[-1] == '"' and len(said) > 1 else said)
            else:
                findings.error(
                    "sayings",
                    number,
                    "This saying belongs to no topic above it.",
                    mend="Write topic-name: above it.",
                )
        elif said.endswith(":"):
            entries.append((said[:-1].strip(), number, []))
        else:
            findings.error(
                "sayings",
                number,
                f"“{shorten(said)}” is no topic.",
                mend="Write topic-name: and sayings below.",
            )
    return entries


def add_sayings(topics: Mapping[str, Topic], companion: str, findings: Findings) -> dict[str, Topic]:
    """Topics with the companion's sayings joined to their own, where they are new; a topic that the
    companion invents is a finding."""
    joined = dict(topics)
    for name, line, sayings in read_sayings(companion, findings):
        if name.startswith("family "):
            continue
        topic = joined.get(name)
        if topic is None:
            findings.error(
                "sayings",
                line,
                f"The policy has no topic “{shorten(name)}”.",
                mend=nearest(name, topics),
            )
            continue
        known = set(topic.sayings)
        new = tuple(said for said in sayings if said not in known)
        joined[name] = replace(topic, sayings=topic.sayings + new)
    return joined
