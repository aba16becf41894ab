"""Facts that arrive late: named by `decide when F is known`, they decide a matter again (rule 28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .decisions import Charge
from .facts import FactValue

if TYPE_CHECKING:
    from .policy import Policy


def facts_named(policy: Policy) -> tuple[str, ...]:
    """Every fact that some clause waits for, in the order declared."""
    named = {
        effect.again_when
        for clause in policy.clauses.values()
        for case in clause.cases
        for effect in case.effects.values()
        if isinstance(effect, Charge)
    }
    return tuple(name for name in policy.facts if name in named)


def on_which_it_turns(
    policy: Policy, names: tuple[str, ...], topics: Mapping[str, float], facts: Mapping[str, FactValue]
) -> tuple[str, ...]:
    """Those of the facts whose values would lead to different decisions, all else as it stands."""
    return tuple(name for name in names if _turns(policy, name, topics, facts))


def _turns(policy: Policy, name: str, topics: Mapping[str, float], facts: Mapping[str, FactValue]) -> bool:
    cells = next(cells for cells in policy.compiled.rules.grid.cells if cells.fact.name == name)
    values = (cells.example(cell) for cell in range(len(cells)))
    decisions = [policy.rule(topics, {**facts, name: FactValue.given(value)}).decision for value in values]
    return any(decision != decisions[0] for decision in decisions)
