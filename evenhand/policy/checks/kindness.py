"""A worse standing never earns a kinder outcome, in any case: where a ladder says which standings are worse.

Outcomes from kind to unkind: we help; we quote, point, assign or ask; we decline; we refuse. Within a step of
this order nothing is kinder. It is an error where the better standing is turned away, and a warning where it
is only served less well. Three outcomes stand outside of the order, since they do not say how kind we shall
be: *leave it to a person*; an *assign* that the desk never does alone, which is a person's decision too; and
*close*, which is for mail that asks for nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from ..decide import cites
from ..decisions import Effect, Outcome
from ..diagram import NEVER, Diagram, Side, draw
from ..findings import Findings
from ..joint import box_words
from ..ladder import STANDING
from ..words import OUTCOME, and_list

if TYPE_CHECKING:
    from ..desk import Desk
    from ..policy import Policy

_UNKINDNESS = {"help": 0, "quote": 1, "point": 1, "assign": 1, "ask": 1, "decline": 2, "refuse": 3}
_TURNED_AWAY = 2


class _Ruled(NamedTuple):
    """What a standing gets in some cases: how unkind it is, or None, and by which lines."""

    unkindness: int | None
    act: str
    lines: tuple[int, ...]


class _Fault(NamedTuple):
    better: str
    gets: _Ruled
    worse: str
    gets_kinder: _Ruled


def unkindness(outcome: Effect | None, desk: Desk) -> int | None:
    """The place of an outcome in the order from kind to unkind, or None where it stands outside."""
    if not isinstance(outcome, Outcome):
        return None
    if outcome.act == "assign" and desk.never_acts_alone(outcome):
        return None
    return _UNKINDNESS.get(outcome.act)


def check_kindness(policy: Policy, findings: Findings) -> None:
    """Adds a finding for every pair of clauses by which a worse standing gets more than a better one.

    Raises TooManyCases where the outcome turns on too many combinations.
    """
    grid = policy.decider.grid
    names = [cells.fact.name for cells in grid.cells]
    if policy.ladder is None or STANDING not in names:
        return
    side = Side(grid=grid, keep=grid.relevant(OUTCOME), own=range(len(names)), rows=grid.rows, group=OUTCOME)
    standing = names.index(STANDING)
    if side.turns_on(standing):
        _tell(_faults(policy, side, standing), policy, findings)


def _faults(policy: Policy, side: Side, standing: int) -> Diagram:
    """For every case, all else being equal, the pairs of standings of which the worse is treated kinder."""
    grid = policy.decider.grid
    values = grid.cells[standing].fact.values

    def ruled(state: tuple[int, ...]) -> Hashable:
        judged = grid.judge(OUTCOME, state[0])
        act = judged.effect.act if isinstance(judged.effect, Outcome) else ""
        return _Ruled(unkindness(judged.effect, policy.desk), act, judged.winners)

    def faults(reached: Iterable[tuple[int, Hashable]]) -> Hashable:
        by_standing = [
            (value, label)
            for place, value in enumerate(values)
            for mask, label in reached
            if mask >> place & 1 and label is not NEVER
        ]
        return tuple(
            _Fault(better, gets, worse, kinder)
            for (better, gets), (worse, kinder) in combinations(by_standing, 2)
            if isinstance(gets, _Ruled) and isinstance(kinder, _Ruled) and _is_kinder(kinder, gets)
        )

    order = [fact for fact in grid.busiest_first() if fact != standing and side.turns_on(fact)]
    preferred = [0] * len(grid.cells)
    return draw([side], [*order, standing], preferred, ruled).folded(faults)


def _is_kinder(one: _Ruled, other: _Ruled) -> bool:
    return one.unkindness is not None and other.unkindness is not None and one.unkindness < other.unkindness


def _tell(faults: Diagram, policy: Policy, findings: Findings) -> None:
    """One finding for each pair of clauses, at the kinder one."""
    told: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    every = {fault: label for label in faults.counts() if isinstance(label, tuple) for fault in label}
    for fault in sorted(every, key=lambda fault: (fault.gets_kinder.lines, fault.gets.lines)):
        pair = (fault.gets.lines, fault.gets_kinder.lines)
        if pair not in told:
            told.add(pair)
            _tell_one(fault, faults, policy, findings)


def _tell_one(fault: _Fault, faults: Diagram, policy: Policy, findings: Findings) -> None:
    grid = policy.decider.grid
    where = faults.relabelled(lambda label: isinstance(label, tuple) and fault in label)
    kinder, other = (and_list(list(cites(grid, one.lines))) for one in (fault.gets_kinder, fault.gets))
    line = grid.lines[fault.gets_kinder.lines[0]]
    tell = findings.error if (fault.gets.unkindness or 0) >= _TURNED_AWAY else findings.warning
    tell(
        "kinder",
        line.line,
        f"A worse standing earns a kinder outcome: {fault.worse} by {kinder}, {fault.better} by {other}.",
        clause=line.clause,
        witness=f"{box_words(where.boxes(True)[0], grid.cells)}; we {fault.gets.act} where standing is "
        f"{fault.better}, and {fault.gets_kinder.act} where it is {fault.worse}",
        mend=f"Let clause {kinder} decide for {fault.better} as well, or take it from {fault.worse}. "
        "Standings are named best first.",
    )
