"""Which differences are one: edges between what was and what is decided, gathered around few clauses."""

from __future__ import annotations

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
    def place(self) -> tuple[object, ...]:
        """Where the difference stands when read beside the documents."""
        first = min((edge.new.lines or edge.old.lines for edge in self.edges), default=())
        return first, min(edge.old.lines for edge in self.edges)


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
    return sorted(found, key=lambda star: star.place)


def _busiest(edges: Sequence[Edge]) -> Hashable:
    counted: dict[Hashable, int] = {}
    for edge in edges:
        for end in _ends(edge):
            counted[end] = counted.get(end, 0) + 1
    return max(counted, key=lambda end: counted[end])


def _ends(edge: Edge) -> tuple[tuple[str, Said], tuple[str, Said]]:
    return ("old", edge.old), ("new", edge.new)
