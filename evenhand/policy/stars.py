"""Which differences are one: edges between what was and what is decided, gathered around few clauses."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .decisions import Effect

Kind = Literal["change", "pointers", "follows"]
"""A change; pointers, where act and reply stay; follows, where only the outcome before it is another."""

KINDS: tuple[Kind, ...] = ("change", "pointers", "follows")


@dataclass(frozen=True)
class Said:
    """What one version decides in some cases: the effect, and the lines that decide it."""

    effect: Effect | None
    cites: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Edge:
    """In some cases one version says `old` and the other `new`, and that is not the same."""

    old: Said
    new: Said
    kind: Kind = "change"


@dataclass(frozen=True)
class Star:
    """Edges that have one end in common, in the order of the document."""

    edges: tuple[Edge, ...]

    @property
    def kind(self) -> Kind:
        return self.edges[0].kind

    @property
    def old(self) -> tuple[Said, ...]:
        return tuple(dict.fromkeys(edge.old for edge in self.edges))

    @property
    def new(self) -> tuple[Said, ...]:
        return tuple(dict.fromkeys(edge.new for edge in self.edges))

    @property
    def middle(self) -> tuple[str, ...]:
        """The clauses around which the edges are gathered; those of the newer version where either may be."""
        for said in (self.new, self.old):
            if len(said) == 1 and said[0].cites:
                return said[0].cites
        return (self.old[0].cites or self.new[0].cites) if self.edges else ()


def stars(edges: Iterable[Edge]) -> list[Star]:
    """Every edge once, in few stars: the end with most edges left becomes the middle of the next one.

    So a clause that is gone is one difference, whatever decides in its place, and so is a clause that now
    decides where several did.
    """
    left = sorted(edges, key=lambda edge: (edge.old.lines, edge.new.lines))
    found: list[Star] = []
    while left:
        middle = _busiest(left)
        found.append(Star(tuple(edge for edge in left if middle in _ends(edge))))
        left = [edge for edge in left if middle not in _ends(edge)]
    return sorted(found, key=lambda star: [_in_order(cite) for cite in star.middle])


def _in_order(cite: str) -> list[tuple[int, str]]:
    """Clauses as their numbers count: 9, 9.1, 9A, 10; what has no number comes last.

    >>> sorted(["10", "9A", "9.1", "the ladder", "9", "21(b)", "21(a)"], key=_in_order)
    ['9', '9.1', '9A', '10', '21(a)', '21(b)', 'the ladder']
    """
    pieces = re.findall(r"(\d+)([^\d.]*)", cite)
    return [(int(number), letter) for number, letter in pieces] or [(10**6, cite)]


def _busiest(edges: Sequence[Edge]) -> Hashable:
    counted: dict[Hashable, int] = {}
    for edge in edges:
        for end in _ends(edge):
            counted[end] = counted.get(end, 0) + 1
    return max(counted, key=lambda end: counted[end])


def _ends(edge: Edge) -> tuple[tuple[str, Said], tuple[str, Said]]:
    return ("old", edge.old), ("new", edge.new)
