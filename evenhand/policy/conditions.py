"""Conditions and decisions read against the declared words: what is misread becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .decisions import Effect, Vocabulary, read_decision
from .document import Case, ClauseText, Condition, Document
from .facts import Fact, Interval, Misread, read_wanted
from .findings import Findings, nearest, shorten
from .lines import other_outcomes
from .rule_lines import read_conditions
from .words import ACTS, OUTCOME


@dataclass(frozen=True, kw_only=True)
class ReadCase:
    """A case with its conditions understood: intervals by fact, and the outcomes it asks for."""

    written: Case
    wanted: Mapping[str, tuple[Interval, ...]]
    outcomes: tuple[frozenset[str], ...]
    effects: Mapping[str, Effect]


@dataclass(frozen=True, kw_only=True)
class Never:
    line: int
    text: str
    wanted: Mapping[str, tuple[Interval, ...]]


class ConditionReader:
    """Reads the cases of a document, and what can never occur."""

    def __init__(self, facts: Mapping[str, Fact], words: Vocabulary, findings: Findings) -> None:
        self.facts = facts
        self.words = words
        self.findings = findings

    def case(self, case: Case, clause: ClauseText) -> ReadCase:
        wanted: dict[str, tuple[Interval, ...]] = {}
        outcomes: list[frozenset[str]] = []
        for condition in case.conditions:
            if condition.fact == OUTCOME:
                outcomes.append(self._outcomes(condition, clause))
            else:
                self._condition(condition, clause.number, wanted)
        effects = self._effects(case, clause)
        return ReadCase(written=case, wanted=wanted, outcomes=tuple(outcomes), effects=effects)

    def _condition(
        self, condition: Condition, clause: str | None, wanted: dict[str, tuple[Interval, ...]]
    ) -> None:
        fact = self.facts.get(condition.fact)
        if fact is None:
            self.findings.error(
                "unknown word",
                condition.line,
                f"There is no fact “{shorten(condition.fact)}”.",
                clause=clause,
                mend=nearest(condition.fact, self.facts),
            )
            return
        try:
            wanted[fact.name] = read_wanted(fact, condition.wanted)
        except Misread as misread:
            self.findings.error(
                "unknown word", condition.line, misread.message, clause=clause, mend=misread.mend
            )

    def _outcomes(self, condition: Condition, clause: ClauseText) -> frozenset[str]:
        text = condition.wanted
        names = frozenset(name.strip() for name in text.removeprefix("not ").split(","))
        known = (*ACTS, *self.words.replies)
        for name in sorted(names - set(known)):
            self.findings.error(
                "unknown word",
                condition.line,
                f"“{shorten(name)}” is neither an act nor a reply.",
                clause=clause.number,
                mend=nearest(name, known),
            )
        return other_outcomes(names, self.words.replies) if text.startswith("not ") else names

    def _effects(self, case: Case, clause: ClauseText) -> dict[str, Effect]:
        effects: dict[str, Effect] = {}
        for said in case.decisions:
            try:
                read = read_decision(said, self.words)
            except Misread as misread:
                self.findings.error(
                    misread.code, said.line, misread.message, clause=clause.number, mend=misread.mend
                )
                continue
            for group in read:
                if group in effects:
                    self.findings.error(
                        "rule",
                        said.line,
                        f"This case decides {group} twice.",
                        clause=clause.number,
                        mend="Keep one, or make two cases.",
                    )
            effects |= read
        return effects

    def never(self, document: Document) -> list[Never]:
        schedule = document.schedules.get("never")
        read: list[Never] = []
        for entry in schedule.entries if schedule else ():
            wanted: dict[str, tuple[Interval, ...]] = {}
            for condition in read_conditions(entry.text, entry.line, self.findings, None):
                self._condition(condition, None, wanted)
            read.append(Never(line=entry.line, text=entry.text, wanted=wanted))
        return read
