"""A policy: one compiled document, and everything that can be asked of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from .ask import Asker, Question
from .awaited import facts_named, on_which_it_turns
from .belief import Scales
from .decide import MOST_REMEMBERED, Decider, Decision, Undecided, cites
from .decisions import Outcome
from .desk import Desk
from .explain import Explainer, Explanation
from .facts import Cells, Fact, FactValue, Misread
from .findings import nearest, shorten
from .hours import Calendar
from .ladder import Ladder
from .matters import rule_together
from .page import GlanceRow, at_a_glance, render_page, render_prose
from .schedules import Topic
from .slots import SLOT
from .verdict import Judge, Verdict
from .words import MOMENT_SLOTS, OUTCOME, UNKNOWN

if TYPE_CHECKING:
    from .clauses import Clause
    from .compile import Compiled

__all__ = ["MissingSlot", "Policy", "Question", "UnknownWord"]


_Key = TypeVar("_Key")


class UnknownWord(ValueError):
    """A fact or a value that the policy does not declare; the message names the nearest ones."""


class MissingSlot(KeyError):
    """A reply has a slot that was not filled: `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class _Row(dict[str | None, int]):
    """The row of boxes for each value of a measured fact, found by its cell when it is first asked for."""

    def __init__(self, cells: Cells, rows: list[int]) -> None:
        super().__init__()
        self._cells, self._rows = cells, rows

    def __missing__(self, value: str | None) -> int:
        if not isinstance(value, str):
            raise KeyError(value)
        try:
            return self._rows[self._cells.cell_of(value)]
        except Misread as misread:
            raise KeyError(value) from misread


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The public contents of a policy."""

    title: str
    version: str
    hash: str
    text: str
    written: str
    sayings: str | None
    facts: Mapping[str, Fact]
    topics: Mapping[str, Topic]
    clauses: Mapping[str, Clause]
    places: Mapping[str, str]
    departments: Mapping[str, str]
    services: Mapping[str, str]
    replies: Mapping[str, str]
    calendars: Mapping[str, Calendar]
    desk: Desk
    ladder: Ladder | None


class Policy:
    """One version of a policy. Immutable; safe to share between threads that only read.

    `text` is what is checked, published and shown: of an amendment the consolidated text, while `written` is
    the amendment itself. `sayings` is the companion in full, a base's included; `hash` covers text and
    sayings. Made by `compile_policy` or `load`. Facts are spelt as in the document; a fact that the document
    does not declare is ignored, since a desk holds more facts than any one policy turns on.
    """

    def __init__(self, compiled: Compiled) -> None:
        parts = compiled.parts
        self.title, self.version, self.hash, self.text = parts.title, parts.version, parts.hash, parts.text
        self.written, self.sayings = parts.written, parts.sayings
        self.facts, self.topics, self.clauses = parts.facts, parts.topics, parts.clauses
        self.places, self.departments, self.services = parts.places, parts.departments, parts.services
        self.replies, self.calendars = parts.replies, parts.calendars
        self.desk, self.ladder = parts.desk, parts.ladder
        self.effective = compiled.effective
        self.compiled = compiled
        self._prepare()
        self._awaited = facts_named(self)

    def _prepare(self) -> None:
        rules = self.compiled.rules
        grid = rules.grid
        self._every = grid.every
        self.decider = Decider(grid, self.compiled.document.clauses)
        self._rows: dict[str, dict[str | None, int]] = {}
        for index, cells in enumerate(grid.cells):
            self._rows[cells.fact.name] = _value_rows(cells, grid.rows[index], grid.row(index, None))
        self.row_items = tuple(self._rows.items())
        self._count = len(self._rows)
        self._decided: dict[int, Decision] = {}
        self._by_values: dict[object, Decision] = {}
        self._pick: Callable[[Mapping[str, str]], object] = itemgetter(*self._rows) if self._rows else len
        scales = Scales(decider=self.decider, desk=self.desk)
        cells_by_name = {cells.fact.name: cells for cells in grid.cells}
        cell_rows = {cells.fact.name: grid.rows[index] for index, cells in enumerate(grid.cells)}
        asker = Asker(scales, cells_by_name, cell_rows)
        self._explainer = Explainer(self)
        self._judge = Judge(self.facts, self.topics, self._rows, scales, asker)

    def decide(self, facts: Mapping[str, str]) -> Decision:
        """The decision where the facts given settle it; `"unknown"` marks a fact as unknown.

        A fact left out takes what the document presumes, or is unknown. The Decision is shared and frozen.
        Raises Undecided where the outcome turns on an unknown fact, and UnknownWord for an undeclared value.
        """
        if len(facts) >= self._count:
            try:
                return self._by_values[self._pick(facts)]
            except (KeyError, TypeError):
                return self._decide_by_rows(facts)
        situation = self._every
        get = facts.get
        try:
            for name, row in self.row_items:
                situation &= row[get(name)]
            return self._decided[situation]
        except (KeyError, TypeError):
            return self._decide_by_rows(facts)

    def _decide_by_rows(self, facts: Mapping[str, str]) -> Decision:
        """One look-up per fact, AND, and a memo of what each set of boxes decides."""
        situation = self.situation(facts)
        decision = self._decided.get(situation)
        if decision is None:
            outcomes = self.decider.outcomes(situation)
            if len(outcomes) != 1:
                raise self._undecided(situation)
            decision = self.decider.decision((situation,), next(iter(outcomes)))
            _bounded(self._decided)[situation] = decision
        if all(name in facts for name in self._rows):
            _bounded(self._by_values)[self._pick(facts)] = decision
        return decision

    def situation(self, facts: Mapping[str, str]) -> int:
        """The boxes that may hold under these facts, and which facts are known. Raises UnknownWord."""
        situation = self._every
        for name, row in self.row_items:
            try:
                situation &= row[facts.get(name)]
            except (KeyError, TypeError):
                raise self._unknown_value(name, facts[name]) from None
        return situation

    def remaining(self, facts: Mapping[str, str]) -> list[tuple[Outcome, tuple[str, ...], tuple[str, ...]]]:
        """What each case that the facts leave open yields: the outcome, who decides it, and what gave way."""
        situation = self.situation(facts)
        grid = self.decider.grid
        found = []
        for signatures in self.decider.outcomes(situation).values():
            for signature in signatures:
                judged = grid.judge(OUTCOME, signature)
                if isinstance(judged.effect, Outcome):
                    found.append((judged.effect, cites(grid, judged.winners), cites(grid, judged.gave_way)))
        return found

    def fault_in(self, name: str, value: str) -> str | None:
        """Why a value does not fit a declared fact, or None where it does."""
        try:
            self._rows[name][value]
        except KeyError:
            return str(self._unknown_value(name, value))
        return None

    def _undecided(self, situation: int) -> Undecided:
        grid = self.decider.grid
        unknown = grid.unknown_in(situation)
        outcomes = self.decider.outcomes(situation)
        turning = [
            grid.cells[fact].fact.name
            for fact in unknown
            if any(
                set(self.decider.outcomes(situation & row | grid.known_bits[fact])) != set(outcomes)
                for row in grid.rows[fact]
            )
        ]
        names = tuple(self.decider.outcome(situation, key).name for key in outcomes)
        return Undecided(tuple(turning), names)

    def _unknown_value(self, name: str, value: object) -> UnknownWord:
        fact = self.facts.get(name)
        if fact is not None and fact.is_measured:
            return UnknownWord(
                f"“{shorten(str(value))}” is not a value of {name}: it runs {fact.range_words}."
            )
        known = fact.values if fact is not None else tuple(self.topics)
        return UnknownWord(f"“{shorten(str(value))}” is not a value of {name}. {nearest(str(value), known)}")

    def rule(self, topics: Mapping[str, float], facts: Mapping[str, FactValue], *, asked: int = 0) -> Verdict:
        """What the desk should do: act alone, propose, ask the one question, or leave it to a person
        (section D).

        `topics`: calibrated probabilities, the rest to 1 is "something else". `asked`: questions already
        asked about this message. A fact `topic` among the facts (an answer, an agent's choice) stands for
        all topics. Raises UnknownWord for a topic or a value that the policy does not declare.
        """
        return self.rule_matters([(topics, facts)], asked=asked)[0]

    def rule_matters(
        self, matters: Sequence[tuple[Mapping[str, float], Mapping[str, FactValue]]], *, asked: int = 0
    ) -> tuple[Verdict, ...]:
        """A verdict for each matter of one message, its topics and facts given as for `rule`.

        At most one question is asked for all of them (rule 26): verdicts of the kind ask share one question,
        which serves them all. Raises UnknownWord.
        """
        for topics, facts in matters:
            self._check_words(topics, facts)
        rulings = [self._judge.ruling(topics, facts) for topics, facts in matters]
        return rule_together(rulings, self._judge.asker, asked=asked)

    def _check_words(self, topics: Mapping[str, float], facts: Mapping[str, FactValue]) -> None:
        for topic in topics:
            if topic not in self.topics:
                raise UnknownWord(f"There is no topic “{shorten(topic)}”. {nearest(topic, self.topics)}")
        for name, given in facts.items():
            if name in self._rows and given.status != UNKNOWN and given.value is not None:
                try:
                    self._rows[name][given.value]
                except KeyError:
                    raise self._unknown_value(name, given.value) from None

    def awaits(self, topics: Mapping[str, float], facts: Mapping[str, FactValue]) -> tuple[str, ...]:
        """The facts on which a matter is decided again once they are known, and on which it turns (rule 28).

        A clause names them: `decide when cause is known`. Whoever learns one gives it as a known fact, and
        the new ruling supersedes the old one. Raises UnknownWord.
        """
        return on_which_it_turns(self, self._awaited, topics, facts) if self._awaited else ()

    def explain(
        self, topics: Mapping[str, float], facts: Mapping[str, FactValue], *, asked: int = 0
    ) -> Explanation:
        """The verdict in plain words: because of which clauses, over which, from which facts."""
        return self.explain_verdict(self.rule(topics, facts, asked=asked))

    def explain_verdict(self, verdict: Verdict) -> Explanation:
        """The same of a verdict at hand, which this policy gave."""
        return self._explainer.explain(verdict)

    def render_reply(self, name: str, slots: Mapping[str, str]) -> str:
        """A reply of the document with its slots filled.

        `slots` come first (so a door can make a link of a place), then the document's own words. Raises
        KeyError for a reply that is not declared and MissingSlot for a slot of the moment that was not
        given.
        """

        def fill(match: re.Match[str]) -> str:
            slot = match[1]
            if slot in slots:
                return slots[slot]
            if slot in MOMENT_SLOTS and slot not in self.services:
                raise MissingSlot(slot)
            return self.words_for(slot)

        return SLOT.sub(fill, self.replies[name])

    def slots_of(self, name: str) -> tuple[str, ...]:
        """The slots of the moment that a reply needs."""
        return tuple(dict.fromkeys(slot for slot in SLOT.findall(self.replies[name]) if slot in MOMENT_SLOTS))

    def words_for(self, name: str) -> str:
        """The words for a department, a service or a place, in this order where names are the same."""
        for words in (self.departments, self.services, self.places):
            if name in words:
                return words[name]
        raise MissingSlot(name)

    def page(self, link: Callable[[str], str | None] | None = None) -> str:
        """The public page as an HTML fragment. `link` gives the address of a place or a service, or None."""
        return render_page(self, link)

    def prose_html(self, number: str, link: Callable[[str], str | None] | None = None) -> str:
        """What clause `number` says, as an HTML fragment. KeyError where the document has no such clause."""
        return render_prose(self, number, link)

    def at_a_glance(self) -> tuple[GlanceRow, ...]:
        """What is included, what is not, what is paid: a row per clause and act that it decides."""
        return at_a_glance(self)


def _bounded(memo: dict[_Key, Decision]) -> dict[_Key, Decision]:
    """The memo itself, emptied once it holds more than it should."""
    if len(memo) >= MOST_REMEMBERED:
        memo.clear()
    return memo


def _value_rows(cells: Cells, rows: list[int], unknown: int) -> dict[str | None, int]:
    values: dict[str | None, int] = _Row(cells, rows) if cells.fact.is_measured else {}
    if not cells.fact.is_measured:
        for place, value in enumerate(cells.fact.values):
            values[value] = rows[place]
    presumed = cells.fact.presumed
    values[UNKNOWN] = unknown
    values[None] = unknown if presumed is None else rows[cells.cell_of(presumed)]
    return values
