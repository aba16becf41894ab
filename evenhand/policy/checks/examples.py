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
class Example:
    """One example as written: the facts it names, and what it expects of them."""

    clause: str
    line: int
    facts: Mapping[str, str]
    expected: str

    @property
    def given(self) -> str:
        return "; ".join(f"{name}: {value}" for name, value in self.facts.items())


def examples_of(policy: Policy) -> tuple[Example, ...]:
    """Every example of a policy, in the order of the document."""
    unread = Findings("")
    read = (
        _read(policy, clause.number, said, unread)
        for clause in policy.compiled.document.clauses.values()
        for said in clause.examples
    )
    return tuple(example for example in read if example is not None)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why an example does not hold; `what` ends a sentence for the code “example”, and is one for others."""

    code: str
    what: str
    mend: str | None = None


def check_examples(policy: Policy, compiled: Compiled, findings: Findings) -> None:
    """Runs every example of the document; one that does not hold is an error at its line."""
    count = 0
    for clause in compiled.document.clauses.values():
        for said in clause.examples:
            count += 1
            if count > MOST_EXAMPLES:
                findings.error(
                    "too large",
                    said.line,
                    f"There are more than {MOST_EXAMPLES:,} examples.",
                    mend="Keep the ones that were argued about.",
                )
                return
            example = _read(policy, clause.number, said, findings)
            if example is not None:
                _tell(example, fault_of(policy, example), findings)


def _read(policy: Policy, clause: str, said: Text, findings: Findings) -> Example | None:
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
    return Example(clause=clause, line=said.line, facts=facts, expected=expected.strip())


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


def _tell(example: Example, fault: Fault | None, findings: Findings) -> None:
    if fault is None:
        return
    held = fault.code != "example"
    findings.error(
        fault.code,
        example.line,
        fault.what if held else f"The example of clause {example.clause} does not hold: {fault.what}.",
        clause=example.clause,
        witness=None if held else example.given or None,
        mend=fault.mend
        if held
        else f"It expects {shorten(example.expected)}. Mend the rule, the example, or name more facts.",
    )


def fault_of(policy: Policy, example: Example) -> Fault | None:
    """Why an example, perhaps of another version, does not hold in this policy; None where it does.

    Its facts are words that this policy declares.
    """
    expected = example.expected
    if expected.startswith("ask ") and expected not in policy.replies:
        return _fault_in_asking(policy, example, expected[4:].strip())
    match = _EXPECTED.fullmatch(expected)
    reply = match["reply"].strip() if match else expected
    if match is None or (reply not in policy.replies and reply not in ACTS):
        mend = nearest(reply, [*policy.replies, *ACTS])
        return Fault(code="unknown word", what=f"There is no reply “{shorten(reply)}”.", mend=mend)
    by = match["by"]
    instead = [number.strip() for number in (match["instead"] or "").split(",") if number.strip()]
    return _unknown_clause(policy, [*([by] if by else []), *instead]) or _fault_in_deciding(
        policy, example, reply, by, instead
    )


def _fault_in_asking(policy: Policy, example: Example, fact: str) -> Fault | None:
    known = [*policy.facts, TOPIC]
    if fact not in known:
        mend = nearest(fact, known)
        return Fault(code="unknown word", what=f"There is no fact “{shorten(fact)}”.", mend=mend)
    topic = example.facts.get(TOPIC, UNKNOWN)
    topics = [topic] if topic != UNKNOWN else list(policy.topics)
    facts = {name: FactValue.given(value) for name, value in example.facts.items() if name != TOPIC}
    verdict = policy.rule({name: 1 / len(topics) for name in topics}, facts)
    if verdict.kind != "ask" or verdict.question is None:
        outcome = verdict.decision.name if verdict.decision else "nothing"
        return Fault(code="example", what=f"it asks nothing: {outcome}, {verdict.kind}")
    if verdict.question.fact != fact:
        return Fault(code="example", what=f"it asks {verdict.question.fact}")
    return None


def _unknown_clause(policy: Policy, cites: list[str]) -> Fault | None:
    for cite in cites:
        if _number(cite) not in policy.clauses:
            mend = nearest(_number(cite), policy.clauses)
            return Fault(code="clause reference", what=f"There is no clause “{shorten(cite)}”.", mend=mend)
    return None


def _fault_in_deciding(
    policy: Policy, example: Example, reply: str, by: str | None, instead: list[str]
) -> Fault | None:
    remaining = policy.remaining(example.facts)
    if not remaining:
        return Fault(code="example", what="these facts never occur together")
    for effect, winners, gave_way in remaining:
        got = f"{effect.name} by {and_list(list(winners))}"
        if gave_way:
            got += f" instead of {', '.join(gave_way)}"
        if reply not in (effect.reply, effect.act) or (by and not _cited(by, winners)):
            return Fault(code="example", what=f"it can be {got}")
        missing = [cite for cite in instead if not _cited(cite, gave_way)]
        if missing:
            return Fault(code="example", what=f"{and_list(missing)} does not give way: it can be {got}")
    return None


def _number(cite: str) -> str:
    return cite.partition("(")[0]


def _cited(cite: str, cites: tuple[str, ...]) -> bool:
    """Whether a citation is among those: 21 stands for each of its cases, 21(e) for that one."""
    return any(cite in (other, _number(other)) for other in cites)
