"""The reference of the language is exact: its words, limits and findings are the code's, and all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand.policy import budget, check, findings, parse, resolve, schedules, words
from evenhand.policy.checks import examples
from evenhand.policy.desk import KEYS
from evenhand.policy.ladder import TERMS

ROOM = Path(__file__).resolve().parents[1]
TEXT = (ROOM.parents[1] / "docs" / "policy-language-reference.md").read_text()
ROWS = re.findall(r"^\| ([a-z ]+) \| (error|warning) \| (.+) \|$", TEXT, re.MULTILINE)
GOOD = (ROOM / "tests" / "good" / "every-kind-of-rule.md").read_text()
TOLD = "".join(path.read_text() for path in (ROOM / "tests" / "bad").glob("*.txt")) + "".join(
    str(finding) for finding in check(GOOD, sayings="sssl:\n")
)
EMITTED = {
    code
    for path in ROOM.rglob("*.py")
    if "tests" not in path.parts
    for code in re.findall(
        r'(?:(?:error|warning)\(\s*|code(?:: str)? ?= ?|Refused\(\s*)"([a-z][a-z ]*)"', path.read_text()
    )
}


def listed(name: str) -> tuple[str, ...]:
    """The words in backticks that follow the mark `<!-- name -->`, up to the next full stop or cell."""
    (line,) = re.findall(rf"<!-- {name} -->([^.|]*)", TEXT)
    return tuple(re.findall(r"`([^`]+)`", line))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("header", words.HEADER_KEYS),
        ("acts", words.ACTS),
        ("targets", words.TARGETS),
        ("priorities", words.PRIORITIES),
        ("schedules", words.SCHEDULES),
        ("severities", words.SEVERITIES),
        ("slots", tuple(f"{{{slot}}}" for slot in words.MOMENT_SLOTS)),
    ],
)
def test_each_closed_list_is_the_codes_own(name: str, known: tuple[str, ...]) -> None:
    assert listed(name) == known


def test_every_word_of_desk_and_ladder_is_told() -> None:
    told = set(re.findall(r"^\| `([^:`]+)", TEXT, re.MULTILINE))
    assert set(KEYS) <= told
    assert all(f"`{term} " in TEXT for term in TERMS)


@pytest.mark.parametrize(
    "limit",
    [
        parse.MOST_CHARACTERS,
        parse.MOST_LINE,
        parse.MOST_CLAUSES,
        resolve.MOST_BOXES,
        schedules.MOST_FACTS,
        schedules.MOST_VALUES,
        examples.MOST_EXAMPLES,
        findings.MOST_FINDINGS,
        budget.MOST_WORK,
    ],
)
def test_every_limit_is_told(limit: int) -> None:
    assert re.search(rf"^\| .* \| {limit:,} \|$", TEXT, re.MULTILINE)


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    assert {code for code, _, _ in ROWS} == EMITTED


@pytest.mark.parametrize(("code", "severity", "message"), ROWS, ids=lambda one: one)
def test_a_documented_finding_is_one_that_a_wrong_document_has(
    code: str, severity: str, message: str
) -> None:
    pieces = (re.escape(piece) for piece in message.split("…"))
    assert re.search(rf": {severity}: {'.*'.join(pieces)}", TOLD)
