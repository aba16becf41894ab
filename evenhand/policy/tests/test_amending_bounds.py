"""Whatever an amendment or its base holds, the answer is findings: no traceback, no endless work."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.policy import Finding, bases_beside, check
from evenhand.policy.amend.work import MOST_LOOKED_THROUGH

GOOD = Path(__file__).parent / "good"
WAYS = (GOOD / "amends-in-every-way.md").read_text()
WREN = (GOOD / "plans.md").read_text()
HEAD = "---\npolicy: H\nversion: 1\namends: B 1\n---\n"
RULE = "```rule\nalways\nwe help\n```\n"
pytestmark = pytest.mark.timeout(60)
"""Far more than any of them needs, far less than for ever."""


def findings(amendment: str, base: str) -> tuple[Finding, ...]:
    return check(amendment, bases=lambda name, version: (base, base))


def base(body: str) -> str:
    return f"---\npolicy: B\nversion: 1\n---\n# P\n{body}"


def codes(amendment: str, text: str) -> set[str]:
    return {one.code for one in findings(HEAD + amendment, text)}


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_as_amendment_or_as_base_ends_in_findings(one: str, other: str) -> None:
    assert findings(HEAD + one, other)
    findings(HEAD + "> " + one, WREN)
    findings(f'{HEAD}> In 1, for "{one}" read "{other}"', WREN)
    findings(f"{HEAD}> After 1 insert\n{one}\n\n> In facts, add\n{other}", WREN)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_findings(raw: bytes) -> None:
    said = raw.decode("utf-8", errors="replace")
    assert findings(f"---\npolicy: H\nversion: 1\namends: {said} B 1\n---\n{said}", said)


@pytest.mark.parametrize("seed", range(60))
def test_an_amendment_with_lines_lost_or_moved_ends_in_findings(seed: int) -> None:
    pick = random.Random(seed)
    lines = WAYS.split("\n")
    for _ in range(pick.randint(1, 4)):
        at = pick.randrange(6, len(lines))
        match pick.randrange(4):
            case 0:
                lines.pop(at)
            case 1:
                lines.insert(pick.randrange(6, len(lines)), lines[at])
            case 2:
                lines[at] = lines[at][: pick.randint(0, len(lines[at]))]
            case _:
                lines[at] = lines[at].replace('"', pick.choice(["“", "”", ""]), 1)
    for finding in check("\n".join(lines), file="h.md", bases=bases_beside(GOOD / "x.md")):
        assert finding.file in ("h.md", "plans.md")
        assert finding.line >= 1


def test_a_huge_amendment_or_base_is_refused() -> None:
    assert codes("x" * 1_000_001, WREN) == {"too large"}
    assert codes("> Omit 1", "x" * 1_000_001) == {"too large", "amends"}


def test_thousands_of_instructions_are_refused() -> None:
    assert "too large" in codes("\n".join(f"> Omit {number}" for number in range(1, 5000)), WREN)


def test_a_quotation_that_stands_everywhere_is_told_and_may_be_replaced() -> None:
    everywhere = base("## 1 T\n" + "word\n" * 100_000 + RULE)
    assert codes('> In 1, for "word" read "w"', everywhere) == {"quotation"}
    assert codes('> In 1, for "word" read "w" throughout', everywhere) == set()
    assert codes(f'> Throughout, for "word" read "{"w" * 4000}"', everywhere) == {"too large"}


def test_an_instruction_may_be_long_but_not_endless() -> None:
    assert codes('> In 1, for "' + "\n> word" * 5000 + '" read "x"', WREN) == {"instruction"}


def test_work_without_end_is_cut_short() -> None:
    large = base("## 1 T\n" + "word other\n" * 50_000 + RULE)
    enough = MOST_LOOKED_THROUGH // 500_000 + 5
    again = "\n\n".join(f'> In 1, for "nowhere {number}" read "x"' for number in range(enough))
    assert codes(again, large) == {"quotation", "too large"}


def test_large_schedules_are_amended_within_bounds() -> None:
    places = base("## 1 T\n" + RULE + "```places\n" + "".join(f"p{n}: x\n" for n in range(20_000)) + "```\n")
    assert "too large" in codes("\n".join(f"> In places, omit p{n}" for n in range(900)), places)
    assert codes("> In places, add\n" + "".join(f"q{n}: x\n" for n in range(20_000)), places) == set()


def test_a_long_chain_of_amendments_ends() -> None:
    def next_one(name: str, version: str) -> tuple[str, None]:
        return HEAD.replace("amends: B 1", f"amends: {name} {int(version) + 1}"), None

    (finding,) = check(HEAD, bases=next_one)
    assert "documents amend one another" in finding.message
