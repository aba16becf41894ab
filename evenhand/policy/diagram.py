"""A diagram of cases: for every case one label, with cases that share all that follows told once.

Facts are gone through one after another, as in `Grid.cases`, but every way is kept. So a question about
all cases (how many have this label, which boxes hold them) is answered exactly and without going through
them. Two grids over the same cells can be read side by side: that is how two versions are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import and_

from .budget import Budget
from .grid import Grid, bits

Box = dict[int, int]
"""Some cells of some facts, as masks by fact; a fact that is not named may be anything."""
Arcs = tuple[tuple[int, int], ...]
"""(cells as a mask, node) pairs; together they cover the cells of one fact."""
State = tuple[int, ...]
"""One signature for each side."""
Layer = dict[State, dict[State, int]]
"""What the cells of one fact make of each state."""
NEVER = None
"""The label of cases that cannot occur. They belong to any box, so that boxes are as wide as can be."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One grid as a diagram reads it: the rows of the facts shared, limited to the boxes in `keep`.

    `own`: for every fact of the diagram its place in the grid, or None where the grid does not turn on it.
    With a `group`, boxes that are certainly beaten in it are dropped on the way, but for those to `spare`;
    winners stay the same.
    """

    grid: Grid
    keep: int
    own: Sequence[int | None]
    rows: Sequence[Sequence[int]]
    group: str | None = None
    spare: int = 0

    def turns_on(self, fact: int) -> bool:
        return len({row & self.keep for row in self.rows[fact]}) > 1

    def settled(self, order: Sequence[int]) -> list[int | None]:
        """For every fact of the order the boxes settled after it; None where nothing is to be dropped."""
        facts = [fact for fact in order if self.own[fact] is not None]
        places = [place for fact in facts if (place := self.own[fact]) is not None]
        after = dict(zip(facts, self.grid.settled(places, self.keep), strict=True))
        return [after.get(fact) if self.group else None for fact in order]

    def dropped(self, signature: int, settled: int | None) -> int:
        """A signature without the boxes that are certainly beaten by those settled."""
        if settled is None or self.group is None:
            return signature
        return self.grid.drop_beaten(signature, settled, self.group, self.spare)


@dataclass
class Diagram:
    """Nodes from the leaves up, `root` last. `order`: the fact of each level; `sizes`: its cells, by fact.

    `preferred`: by fact the cell that a witness takes where it may.
    """

    order: Sequence[int]
    sizes: Sequence[int]
    preferred: Sequence[int]
    arcs: list[Arcs] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    labels: dict[int, Hashable] = field(default_factory=dict)
    root: int = 0
    _known: dict[object, int] = field(default_factory=dict)

    def leaf(self, label: Hashable) -> int:
        return self._node(len(self.order), (), label)

    def inner(self, level: int, reached: Mapping[int, int]) -> int:
        """A node of a level, from the nodes below it with the cells that lead to each."""
        return self._node(level, tuple(sorted((mask, node) for node, mask in reached.items())), None)

    def _node(self, level: int, arcs: Arcs, label: Hashable) -> int:
        key = (level, arcs, label)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.arcs)
            self.arcs.append(arcs)
            self.levels.append(level)
            if not arcs:
                self.labels[found] = label
        return found

    def counts(self) -> dict[Hashable, int]:
        """How many cases have each label. A case is one cell for every fact of the order."""
        ways = [0] * len(self.arcs)
        ways[self.root] = 1
        for node in range(self.root, -1, -1):
            for mask, below in self.arcs[node]:
                ways[below] += ways[node] * mask.bit_count()
        counted: dict[Hashable, int] = {}
        for node, label in self.labels.items():
            if ways[node]:
                counted[label] = counted.get(label, 0) + ways[node]
        return counted

    def relabelled(self, name: Callable[[Hashable], Hashable]) -> Diagram:
        """The same cases with other labels; NEVER stays."""

        def renamed(node: int) -> Hashable:
            label = self.labels[node]
            return NEVER if label is NEVER else name(label)

        return self._rebuilt(self.order, renamed)

    def folded(self, name: Callable[[list[tuple[int, Hashable]]], Hashable]) -> Diagram:
        """Without the last fact: each case is labelled by what the cells of that fact lead to."""

        def of_last(node: int) -> Hashable:
            return name([(mask, self.labels[below]) for mask, below in self.arcs[node]])

        return self._rebuilt(self.order[:-1], of_last)

    def _rebuilt(self, order: Sequence[int], name: Callable[[int], Hashable]) -> Diagram:
        rebuilt = Diagram(order, self.sizes, self.preferred)
        place: dict[int, int] = {}
        for node, (level, arcs) in enumerate(zip(self.levels, self.arcs, strict=True)):
            if level == len(order):
                place[node] = rebuilt.leaf(name(node))
            elif level < len(order):
                reached: dict[int, int] = {}
                for mask, below in arcs:
                    reached[place[below]] = reached.get(place[below], 0) | mask
                place[node] = rebuilt.inner(level, reached)
        rebuilt.root = place[self.root]
        return rebuilt

    def boxes(self, label: Hashable, budget: Budget | None = None) -> list[Box]:
        """The cases with a label as few and wide boxes, which may overlap."""
        budget = budget or Budget()
        found: list[Box] = []
        while (path := self.first(label, outside=found, budget=budget)) is not None:
            found.append(self._widest(path, label))
        for box in found[::-1]:
            others = [other for other in found if other is not box]
            if self.first(label, inside=box, outside=others, budget=budget) is None:
                found = others
        return found

    def first(
        self,
        label: Hashable,
        *,
        inside: Mapping[int, int] | None = None,
        outside: Sequence[Box] = (),
        budget: Budget | None = None,
    ) -> Box | None:
        """The first cases with a label, in one box and outside of others, preferred cells first."""
        search = _Search(self, label, inside or {}, outside, budget or Budget())
        return search.below(self.root, (1 << len(outside)) - 1)

    def witness(self, label: Hashable) -> dict[int, int]:
        """One case with the label, as a cell by fact; as usual a one as there is."""
        path = self.first(label) or {}
        return {fact: self.preferred_of(fact, mask) for fact, mask in path.items()}

    def preferred_of(self, fact: int, mask: int) -> int:
        cell = self.preferred[fact]
        return cell if mask >> cell & 1 else next(bits(mask))

    def _widest(self, path: Box, label: Hashable) -> Box:
        """A box freed of every fact, and widened by every cell, that makes no difference."""
        box = dict(path)
        for fact in reversed(self.order):
            box[fact] = self._admitted(fact, box, label)
        return {fact: mask for fact, mask in box.items() if mask != (1 << self.sizes[fact]) - 1}

    def _admitted(self, fact: int, box: Box, label: Hashable) -> int:
        """The cells of one fact with which every case of the box has the label, or cannot occur."""
        full = (1 << self.sizes[fact]) - 1
        level = self.order.index(fact)
        found: dict[int, int] = {}
        for node in range(self.root + 1):
            if not self.arcs[node]:
                found[node] = full if self.labels[node] in (label, NEVER) else 0
                continue
            here = self.levels[node]
            if here == level:
                found[node] = sum(mask for mask, below in self.arcs[node] if found[below])
                continue
            wanted = box.get(self.order[here], -1)
            admitted = full
            for mask, below in self.arcs[node]:
                if mask & wanted:
                    admitted &= found[below]
            found[node] = admitted
        return found[self.root]


@dataclass
class _Search:
    """Looks for a case with a label that lies outside of boxes; `alive` are the boxes it is still in."""

    diagram: Diagram
    label: Hashable
    inside: Mapping[int, int]
    outside: Sequence[Box]
    budget: Budget
    _dead: set[tuple[int, int]] = field(default_factory=set)

    def below(self, node: int, alive: int) -> Box | None:
        diagram = self.diagram
        if not diagram.arcs[node]:
            return {} if diagram.labels[node] == self.label and not alive else None
        if (node, alive) in self._dead:
            return None
        fact = diagram.order[diagram.levels[node]]
        self.budget.spend(1, tuple(diagram.order))
        for mask, below in self._preferred_first(node, fact):
            for cells, still in self._told_apart(fact, mask, alive):
                if (rest := self.below(below, still)) is not None:
                    return {fact: cells, **rest}
        self._dead.add((node, alive))
        return None

    def _preferred_first(self, node: int, fact: int) -> list[tuple[int, int]]:
        preferred = 1 << self.diagram.preferred[fact]
        wanted = self.inside.get(fact, -1)
        arcs = [(mask & wanted, below) for mask, below in self.diagram.arcs[node] if mask & wanted]
        return sorted(arcs, key=lambda arc: not arc[0] & preferred)

    def _told_apart(self, fact: int, mask: int, alive: int) -> Iterator[tuple[int, int]]:
        """The cells in groups that lie in the same of the boxes still alive."""
        groups = {alive: mask}
        for box in bits(alive):
            admitted = self.outside[box].get(fact, -1)
            split: dict[int, int] = {}
            for still, cells in groups.items():
                for kept, part in ((still, cells & admitted), (still & ~(1 << box), cells & ~admitted)):
                    if part:
                        split[kept] = split.get(kept, 0) | part
            groups = split
        preferred = 1 << self.diagram.preferred[fact]
        for still, cells in sorted(groups.items(), key=lambda group: not group[1] & preferred):
            yield cells, still


def draw(
    sides: Sequence[Side],
    order: Sequence[int],
    preferred: Sequence[int],
    label: Callable[[State], Hashable],
    budget: Budget | None = None,
) -> Diagram:
    """The diagram of all cases of the facts in `order`, labelled by their signatures, one for each side.

    Raises TooManyCases with the facts to blame.
    """
    budget = budget or Budget()
    settled = [side.settled(order) for side in sides]
    layers: list[Layer] = []
    states: dict[State, None] = {tuple(side.grid.every & side.keep for side in sides): None}
    turned: tuple[int, ...] = ()
    for level, fact in enumerate(order):
        options = _options(sides, fact)
        turned = (*turned, fact) if len(options) > 1 else turned
        budget.spend(len(states) * len(options), turned)
        layer = _layer(sides, states, options, [one[level] for one in settled])
        layers.append(layer)
        states = {left: None for reached in layer.values() for left in reached}
    sizes = [len(rows) for rows in sides[0].rows]
    return _gathered(Diagram(order, sizes, preferred), sides, layers, states, label)


def _layer(
    sides: Sequence[Side],
    states: Iterable[State],
    options: Mapping[State, int],
    settled: Sequence[int | None],
) -> Layer:
    """What each state becomes with each option of a fact: most options are all the same to most states."""
    layer: Layer = {}
    for state in states:
        met: dict[State, int] = {}
        for rows, mask in options.items():
            left = tuple(map(and_, state, rows))
            met[left] = met.get(left, 0) | mask
        reached: dict[State, int] = {}
        for left, mask in met.items():
            kept = tuple(map(Side.dropped, sides, left, settled))
            reached[kept] = reached.get(kept, 0) | mask
        layer[state] = reached
    return layer


def _options(sides: Sequence[Side], fact: int) -> dict[State, int]:
    """The rows that differ where it matters, each with the cells that have them."""
    options: dict[State, int] = {}
    for cell in range(len(sides[0].rows[fact])):
        rows = tuple(side.rows[fact][cell] & side.keep for side in sides)
        options[rows] = options.get(rows, 0) | 1 << cell
    return options


def _gathered(
    diagram: Diagram,
    sides: Sequence[Side],
    layers: Sequence[Layer],
    states: Iterable[State],
    label: Callable[[State], Hashable],
) -> Diagram:
    """Labels the last states and joins, from there up, states from which all that follows is the same."""
    place: dict[State, int] = {}
    for state in states:
        excluded = any(
            signature & side.grid.never_boxes for side, signature in zip(sides, state, strict=True)
        )
        place[state] = diagram.leaf(NEVER if excluded else label(state))
    for level in range(len(layers) - 1, -1, -1):
        above: dict[State, int] = {}
        for state, reached in layers[level].items():
            nodes: dict[int, int] = {}
            for left, mask in reached.items():
                nodes[place[left]] = nodes.get(place[left], 0) | mask
            above[state] = diagram.inner(level, nodes)
        place = above
    diagram.root = next(iter(place.values()))
    return diagram
