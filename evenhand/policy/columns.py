"""One fact of the draft, read from the records of another version: values laid over the draft's cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .facts import Cells, Fact, Misread
from .packed import Packing
from .policy import Policy

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Misfit:
    """A recorded value that the draft does not declare: there it is unknown."""

    fact: str
    value: str


class Column:
    """What a fact of the draft may be in a record: one of its cells, or unknown (the last option).

    For each topic the options fall into classes that nothing tells apart there; `rows` holds one row of
    boxes for each class. `steps[topic, option]` is what a record's option adds to the number of its state.
    """

    def __init__(self, packing: Packing, draft: Policy, place: int, lives: Sequence[int]) -> None:
        grid = draft.decider.grid
        self.cells = grid.cells[place]
        self.name = self.cells.fact.name
        self._recorded = next((fact for fact in packing.facts if fact.name == self.name), None)
        self._column = packing.columns[packing.facts.index(self._recorded)] if self._recorded else ""
        self._unknown = len(self.cells)
        rows = [*grid.rows[place], grid.row(place, None)]
        boxes = grid.every & ~sum(grid.known_bits)
        self.rows: list[list[int]] = []
        self.classes = np.zeros((len(lives), len(rows)), np.int64)
        for topic, live in enumerate(lives):
            self.rows.append(self._classify(topic, rows, live & boxes))
        self.steps = np.zeros_like(self.classes)
        self._options = self._options_by_code()

    @property
    def matters(self) -> bool:
        return any(len(rows) > 1 for rows in self.rows)

    def _classify(self, topic: int, rows: list[int], live: int) -> list[int]:
        """Tell the options apart by the boxes that they admit; unknown apart, where anything turns on it."""
        found: dict[int, int] = {}
        kept: list[int] = []
        for option, row in enumerate(rows[:-1]):
            if row & live not in found:
                found[row & live] = len(kept)
                kept.append(row)
            self.classes[topic, option] = found[row & live]
        if len(kept) > 1:
            self.classes[topic, -1] = len(kept)
            kept.append(rows[-1])
        return kept

    def chosen(self, records: Array, misfits: Counter[Misfit]) -> Array:
        """The option of each record; values that the draft does not declare are unknown, and counted."""
        if self._recorded is None:
            presumed = self.cells.fact.presumed
            option = self._unknown if presumed is None else self.cells.cell_of(presumed)
            return np.full(len(records), option, np.int64)
        codes = records[self._column]
        options = self._measured(codes) if self._options is None else self._options[codes]
        lost = (options == self._unknown) & (codes > 0)
        if lost.any():
            for code, count in zip(*np.unique((codes[lost] - 1) >> 1, return_counts=True), strict=True):
                value = self._recorded.spell(int(code) + self._recorded.span[0])
                misfits[Misfit(self.name, value)] += int(count)
        return options

    def _options_by_code(self) -> Array | None:
        """For a recorded list, the draft's option for each code."""
        if self._recorded is None or self._recorded.is_measured:
            return None
        options = [self._unknown]
        for value in self._recorded.values:
            options += [_cell(self.cells, value, self._unknown)] * 2
        return np.array(options, np.int64)

    def _measured(self, codes: Array) -> Array:
        """A recorded number or date, by the draft's own cut points."""
        recorded, fact = self._recorded, self.cells.fact
        assert recorded is not None
        places = ((codes.astype(np.int64) - 1) >> 1) + recorded.low
        options = np.full(len(codes), self._unknown, np.int64)
        if fact.kind == recorded.kind:
            inside = (codes > 0) & (places >= fact.low) & (places <= fact.high)
            starts = np.array(self.cells.starts, np.int64)
            options[inside] = np.searchsorted(starts, places[inside], side="right") - 1
            return options
        for cell, value in enumerate(fact.values):
            place = _place(recorded, value)
            if place is not None:
                options[(codes > 0) & (places == place)] = cell
        return options


def _cell(cells: Cells, value: str, otherwise: int) -> int:
    try:
        return cells.cell_of(value)
    except Misread:
        return otherwise


def _place(fact: Fact, value: str) -> int | None:
    try:
        return fact.place_of(value)
    except Misread:
        return None
