"""What a draft would have changed: recorded decisions beside those of the draft, added up.

Rulings that a person set otherwise are counted apart, since neither policy decided them. A ruling that a
person settled (chose the topic, accepted a proposal) counts as the same where the draft ends alike, or
leaves to a person what that person decided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from .decisions import minutes
from .endings import Ending, States
from .packed import Decided, How, Packing
from .policy import Policy
from .replay import Replay
from .tables import Array, Interned
from .words import PRIORITIES, PRIORITY

KEPT_SAMPLES = 20
OPEN_WORDS = "a question or a person"
SUPPORT = ""
"""No department of its own: the team that takes what no clause sends elsewhere."""

_BY_POLICY = (How.OPEN, How.PROPOSED, How.ALONE)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a group: the clauses that decide, the outcome in words, and whether it is only proposed."""

    clauses: tuple[str, ...]
    outcome: str
    how: str  # "alone", "proposed", "open", "by a person"


@dataclass(frozen=True)
class Move:
    """What changes for a target: its length before and after, an empty string where it has none."""

    target: str
    before: str
    after: str

    @property
    def direction(self) -> str:
        """`sooner`, `later`, `new`, `gone`, or `as soon` where only the calendar or the unit differs."""
        if not self.before or not self.after:
            return "gone" if self.before else "new"
        before, after = (_rank(self.target, length) for length in (self.before, self.after))
        return "as soon" if before == after else "sooner" if after < before else "later"


@dataclass(frozen=True)
class Old:
    """What was recorded, as the comparison needs it."""

    decided: Decided = field(compare=False)
    how: How
    mark: int
    targets: tuple[tuple[str, str], ...]


@dataclass
class Found:
    """How often, and the caller's numbers of the newest of them."""

    count: int = 0
    samples: list[int] = field(default_factory=list)

    def add(self, count: int, samples: Iterable[int] = ()) -> None:
        self.count += count
        self.samples = [*self.samples, *samples][-KEPT_SAMPLES:]


class Impact:
    """Adds up the records of one version under a draft. Feed `learn` first with what `unknown` asks for."""

    def __init__(self, packing: Packing, recorded: Policy, draft: States) -> None:
        self.packing = packing
        self.replay = Replay(packing, draft.policy, draft)
        same = recorded.hash == draft.policy.hash
        self._then = self.replay if same else Replay(packing, recorded)
        self._decided: dict[int, Decided] = {}
        self._marks = np.zeros(0, np.uint64)
        self._olds: Interned[Old] = Interned()
        self._pairs: Counter[tuple[int, int]] = Counter()
        self._samples: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._same: dict[tuple[int, int], bool] = {}
        self.never, self.overridden, self.too_many = Found(), Found(), Found()
        self.days: dict[int, list[int]] = defaultdict(lambda: [0, 0])  # day: changed, compared

    # ── Adding ──

    def unknown(self, records: Array) -> dict[int, int]:
        """The marks among the records of which it is not yet known what they stand for, each with a row."""
        marks = records["decision"]
        rows = np.flatnonzero(self._place(marks) < 0)
        found, first = np.unique(marks[rows], return_index=True)
        return {int(mark): int(rows[row]) for mark, row in zip(found, first, strict=True)}

    def learn(self, decided: Mapping[int, Decided]) -> None:
        """What each mark stands for."""
        self._decided |= decided
        self._marks = np.array(sorted(self._decided), np.uint64)

    def _place(self, marks: Array) -> Array:
        if not len(self._marks):
            return np.full(len(marks), -1)
        places = np.searchsorted(self._marks, marks).clip(max=len(self._marks) - 1)
        found: Array = np.where(self._marks[places] == marks, places, -1)
        return found

    def add(self, records: Array, numbers: Array, days: Array) -> None:
        """Count records whose marks are known; `numbers` and `days` are the caller's, one for each."""
        how = records["how"]
        self._apart(how == How.OVERRIDDEN, numbers, self.overridden)
        self._apart(how == How.TOO_MANY_TOPICS, numbers, self.too_many)
        if (how > How.BY_PERSON).any():
            kept = how <= How.BY_PERSON
            records, numbers, days = records[kept], numbers[kept], days[kept]
        if not len(records):
            return
        ends = self.replay.endings(records)
        self._apart(ends.never, numbers, self.never)
        olds = self._old(records)
        changed = self._count(olds, ends.numbers, numbers)
        self._add_days(days, changed)

    @staticmethod
    def _apart(which: Array, numbers: Array, found: Found) -> None:
        if which.any():
            found.add(int(which.sum()), numbers[which][-KEPT_SAMPLES:].tolist())

    def _old(self, records: Array) -> Array:
        """For each record the number of what was recorded."""
        kinds = len(How)
        codes = self._place(records["decision"]) * kinds + records["how"]
        by_code = np.zeros(len(self._marks) * kinds, np.int64)
        for code in np.flatnonzero(np.bincount(codes)).tolist():
            mark, how = int(self._marks[code // kinds]), How(code % kinds)
            by_code[code] = self._olds.number(self._recorded(mark, how))
        olds: Array = by_code[codes]
        settled = np.flatnonzero(records["how"] == How.BY_PERSON)
        if len(settled):
            olds[settled] = self._settled_by_person(records[settled], olds[settled])
        return olds

    def _recorded(self, mark: int, how: How) -> Old:
        decided = self._decided[mark]
        targets = {
            name: _length(text, decided.calendars.get(name, "")) for name, text in decided.targets.items()
        }
        return Old(decided, how, mark, tuple(sorted(targets.items())))

    def _settled_by_person(self, records: Array, olds: Array) -> Array:
        """With the targets that the version then in force gives for the topic the person settled it on; what
        was recorded is the earliest of all topics that were possible before."""
        then = self._then.endings(records).numbers
        pairs, inverse = np.unique(olds << 32 | then, return_inverse=True)
        numbers = []
        for pair in pairs.tolist():
            old, ending = self._olds.all[pair >> 32], self._then.all[pair & 0xFFFFFFFF]
            numbers.append(self._olds.number(Old(old.decided, old.how, old.mark, ending.lengths)))
        found: Array = np.array(numbers, np.int64)[inverse]
        return found

    def _count(self, olds: Array, ends: Array, numbers: Array) -> Array:
        """Count each pair of old and new, keep samples of the changed ones; which records changed."""
        wide = len(self.replay.all)
        codes = olds * wide + ends
        size = len(self._olds) * wide
        counts = np.bincount(codes, minlength=size)
        changes = np.zeros(size, bool)
        for code in np.flatnonzero(counts).tolist():
            pair = divmod(code, wide)
            self._pairs[pair] += int(counts[code])
            changes[code] = not self._is_same(pair)
        changed: Array = changes[codes]
        rows = np.flatnonzero(changed)
        for code, row in _last_of_each(codes[rows], rows):
            kept = self._samples[divmod(code, wide)]
            kept.append(int(numbers[row]))
            del kept[:-KEPT_SAMPLES]
        return changed

    def _add_days(self, days: Array, changed: Array) -> None:
        first = int(days.min())
        for column, which in enumerate((days[changed], days)):
            counts = np.bincount(which - first)
            for day in np.flatnonzero(counts).tolist():
                self.days[first + day][column] += int(counts[day])

    # ── What it comes to ──

    def _is_same(self, pair: tuple[int, int]) -> bool:
        found = self._same.get(pair)
        if found is None:
            found = self._same[pair] = _same(self._olds.all[pair[0]], self.replay.all[pair[1]])
        return found

    @property
    def pairs(self) -> Iterable[tuple[Old, Ending, int, bool, list[int]]]:
        """What was recorded, what the draft says, how often, whether that is the same, and samples."""
        for pair, count in self._pairs.items():
            old, new = self._olds.all[pair[0]], self.replay.all[pair[1]]
            yield old, new, count, self._is_same(pair), self._samples.get(pair, [])


def _same(old: Old, new: Ending) -> bool:
    if old.how == How.BY_PERSON:
        if new.how == How.OPEN:
            return old.decided.outcome in {tuple(word or "" for word in key) for key in new.possible}
        return (old.decided.outcome, old.decided.clauses) == (new.outcome, new.clauses)
    if old.how == How.OPEN or new.how == How.OPEN:
        return old.how == new.how
    decided = old.decided
    return (old.how, decided.outcome, decided.clauses) == (new.how, new.outcome, new.clauses)


def sides(old: Old, new: Ending) -> tuple[Side, Side]:
    """Both sides in words."""
    decided = old.decided
    return (
        _OPEN if old.how == How.OPEN else _side(decided.clauses, decided.outcome, old.how),
        _OPEN if new.how == How.OPEN else _side(new.clauses, new.outcome, new.how),
    )


_OPEN = Side(clauses=(), outcome=OPEN_WORDS, how="open")
_WORDS = {How.PROPOSED: "proposed", How.ALONE: "alone", How.BY_PERSON: "by a person"}


def _side(clauses: tuple[str, ...], outcome: tuple[str, ...], how: How) -> Side:
    return Side(clauses=clauses, outcome=outcome_words(outcome), how=_WORDS[how])


def outcome_words(outcome: tuple[str, ...]) -> str:
    """An outcome in a few words.

    >>> outcome_words(("quote", "sales", "design-quote", ""))
    'quote to sales, reply design-quote'
    """
    act, department, reply, service = outcome
    words = f"{act} to {department}" if department else act
    return words + (f", reply {reply}" if reply else "") + (f", service {service}" if service else "")


def departments(old: Old, new: Ending) -> tuple[str, str]:
    """Whose queue the request was in, and would have been in; SUPPORT where no clause sends it elsewhere.

    A proposal waits at support until a person accepts it, so for a ruling that a person accepted the draft's
    proposal counts as accepted.
    """
    before = old.decided.department if old.how in (How.ALONE, How.BY_PERSON) else SUPPORT
    if new.how == How.OPEN:
        return before, before if old.how == How.BY_PERSON and _same(old, new) else SUPPORT
    accepted = new.how == How.ALONE or old.how == How.BY_PERSON
    return before, new.outcome[1] if accepted else SUPPORT


def target_moves(old: Old, new: Ending) -> tuple[Move, ...]:
    """Each target that would have been another one."""
    before, after = dict(old.targets), dict(new.lengths)
    names = dict.fromkeys((*before, *after))
    moves = (Move(name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(move for move in moves if move.before != move.after)


def _length(text: str, calendar: str) -> str:
    return f"{text} ({calendar})" if calendar else text


@cache
def _rank(target: str, length: str) -> int:
    text = length.partition(" (")[0]
    if target == PRIORITY:
        return PRIORITIES.index(text) if text in PRIORITIES else len(PRIORITIES)
    return minutes(text) or 0


def _last_of_each(codes: Array, rows: Array) -> Iterable[tuple[int, int]]:
    """The last rows of each code, at most KEPT_SAMPLES, in their order."""
    if not len(codes):
        return []
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    ends = np.append(np.flatnonzero(np.diff(ordered)) + 1, len(ordered))
    from_end = np.repeat(ends, np.diff(np.append(0, ends))) - np.arange(len(ordered))
    kept: Any = from_end <= KEPT_SAMPLES
    return zip(ordered[kept].tolist(), rows[order][kept].tolist(), strict=True)
