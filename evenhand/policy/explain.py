"""Explaining: a verdict in plain words, from the same boxes that decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import and_
from typing import TYPE_CHECKING

from .decide import MOST_REMEMBERED, Decision, Limit
from .facts import Cells, FactValue
from .verdict import Verdict
from .words import PERSON, TOPIC, and_list

if TYPE_CHECKING:
    from .policy import Policy

_SAID = {
    "help": "We help",
    "decline": "We decline",
    "quote": "We quote",
    "assign": "We pass it on",
    "point": "We point to where this belongs",
    "refuse": "We refuse",
    "ask": "We ask for more",
    "close": "We close it",
    PERSON: "We leave it to a person",
}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A clause that decided, with its title and the case of it that holds, in the document's words."""

    clause: str
    title: str
    when: str


@dataclass(frozen=True, kw_only=True)
class GaveWay:
    """A clause that holds too and was beaten, and why."""

    clause: str
    title: str
    why: str


@dataclass(frozen=True, kw_only=True)
class FactLine:
    name: str
    value: str | None
    status: str
    source: str

    def __str__(self) -> str:
        if self.status == "unknown":
            return f"{self.name}: not known" + (f" (it is known from {self.source})" if self.source else "")
        return f"{self.name}: {self.value} ({self.status}{', ' + self.source if self.source else ''})"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One fact with another value, and what the outcome would be then."""

    fact: str
    value: str
    act: str
    reply: str | None
    clause: str

    @property
    def outcome(self) -> str:
        return self.reply or self.act


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything a person needs to check a ruling. `str()` of it is the whole in plain lines."""

    verdict: Verdict
    outcome: str
    because: tuple[Reason, ...]
    gave_way: tuple[GaveWay, ...]
    facts: tuple[FactLine, ...]
    limits: tuple[Limit, ...]
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        lines = [self.outcome, f"  {self.verdict.why}"]
        if self.verdict.question is not None:
            question = self.verdict.question
            lines.append(f"We ask: {question.text} ({and_list(question.answers, 'or')})")
        lines += [f"Because of {reason.clause}, {reason.title} ({reason.when})." for reason in self.because]
        lines += [
            f"{gone.clause}, {gone.title}, also holds and gives way: {gone.why}." for gone in self.gave_way
        ]
        if self.verdict.decision is not None:
            lines += _other_groups(self.verdict.decision)
        lines += [f"An agent may not {limit.text} ({limit.clause})." for limit in self.limits]
        lines.append("Facts:")
        lines += [f"  {line}" for line in self.facts]
        if self.changes:
            lines.append("It would be otherwise with:")
            lines += [f"  {one.fact}: {one.value} → {one.outcome} by {one.clause}" for one in self.changes]
        return lines


def _other_groups(decision: Decision) -> list[str]:
    lines = []
    for name, text in decision.targets.items():
        calendar = f", calendar {decision.calendars[name]}" if name in decision.calendars else ""
        lines.append(f"{name.capitalize()}: {text}{calendar} ({', '.join(decision.because[name])}).")
    if decision.step:
        lines.append(f"Conduct: {decision.step}, once a person confirms it.")
    if decision.charge and decision.charge.service:
        lines.append(f"Charge: {decision.charge.service}.")
    if decision.credit:
        lines.append(f"Credit: {decision.credit}.")
    return lines


def _given(facts: Mapping[str, FactValue]) -> dict[str, str]:
    return {name: given.value or "unknown" for name, given in facts.items()}


def _outcome_words(policy: Policy, verdict: Verdict) -> str:
    decision = verdict.decision
    if decision is None:
        return "A person decides: nothing in the policy fits."
    said = _SAID[decision.act]
    if decision.department:
        said += f", by {policy.departments[decision.department]}"
    if decision.reply:
        said += f" (reply {decision.reply})"
    about = f"{verdict.topic}: " if verdict.topic else ""
    start = {
        "alone": "",
        "propose": "Proposed to a person. ",
        "ask": "We ask first. Likeliest: ",
        "person": "A person decides. Likeliest: ",
    }[verdict.kind]
    return f"{start}{about}{said}."


class Explainer:
    """Remembers the parts of explanations that depend only on the document."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        grid = policy.compiled.rules.grid
        self.grid = grid
        self.cells = grid.cells
        self.when: dict[str, tuple[str, str]] = {}
        for clause in policy.clauses.values():
            for case in clause.cases:
                self.when[case.cite] = (clause.title, case.when)
        self.number = {line.cite: line.clause for line in grid.lines}
        self._changes: dict[tuple[str, int, int], Change] = {}
        self._reasons: dict[tuple[str, ...], tuple[Reason, ...]] = {}
        self._gave_way: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[GaveWay, ...]] = {}

    def explain(self, verdict: Verdict) -> Explanation:
        """The explanation of a verdict of this policy."""
        decision = verdict.decision
        declared = self.policy.facts
        return Explanation(
            verdict=verdict,
            outcome=_outcome_words(self.policy, verdict),
            because=self.reasons(decision.clauses) if decision else (),
            gave_way=self.gave_way(decision.gave_way, decision.clauses) if decision else (),
            facts=tuple(
                FactLine(
                    name=name,
                    value=given.value,
                    status=given.status,
                    source=given.source or declared[name].source,
                )
                for name, given in verdict.facts.items()
            ),
            limits=decision.limits if decision else (),
            changes=self.changes(verdict.topic, _given(verdict.facts)) if decision else (),
        )

    def reasons(self, cites: tuple[str, ...]) -> tuple[Reason, ...]:
        found = self._reasons.get(cites)
        if found is None:
            found = self._reasons[cites] = tuple(
                Reason(clause=cite, title=self.when[cite][0], when=self.when[cite][1]) for cite in cites
            )
        return found

    def gave_way(self, losers: tuple[str, ...], winners: tuple[str, ...]) -> tuple[GaveWay, ...]:
        """Why each gave way: to a winner, or to another loser, since what is beaten still beats."""
        found = self._gave_way.get((losers, winners))
        if found is None:
            found = self._gave_way[losers, winners] = tuple(
                GaveWay(
                    clause=cite,
                    title=self.when[cite][0],
                    why=self._why(cite, (*winners, *(other for other in losers if other != cite))),
                )
                for cite in losers
            )
        return found

    def _why(self, loser: str, others: tuple[str, ...]) -> str:
        """Why a clause gives way, in the words by which the document says it."""
        document = self.policy.compiled.document
        lost = document.clauses[self.number[loser]]
        for cite in others:
            won = document.clauses[self.number[cite]]
            if won.number.startswith(lost.number + "."):
                return f"{cite} is an exception to it"
            if any(_covers(said.text, lost.number) for said in won.over):
                return f"{cite} is over it"
            if any(_covers(said.text, won.number) for said in lost.gives_way):
                return f"it gives way to {cite}"
        first = document.clauses[self.number[others[0]]]
        if first.part != lost.part:
            ahead, behind = document.parts[first.part].title, document.parts[lost.part].title
            return f"the part “{ahead}” comes before “{behind}”"
        return f"{others[0]} comes before it through another clause"

    def changes(self, topic: str | None, given: Mapping[str, str]) -> tuple[Change, ...]:
        """Each other value of one fact, all else equal, that would lead to another outcome."""
        facts = {**given, TOPIC: topic} if topic else given
        rows = [row[facts.get(name)] for name, row in self.policy.row_items]
        decider = self.policy.decider
        before = [-1, *accumulate(rows, and_)]
        after = [-1, *accumulate(reversed(rows), and_)][::-1]
        now = tuple(decider.outcomes(before[-1]))
        changes: list[Change] = []
        for index, cells in enumerate(self.cells):
            if cells.fact.name == TOPIC:
                continue
            others = before[index] & after[index + 1]
            for cell, row in enumerate(self.grid.rows[index]):
                outcomes = decider.outcomes(others & row)
                if len(outcomes) == 1 and tuple(outcomes) != now:
                    changes.append(self._change(cells.fact.name, cell, cells, others & row))
        return tuple(changes)

    def _change(self, fact: str, cell: int, cells: Cells, situation: int) -> Change:
        found = self._changes.get((fact, cell, situation))
        if found is None:
            if len(self._changes) >= MOST_REMEMBERED:
                self._changes.clear()
            (key,) = self.policy.decider.outcomes(situation)
            outcome = self.policy.decider.outcome(situation, key)
            found = self._changes[fact, cell, situation] = Change(
                fact=fact,
                value=cells.label(cell),
                act=outcome.act,
                reply=outcome.reply,
                clause=self.policy.decider.cited(situation, key)[0],
            )
        return found


def _covers(number: str, other: str) -> bool:
    return other == number or other.startswith(number + ".")
