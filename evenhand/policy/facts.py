"""Facts: what a document may turn on, and the finitely many cells into which each is cut."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .findings import nearest, shorten
from .words import UNKNOWN

Interval = tuple[int, int]
Kind = Literal["list", "ordered", "number", "date", "topic"]


class Misread(ValueError):
    """A word that is not declared; `mend` says which are, `code` how the finding is called."""

    def __init__(self, message: str, mend: str, code: str = "unknown word") -> None:
        self.message = message
        self.mend = mend
        self.code = code
        super().__init__(f"{message} {mend}")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One declared fact. `presumed` is the value taken where nothing is given; `ask` the question for it.

    `low` and `high` bound a number, or a date as its ordinal day; both are 0 for a list.
    """

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    source: str = ""
    presumed: str | None = None
    ask: str | None = None
    line: int = 1
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_measured(self) -> bool:
        return self.kind in ("number", "date")

    @property
    def span(self) -> Interval:
        return (self.low, self.high) if self.is_measured else (0, len(self.values) - 1)

    def place_of(self, value: str) -> int:
        """Where a single value stands: its index in a list, the number or the ordinal day. Raises Misread."""
        if not self.is_measured:
            try:
                return self.values.index(value)
            except ValueError:
                raise Misread(
                    f"“{shorten(value)}” is not a value of {self.name}.", nearest(value, self.values)
                ) from None
        place = _number(value) if self.kind == "number" else _day(value)
        if place is None or not self.low <= place <= self.high:
            raise Misread(
                f"“{shorten(value)}” is not a value of {self.name}.", f"It runs {self.range_words}."
            )
        return place

    @property
    def range_words(self) -> str:
        return f"from {self.spell(self.low)} to {self.spell(self.high)}"

    def spell(self, place: int) -> str:
        if self.kind == "date":
            return date.fromordinal(place).isoformat()
        return str(place) if self.kind == "number" else self.values[place]


_MEASURES = (
    (re.compile(r"(\S+) or (?:more|later)"), "from"),
    (re.compile(r"(?:below|before) (\S+)"), "before"),
    (re.compile(r"(\S+) or fewer"), "to"),
    (re.compile(r"(\S+) to (\S+)"), "between"),
    (re.compile(r"(\S+)"), "at"),
)


def read_wanted(fact: Fact, text: str) -> tuple[Interval, ...]:
    """The values that a condition names, as intervals of places, lowest first. Raises Misread.

    >>> plan = Fact(name="plan", kind="ordered", values=("basic", "standard", "advanced"))
    >>> read_wanted(plan, "standard or higher"), read_wanted(plan, "not basic")
    (((1, 2),), ((1, 2),))
    >>> read_wanted(Fact(name="n", kind="number", low=0, high=9), "below 3, 7 or more")
    ((0, 2), (7, 9))
    """
    words = [word.strip() for word in text.split(",")]
    if fact.is_measured:
        inner, negated = _after_not(text)
        pieces = [word.strip() for word in inner.split(",")]
        wanted = _merged(_measure(fact, piece) for piece in pieces)
        return _outside(fact, wanted) if negated else wanted
    if all(word in fact.values for word in words):
        return _merged((place, place) for place in map(fact.values.index, words))
    inner, negated = _after_not(text)
    if negated:
        return _outside(fact, read_wanted(fact, inner))
    if text.startswith("any of ") and fact.kind == "topic":
        return _family(fact, text[7:])
    if step := re.fullmatch(r"(.+) or (higher|lower|more|fewer|later)", text):
        return _rank(fact, step[1].strip(), step[2])
    places = [fact.place_of(word) for word in words]
    return _merged((place, place) for place in places)


def _after_not(text: str) -> tuple[str, bool]:
    return (text[4:].strip(), True) if text.startswith("not ") else (text, False)


def _family(fact: Fact, name: str) -> tuple[Interval, ...]:
    topics = fact.families.get(name.strip())
    if topics is None:
        raise Misread(f"There is no family “{shorten(name)}”.", nearest(name, fact.families))
    return _merged((place, place) for place in map(fact.values.index, topics))


def _rank(fact: Fact, value: str, direction: str) -> tuple[Interval, ...]:
    if direction not in ("higher", "lower"):
        raise Misread(f"{fact.name} is a list, not a number.", "Write “or higher” or “or lower”.")
    place = fact.place_of(value)
    if fact.kind != "ordered":
        raise Misread(
            f"“or {direction}” needs an order, and {fact.name} has none.",
            f"Declare it lowest first, with <: {fact.name}: {' < '.join(fact.values[:3])}.",
        )
    return ((place, len(fact.values) - 1),) if direction == "higher" else ((0, place),)


def _measure(fact: Fact, text: str) -> Interval:
    for pattern, way in _MEASURES:
        if match := pattern.fullmatch(text):
            first = fact.place_of(match[1])
            if way == "from":
                return first, fact.high
            if way == "to":
                return fact.low, first
            if way == "before":
                if first == fact.low:
                    raise Misread(f"Nothing of {fact.name} is {text}.", f"It runs {fact.range_words}.")
                return fact.low, first - 1
            if way == "at":
                return first, first
            second = fact.place_of(match[2])
            if second < first:
                raise Misread(f"“{shorten(text)}” runs backwards.", f"Write {match[2]} to {match[1]}.")
            return first, second
    forms = "before 2025-06-01, 2025-06-01 or later" if fact.kind == "date" else "3 or more, below 3, 3 to 5"
    raise Misread(f"“{shorten(text)}” does not fit {fact.name}.", f"Write {forms}.")


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?[0-9]{1,12}", text) else None


def _day(text: str) -> int | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for first, last in sorted(intervals):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _outside(fact: Fact, wanted: tuple[Interval, ...]) -> tuple[Interval, ...]:
    low, high = fact.span
    outside: list[Interval] = []
    for first, last in wanted:
        if first > low:
            outside.append((low, first - 1))
        low = last + 1
    if low <= high:
        outside.append((low, high))
    if not outside:
        raise Misread(f"This leaves no value of {fact.name}.", "Name fewer values after “not”.")
    return tuple(outside)


class Cells:
    """A fact cut into cells: one per value of a list, or the intervals between its own cut points."""

    def __init__(self, fact: Fact, conditions: Iterable[tuple[Interval, ...]] = ()) -> None:
        self.fact = fact
        low, high = fact.span
        starts = {low} if fact.is_measured else set(range(low, high + 1))
        if fact.is_measured:
            for wanted in conditions:
                for first, last in wanted:
                    starts.update(place for place in (first, last + 1) if low <= place <= high)
        self.starts = sorted(starts)
        self.full = (1 << len(self.starts)) - 1

    def __len__(self) -> int:
        return len(self.starts)

    def mask(self, wanted: tuple[Interval, ...]) -> int:
        """The cells inside the intervals, as bits. The intervals' ends are cut points, so none is halved."""
        mask = 0
        for first, last in wanted:
            lowest, highest = self.cell_at(first), self.cell_at(last)
            mask |= (1 << (highest + 1)) - (1 << lowest)
        return mask

    def cell_at(self, place: int) -> int:
        return bisect_right(self.starts, place) - 1

    def cell_of(self, value: str) -> int:
        """The cell of one value. Raises Misread where the fact does not know the value."""
        return self.cell_at(self.fact.place_of(value))

    def example(self, cell: int) -> str:
        """One value of the cell, spelt as a fact is given."""
        return self.fact.spell(self.starts[cell])

    def label(self, cell: int) -> str:
        """The cell in words: the value itself, or the interval.

        >>> cells = Cells(Fact(name="n", kind="number", low=0, high=99), [((3, 99),)])
        >>> cells.label(0), cells.label(1)
        ('below 3', '3 or more')
        """
        return self._words(cell, cell)

    def labels(self, mask: int) -> tuple[str, ...]:
        """The cells in words; neighbours of a number or a date are told as one interval."""
        cells = [cell for cell in range(len(self)) if mask >> cell & 1]
        if not self.fact.is_measured:
            return tuple(self.fact.values[cell] for cell in cells)
        runs: list[tuple[int, int]] = []
        for cell in cells:
            first = runs.pop()[0] if runs and runs[-1][1] == cell - 1 else cell
            runs.append((first, cell))
        return tuple(self._words(first, last) for first, last in runs)

    def _words(self, first_cell: int, last_cell: int) -> str:
        fact = self.fact
        if not fact.is_measured:
            return fact.values[first_cell]
        first = self.starts[first_cell]
        last = self.starts[last_cell + 1] - 1 if last_cell + 1 < len(self.starts) else fact.high
        if first == last:
            return fact.spell(first)
        if first == fact.low and last == fact.high:
            return "any"
        if last == fact.high:
            return f"{fact.spell(first)} or {'later' if fact.kind == 'date' else 'more'}"
        if first == fact.low:
            return f"{'before' if fact.kind == 'date' else 'below'} {fact.spell(last + 1)}"
        return f"{fact.spell(first)} to {fact.spell(last)}"


@dataclass(frozen=True, kw_only=True)
class FactValue:
    """A fact as the desk holds it: `known` from `source`, `presumed` as the document says, or `unknown`.

    `confidence` is between 0 and 1 where a reader found the fact in words, else None.
    """

    value: str | None
    status: Literal["known", "presumed", "unknown"]
    source: str = ""
    confidence: float | None = None

    @classmethod
    def given(cls, value: str, source: str = "given") -> FactValue:
        """A value as it is typed at the command: `unknown` is unknown, all else is known."""
        if value == UNKNOWN:
            return cls(value=None, status="unknown", source=source)
        return cls(value=value, status="known", source=source)
