"""Document to rules: conditions become boxes, exceptions are cut by their parents, the grid is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .conditions import ConditionReader, Never, ReadCase
from .decisions import Step, Target, Vocabulary
from .defeat import read_defeat
from .desk import Desk
from .document import ClauseText, Document
from .facts import Cells, Fact, Interval
from .findings import Findings
from .grid import Grid, Masks
from .ladder import BREACH, STANDING, Ladder
from .lines import Line
from .words import OUTCOME, STEP, and_list

MOST_BOXES = 5_000
LADDER_CLAUSE = "the ladder"
DESK_CLAUSE = "the desk"


@dataclass(kw_only=True)
class Rules:
    """Everything that deciding needs."""

    facts: tuple[Fact, ...]
    cases: dict[str, list[ReadCase]]
    never: list[Never]
    grid: Grid
    extents: dict[str, list[Masks]] = field(default_factory=dict)


def resolve(
    document: Document,
    facts: Mapping[str, Fact],
    words: Vocabulary,
    ladder: Ladder | None,
    desk: Desk,
    findings: Findings,
) -> Rules | None:
    """The rules of a document, or None where errors leave nothing to judge."""
    reader = ConditionReader(facts, words, findings)
    cases = {
        number: [reader.case(case, clause) for case in clause.cases]
        for number, clause in document.clauses.items()
    }
    never = reader.never(document)
    _check_parents(document, findings)
    deciding = {number for number, read in cases.items() if any(OUTCOME in case.effects for case in read)}
    beats = read_defeat(document, deciding, findings)
    if findings.has_errors:
        return None
    cells = _cut(facts, cases, never)
    layout = _Layout(document, cells, findings)
    for number in sorted(document.clauses, key=lambda number: number.count(".")):
        layout.add_clause(document.clauses[number], cases[number])
    if findings.has_errors:
        return None
    lines, boxes = layout.in_document_order(document)
    if ladder is not None:
        _add_ladder(ladder, cells, lines, boxes)
    _add_desk(desk, layout.full, lines, boxes, findings)
    if len(boxes) > MOST_BOXES:
        findings.error(
            "too large",
            document.parts[0].line,
            f"The rules make {len(boxes):,} boxes; the most is {MOST_BOXES:,}.",
            mend="Nest exceptions less deeply, or name several values in one case.",
        )
        return None
    grid = Grid(
        cells=cells,
        lines=lines,
        boxes=boxes,
        never=[layout.masks(entry.wanted) for entry in never],
        clauses=tuple(document.clauses),
        beats=beats,
    )
    return Rules(facts=tuple(facts.values()), cases=cases, never=never, grid=grid, extents=layout.extents)


def _check_parents(document: Document, findings: Findings) -> None:
    for number, clause in document.clauses.items():
        above = clause.parent
        if above is None:
            continue
        parent = document.clauses.get(above)
        if parent is None:
            findings.error(
                "clause number",
                clause.line,
                f"Clause {number} is an exception to {above}, which is not there.",
                clause=number,
                mend=f"Add clause {above}, or give this one a number without a dot.",
            )
        elif parent.part != clause.part:
            findings.error(
                "clause number",
                clause.line,
                f"Clause {number} stands in another part than {above}, which it is an exception to.",
                clause=number,
                mend=f"Move it to the part of {above}.",
            )


def _cut(facts: Mapping[str, Fact], cases: dict[str, list[ReadCase]], never: list[Never]) -> list[Cells]:
    """Each fact cut where its own conditions name cut points, and nowhere else (rule 1)."""
    named: dict[str, list[tuple[Interval, ...]]] = {name: [] for name in facts}
    for read in cases.values():
        for case in read:
            for name, wanted in case.wanted.items():
                named[name].append(wanted)
    for entry in never:
        for name, wanted in entry.wanted.items():
            named[name].append(wanted)
    return [Cells(fact, named[name]) for name, fact in facts.items()]


class _Layout:
    """Places the boxes of every clause, parents before their exceptions."""

    def __init__(self, document: Document, cells: list[Cells], findings: Findings) -> None:
        self.document = document
        self.cells = cells
        self.findings = findings
        self.place = {cell.fact.name: index for index, cell in enumerate(cells)}
        self.full: Masks = tuple(cell.full for cell in cells)
        self.extents: dict[str, list[Masks]] = {}
        self.inherited: dict[str, list[tuple[frozenset[str], ...]]] = {}
        self.boxes: dict[str, list[tuple[ReadCase, list[tuple[Masks, tuple[frozenset[str], ...]]]]]] = {}
        self.count = 0

    def masks(self, wanted: Mapping[str, tuple[Interval, ...]]) -> Masks:
        masks = list(self.full)
        for name, intervals in wanted.items():
            index = self.place[name]
            masks[index] = self.cells[index].mask(intervals)
        return tuple(masks)

    def add_clause(self, clause: ClauseText, cases: list[ReadCase]) -> None:
        number = clause.number
        above = clause.parent
        parents = self.extents[above] if above else [self.full]
        asked: list[tuple[frozenset[str], ...]] = self.inherited[above] if above else [()]
        extent: list[Masks] = []
        outcomes: list[tuple[frozenset[str], ...]] = []
        self.boxes[number] = []
        for case in cases:
            placed = self._place(clause, case, parents, asked)
            self.boxes[number].append((case, placed))
            extent += [masks for masks, _ in placed]
            outcomes += [conditions for _, conditions in placed]
            self.count += len(placed)
        if not cases:
            self._check_silent(clause)
            extent, outcomes = list(parents), list(asked)
        if self.count > MOST_BOXES:
            extent, outcomes = extent[:1] or [self.full], outcomes[:1] or [()]
            self.findings.error(
                "too large",
                clause.line,
                f"With clause {number} the rules make more than {MOST_BOXES:,} boxes.",
                clause=number,
                mend="Nest exceptions less deeply, or name several values in one case.",
            )
        self.extents[number], self.inherited[number] = extent, outcomes

    def _place(
        self,
        clause: ClauseText,
        case: ReadCase,
        parents: list[Masks],
        asked: list[tuple[frozenset[str], ...]],
    ) -> list[tuple[Masks, tuple[frozenset[str], ...]]]:
        own = self.masks(case.wanted)
        placed: dict[tuple[Masks, tuple[frozenset[str], ...]], None] = {}
        for masks, conditions in zip(parents, asked, strict=True):
            cut = tuple(mine & theirs for mine, theirs in zip(own, masks, strict=True))
            if all(cut):
                placed[cut, conditions + case.outcomes] = None
        if OUTCOME in case.effects and any(conditions for _, conditions in placed):
            self.findings.error(
                "condition",
                case.written.line,
                f"Clause {clause.number} asks for an outcome, so it cannot decide the outcome.",
                clause=clause.number,
                mend="The outcome is decided first, before what turns on it; name facts instead.",
            )
        if not placed:
            self._tell_outside(clause, case)
        else:
            self._check_partly_outside(clause, case, own, parents)
        return list(placed)

    def _tell_outside(self, clause: ClauseText, case: ReadCase) -> None:
        said = "; ".join(f"{condition.fact}: {condition.wanted}" for condition in case.written.conditions)
        self.findings.error(
            "outside",
            case.written.line,
            f"Clause {clause.number} never applies: it lies wholly outside {clause.parent}, its parent.",
            clause=clause.number,
            witness=f"{said} is never a case of {clause.parent}",
            mend=f"An exception narrows its parent. Move it under another clause, or widen {clause.parent}.",
        )

    def _check_partly_outside(
        self, clause: ClauseText, case: ReadCase, own: Masks, parents: list[Masks]
    ) -> None:
        for condition in case.written.conditions:
            name = condition.fact
            if name not in case.wanted or condition.wanted.startswith("not "):
                continue
            index = self.place[name]
            inside = 0
            for masks in parents:
                if all(mine & theirs for mine, theirs in zip(own, masks, strict=True)):
                    inside |= masks[index]
            outside = own[index] & ~inside
            if outside:
                words = and_list(list(self.cells[index].labels(outside)), "or")
                self.findings.warning(
                    "partly outside",
                    case.written.line,
                    f"Clause {clause.number} names {name}: {words}, which {clause.parent} does not cover.",
                    clause=clause.number,
                    witness=f"{name}: {self.cells[index].labels(outside)[0]}",
                    mend=f"Remove it here: an exception is never wider than {clause.parent}.",
                )

    def _check_silent(self, clause: ClauseText) -> None:
        if clause.limits or clause.over or clause.gives_way:
            line = (clause.limits or clause.over or clause.gives_way)[0].line
            self.findings.error(
                "rule",
                line,
                f"Clause {clause.number} does not say when it holds.",
                clause=clause.number,
                mend="Begin its rule with when … or always.",
            )

    def in_document_order(self, document: Document) -> tuple[list[Line], list[tuple[Masks, int]]]:
        lines: list[Line] = []
        boxes: list[tuple[Masks, int]] = []
        for number in document.clauses:
            several = len(self.boxes[number]) > 1
            for case, placed in self.boxes[number]:
                by_outcomes: dict[tuple[frozenset[str], ...], list[Masks]] = {}
                for masks, outcomes in placed:
                    by_outcomes.setdefault(outcomes, []).append(masks)
                for outcomes, several_masks in by_outcomes.items():
                    line = Line(
                        index=len(lines),
                        clause=number,
                        cite=f"{number}({case.written.letter})" if several else number,
                        line=case.written.line,
                        effects=case.effects,
                        outcomes=outcomes,
                    )
                    lines.append(line)
                    boxes += [(masks, line.index) for masks in several_masks]
        return lines, boxes


def _add_ladder(
    ladder: Ladder, cells: list[Cells], lines: list[Line], boxes: list[tuple[Masks, int]]
) -> None:
    """The ladder is rules too: for each breach and standing the step that follows, for no breach no step."""
    place = {cell.fact.name: index for index, cell in enumerate(cells)}
    breach, standing = cells[place[BREACH]], cells[place[STANDING]]
    by_step: dict[str | None, list[Masks]] = {}
    for rank, worth in enumerate(standing.fact.values):
        admitted: dict[str | None, int] = {}
        for cell, name in enumerate(breach.fact.values):
            step = ladder.step(worth, name)
            taken = step.name if step else None
            admitted[taken] = admitted.get(taken, 0) | 1 << cell
        for taken, mask in admitted.items():
            masks = [cell.full for cell in cells]
            masks[place[BREACH]], masks[place[STANDING]] = mask, 1 << rank
            by_step.setdefault(taken, []).append(tuple(masks))
    for taken, several in by_step.items():
        line = Line(
            index=len(lines),
            clause=LADDER_CLAUSE,
            cite=LADDER_CLAUSE,
            line=ladder.line,
            effects={STEP: Step(name=taken)},
        )
        lines.append(line)
        boxes += [(masks, line.index) for masks in several]


def _add_desk(
    desk: Desk, full: Masks, lines: list[Line], boxes: list[tuple[Masks, int]], findings: Findings
) -> None:
    """The desk's own lengths of silence hold in every case, so no clause may decide them too."""
    for name, text in desk.targets.items():
        clause = next((line.clause for line in lines if name in line.effects), None)
        if clause is not None:
            findings.error(
                "desk",
                desk.line,
                f"The desk says when we close or reopen, and clause {clause} decides {name} too.",
                clause=clause,
                mend=f"Say it in the rules alone: always we set {name} {text}.",
            )
            continue
        target = Target(name=name, text=text, strength="set")
        line = Line(
            index=len(lines), clause=DESK_CLAUSE, cite=DESK_CLAUSE, line=desk.line, effects={name: target}
        )
        lines.append(line)
        boxes.append((full, line.index))
