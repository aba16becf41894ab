"""The boxes, and the one thing everything is answered from: which boxes hold in which cases.

A case is one cell for every fact. A box holds in a case where its mask admits each of those cells. So a
case is worth no more than its *signature*, the set of boxes that hold in it, kept as the bits of one
integer: one look-up per fact, and AND. Deciding, explaining, asking, conflict, gap and reachability all
read signatures, and nothing else.

Bits, lowest first: the boxes of the lines, the boxes of `never`, and one bit per fact that says the fact is
known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .decisions import Effect, Outcome
from .facts import Cells
from .words import ACTS, OUTCOME

Masks = tuple[int, ...]
Chosen = tuple[tuple[int, int], ...]
"""(fact, cell) pairs: one way to complete a situation."""

MOST_WORK = 150_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case of a clause, resolved. `cite` is how it is cited: 21, or 21(e) where the clause has several
    cases.

    `outcomes`: sets of acts and replies, each of which must hold the outcome decided (rule 11).
    """

    index: int
    clause: str
    cite: str
    line: int
    effects: Mapping[str, Effect]
    outcomes: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What one group decides in one case: the winners' effect, the winning lines, and those that gave way.

    `effect` is None where nothing holds (a gap) or where winners differ (`conflict`).
    """

    effect: Effect | None
    winners: tuple[int, ...] = ()
    gave_way: tuple[int, ...] = ()
    conflict: bool = False


class TooManyCases(RuntimeError):
    """The facts combine into more cases than can be judged; `facts` are those to blame."""

    def __init__(self, facts: tuple[int, ...]) -> None:
        self.facts = facts
        super().__init__("too many cases")


@dataclass
class Budget:
    """Bounds the work of one check, counted in signatures made, so that every document ends in a finding."""

    left: int = MOST_WORK

    def spend(self, work: int, facts: tuple[int, ...]) -> None:
        self.left -= work
        if self.left < 0:
            raise TooManyCases(facts)


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

    def __post_init__(self) -> None:
        count = len(self.boxes)
        everything = [masks for masks, _ in self.boxes] + list(self.never)
        self.rows = [self._rows_of(fact, everything) for fact in range(len(self.cells))]
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

    def row(self, fact: int, cell: int | None) -> int:
        """The boxes that may hold where a fact has this cell, or where it is unknown (None)."""
        if cell is not None:
            return self.rows[fact][cell]
        union = 0
        for row in self.rows[fact]:
            union |= row
        return union & ~self.known_bits[fact]

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
        settled = self._settled(free, keep) if settle else []
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
                        left = self._drop_beaten(left, settled[place], settle)
                    if left not in spread:
                        spread[left] = (*chosen, (fact, cell))
            found = spread
        never = self.never_boxes
        return {signature: chosen for signature, chosen in found.items() if not signature & never}

    def _options(self, fact: int, keep: int, mask: int | None) -> dict[int, int]:
        options: dict[int, int] = {}
        for cell, row in enumerate(self.rows[fact]):
            if mask is None or mask >> cell & 1:
                options.setdefault(row & keep, cell)
        return options

    def _settled(self, free: Sequence[int], keep: int) -> list[int]:
        """After each free fact, the boxes on which no later one bears."""
        settled: list[int] = []
        open_to_later = 0
        for fact in reversed(free):
            settled.append(keep & ~open_to_later & ~self.conditional & ~self.never_boxes)
            rows = self.rows[fact]
            all_hold = rows[0]
            for row in rows:
                all_hold &= row
            open_to_later |= keep & ~all_hold
        return settled[::-1]

    def _drop_beaten(self, signature: int, settled: int, group: str) -> int:
        """Without the boxes that are certainly beaten where they matter.

        A group that turns on the outcome needs the outcome's boxes too, so a box that belongs to both stays.
        """
        own = self.group_boxes.get(group, 0)
        if group == OUTCOME or not own & self.conditional:
            return self._without_beaten(signature, settled, group, 0)
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
        return Judged(effect=_joined(effects), winners=winners, gave_way=gave_way)

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


def outcome_is(outcome: Effect | None, wanted: tuple[frozenset[str], ...]) -> bool:
    """Whether an outcome is, by act or by reply, in every one of the sets."""
    if not isinstance(outcome, Outcome):
        return False
    return all(outcome.act in names or outcome.reply in names for names in wanted)


def other_outcomes(names: frozenset[str], replies: Iterable[str]) -> frozenset[str]:
    """What `outcome: not …` accepts: all other acts, or all other replies where replies are named."""
    known = frozenset(ACTS) if names & frozenset(ACTS) else frozenset(replies)
    return known - names


def _joined(effects: list[Effect]) -> Effect:
    first = effects[0]
    if not isinstance(first, Outcome) or len(effects) == 1:
        return first
    pointers = (pointer for effect in effects if isinstance(effect, Outcome) for pointer in effect.pointers)
    return replace(first, pointers=tuple(dict.fromkeys(pointers)))
