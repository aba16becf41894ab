"""Examples are tests: each must hold in every case that what it leaves out leaves open (rule 15)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..document import Text
from ..facts import FactValue
from ..findings import Findings, nearest, shorten
from ..rule_lines import read_conditions
from ..words import ACTS, TOPIC, UNKNOWN, and_list

if TYPE_CHECKING:
    from ..compile import Compiled
    from ..policy import Policy

MOST_EXAMPLES = 2_000

_EXPECTED = re.compile(r"(?P<reply>.+?)(?: by (?P<by>[\w.()]+))?(?: instead of (?P<instead>[\w.(), ]+))?")


@dataclass(frozen=True, kw_only=True)
class _Example:
    clause: str
    line: int
    facts: Mapping[str, str]
    expected: str


def check_examples(policy: Policy, compiled: Compiled, findings: Findings) -> None:
    """Runs every example of the document; one that does not hold is an error at its line."""
    count = 0
    for clause in compiled.document.clauses.values():
        for said in clause.examples:
            count += 1
            if count > MOST_EXAMPLES:
                findings.error("too large", said.line, f"There are more than {MOST_EXAMPLES:,} examples.")
                return
            example = _read(policy, clause.number, said, findings)
            if example is not None:
                _Run(policy, example, findings).check()


def _read(policy: Policy, clause: str, said: Text, findings: Findings) -> _Example | None:
    given, arrow, expected = said.text.partition("=>")
    if not arrow or not expected.strip():
        findings.error(
            "example",
            said.line,
            "This example expects nothing.",
            clause=clause,
            mend="Write example: fact: value => reply by 7, or => ask fact.",
        )
        return None
    before = len(findings.gathered)
    conditions = read_conditions(given, said.line, findings, clause) if given.strip() else ()
    facts = {condition.fact: condition.wanted for condition in conditions}
    for name, value in facts.items():
        _check_given(policy, clause, said.line, name, value, findings)
    if len(findings.gathered) > before:
        return None
    return _Example(clause=clause, line=said.line, facts=facts, expected=expected.strip())


def _check_given(policy: Policy, clause: str, line: int, name: str, value: str, findings: Findings) -> None:
    known = [*([TOPIC] if policy.topics else []), *policy.facts]
    if name not in known:
        findings.error(
            "unknown word",
            line,
            f"There is no fact “{shorten(name)}”.",
            clause=clause,
            mend=nearest(name, known),
        )
    elif value != UNKNOWN and (mend := policy.fault_in(name, value)) is not None:
        findings.error("unknown word", line, mend, clause=clause)


@dataclass(frozen=True)
class _Run:
    policy: Policy
    example: _Example
    findings: Findings

    def check(self) -> None:
        expected = self.example.expected
        if expected.startswith("ask ") and expected not in self.policy.replies:
            self._check_asks(expected[4:].strip())
        else:
            self._check_decides(expected)

    def _check_asks(self, fact: str) -> None:
        policy = self.policy
        known = [*policy.facts, TOPIC]
        if fact not in known:
            self._error("unknown word", f"There is no fact “{shorten(fact)}”.", mend=nearest(fact, known))
            return
        topic = self.example.facts.get(TOPIC, UNKNOWN)
        topics = [topic] if topic != UNKNOWN else list(policy.topics)
        facts = {name: FactValue.given(value) for name, value in self.example.facts.items() if name != TOPIC}
        verdict = policy.rule({name: 1 / len(topics) for name in topics}, facts)
        if verdict.kind == "ask" and verdict.question is not None:
            if verdict.question.fact != fact:
                self._fails(f"it asks {verdict.question.fact}")
        else:
            outcome = verdict.decision.name if verdict.decision else "nothing"
            self._fails(f"it asks nothing: {outcome}, {verdict.kind}")

    def _check_decides(self, expected: str) -> None:
        match = _EXPECTED.fullmatch(expected)
        reply = match["reply"].strip() if match else expected
        if match is None or (reply not in self.policy.replies and reply not in ACTS):
            known = [*self.policy.replies, *ACTS]
            self._error("unknown word", f"There is no reply “{shorten(reply)}”.", mend=nearest(reply, known))
            return
        by = match["by"]
        instead = [number.strip() for number in (match["instead"] or "").split(",") if number.strip()]
        if not self._names_clauses([*([by] if by else []), *instead]):
            return
        self._check_every_case(reply, by, instead)

    def _names_clauses(self, cites: list[str]) -> bool:
        for cite in cites:
            if _number(cite) not in self.policy.clauses:
                self._error(
                    "clause reference",
                    f"There is no clause “{shorten(cite)}”.",
                    mend=nearest(_number(cite), self.policy.clauses),
                )
                return False
        return True

    def _check_every_case(self, reply: str, by: str | None, instead: list[str]) -> None:
        remaining = self.policy.remaining(self.example.facts)
        if not remaining:
            self._fails("these facts never occur together")
        for effect, winners, gave_way in remaining:
            got = f"{effect.name} by {and_list(list(winners))}"
            if gave_way:
                got += f" instead of {', '.join(gave_way)}"
            if reply not in (effect.reply, effect.act) or (by and not _cited(by, winners)):
                self._fails(f"it can be {got}")
                return
            missing = [cite for cite in instead if not _cited(cite, gave_way)]
            if missing:
                self._fails(f"{and_list(missing)} does not give way: it can be {got}")
                return

    def _fails(self, what: str) -> None:
        self._error(
            "example",
            f"The example of clause {self.example.clause} does not hold: {what}.",
            witness="; ".join(f"{name}: {value}" for name, value in self.example.facts.items()) or None,
            mend=f"It expects {shorten(self.example.expected)}. "
            "Mend the rule, the example, or name more facts.",
        )

    def _error(self, code: str, message: str, *, witness: str | None = None, mend: str | None = None) -> None:
        self.findings.error(
            code, self.example.line, message, clause=self.example.clause, witness=witness, mend=mend
        )


def _number(cite: str) -> str:
    return cite.partition("(")[0]


def _cited(cite: str, cites: tuple[str, ...]) -> bool:
    """Whether a citation is among those: 21 stands for each of its cases, 21(e) for that one."""
    return any(cite in (other, _number(other)) for other in cites)
