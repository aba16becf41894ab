"""The boxes, and the one thing everything is answered from: which boxes hold in which cases.

A case is one cell for every fact. A box holds in a case where its mask admits each of those cells. So a
case is worth no more than its *signature*, the set of boxes that hold in it, kept as the bits of one
integer: one look-up per fact, and AND. Deciding, explaining, asking, conflict, gap and reachability all
read signatures, and nothing else.

Bits, lowest first: the boxes of the lines, the boxes of `never`, and one bit per fact that says the fact is
known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

from .budget import Budget
from .facts import Cells
from .lines import Judged, Line, joined, outcome_is
from .words import OUTCOME

Masks = tuple[int, ...]
Chosen = tuple[tuple[int, int], ...]
"""(fact, cell) pairs: one way to complete a situation."""


@dataclass
class Grid:
    """Boxes over the cells of the facts. `beats[group]`: for each of `clauses`, those it beats there."""

    cells: Sequence[Cells]
    lines: Sequence[Line]
    boxes: Sequence[tuple[Masks, int]]
    never: Sequence[Masks]
    clauses: Sequence[str]
    beats: Mapping[str, Sequence[int]]

    rows: list[list[int]] = field(init=False)
    group_boxes: dict[str, int] = field(init=False)
    clause_boxes: dict[str, int] = field(init=False)
    line_boxes: list[int] = field(init=False)
    never_boxes: int = field(init=False)
    conditional: int = field(init=False)
    _beaten: dict[str, list[int]] = field(init=False)
    _judged: dict[tuple[str, int], Judged] = field(init=False, default_factory=dict)
    _options_of: dict[tuple[int, int, int | None], dict[int, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.boxes)
        everything = [masks for masks, _ in self.boxes] + list(self.never)
        self.rows = [self._rows_of(fact, everything) for fact in range(len(self.cells))]
        self.indifferent = [reduce(and_, rows) for rows in self.rows]
        self.never_boxes = ((1 << len(self.never)) - 1) << count
        self.every = (1 << (len(everything) + len(self.cells))) - 1
        self.known_bits = [1 << (len(everything) + fact) for fact in range(len(self.cells))]
        self._place_boxes()

    def _rows_of(self, fact: int, everything: list[Masks]) -> list[int]:
        """Which boxes admit each cell. A box is noted where its run of cells begins and ends."""
        changes = [0] * (len(self.cells[fact]) + 1)
        for bit, masks in enumerate(everything):
            mask = masks[fact]
            for cell in bits(mask ^ mask << 1):
                changes[cell] ^= 1 << bit
        rows: list[int] = []
        admitted = self._all_known()
        for change in changes[:-1]:
            admitted ^= change
            rows.append(admitted)
        return rows

    def _all_known(self) -> int:
        first = len(self.boxes) + len(self.never)
        return ((1 << len(self.cells)) - 1) << first

    def _place_boxes(self) -> None:
        self.group_boxes, self.clause_boxes, self.conditional = {}, {}, 0
        self.line_boxes = [0] * len(self.lines)
        for bit, (_, index) in enumerate(self.boxes):
            line = self.lines[index]
            self.line_boxes[index] |= 1 << bit
            self.clause_boxes[line.clause] = self.clause_boxes.get(line.clause, 0) | 1 << bit
            if line.outcomes:
                self.conditional |= 1 << bit
            for group in line.effects:
                self.group_boxes[group] = self.group_boxes.get(group, 0) | 1 << bit
        self._beaten = {group: self._beaten_in(group, mask) for group, mask in self.group_boxes.items()}

    def _beaten_in(self, group: str, members: int) -> list[int]:
        beats = self.beats.get(group) or self.beats[""]
        place = {clause: index for index, clause in enumerate(self.clauses)}
        in_group = {
            self.lines[index].clause for box, (_, index) in enumerate(self.boxes) if members >> box & 1
        }
        boxes = {place[clause]: self.clause_boxes[clause] & members for clause in in_group if clause in place}
        reach = sum(1 << clause for clause in boxes)
        beaten: dict[str, int] = {}
        for clause in in_group:
            losers = beats[place[clause]] & reach if clause in place else 0
            mask = 0
            for loser in bits(losers):
                mask |= boxes[loser]
            beaten[clause] = mask
        return [beaten.get(self.lines[index].clause, 0) for _, index in self.boxes]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.group_boxes)

    def busiest_first(self) -> list[int]:
        """The facts, those on which most boxes turn first, so that the winners are settled early."""
        weight = [
            sum(masks[fact] != cells.full for masks, _ in self.boxes) for fact, cells in enumerate(self.cells)
        ]
        return sorted(range(len(weight)), key=lambda fact: -weight[fact])

    def row(self, fact: int, cell: int | None) -> int:
        """The boxes that may hold where a fact has this cell, or where it is unknown (None)."""
        if cell is not None:
            return self.rows[fact][cell]
        return reduce(or_, self.rows[fact]) & ~self.known_bits[fact]

    def unknown_in(self, situation: int) -> list[int]:
        """The facts that are unknown in a situation."""
        return [fact for fact, bit in enumerate(self.known_bits) if not situation & bit]

    def relevant(self, group: str) -> int:
        """The boxes that a group can turn on: its own, and the outcome's where it is conditional."""
        own = self.group_boxes.get(group, 0)
        if own & self.conditional:
            own |= self.group_boxes.get(OUTCOME, 0)
        return own | self.never_boxes

    def cases(
        self,
        situation: int,
        keep: int,
        *,
        free: Sequence[int] | None = None,
        within: Mapping[int, int] | None = None,
        settle: str | None = None,
        budget: Budget | None = None,
    ) -> dict[int, Chosen]:
        """Every signature that the unknown facts leave possible, limited to the boxes in `keep`, with one
        way each.

        Cases that `never` excludes are left out; `within` limits facts to cells, as masks. With `settle`,
        boxes of that group that are certainly beaten are dropped on the way: winners stay the same, and far
        fewer signatures differ.
        """
        budget = budget or Budget()
        if free is None:
            free = self.unknown_in(situation)
        found: dict[int, Chosen] = {situation & keep: ()}
        turned: tuple[int, ...] = ()
        sure = self.settled(free, keep) if settle else []
        for place, fact in enumerate(free):
            options = self._options(fact, keep, within.get(fact) if within else None)
            if len(options) == 1:
                row, cell = next(iter(options.items()))
                only = ((fact, cell),) if within and fact in within else ()
                found = {signature & row: (*chosen, *only) for signature, chosen in found.items()}
                continue
            turned = (*turned, fact)
            budget.spend(len(found) * len(options), turned)
            spread: dict[int, Chosen] = {}
            for signature, chosen in found.items():
                for row, cell in options.items():
                    left = signature & row
                    if settle:
                        left = self.drop_beaten(left, sure[place], settle)
                    if left not in spread:
                        spread[left] = (*chosen, (fact, cell))
            found = spread
        never = self.never_boxes
        return {signature: chosen for signature, chosen in found.items() if not signature & never}

    def _options(self, fact: int, keep: int, mask: int | None) -> dict[int, int]:
        """The rows that differ where it matters, each with one cell that has it."""
        found = self._options_of.get((fact, keep, mask))
        if found is None:
            if len(self._options_of) >= 4_096:
                self._options_of.clear()
            found = self._options_of[fact, keep, mask] = {}
            for cell, row in enumerate(self.rows[fact]):
                if mask is None or mask >> cell & 1:
                    found.setdefault(row & keep, cell)
        return found

    def settled(self, free: Sequence[int], keep: int) -> list[int]:
        """After each free fact, the boxes on which no later one bears."""
        settled: list[int] = []
        open_to_later = 0
        for fact in reversed(free):
            settled.append(keep & ~open_to_later & ~self.conditional & ~self.never_boxes)
            open_to_later |= keep & ~self.indifferent[fact]
        return settled[::-1]

    def drop_beaten(self, signature: int, settled: int, group: str, spare: int = 0) -> int:
        """Without the boxes that are certainly beaten where they matter, but for those to `spare`.

        A group that turns on the outcome needs the outcome's boxes too, so a box that belongs to both stays.
        """
        own = self.group_boxes.get(group, 0)
        if group == OUTCOME or not own & self.conditional:
            return self._without_beaten(signature, settled, group, spare)
        signature = self._without_beaten(signature, settled, OUTCOME, own)
        return self._without_beaten(signature, settled, group, self.group_boxes.get(OUTCOME, 0))

    def _without_beaten(self, signature: int, settled: int, group: str, needed: int) -> int:
        if group not in self._beaten:
            return signature
        beaten = self._beaten[group]
        sure = signature & settled & self.group_boxes[group]
        while sure:
            bit = sure & -sure
            signature &= ~beaten[bit.bit_length() - 1] | needed
            sure &= signature & ~bit
        return signature

    def judge(self, group: str, signature: int) -> Judged:
        """Who wins in a group in one case (rules 4 to 8); remembered, since signatures are few."""
        live = signature & self.group_boxes.get(group, 0)
        if live & self.conditional:
            live |= signature & self.group_boxes.get(OUTCOME, 0)
        found = self._judged.get((group, live))
        if found is None:
            if len(self._judged) > 200_000:
                self._judged.clear()
            found = self._judged[group, live] = self._judge(group, live)
        return found

    def _judge(self, group: str, signature: int) -> Judged:
        live = self.holding(signature, self.group_boxes.get(group, 0))
        beaten = 0
        for box in bits(live):
            beaten |= self._beaten[group][box]
        winners = self._lines_of(live & ~beaten)
        gave_way = tuple(line for line in self._lines_of(live & beaten) if line not in winners)
        effects = [self.lines[line].effects[group] for line in winners]
        if not effects:
            return Judged(effect=None)
        if any(effect.key != effects[0].key for effect in effects):
            return Judged(effect=None, winners=winners, gave_way=gave_way, conflict=True)
        return Judged(effect=joined(effects), winners=winners, gave_way=gave_way)

    def holding(self, signature: int, boxes: int) -> int:
        """Those of the boxes that hold, with conditions on the outcome taken into account."""
        live = signature & boxes
        asked = live & self.conditional
        if asked:
            outcome = self.judge(OUTCOME, signature).effect
            for box in bits(asked):
                if not outcome_is(outcome, self.lines[self.boxes[box][1]].outcomes):
                    live &= ~(1 << box)
        return live

    def _lines_of(self, signature: int) -> tuple[int, ...]:
        return tuple(sorted({self.boxes[box][1] for box in bits(signature)}))


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit
