"""Deciding: a situation (facts known, taken, unknown) to a decision, over every case it leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from .decisions import Charge, Credit, Effect, Outcome, Step, Target, urgency
from .document import ClauseText
from .grid import Grid
from .lines import Judged
from .words import CHARGE, OUTCOME, STEP

Key = tuple[str | None, ...]

MOST_REMEMBERED = 65_536


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What an agent may not do here, and the clause that says so."""

    text: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the policy says of one matter. Shared between callers: frozen, mappings are read-only.

    `clauses` are citations ("9.1", "21(e)"); `gave_way` those that also hold and were beaten. `targets`
    maps a target to its length ("first reply": "8 business hours"), `calendars` to its calendar,
    `strengths` to promise, aim or set; what is set is internal. `because` maps each group other than the
    outcome to its citations. `unsettled` names steps and charges that unknown facts leave open.
    """

    act: str
    department: str | None = None
    reply: str | None = None
    pointers: tuple[str, ...] = ()
    service: str | None = None
    clauses: tuple[str, ...] = ()
    gave_way: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    targets: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)
    strengths: Mapping[str, str] = field(default_factory=dict)
    pauses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    step: str | None = None
    charge: Charge | None = None
    credit: str | None = None
    because: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unsettled: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The outcome's name: its reply, or its act where it has none."""
        return self.reply or self.act


class Bound(NamedTuple):
    """A limit as written: its words, the clause that sets it, and the exceptions that lift it."""

    text: str
    clause: str
    lifted_by: tuple[str, ...]


class Undecided(ValueError):
    """The facts given leave several outcomes possible, or none. `facts` are those on which it turns."""

    def __init__(self, facts: tuple[str, ...], outcomes: tuple[str, ...]) -> None:
        self.facts = facts
        self.outcomes = outcomes
        if outcomes:
            message = f"This turns on {', '.join(facts)}: {' or '.join(outcomes)}."
        else:
            message = "These facts contradict what the policy says can never occur together."
        super().__init__(message)


class Decider:
    """Answers from the grid, and remembers what it found for each situation."""

    def __init__(self, grid: Grid, clauses: Mapping[str, ClauseText]) -> None:
        self.grid = grid
        self._limits = read_limits(clauses)
        self._outcomes: dict[int, dict[Key, list[int]]] = {}
        self._merged: dict[tuple[int, Key], tuple[Outcome, tuple[str, ...], tuple[str, ...]]] = {}
        self._decisions: dict[tuple[tuple[int, ...], Key, bool], Decision] = {}

    def outcomes(self, situation: int) -> Mapping[Key, Sequence[int]]:
        """The outcomes that the remaining cases yield, each with its signatures; empty where none remains."""
        found = self._outcomes.get(situation)
        if found is None:
            found = {}
            for signature in self.grid.cases(situation, self.grid.relevant(OUTCOME)):
                effect = self.grid.judge(OUTCOME, signature).effect
                if isinstance(effect, Outcome):
                    found.setdefault(effect.key, []).append(signature)
            if len(self._outcomes) >= MOST_REMEMBERED:
                self._outcomes.clear()
            self._outcomes[situation] = found
        return found

    def outcome(self, situation: int, key: Key) -> Outcome:
        """The outcome with this key in a situation that may yield it, pointers joined."""
        return self._merged_outcome(situation, key)[0]

    def cited(self, situation: int, key: Key) -> tuple[str, ...]:
        """The clauses by which a situation yields an outcome."""
        return self._merged_outcome(situation, key)[1]

    def decision(self, situations: tuple[int, ...], key: Key, *, settled: bool = True) -> Decision:
        """The decision for the outcome `key`, which the first situation may yield.

        The other groups are decided over the remaining cases of all situations: those that yield `key`
        where the outcome is settled, else all of them. A target takes the earliest, a step or charge must
        be settled (rule 25).
        """
        remembered = (situations, key, settled)
        found = self._decisions.get(remembered)
        if found is None:
            if len(self._decisions) >= MOST_REMEMBERED:
                self._decisions.clear()
            found = self._decisions[remembered] = self._decide(situations, key, settled)
        return found

    def _decide(self, situations: tuple[int, ...], key: Key, settled: bool) -> Decision:
        outcome, clauses, gave_way = self._merged_outcome(situations[0], key)
        others = _Others()
        for group in self.grid.groups:
            if group != OUTCOME:
                signatures = self._remaining(situations, self.grid.relevant(group), key if settled else None)
                others.add(group, [self.grid.judge(group, signature) for signature in signatures], self.grid)
        return Decision(
            act=outcome.act,
            department=outcome.department,
            reply=outcome.reply,
            pointers=outcome.pointers,
            service=outcome.service,
            clauses=clauses,
            gave_way=gave_way,
            limits=self._binding(situations, key if settled else None),
            targets=MappingProxyType({name: target.text for name, target in others.targets.items()}),
            calendars=MappingProxyType(
                {name: target.calendar for name, target in others.targets.items() if target.calendar}
            ),
            strengths=MappingProxyType({name: target.strength for name, target in others.targets.items()}),
            pauses=MappingProxyType(
                {name: target.pauses for name, target in others.targets.items() if target.pauses}
            ),
            step=others.step,
            charge=others.charge,
            credit=others.credit,
            because=MappingProxyType(others.because),
            unsettled=tuple(others.unsettled),
        )

    def _merged_outcome(self, situation: int, key: Key) -> tuple[Outcome, tuple[str, ...], tuple[str, ...]]:
        found = self._merged.get((situation, key))
        if found is None:
            if len(self._merged) >= MOST_REMEMBERED:
                self._merged.clear()
            found = self._merged[situation, key] = self._merge(situation, key)
        return found

    def _merge(self, situation: int, key: Key) -> tuple[Outcome, tuple[str, ...], tuple[str, ...]]:
        judged = [self.grid.judge(OUTCOME, signature) for signature in self.outcomes(situation)[key]]
        effects = [one.effect for one in judged if isinstance(one.effect, Outcome)]
        pointers = tuple(dict.fromkeys(pointer for effect in effects for pointer in effect.pointers))
        winners = cites(self.grid, (line for one in judged for line in one.winners))
        gave_way = cites(self.grid, (line for one in judged for line in one.gave_way))
        outcome = effects[0] if len(effects) == 1 else replace(effects[0], pointers=pointers)
        return outcome, winners, tuple(cite for cite in gave_way if cite not in winners)

    def _remaining(self, situations: tuple[int, ...], keep: int, key: Key | None) -> list[int]:
        """The signatures that remain, limited to those in which the outcome is `key`."""
        remaining: list[int] = []
        for situation in situations:
            if key is None or len(self.outcomes(situation)) == 1:
                remaining += self.grid.cases(situation, keep)
                continue
            for signature in self.grid.cases(situation, keep | self.grid.relevant(OUTCOME)):
                effect = self.grid.judge(OUTCOME, signature).effect
                if isinstance(effect, Outcome) and effect.key == key:
                    remaining.append(signature)
        return remaining

    def _binding(self, situations: tuple[int, ...], key: Key | None) -> tuple[Limit, ...]:
        """The limits whose clause may hold, but for those certainly lifted (rule 12)."""
        grid = self.grid
        binding: list[Limit] = []
        for text, clause, lifts in self._limits:
            own = grid.clause_boxes.get(clause, 0)
            lifted_by = [grid.clause_boxes.get(lift, 0) for lift in lifts]
            keep = own | grid.never_boxes | grid.relevant(OUTCOME) * bool(own & grid.conditional)
            for boxes in lifted_by:
                keep |= boxes
            remaining = self._remaining(situations, keep, key)
            may_hold = any(grid.holding(signature, own) for signature in remaining)
            lifted = any(
                all(grid.holding(signature, boxes) for signature in remaining) for boxes in lifted_by
            )
            if may_hold and not lifted:
                binding.append(Limit(text=text, clause=clause))
        return tuple(binding)


class _Others:
    """The groups after the outcome, gathered into one answer each."""

    def __init__(self) -> None:
        self.targets: dict[str, Target] = {}
        self.step: str | None = None
        self.charge: Charge | None = None
        self.credit: str | None = None
        self.because: dict[str, tuple[str, ...]] = {}
        self.unsettled: list[str] = []

    def add(self, group: str, judged: list[Judged], grid: Grid) -> None:
        decided = [one for one in judged if one.effect is not None]
        if not decided:
            return
        targets = [one.effect for one in decided if isinstance(one.effect, Target)]
        if targets:
            chosen: Effect = min(targets, key=urgency)
            self.targets[group] = min(targets, key=urgency)
        elif len({one.effect and one.effect.key for one in judged}) > 1:
            if group in (STEP, CHARGE):
                self.unsettled.append(group)
            return
        else:
            chosen = self._take(decided[0].effect)
        winners = (line for one in decided if one.effect == chosen for line in one.winners)
        self.because[group] = cites(grid, winners)

    def _take(self, effect: Effect | None) -> Effect:
        assert effect is not None
        if isinstance(effect, Step):
            self.step = effect.name
        elif isinstance(effect, Charge):
            self.charge = effect
        elif isinstance(effect, Credit):
            self.credit = effect.text
        return effect


def cites(grid: Grid, lines: Iterable[int]) -> tuple[str, ...]:
    """Lines as they are cited, in the order of the document, each once."""
    return tuple(dict.fromkeys(grid.lines[line].cite for line in sorted(set(lines))))


def read_limits(clauses: Mapping[str, ClauseText]) -> list[Bound]:
    """Each limit with its clause and the exceptions under it that lift it."""
    lifting: dict[str, list[str]] = {}
    for number, clause in clauses.items():
        for limit in clause.limits:
            if limit.lifts:
                lifting.setdefault(limit.text, []).append(number)
    return [
        Bound(
            limit.text,
            number,
            tuple(other for other in lifting.get(limit.text, ()) if other.startswith(number + ".")),
        )
        for number, clause in clauses.items()
        for limit in clause.limits
        if not limit.lifts
    ]
