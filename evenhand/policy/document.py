"""A document as written: parts, clauses, schedules and lines, each with the line it stands on.

What stands once per line is a tuple: a document has thousands, and tuples are made three times as fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Text(NamedTuple):
    """Words and the line they begin on (1 is the first)."""

    line: int
    text: str


class Condition(NamedTuple):
    """`fact: values`, still as words."""

    fact: str
    wanted: str
    line: int


@dataclass(kw_only=True, slots=True)
class Case:
    """A `when …` or `always`, and the `we …` lines under it."""

    line: int
    letter: str
    conditions: tuple[Condition, ...]
    decisions: list[Text] = field(default_factory=list)


class LimitLine(NamedTuple):
    """`agent may not: …`, or `agent may: …`, which lifts one."""

    line: int
    text: str
    lifts: bool


@dataclass(kw_only=True, slots=True)
class ClauseText:
    """One numbered clause, as written."""

    number: str
    title: str
    line: int
    part: int
    prose: list[Text] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    over: list[Text] = field(default_factory=list)
    gives_way: list[Text] = field(default_factory=list)
    limits: list[LimitLine] = field(default_factory=list)
    examples: list[Text] = field(default_factory=list)

    @property
    def parent(self) -> str | None:
        """The number of the clause this is an exception to: the number decides, not the position."""
        above, dot, _ = self.number.rpartition(".")
        return above if dot else None


class Entry(NamedTuple):
    """One entry of a schedule: `name: text`, and the indented lines under it."""

    name: str
    text: str
    line: int
    more: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    kind: str
    line: int
    entries: tuple[Entry, ...]


@dataclass(kw_only=True, slots=True)
class Part:
    title: str
    line: int
    items: list[Text | ClauseText | Schedule] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Document:
    header: dict[str, Text] = field(default_factory=dict)
    lede: list[Text] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    clauses: dict[str, ClauseText] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    ladder_part: int | None = None
