"""Whatever the text, checking ends in findings: no traceback, no endless work."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.policy import Finding, check

GOOD = (Path(__file__).parent / "good" / "every-kind-of-rule.md").read_text()
pytestmark = pytest.mark.timeout(60)
"""Far more than any of them needs, far less than for ever."""


def codes(text: str) -> set[str]:
    return {finding.code for finding in check(text)}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_ends_in_findings(text: str) -> None:
    assert all(isinstance(finding, Finding) for finding in check(text, sayings=text))
    check(f"---\npolicy: p\nversion: 1\n---\n# P\n## 1 T\n```rule\n{text}\n```\n")


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_findings(raw: bytes) -> None:
    assert check(raw.decode("utf-8", errors="replace"))


@pytest.mark.parametrize("seed", range(60))
def test_a_good_document_with_lines_lost_or_moved_ends_in_findings(seed: int) -> None:
    pick = random.Random(seed)
    lines = GOOD.split("\n")
    for _ in range(pick.randint(1, 4)):
        at = pick.randrange(len(lines))
        match pick.randrange(4):
            case 0:
                lines.pop(at)
            case 1:
                lines.insert(pick.randrange(len(lines)), lines[at])
            case 2:
                lines[at] = lines[at][: pick.randint(0, len(lines[at]))]
            case _:
                lines[at] = lines[at].replace(":", pick.choice([";", ",", "", "::"]), 1)
    for finding in check("\n".join(lines), file="p.md"):
        assert str(finding).startswith(f"p.md:{finding.line}: {finding.severity}: ")
        assert finding.line >= 1


def test_a_huge_document_is_refused() -> None:
    assert codes("---\n" + "x" * 2_000_000) == {"too large"}
    assert codes("---\n" + "x: y\n" * 190_000) == {"header"}


def document(body: str, schedules: str) -> str:
    return f"---\npolicy: p\nversion: 1\n---\n# P\n{body}\n# S\n{schedules}"


def test_an_explosive_document_is_told_which_facts_are_to_blame() -> None:
    facts = "".join(f"f{n}: a, b\n" for n in range(24))
    rules = "".join(f"## {n + 2} T\n```rule\nwhen f{n}: a\nwe decline; reply r{n}\n```\n" for n in range(24))
    replies = "".join(f"r{n}: x\n" for n in range(24))
    (finding,) = [
        one
        for one in check(document(rules, f"```facts\n{facts}```\n```replies\n{replies}```\n"))
        if one.code == "too many cases"
    ]
    assert "f0, f1" in finding.message


def test_many_independent_targets_are_no_explosion() -> None:
    facts = "".join(f"f{n}: a, b\n" for n in range(9))
    names = (
        "first reply",
        "next reply",
        "workaround",
        "resolution",
        "quote",
        "remind",
        "closing",
        "reopening",
    )
    rules = "## 1 T\n```rule\nalways\nwe help\nwe set first reply 2 hours\n```\n" + "".join(
        f"## {n + 2} T\n```rule\nwhen f{n}: a\nwe set {name} 1 hour\nover 1\n```\n"
        for n, name in enumerate(names)
    )
    assert check(document(rules, f"```facts\n{facts}```\n")) == ()


def test_deep_exceptions_are_bounded() -> None:
    lines = "".join(f"when f{n}: a\nwe help\nwhen f{n}: b\nwe help\n" * 8 for n in range(1))
    body = "".join(f"{'#' * (n + 2)} 1{'.1' * n} T\n```rule\n{lines}```\n" for n in range(5))
    assert codes(document(body, "```facts\nf0: a, b\n```\n")) <= {"too large", "unreachable"}


def test_a_long_circle_is_one_finding() -> None:
    body = "".join(f"## {n} T\n```rule\nalways\nwe help\nover {n % 900 + 1}\n```\n" for n in range(1, 901))
    assert codes(document(body, "")) == {"circle"}


def test_a_hopeless_document_ends_after_enough_findings() -> None:
    body = "## 1 T\n```rule\n" + "whn a\n" * 50_000 + "```\n"
    assert len(check(document(body, ""))) <= 100


def test_a_thousand_clauses_are_checked() -> None:
    topics = "".join(f"t{n}: topic\n" for n in range(1000))
    body = "".join(f"## {n + 1} T\n```rule\nwhen topic: t{n}\nwe help\n```\n" for n in range(1000))
    assert check(document(body, f"```topics\n{topics}```\n")) == ()
