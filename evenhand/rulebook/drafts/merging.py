"""Two people changed one text: both changes are kept, by lines; where they clash, both texts are shown.

A three-way merge over `base`, what one wrote (`mine`) and what stands (`theirs`). Lines are told apart at
line feeds only, so that joining them again gives the text back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Change = tuple[int, int, int, int]
MOST_LINES = 20_000  # a policy has a few hundred; what is longer is not compared line by line


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Lines `start` to `stop` (counted from 0, `stop` excluded) give way to `lines`."""

    start: int
    stop: int
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Some lines of a merge. Where both changed them, `clash` is true and all three wordings are given."""

    clash: bool
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """The lines of the merged text; only where there is no clash. Whoever changed them is followed."""
        return self.theirs if self.mine == self.base else self.mine


@dataclass(frozen=True, kw_only=True)
class Merge:
    stretches: tuple[Stretch, ...]

    @property
    def clean(self) -> bool:
        return not any(stretch.clash for stretch in self.stretches)

    @property
    def text(self) -> str:
        """The merged text; only of a clean merge."""
        return "\n".join(line for stretch in self.stretches for line in stretch.kept)


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Both changes to `base` together. Nothing is dropped: what cannot be joined is a clash of both."""
    lines = base.split("\n")
    ours, others = mine.split("\n"), theirs.split("\n")
    return Merge(stretches=tuple(_stretches(lines, ours, others)))


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """What turns `old` into `new`, from the top."""
    before, after = old.split("\n"), new.split("\n")
    return tuple(Edit(start=i, stop=j, lines=tuple(after[k:m])) for i, j, k, m in _changes(before, after))


def _changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """(from, to) in the old and in the new lines, for each run of lines that differs."""
    if old == new:
        return []
    if max(len(old), len(new)) > MOST_LINES:
        return [(0, len(old), 0, len(new))]
    found = SequenceMatcher(None, old, new).get_opcodes()
    return [(i, j, k, m) for tag, i, j, k, m in found if tag != "equal"]


def _stretches(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Stretch]:
    """Walks down the base; changes of both sides that overlap or meet become one stretch."""
    left, right = _changes(base, mine), _changes(base, theirs)
    at = at_mine = at_theirs = 0
    while left or right:
        start = min(change[0] for change in (*left[:1], *right[:1]))
        yield _same(base[at:start])
        at_mine, at_theirs = at_mine + start - at, at_theirs + start - at
        at, ours, others = _touching(start, left, right)
        to_mine, to_theirs = at_mine + at - start + _grown(ours), at_theirs + at - start + _grown(others)
        yield _changed(base[start:at], mine[at_mine:to_mine], theirs[at_theirs:to_theirs])
        at_mine, at_theirs = to_mine, to_theirs
    yield _same(base[at:])


def _touching(start: int, left: list[Change], right: list[Change]) -> tuple[int, list[Change], list[Change]]:
    """Takes from both lists the changes that overlap or meet from `start` on, and says where they end."""
    end = start
    ours: list[Change] = []
    others: list[Change] = []
    while (left and left[0][0] <= end) or (right and right[0][0] <= end):
        waiting, taken = (left, ours) if left and left[0][0] <= end else (right, others)
        taken.append(waiting.pop(0))
        end = max(end, taken[-1][1])
    return end, ours, others


def _grown(changes: Sequence[Change]) -> int:
    """By how many lines these changes make the text longer."""
    return sum((m - k) - (j - i) for i, j, k, m in changes)


def _same(lines: Sequence[str]) -> Stretch:
    return Stretch(clash=False, base=tuple(lines), mine=tuple(lines), theirs=tuple(lines))


def _changed(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Stretch:
    clash = mine not in (base, theirs) and theirs != base
    return Stretch(clash=clash, base=tuple(base), mine=tuple(mine), theirs=tuple(theirs))
