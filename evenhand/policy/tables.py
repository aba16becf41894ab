"""The tables by which records of one version are decided under another policy, the draft.

States (a topic with what matters to it) are numbered, worked out when they are first met, and then looked
up. State 0 stands for no topic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

import numpy as np

from .belief import ROUNDING
from .columns import Column, Misfit
from .decide import Key
from .decisions import Outcome
from .endings import Ending, Rest, State, States
from .packed import PARTS, How, Packing, places_and_masses
from .words import TOPIC

Array = np.ndarray[Any, Any]
_T = TypeVar("_T", bound=Hashable)

MOST_DENSE = 1 << 22
"""So many possible states are looked up in a plain table; where there are more, by their sorted numbers."""
MOST_STATES = 1 << 62


class Interned(Generic[_T]):
    """Equal things get one number, in the order in which they come."""

    def __init__(self) -> None:
        self.all: list[_T] = []
        self._numbers: dict[_T, int] = {}

    def __len__(self) -> int:
        return len(self.all)

    def number(self, thing: _T) -> int:
        found = self._numbers.setdefault(thing, len(self.all))
        if found == len(self.all):
            self.all.append(thing)
        return found


class Tables:
    """By state: `certain` (the outcome's number, -1 where there is none or several), `needs` (the belief from
    which it is done), `settled` and `open` (endings), `rest_of` by outcome (-1: it does not yield it),
    `open_rest`, and `empty` (the draft says never).

    `fits` is False for a draft that turns on more combinations than can be numbered.
    """

    def __init__(self, packing: Packing, states: States) -> None:
        self.packing, self.draft, self._states = packing, states.policy, states
        self.misfits: Counter[Misfit] = Counter()
        self.endings: Interned[Ending] = Interned()
        self.rests: Interned[Rest] = Interned()
        self.least: list[float] = []  # by outcome: the belief that it needs
        self._proposed: list[bool] = []  # by outcome: the desk never does it alone
        self._keys: Interned[Key] = Interned()
        self._merged: dict[tuple[int, int], int] = {}
        self._retimed: dict[tuple[int, int], int] = {}
        self._read_draft()
        self.certain = self.settled = self.open = self.open_rest = np.zeros(0, np.int32)
        self.needs, self.empty = np.zeros(0), np.zeros(0, bool)
        self.rest_of = np.zeros((0, 1), np.int32)
        self.endings.number(Ending(how=How.OPEN))
        self._read_states([State({}, Rest())])

    def _read_draft(self) -> None:
        grid = self.draft.decider.grid
        names = [cells.fact.name for cells in grid.cells]
        topic = names.index(TOPIC) if TOPIC in names else None
        self._lives = [grid.every] if topic is None else [grid.every & row for row in grid.rows[topic]]
        every = [
            Column(self.packing, self.draft, fact, self._lives) for fact in range(len(names)) if fact != topic
        ]
        self._columns = [column for column in every if column.matters]
        places = {name: place for place, name in enumerate(self.draft.topics)}
        self._topic_of = np.array([places.get(name, -1) for name in self.packing.topics] or [-1], np.int64)
        bases = self._number_states()
        self.fits = bases[-1] < MOST_STATES
        self._bases = np.array(bases if self.fits else [0], np.int64)
        self._dense = np.full(bases[-1], -1, np.int32) if bases[-1] <= MOST_DENSE else None
        self._by_number: dict[int, int] = {}

    def _number_states(self) -> list[int]:
        """Every topic with every combination of what matters to it gets a number: where each topic begins."""
        bases = [0]
        for topic in range(len(self._lives)):
            stride = 1
            for column in self._columns:
                if stride < MOST_STATES:
                    column.steps[topic] = column.classes[topic] * stride
                stride *= len(column.rows[topic])
            bases.append(bases[-1] + stride)
        return bases

    # ── What a state comes to ──

    def _read_states(self, states: Sequence[State]) -> None:
        for state in states:
            for key in state.by_key:
                self._know(key)
        new, known = len(states), self.count
        self.certain = np.append(self.certain, np.full(new, -1, np.int32))
        self.needs = np.append(self.needs, np.full(new, np.inf))
        self.settled, self.open, self.open_rest = (
            np.append(one, np.zeros(new, np.int32)) for one in (self.settled, self.open, self.open_rest)
        )
        self.empty = np.append(self.empty, [not state.by_key for state in states])
        rest_of = np.full((known + new, max(1, len(self._keys))), -1, np.int32)
        rest_of[:known, : self.rest_of.shape[1]] = self.rest_of
        self.rest_of = rest_of
        for number, state in enumerate(states, start=known):
            self._read_state(number, state)

    @property
    def count(self) -> int:
        """How many states are known."""
        return len(self.needs)

    def _know(self, key: Key) -> None:
        if self._keys.number(key) == len(self.least):
            act, department, reply, service = key
            outcome = Outcome(act=str(act), department=department, reply=reply, service=service)
            self.least.append(self.draft.desk.threshold(outcome) - ROUNDING)
            self._proposed.append(self.draft.desk.never_acts_alone(outcome))

    def _read_state(self, number: int, state: State) -> None:
        for key, (_, rest) in state.by_key.items():
            self.rest_of[number, self._keys.number(key)] = self.rests.number(rest)
        self.open_rest[number] = self.rests.number(state.open_rest)
        self.open[number] = self.endings.number(
            Ending(how=How.OPEN, targets=state.open_rest.targets, possible=frozenset(state.by_key))
        )
        certain = state.certain
        if certain is not None:
            clauses, rest = state.by_key[certain]
            outcome = self.certain[number] = self._keys.number(certain)
            self.needs[number] = np.inf if rest.is_unsettled else self.least[outcome]
            how = How.PROPOSED if self._proposed[outcome] else How.ALONE
            self.settled[number] = self.endings.number(
                Ending(how=how, key=certain, clauses=clauses, targets=rest.targets)
            )

    # ── Records to states ──

    def considered(self, records: Array) -> tuple[Array, Array]:
        """The draft's topics that are likely enough, likeliest first; masses end in zeros (rule 18)."""
        if not self.draft.topics:
            return np.zeros((len(records), 1), np.int64), np.ones((len(records), 1))
        if not self.packing.topics:
            return np.zeros((len(records), 1), np.int64), np.zeros((len(records), 1))
        places, parts = places_and_masses(np.ascontiguousarray(records["topics"]))
        topics, masses = self._topic_of[places], parts / PARTS
        gone = (topics < 0) & (parts > 0)
        left = ~gone & (parts > 0) & (masses >= self.draft.desk.considers_down_to)
        masses = np.where(left, masses, 0.0)
        if gone.any():
            self._count_gone(places[gone])
            order = np.argsort(~left, axis=1, kind="stable")
            topics, masses = (np.take_along_axis(one, order, axis=1) for one in (topics, masses))
        return topics, masses

    def _count_gone(self, places: Array) -> None:
        for place, count in zip(*np.unique(places, return_counts=True), strict=True):
            self.misfits[Misfit(TOPIC, self.packing.topics[place])] += int(count)

    def options(self, records: Array) -> list[Array]:
        """For each fact that matters, what it is in each record."""
        return [column.chosen(records, self.misfits) for column in self._columns]

    def states(self, options: Sequence[Array], topics: Array) -> Array:
        """The state of each topic of each record."""
        numbers = self._bases[topics]
        for column, chosen in zip(self._columns, options, strict=True):
            numbers += column.steps[topics, chosen[:, None]]
        if self._dense is None:
            return self._by_sorting(numbers)
        found = self._dense[numbers]
        missing = found < 0
        if missing.any():
            self._work_out(np.unique(numbers[missing]))
            found = self._dense[numbers]
        return found

    def _by_sorting(self, numbers: Array) -> Array:
        unique, inverse = np.unique(numbers, return_inverse=True)
        self._work_out(unique)
        states = np.array([self._by_number[number] for number in unique.tolist()], np.int32)
        return states[inverse].reshape(numbers.shape)

    def _work_out(self, numbers: Array) -> None:
        new = [number for number in numbers.tolist() if number not in self._by_number]
        for state, number in enumerate(new, start=self.count):
            self._by_number[number] = state
            if self._dense is not None:
                self._dense[number] = state
        if new:
            self._read_states([self._states.state(self._situation(number)) for number in new])

    def _situation(self, number: int) -> int:
        topic = int(np.searchsorted(self._bases, number, side="right")) - 1
        left, situation = number - int(self._bases[topic]), self._lives[topic]
        for column in self._columns:
            left, option = divmod(left, len(column.rows[topic]))
            situation &= column.rows[topic][option]
        return situation

    # ── Several topics together ──

    def together(self, first: Array, second: Array) -> Array:
        """Rests joined one by one; a `second` below 0 changes nothing."""
        joined = first.copy()
        differ = np.flatnonzero((second >= 0) & (second != first))
        if len(differ):
            joined[differ] = self._by_pair(first[differ], second[differ], self._merged, self._join)
        return joined

    def retimed(self, endings: Array, rests: Array) -> Array:
        """The same endings with the targets of other rests; open where a step or a charge is not settled."""
        return self._by_pair(endings, rests, self._retimed, self._retime)

    def _by_pair(self, first: Array, second: Array, known: dict[tuple[int, int], int], make: Any) -> Array:
        pairs = first.astype(np.int64) << 32 | second
        unique, inverse = np.unique(pairs, return_inverse=True)
        made = []
        for pair in unique.tolist():
            one = pair >> 32, pair & 0xFFFFFFFF
            if one not in known:
                known[one] = make(*one)
            made.append(known[one])
        return np.array(made, np.int32)[inverse]

    def _join(self, first: int, second: int) -> int:
        return self.rests.number(self.rests.all[first].with_(self.rests.all[second]))

    def _retime(self, ending: int, rest: int) -> int:
        return self.endings.number(replace(self.endings.all[ending], targets=self.rests.all[rest].targets))
