"""Conflict, gap and reachability: judged by winners, in every case that `never` leaves (rules 8 to 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..budget import Budget, TooManyCases
from ..conditions import Never
from ..facts import Cells
from ..findings import Findings
from ..grid import Chosen, Grid, bits
from ..resolve import Rules
from ..words import CHARGE, OUTCOME, STEP, TOPIC, and_list

MOST_GAPS = 8
_GAP = {
    OUTCOME: "Nothing says what we do in this case.",
    STEP: "Nothing says which step of the ladder follows in this case.",
    CHARGE: "Nothing says what this case costs.",
    "first reply": "Nothing says when a first reply comes in this case.",
}


def check_coverage(rules: Rules, findings: Findings) -> None:
    """Every conflict, gap and line that never decides; a document too explosive to judge is told so."""
    coverage = _Coverage(rules, findings)
    try:
        coverage.check_never()
        for group in _groups_in_order(rules.grid):
            coverage.check_group(group)
        coverage.check_reach()
    except TooManyCases as explosion:
        names = [rules.grid.cells[fact].fact.name for fact in explosion.facts]
        line = rules.grid.cells[explosion.facts[-1]].fact.line if explosion.facts else 1
        findings.error(
            "too many cases",
            line,
            f"The rules turn on too many combinations of {and_list(names)} to be judged.",
            mend="Let fewer clauses depend on several of these facts at once, or make them one fact.",
        )


def _groups_in_order(grid: Grid) -> list[str]:
    groups = list(grid.groups)
    return [OUTCOME, *(group for group in groups if group != OUTCOME)]


class _Coverage:
    def __init__(self, rules: Rules, findings: Findings) -> None:
        self.rules = rules
        self.grid = rules.grid
        self.findings = findings
        self.budget = Budget()
        self.reached: set[tuple[int, str]] = set()
        self.order = self.grid.busiest_first()

    def check_group(self, group: str) -> None:
        grid = self.grid
        keep = grid.relevant(group)
        found = grid.cases(grid.every, keep, free=self.order, settle=group, budget=self.budget)
        told: set[tuple[str, ...]] = set()
        gap = False
        for signature, chosen in found.items():
            judged = grid.judge(group, signature)
            self.reached.update((line, group) for line in judged.winners)
            if judged.conflict:
                clauses = tuple(sorted(grid.lines[line].cite for line in judged.winners))
                if clauses not in told:
                    told.add(clauses)
                    self._tell_conflict(group, judged.winners, chosen)
            gap = gap or not judged.winners
        if gap and self._is_judged_for_gaps(group):
            self._tell_gaps(group)

    def _is_judged_for_gaps(self, group: str) -> bool:
        return group in _GAP

    def _tell_conflict(self, group: str, winners: tuple[int, ...], chosen: Chosen) -> None:
        grid = self.grid
        lines = [grid.lines[line] for line in winners]
        differing = [
            lines[0],
            next(line for line in lines if line.effects[group].key != lines[0].effects[group].key),
        ]
        wanted = tuple(line.index for line in differing)
        region = self._widen(
            chosen, group, lambda signature: set(wanted) <= set(grid.judge(group, signature).winners)
        )
        cites = [line.cite for line in differing]
        self.findings.error(
            "conflict",
            max(line.line for line in differing),
            f"Clauses {and_list(cites)} decide {group} differently in the same case.",
            clause=differing[-1].clause,
            witness=region_words(region, grid.cells),
            mend=f"Make one an exception of the other, or say over {differing[0].clause}.",
        )

    def _tell_gaps(self, group: str) -> None:
        """Each gap as the widest box around it, one after another until none is left or enough are told."""
        grid = self.grid
        told: list[dict[int, int]] = []
        while len(told) < MOST_GAPS:
            found = self._gap_outside(group, told)
            if found is None:
                return
            region = self._widen(found, group, lambda signature: not grid.judge(group, signature).winners)
            told.append(region)
            self._tell_gap(group, region)

    def _gap_outside(self, group: str, told: list[dict[int, int]]) -> Chosen | None:
        """One way to a case that nothing decides, outside the boxes told already."""
        grid = self.grid
        keep = grid.relevant(group)
        rest: list[dict[int, int]] = [{}]
        for region in told:
            rest = [piece for one in rest for piece in _without(one, region, grid.cells)]
        for piece in rest:
            for chosen in self._gaps_in(group, keep, piece):
                return chosen
        return None

    def _gaps_in(self, group: str, keep: int, piece: Mapping[int, int]) -> list[Chosen]:
        for signature, chosen in self._cases_in(piece, keep, group).items():
            if not self.grid.judge(group, signature).winners:
                return [chosen]
        return []

    def _cases_in(self, region: Mapping[int, int], keep: int, group: str | None = None) -> dict[int, Chosen]:
        return self.grid.cases(
            self.grid.every, keep, free=self.order, within=region, settle=group, budget=self.budget
        )

    def _widen(self, chosen: Chosen, group: str, holds: Callable[[int], bool]) -> dict[int, int]:
        """A witness freed of every fact that does not matter, so that what it names makes the difference."""
        region = {fact: 1 << cell for fact, cell in chosen}
        for fact in sorted(region, key=lambda fact: self.grid.cells[fact].fact.name == TOPIC):
            wider = {other: mask for other, mask in region.items() if other != fact}
            if self._all_hold(wider, group, holds):
                region = wider
        for fact in region:
            for cell in range(len(self.grid.cells[fact])):
                wider = {**region, fact: region[fact] | 1 << cell}
                if wider != region and self._all_hold(wider, group, holds):
                    region = wider
        return region

    def _all_hold(self, region: Mapping[int, int], group: str, holds: Callable[[int], bool]) -> bool:
        cases = self._cases_in(region, self.grid.relevant(group))
        return all(holds(signature) for signature in cases)

    def _tell_gap(self, group: str, region: dict[int, int]) -> None:
        cells = self.grid.cells
        line = min((cells[fact].fact.line for fact in region), default=1)
        words = region_words(region, cells)
        self.findings.error(
            "gap",
            line,
            _GAP[group],
            witness=words,
            mend="Write a clause for it; there is no silent default.",
        )

    def check_never(self) -> None:
        """A `never` may leave no declared value without a case."""
        grid = self.grid
        if not grid.never:
            return
        named = {
            fact for masks in grid.never for fact, cells in enumerate(grid.cells) if masks[fact] != cells.full
        }
        for fact in sorted(named) or [0]:
            cells = grid.cells[fact]
            for cell in range(len(cells)):
                if not self._cases_in({fact: 1 << cell}, grid.never_boxes):
                    self.findings.error(
                        "never",
                        self._never_about(fact).line,
                        f"This leaves {cells.fact.name}: {cells.label(cell)} no case at all.",
                        witness=f"{cells.fact.name}: {cells.label(cell)} can never occur",
                        mend="Remove the value, or narrow what never occurs.",
                    )

    def _never_about(self, fact: int) -> Never:
        name = self.grid.cells[fact].fact.name
        return next((entry for entry in self.rules.never if name in entry.wanted), self.rules.never[0])

    def check_reach(self) -> None:
        """A line that decides nothing anywhere, and one that lies wholly in what never occurs."""
        grid = self.grid
        by_case: dict[tuple[str, int], list[int]] = {}
        for line in grid.lines:
            by_case.setdefault((line.cite, line.line), []).append(line.index)
        for indices in by_case.values():
            line = grid.lines[indices[0]]
            decided = [
                group for group in line.effects if any((index, group) in self.reached for index in indices)
            ]
            if not self._may_hold(indices):
                self.findings.error(
                    "never",
                    line.line,
                    f"Clause {line.cite} never applies: it lies wholly in what never occurs.",
                    clause=line.clause,
                    mend="Remove it, or take it out of the block never.",
                )
            elif line.effects and not decided:
                self.findings.error(
                    "unreachable",
                    line.line,
                    f"Clause {line.cite} never decides anything: others win wherever it holds.",
                    clause=line.clause,
                    witness=self._beaten_by(indices),
                    mend="Remove it, or let it win somewhere with over or as an exception.",
                )
            else:
                for group in line.effects.keys() - set(decided):
                    self.findings.warning(
                        "unreachable",
                        line.line,
                        f"Clause {line.cite} never decides {group}: others win wherever it holds.",
                        clause=line.clause,
                        mend=f"Remove {group} here, or let it win somewhere.",
                    )

    def _may_hold(self, indices: list[int]) -> bool:
        boxes = 0
        for index in indices:
            boxes |= self.grid.line_boxes[index]
        if not boxes & self.grid.conditional and any(self._is_free_of_never(box) for box in bits(boxes)):
            return True
        for box in bits(boxes):
            masks, _ = self.grid.boxes[box]
            region = {fact: mask for fact, mask in enumerate(masks) if mask != self.grid.cells[fact].full}
            keep = self.grid.never_boxes
            if boxes & self.grid.conditional:
                keep |= boxes | self.grid.relevant(OUTCOME)
            for signature in self._cases_in(region, keep):
                if not boxes & self.grid.conditional or self.grid.holding(signature, boxes):
                    return True
        return False

    def _is_free_of_never(self, box: int) -> bool:
        """Whether a box meets no `never` at all, which is told without going through its cases."""
        masks, _ = self.grid.boxes[box]
        return all(
            any(not mine & theirs for mine, theirs in zip(masks, never, strict=True))
            for never in self.grid.never
        )

    def _beaten_by(self, indices: list[int]) -> str:
        """One case in which the line holds, and who wins there."""
        grid = self.grid
        box = next(bits(grid.line_boxes[indices[0]]))
        masks, _ = grid.boxes[box]
        region = {fact: mask for fact, mask in enumerate(masks) if mask != grid.cells[fact].full}
        group = next(iter(grid.lines[indices[0]].effects))
        for signature in self._cases_in(region, grid.relevant(group)):
            winners = dict.fromkeys(grid.lines[line].cite for line in grid.judge(group, signature).winners)
            if winners:
                return f"{region_words(region, grid.cells)} is decided by {and_list(list(winners))}"
        return region_words(region, grid.cells)


def _without(region: dict[int, int], hole: Mapping[int, int], cells: Sequence[Cells]) -> list[dict[int, int]]:
    """What is left of one box when another is cut out, as boxes that do not overlap."""
    left: list[dict[int, int]] = []
    inside = dict(region)
    for fact, mask in hole.items():
        here = inside.get(fact, cells[fact].full)
        if here & ~mask:
            left.append({**inside, fact: here & ~mask})
        if not here & mask:
            return [region]
        inside[fact] = here & mask
    return left


def region_words(region: Mapping[int, int], cells: Sequence[Cells]) -> str:
    """A box in plain words, as it would be written in a case."""
    words = [
        f"{cells[fact].fact.name}: {', '.join(cells[fact].labels(region[fact]))}" for fact in sorted(region)
    ]
    return "; ".join(words) if words else "whatever the facts"
