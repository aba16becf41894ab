"""Comparing two versions: in which cases do they decide differently? Exact, and without any request.

Both grids are read side by side in one diagram for each group. Where the two say different things, there is
an edge between what was and what is said. Edges are gathered around as few clauses as can be, so that one
change of policy is told once: a clause that is omitted is one difference, however many decide in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .budget import Budget, TooManyCases
from .decide import Bound, cites, read_limits
from .decisions import Charge, Effect, Outcome, Step
from .diagram import Box, Diagram, Side, draw
from .edits import Edit, clause_edits, same_rule, vocabulary_edits
from .grid import Grid
from .joint import Joint, box_words
from .stars import KINDS, Edge, Kind, Said, Star, stars
from .telling import Teller
from .words import OUTCOME

if TYPE_CHECKING:
    from .policy import Policy

LIMITS = "limits"
MOST_WORK = 400_000
SAME = "same"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A region of cases in which two versions decide differently in one group.

    `group`: outcome, a target, conduct step, charge, credit, or limits. `boxes`: the region, each box as a
    `when` line writes it; together they hold exactly the cases meant. `old`, `new`: what was and is decided,
    by which clauses. `witness`: one full case. `kind`: a change; or pointers, where act and reply stay; or
    follows, where a rule that turns on the outcome is the same and only the outcome is another.
    """

    group: str
    kind: Kind
    boxes: tuple[str, ...]
    old: str
    new: str
    old_clauses: tuple[str, ...]
    new_clauses: tuple[str, ...]
    witness: Mapping[str, str]
    sentence: str

    @property
    def when(self) -> str:
        return " or when ".join(self.boxes)


@dataclass(frozen=True, kw_only=True)
class Uncompared:
    """A group that turns on too many combinations of `facts` to be compared."""

    group: str
    facts: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"Too many combinations of {', '.join(self.facts)} to compare {self.group}."


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything in which two versions differ. `edits`: what is declared and written otherwise."""

    differences: tuple[Difference, ...]
    edits: tuple[Edit, ...]
    uncompared: tuple[Uncompared, ...] = ()

    @property
    def decides_alike(self) -> bool:
        """Whether every case that both can express is certainly decided alike, in every group."""
        return not self.differences and not self.uncompared


def compare(old: Policy, new: Policy) -> Comparison:
    """In what `new` differs from `old`: cases decided otherwise, and what is declared or written otherwise.

    Never raises for what two policies say: a group too explosive to judge is named in `uncompared`.
    """
    differences, uncompared = _Comparer(old, new).differences()
    told = {cite.partition("(")[0] for one in differences for cite in (*one.old_clauses, *one.new_clauses)}
    edits = (*clause_edits(old, new, told), *vocabulary_edits(old, new))
    return Comparison(differences=tuple(differences), edits=edits, uncompared=tuple(uncompared))


class _Comparer:
    def __init__(self, old: Policy, new: Policy) -> None:
        self.policies = old, new
        self.grids = old.decider.grid, new.decider.grid
        self.joint = Joint.of(*self.grids)
        self.rows = self.joint.rows(new=False), self.joint.rows(new=True)
        self.order = self.joint.busiest_first()
        self.preferred = self.joint.preferred()
        self.cells = [fact.cells for fact in self.joint.facts]
        self.same_rules = frozenset(number for number in old.clauses if same_rule(old, new, number))
        self.teller = Teller(old, new, self.same_rules)

    def differences(self) -> tuple[list[Difference], list[Uncompared]]:
        found: list[Difference] = []
        uncompared: list[Uncompared] = []
        for group in dict.fromkeys([OUTCOME, *self.grids[0].groups, *self.grids[1].groups]):
            try:
                found += self._in_group(group, Budget(MOST_WORK))
            except TooManyCases as explosion:
                uncompared.append(self._blamed(group, explosion))
        try:
            found += self._in_limits(Budget(MOST_WORK))
        except TooManyCases as explosion:
            uncompared.append(self._blamed(LIMITS, explosion))
        return found, uncompared

    def _blamed(self, group: str, explosion: TooManyCases) -> Uncompared:
        return Uncompared(group=group, facts=tuple(self.joint.facts[fact].name for fact in explosion.facts))

    def _in_group(self, group: str, budget: Budget) -> list[Difference]:
        keep = [grid.relevant(group) for grid in self.grids]
        sides = self._sides(keep, group)

        def said(grid: Grid, signature: int) -> Said:
            judged = grid.judge(group, signature)
            return Said(_plain(judged.effect), cites(grid, judged.winners), judged.winners)

        def label(state: tuple[int, ...]) -> Hashable:
            old, new = (said(side.grid, signature) for side, signature in zip(sides, state, strict=True))
            return SAME if old.effect == new.effect else Edge(old, new, self._kind(group, old, new))

        return self._told(group, self._draw(sides, label, budget), budget)

    def _in_limits(self, budget: Budget) -> list[Difference]:
        """Each limit is a group of its own: where does it bind?"""
        bounds = [read_limits(policy.compiled.document.clauses) for policy in self.policies]
        found: list[Difference] = []
        for text in dict.fromkeys(bound.text for each in bounds for bound in each):
            found += self._in_limit(
                text, [[one for one in each if one.text == text] for each in bounds], budget
            )
        return found

    def _in_limit(self, text: str, bounds: list[list[Bound]], budget: Budget) -> list[Difference]:
        keep, own = [], []
        for grid, each in zip(self.grids, bounds, strict=True):
            boxes = _boxes_of(grid, each)
            own.append(boxes)
            keep.append(boxes | grid.never_boxes | grid.relevant(OUTCOME) * bool(boxes & grid.conditional))
        sides = self._sides(keep, OUTCOME, own)

        def label(state: tuple[int, ...]) -> Hashable:
            old, new = (
                _binding(grid, each, signature)
                for grid, each, signature in zip(self.grids, bounds, state, strict=True)
            )
            return (
                SAME if bool(old.cites) == bool(new.cites) else Edge(old, new, self._kind(LIMITS, old, new))
            )

        return self._told(LIMITS, self._draw(sides, label, budget), budget, limit=text)

    def _sides(self, keep: Sequence[int], group: str, spare: Sequence[int] = (0, 0)) -> list[Side]:
        return [
            Side(
                grid=self.grids[new],
                keep=keep[new],
                own=[fact.place(new=bool(new)) for fact in self.joint.facts],
                rows=self.rows[new],
                group=group,
                spare=spare[new],
            )
            for new in (0, 1)
        ]

    def _draw(
        self, sides: Sequence[Side], label: Callable[[tuple[int, ...]], Hashable], budget: Budget
    ) -> Diagram:
        order = [fact for fact in self.order if any(side.turns_on(fact) for side in sides)]
        return draw(sides, order, self.preferred, label, budget)

    def _kind(self, group: str, old: Said, new: Said) -> Kind:
        if group == OUTCOME:
            first, second = old.effect, new.effect
            alike = isinstance(first, Outcome) and isinstance(second, Outcome)
            return "pointers" if alike and _act(first) == _act(second) else "change"
        lines = [
            grid.lines[line] for grid, said in zip(self.grids, (old, new), strict=True) for line in said.lines
        ]
        unchanged = all(line.clause in self.same_rules for line in lines)
        return "follows" if unchanged and any(line.outcomes for line in lines) else "change"

    def _told(self, group: str, diagram: Diagram, budget: Budget, limit: str = "") -> list[Difference]:
        edges = [label for label in diagram.counts() if isinstance(label, Edge)]
        found = [star for kind in KINDS for star in stars(edge for edge in edges if edge.kind == kind)]
        place = {edge: index for index, star in enumerate(found) for edge in star.edges}
        cases = diagram.relabelled(lambda label: place[label] if isinstance(label, Edge) else SAME)
        return [
            self._difference(group, star, cases.boxes(index, budget), cases.witness(index), limit)
            for index, star in enumerate(found)
        ]

    def _difference(
        self, group: str, star: Star, boxes: Sequence[Box], witness: Mapping[int, int], limit: str
    ) -> Difference:
        told = self.teller.tell(group, star, limit)
        chosen = dict(enumerate(self.preferred)) | dict(witness)
        return Difference(
            group=group,
            kind=star.kind,
            boxes=tuple(box_words(box, self.cells) for box in boxes),
            old=told.old,
            new=told.new,
            old_clauses=told.old_clauses,
            new_clauses=told.new_clauses,
            witness={
                fact.name: fact.cells.example(chosen[place]) for place, fact in enumerate(self.joint.facts)
            },
            sentence=told.sentence,
        )


def _plain(effect: Effect | None) -> Effect | None:
    """The effect as it counts here: pointers in any order, and no step or charge as if nothing were said."""
    if isinstance(effect, Outcome):
        return replace(effect, pointers=tuple(sorted(set(effect.pointers))))
    if effect in (Step(name=None), Charge(service=None)):
        return None
    return effect


def _act(effect: Effect | None) -> tuple[str, str | None] | None:
    return (effect.act, effect.reply) if isinstance(effect, Outcome) else None


def _boxes_of(grid: Grid, bounds: Sequence[Bound]) -> int:
    boxes = 0
    for bound in bounds:
        for clause in (bound.clause, *bound.lifted_by):
            boxes |= grid.clause_boxes.get(clause, 0)
    return boxes


def _binding(grid: Grid, bounds: Sequence[Bound], signature: int) -> Said:
    """The clauses by which a limit binds in one case (rule 12)."""

    def holds(clause: str) -> bool:
        return bool(grid.holding(signature, grid.clause_boxes.get(clause, 0)))

    binding = [one.clause for one in bounds if holds(one.clause) and not any(map(holds, one.lifted_by))]
    lines = tuple(line.index for line in grid.lines if line.clause in binding)
    return Said(None, tuple(binding), lines)
