"""What a draft makes of one topic under one set of facts: worked out once, and looked up a million times.

A *state* is one topic with the cells of the facts that matter to it. Its endings say what follows where that
topic is certain enough, and what where it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .decide import Decision, Key
from .decisions import Effect, Outcome, Target, urgency
from .packed import How
from .policy import Policy
from .words import CHARGE, OUTCOME, STEP


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One target as an ending sets it. `urgency`: smaller is earlier."""

    text: str
    calendar: str
    urgency: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Rest:
    """The groups beside the outcome: the earliest of each target, and whether step and charge are settled."""

    targets: tuple[tuple[str, Timed], ...] = ()
    steps: frozenset[object] = frozenset()
    charges: frozenset[object] = frozenset()

    @property
    def is_unsettled(self) -> bool:
        """A step or a charge that turns on what is not known is a person's to decide (rule 25)."""
        return len(self.steps) > 1 or len(self.charges) > 1

    def with_(self, other: Rest) -> Rest:
        """Both together: of each target the earlier; where they are equally early, this one's."""
        targets = dict(self.targets)
        for name, timed in other.targets:
            if name not in targets or timed.urgency < targets[name].urgency:
                targets[name] = timed
        return Rest(tuple(sorted(targets.items())), self.steps | other.steps, self.charges | other.charges)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What the draft makes of one request: OPEN, PROPOSED or ALONE, and then by which clauses what.

    `possible`: where it is open and one topic was certain, the outcomes among which it is open.
    """

    how: How
    key: Key | None = None
    clauses: tuple[str, ...] = ()
    targets: tuple[tuple[str, Timed], ...] = ()
    possible: frozenset[Key] = frozenset()

    @property
    def outcome(self) -> tuple[str, ...]:
        """Act, department, reply and service, an empty string for none."""
        return tuple(word or "" for word in self.key or ())


@dataclass(frozen=True)
class State:
    """One topic in one set of facts: the outcomes possible, each with its clauses and the rest."""

    by_key: Mapping[Key, tuple[tuple[str, ...], Rest]]
    open_rest: Rest

    @property
    def certain(self) -> Key | None:
        return next(iter(self.by_key)) if len(self.by_key) == 1 else None


class States:
    """Works states out from the boxes of one policy. Slow, and asked a few thousand times at most."""

    def __init__(self, policy: Policy) -> None:
        self._decider = policy.decider
        grid = self._grid = policy.decider.grid
        self._turning = [
            (bit, _any_of(rows) & ~grid.indifferent[fact])
            for fact, (bit, rows) in enumerate(zip(grid.known_bits, grid.rows, strict=True))
        ]
        self._seen: dict[tuple[str, int, Key | None], tuple[Effect | None, ...]] = {}
        self._groups = [group for group in grid.groups if group != OUTCOME]
        self._keeps = {group: grid.relevant(group) for group in self._groups}

    def state(self, situation: int) -> State:
        """What remains possible in a situation."""
        situation = self._plain(situation, self._grid.every)
        keys = tuple(self._decider.outcomes(situation))
        several = len(keys) > 1
        by_key = {
            key: (self._decider.cited(situation, key), self._rest(situation, key if several else None))
            for key in keys
        }
        open_rest = self._rest(situation, None) if several else by_key[keys[0]][1] if keys else Rest()
        return State(by_key, open_rest)

    def _plain(self, situation: int, keep: int) -> int:
        """The situation with every unknown fact on which nothing turns marked as known: far fewer differ."""
        live = situation & keep
        for bit, turning in self._turning:
            if not turning & live:
                situation |= bit
        return situation

    def _rest(self, situation: int, key: Key | None) -> Rest:
        targets: dict[str, Timed] = {}
        singles: dict[str, frozenset[object]] = {STEP: frozenset(), CHARGE: frozenset()}
        for group in self._groups:
            effects = self._effects(situation, group, key)
            times = [effect for effect in effects if isinstance(effect, Target)]
            if times:
                targets[group] = timed(min(times, key=urgency))
            elif group in singles:
                singles[group] = frozenset(effect and effect.key for effect in effects)
        return Rest(tuple(sorted(targets.items())), singles[STEP], singles[CHARGE])

    def _effects(self, situation: int, group: str, key: Key | None) -> tuple[Effect | None, ...]:
        """What a group decides in the remaining cases, limited to those whose outcome is `key`."""
        keep = self._keeps[group] if key is None else self._keeps[group] | self._grid.relevant(OUTCOME)
        known = ~self._grid.every | keep | sum(self._grid.known_bits)
        asked = group, self._plain(situation, keep) & known, key
        found = self._seen.get(asked)
        if found is None:
            signatures = self._grid.cases(situation, keep)
            judged = (self._grid.judge(group, one).effect for one in signatures if self._yields(one, key))
            found = self._seen[asked] = tuple(judged)
        return found

    def _yields(self, signature: int, key: Key | None) -> bool:
        if key is None:
            return True
        effect = self._grid.judge(OUTCOME, signature).effect
        return isinstance(effect, Outcome) and effect.key == key


def timed(target: Target) -> Timed:
    return Timed(text=target.text, calendar=target.calendar or "", urgency=urgency(target))


def ending_of(kind: str, decision: Decision | None) -> Ending:
    """The ending that a verdict of `Policy.rule` comes to."""
    if decision is None:
        return Ending(how=How.OPEN)
    targets = tuple(
        (name, Timed(text=text, calendar=decision.calendars.get(name, "")))
        for name, text in sorted(decision.targets.items())
    )
    if kind not in ("alone", "propose"):
        return Ending(how=How.OPEN, targets=targets)
    return Ending(
        how=How.ALONE if kind == "alone" else How.PROPOSED,
        key=(decision.act, decision.department, decision.reply, decision.service),
        clauses=decision.clauses,
        targets=targets,
    )


def _any_of(rows: Iterable[int]) -> int:
    found = 0
    for row in rows:
        found |= row
    return found
