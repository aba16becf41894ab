"""Two versions on one ground: their facts cut into cells that both understand (rule 1 on both at once).

A fact that both declare is compared over the values that both can express; numbers and dates are cut at the
cut points of both. A fact that only one declares is there too, and the other does not turn on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace

from .facts import Cells, Fact
from .grid import Grid
from .words import TOPIC


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A fact of either version, with cells for both, and its place in each grid (None: not declared)."""

    name: str
    cells: Cells
    old: int | None
    new: int | None

    def place(self, *, new: bool) -> int | None:
        return self.new if new else self.old


@dataclass(frozen=True, kw_only=True)
class Joint:
    """The facts of two grids, in the order of the older document, then what only the newer declares."""

    facts: tuple[Shared, ...]
    old: Grid
    new: Grid

    @classmethod
    def of(cls, old: Grid, new: Grid) -> Joint:
        before = {cells.fact.name: place for place, cells in enumerate(old.cells)}
        after = {cells.fact.name: place for place, cells in enumerate(new.cells)}
        facts: list[Shared] = []
        for name in dict.fromkeys([*before, *after]):
            facts += _shared(name, old, before.get(name), new, after.get(name))
        return cls(facts=tuple(facts), old=old, new=new)

    def grid(self, *, new: bool) -> Grid:
        return self.new if new else self.old

    def rows(self, *, new: bool) -> list[list[int]]:
        """For every fact the boxes that admit each shared cell; every box where the grid has no such fact."""
        grid = self.grid(new=new)
        return [_rows(grid, fact.cells, fact.place(new=new)) for fact in self.facts]

    def sizes(self) -> list[int]:
        return [len(fact.cells) for fact in self.facts]

    def preferred(self) -> list[int]:
        """The cell a witness takes where it may: what is presumed, else the first."""
        return [_preferred(fact.cells) for fact in self.facts]

    def busiest_first(self) -> list[int]:
        """The facts, those on which most boxes of the older turn first, then those of the newer alone."""
        place = {fact.old: index for index, fact in enumerate(self.facts) if fact.old is not None}
        rest = {fact.new: index for index, fact in enumerate(self.facts) if fact.old is None}
        before = [place[fact] for fact in self.old.busiest_first()]
        return [*before, *(rest[fact] for fact in self.new.busiest_first() if fact in rest)]


def _shared(name: str, old: Grid, before: int | None, new: Grid, after: int | None) -> list[Shared]:
    if before is None or after is None:
        grid, place = (new, after) if before is None else (old, before)
        return [Shared(name=name, cells=grid.cells[place or 0], old=before, new=after)]
    merged = _merged(old.cells[before], new.cells[after])
    if merged is not None:
        return [Shared(name=name, cells=merged, old=before, new=after)]
    # Nothing of it can be said in both: two facts that happen to share a name.
    return [
        Shared(name=f"{name} (before)", cells=_renamed(old.cells[before], "before"), old=before, new=None),
        Shared(name=f"{name} (now)", cells=_renamed(new.cells[after], "now"), old=None, new=after),
    ]


def _renamed(cells: Cells, when: str) -> Cells:
    """The same cells under a name that says which version means them."""
    renamed = copy(cells)
    renamed.fact = replace(cells.fact, name=f"{cells.fact.name} ({when})")
    return renamed


def _merged(old: Cells, new: Cells) -> Cells | None:
    """Cells for both, or None where the two have no value in common."""
    first, second = old.fact, new.fact
    if first.is_measured or second.is_measured:
        low, high = max(first.low, second.low), min(first.high, second.high)
        if first.kind != second.kind or low > high:
            return None
        return Cells(
            replace(first, low=low, high=high),
            [((start, high),) for start in {*old.starts, *new.starts} if low < start <= high],
        )
    values = tuple(value for value in first.values if value in second.values)
    return Cells(_of_both(first, second, values)) if values else None


def _of_both(first: Fact, second: Fact, values: tuple[str, ...]) -> Fact:
    families = {
        name: topics
        for name, topics in first.families.items()
        if second.families.get(name) == topics and set(topics) <= set(values)
    }
    presumed = first.presumed if first.presumed in values else None
    return replace(first, values=values, families=families, presumed=presumed)


def _rows(grid: Grid, cells: Cells, place: int | None) -> list[int]:
    if place is None:
        return [grid.every] * len(cells)
    own = grid.cells[place]
    return [grid.rows[place][own.cell_of(cells.example(cell))] for cell in range(len(cells))]


def _preferred(cells: Cells) -> int:
    presumed = cells.fact.presumed
    try:
        return 0 if presumed is None else cells.cell_of(presumed)
    except ValueError:  # presumed by one version, and outside of what both can express
        return 0


def box_words(box: dict[int, int], facts: Sequence[Cells]) -> str:
    """A box as a `when` line would write it: topics first, `not …` where that is shorter.

    >>> box_words({0: 0b0111}, [Cells(Fact(name="plan", kind="list", values=("a", "b", "c", "d")))])
    'plan: not d'
    """
    named = sorted(box, key=lambda fact: (facts[fact].fact.name != TOPIC, fact))
    words = [f"{facts[fact].fact.name}: {_values(facts[fact], box[fact])}" for fact in named]
    return "; ".join(words) if words else "always"


def _values(cells: Cells, mask: int) -> str:
    fact, rest = cells.fact, cells.full & ~mask
    for family, topics in fact.families.items():
        if mask == sum(1 << fact.values.index(topic) for topic in topics):
            return f"any of {family}"
    if not fact.is_measured and rest and rest.bit_count() < mask.bit_count():
        return "not " + ", ".join(cells.labels(rest))
    return ", ".join(cells.labels(mask))
