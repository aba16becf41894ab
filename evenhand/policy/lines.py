"""Lines of the rules once they are resolved, and what a group makes of them in one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .decisions import Effect, Outcome
from .words import ACTS


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


def outcome_is(outcome: Effect | None, wanted: tuple[frozenset[str], ...]) -> bool:
    """Whether an outcome is, by act or by reply, in every one of the sets."""
    if not isinstance(outcome, Outcome):
        return False
    return all(outcome.act in names or outcome.reply in names for names in wanted)


def other_outcomes(names: frozenset[str], replies: Iterable[str]) -> frozenset[str]:
    """What `outcome: not …` accepts: all other acts, or all other replies where replies are named."""
    known = frozenset(ACTS) if names & frozenset(ACTS) else frozenset(replies)
    return known - names


def joined(effects: list[Effect]) -> Effect:
    """Equal effects as one: outcomes join their pointers (rule 8)."""
    first = effects[0]
    if not isinstance(first, Outcome) or len(effects) == 1:
        return first
    pointers = (pointer for effect in effects if isinstance(effect, Outcome) for pointer in effect.pointers)
    return replace(first, pointers=tuple(dict.fromkeys(pointers)))
