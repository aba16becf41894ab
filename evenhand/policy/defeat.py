"""Who beats whom: exceptions, `over`, `gives way to`, and the order of the parts (rules 5 and 6)."""

from __future__ import annotations

from collections.abc import Mapping

from .document import ClauseText, Document, Text
from .findings import Findings, nearest, shorten
from .grid import bits
from .words import OUTCOME, and_list

Beats = list[int]
"""For every clause, in the order of the document, those that it beats, as bits."""


def read_defeat(document: Document, decide_outcome: set[str], findings: Findings) -> dict[str, Beats]:
    """The closed relation by group: "" for every group, and *outcome*, where the parts are ordered too.

    `decide_outcome`: the clauses that decide an outcome. Precedence orders those and no others.
    """
    clauses = document.clauses
    place = {number: index for index, number in enumerate(clauses)}
    ancestors = [_ancestors(number, clauses) for number in clauses]
    subtrees = [1 << index for index in range(len(clauses))]
    for index, above in enumerate(ancestors):
        for number in above:
            subtrees[place[number]] |= 1 << index
    ranks = _part_ranks(document, findings)
    direct = [sum(1 << place[number] for number in above) for above in ancestors]
    exempt = [0] * len(clauses)
    for index, clause in enumerate(clauses.values()):
        for said in clause.over:
            if _may_be_over(clause, said, clauses, findings):
                direct[index] |= subtrees[place[said.text]]
        for said in clause.gives_way:
            if _may_give_way(clause, said, clauses, findings):
                exempt[index] |= subtrees[place[said.text]]
                for winner in bits(subtrees[place[said.text]]):
                    direct[winner] |= 1 << index
    own_ranks = [
        ranks[clause.part] if number in decide_outcome else None for number, clause in clauses.items()
    ]
    unjudged = {"": [0] * len(clauses), OUTCOME: [0] * len(clauses)}
    if not _check_ranks(clauses, own_ranks, place, subtrees, findings):
        return unjudged
    in_outcome = _with_parts(direct, own_ranks, exempt)
    circle = _circle(direct) or _circle(in_outcome)
    if circle:
        _tell_circle(circle, list(clauses.values()), findings)
        return unjudged
    return {"": _closure(direct), OUTCOME: _closure(in_outcome)}


def _ancestors(number: str, clauses: Mapping[str, ClauseText]) -> list[str]:
    ancestors: list[str] = []
    while "." in number:
        number = number.rpartition(".")[0]
        if number in clauses:
            ancestors.append(number)
    return ancestors


def _part_ranks(document: Document, findings: Findings) -> list[int]:
    """A rank for every part, smallest first; parts that `precedence` does not name rank equal, lowest."""
    said = document.header.get("precedence")
    titles = [part.title for part in document.parts]
    listed = [title.strip() for title in said.text.split(">")] if said and said.text else []
    for title in listed:
        if said and title not in titles:
            findings.error(
                "precedence",
                said.line,
                f"precedence names a part “{shorten(title)}” that is not there.",
                mend=nearest(title, titles),
            )
        if said and listed.count(title) > 1:
            findings.error(
                "precedence",
                said.line,
                f"precedence names “{shorten(title)}” twice.",
                mend="Keep one of them.",
            )
    place = {title: rank for rank, title in enumerate(listed)}
    return [place.get(title, len(listed)) for title in titles]


def _known(
    clause: ClauseText, said: Text, verb: str, clauses: Mapping[str, ClauseText], findings: Findings
) -> bool:
    if said.text in clauses:
        return True
    findings.error(
        "clause reference",
        said.line,
        f"Clause {clause.number} {verb} “{shorten(said.text)}”, and there is no such clause.",
        clause=clause.number,
        mend=nearest(said.text, clauses),
    )
    return False


def _may_be_over(
    clause: ClauseText,
    said: Text,
    clauses: Mapping[str, ClauseText],
    findings: Findings,
) -> bool:
    if not _known(clause, said, "is over", clauses, findings):
        return False
    number, other = clause.number, said.text
    if other == number:
        findings.error(
            "over", said.line, f"Clause {number} is over itself.", clause=number, mend="Remove it."
        )
        return False
    if other in _ancestors(number, clauses):
        findings.error(
            "over",
            said.line,
            f"Clause {number} is over {other}, which it is an exception to already.",
            clause=number,
            mend=f"Remove over {other}: an exception wins without it.",
        )
        return False
    return True


def _may_give_way(
    clause: ClauseText, said: Text, clauses: Mapping[str, ClauseText], findings: Findings
) -> bool:
    if not _known(clause, said, "gives way to", clauses, findings):
        return False
    if said.text == clause.number:
        findings.error(
            "over",
            said.line,
            f"Clause {clause.number} gives way to itself.",
            clause=clause.number,
            mend="Remove it.",
        )
        return False
    return True


def _check_ranks(
    clauses: Mapping[str, ClauseText],
    ranks: list[int | None],
    place: Mapping[str, int],
    subtrees: list[int],
    findings: Findings,
) -> bool:
    """A clause that decides an outcome may not be over one of a higher part that does (rule 6)."""
    numbers = list(clauses)
    allowed = True
    for index, clause in enumerate(clauses.values()):
        own = ranks[index]
        for said in clause.over if own is not None else ():
            for other in bits(subtrees[place[said.text]]) if said.text in place else ():
                theirs = ranks[other]
                if theirs is not None and own is not None and theirs < own:
                    number = numbers[other]
                    allowed = False
                    findings.error(
                        "over",
                        said.line,
                        f"Clause {clause.number} is over {number}, but the part of {number} comes first.",
                        clause=clause.number,
                        mend=f"Make it an exception under {number}, or let {number} give way to it.",
                    )
    return allowed


def _with_parts(direct: Beats, ranks: list[int | None], exempt: list[int]) -> Beats:
    """The relation with each part's outcomes over those of later parts, but for pairs that are exempt."""
    of_rank: dict[int, int] = {}
    for index, rank in enumerate(ranks):
        if rank is not None:
            of_rank[rank] = of_rank.get(rank, 0) | 1 << index
    later = {rank: sum(mask for other, mask in of_rank.items() if other > rank) for rank in of_rank}
    return [
        beaten if rank is None else beaten | later[rank] & ~spared
        for beaten, rank, spared in zip(direct, ranks, exempt, strict=True)
    ]


def _circle(beats: Beats) -> list[int] | None:
    """One circle of clauses that beat one another, or None. Walks without recursion."""
    done = on_path = 0
    for start in range(len(beats)):
        path: list[int] = []
        step: int | None = start
        while step is not None or path:
            if step is not None and not done >> step & 1:
                if on_path >> step & 1:
                    return path[path.index(step) :]
                path.append(step)
                on_path |= 1 << step
            left = beats[path[-1]] & ~done if path else 0
            if left:
                step = (left & -left).bit_length() - 1
                continue
            step = None
            if path:
                last = path.pop()
                done |= 1 << last
                on_path &= ~(1 << last)
    return None


def _tell_circle(circle: list[int], clauses: list[ClauseText], findings: Findings) -> None:
    turn = circle.index(min(circle))
    ordered = [clauses[index] for index in circle[turn:] + circle[:turn]]
    blamed = next((clause for clause in ordered if clause.over or clause.gives_way), ordered[0])
    said = (blamed.over or blamed.gives_way or [Text(line=blamed.line, text="")])[0]
    numbers = [clause.number for clause in ordered]
    findings.error(
        "circle",
        said.line,
        f"Clauses {and_list(numbers)} beat one another in a circle.",
        clause=blamed.number,
        witness=" beats ".join([*numbers, numbers[0]]),
        mend="Take back one “over” or “gives way to”.",
    )


def _closure(beats: Beats) -> Beats:
    """Every clause with all that it beats, also through others. The relation has no circle."""
    closed = [-1] * len(beats)
    for start in range(len(beats)):
        waiting = [start]
        while waiting:
            clause = waiting[-1]
            if closed[clause] >= 0:
                waiting.pop()
                continue
            ahead = [other for other in bits(beats[clause]) if closed[other] < 0]
            if ahead:
                waiting += ahead
                continue
            closed[clause] = beats[clause]
            for other in bits(beats[clause]):
                closed[clause] |= closed[other]
            waiting.pop()
    return closed
