"""What a draft makes of one topic under one set of facts: worked out once, and looked up a million times.

A *state* is one topic with the cells of the facts that matter to it. Its endings say what follows where that
topic is certain enough, and what where it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .decide import Decision, Key
from .decisions import Effect, Outcome, Target, urgency
from .packed import How
from .policy import Policy
from .words import CHARGE, OUTCOME, STEP


class Timed(NamedTuple):
    """One target as an ending sets it. `urgency`: smaller is earlier."""

    text: str
    calendar: str
    urgency: int

    @property
    def words(self) -> str:
        return f"{self.text} ({self.calendar})" if self.calendar else self.text


Targets = tuple[tuple[str, Timed], ...]
"""Names with lengths, by name."""


class Rest(NamedTuple):
    """The groups beside the outcome: the earliest of each target, and what step and charge may be."""

    targets: Targets = ()
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
    targets: Targets = ()
    possible: frozenset[Key] = frozenset()

    @cached_property
    def outcome(self) -> tuple[str, ...]:
        """Act, department, reply and service, an empty string for none."""
        return tuple(word or "" for word in self.key or ())

    @cached_property
    def lengths(self) -> tuple[tuple[str, str], ...]:
        """The targets in words."""
        return tuple((name, timed.words) for name, timed in self.targets)


class State(NamedTuple):
    """One topic in one set of facts: the outcomes possible, each with its clauses and the rest."""

    by_key: Mapping[Key, tuple[tuple[str, ...], Rest]]
    open_rest: Rest

    @property
    def certain(self) -> Key | None:
        return next(iter(self.by_key)) if len(self.by_key) == 1 else None


class _Decided(NamedTuple):
    """What a group comes to: its earliest target, else every effect it may have. `alike`: in all cases."""

    comes_to: Timed | frozenset[object]
    alike: bool


Turning = list[tuple[int, int]]
"""For each fact that bears on some boxes: the bit that says it is known, and those boxes."""


class States:
    """Works states out from the boxes of one policy, and remembers them: slow, but there are few."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._decider = policy.decider
        grid = self._grid = policy.decider.grid
        self._known = sum(grid.known_bits)
        self._turning = [
            (bit, _any_of(rows) & ~grid.indifferent[fact] & ~self._known)
            for fact, (bit, rows) in enumerate(zip(grid.known_bits, grid.rows, strict=True))
        ]
        self._groups = sorted(group for group in grid.groups if group != OUTCOME)
        self._keeps = {group: self._kept(grid.relevant(group)) for group in self._groups}
        outcome = grid.relevant(OUTCOME)
        self._keeps_both = {group: self._kept(grid.relevant(group) | outcome) for group in self._groups}
        self._every = self._kept(grid.every & ~self._known)
        self._seen: dict[tuple[str, int, Key | None], _Decided] = {}
        self._states: dict[int, State] = {}

    def _kept(self, keep: int) -> tuple[int, Turning]:
        return keep, [(bit, boxes & keep) for bit, boxes in self._turning if boxes & keep]

    def state(self, situation: int) -> State:
        """What remains possible in a situation."""
        situation = self._plain(situation, *self._every)
        found = self._states.get(situation)
        if found is None:
            found = self._states[situation] = self._state(situation)
        return found

    def _state(self, situation: int) -> State:
        keys = tuple(self._decider.outcomes(situation))
        open_rest = self._rest(situation, None) if keys else Rest()
        several = len(keys) > 1
        return State(
            {
                key: (
                    self._decider.cited(situation, key),
                    self._rest(situation, key) if several else open_rest,
                )
                for key in keys
            },
            open_rest,
        )

    def _plain(self, situation: int, keep: int, turning: Turning) -> int:
        """The boxes kept, with every fact known on which nothing of them turns: far fewer differ."""
        live = situation & keep
        plain = live | self._known
        for bit, boxes in turning:
            if not situation & bit and boxes & live:
                plain &= ~bit
        return plain

    def _rest(self, situation: int, key: Key | None) -> Rest:
        found = {group: self._decided(situation, group, key) for group in self._groups}
        return Rest(
            tuple((group, one) for group, one in found.items() if isinstance(one, Timed)),
            *(one if isinstance(one, frozenset) else frozenset() for one in map(found.get, (STEP, CHARGE))),
        )

    def _decided(self, situation: int, group: str, key: Key | None) -> Timed | frozenset[object]:
        """What a group comes to in the remaining cases, limited to those whose outcome is `key`."""
        anyhow = self._seen_or_found(situation, group, None)
        if key is None or anyhow.alike:  # alike in all cases, so alike in those
            return anyhow.comes_to
        return self._seen_or_found(situation, group, key).comes_to

    def _seen_or_found(self, situation: int, group: str, key: Key | None) -> _Decided:
        keep, turning = (self._keeps if key is None else self._keeps_both)[group]
        plain = self._plain(situation, keep, turning)
        found = self._seen.get((group, plain, key))
        if found is None:
            effects = [
                self._grid.judge(group, one).effect
                for one in self._grid.cases(plain, keep)
                if self._yields(one, key)
            ]
            found = self._seen[group, plain, key] = _decided(effects)
        return found

    def _yields(self, signature: int, key: Key | None) -> bool:
        if key is None:
            return True
        effect = self._grid.judge(OUTCOME, signature).effect
        return isinstance(effect, Outcome) and effect.key == key


def _decided(effects: list[Effect | None]) -> _Decided:
    keys = frozenset(effect and effect.key for effect in effects)
    targets = [effect for effect in effects if isinstance(effect, Target)]
    if not targets:
        return _Decided(keys, len(keys) == 1)
    earliest = min(targets, key=urgency)
    return _Decided(Timed(earliest.text, earliest.calendar or "", urgency(earliest)), len(keys) == 1)


def ending_of(kind: str, decision: Decision | None) -> Ending:
    """The ending that a verdict of `Policy.rule` comes to."""
    if decision is None:
        return Ending(how=How.OPEN)
    targets = tuple(
        (name, _timed(name, text, decision.calendars.get(name, "")))
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


def _timed(name: str, text: str, calendar: str) -> Timed:
    return Timed(text, calendar, urgency(Target(name=name, text=text, strength="set")))


def _any_of(rows: Iterable[int]) -> int:
    found = 0
    for row in rows:
        found |= row
    return found
