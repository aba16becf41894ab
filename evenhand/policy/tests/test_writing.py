"""A document written again and parsed again is the same document."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.policy import bases_beside, check, compile_policy, consolidate, write
from evenhand.policy.document import Document, Text
from evenhand.policy.findings import Findings
from evenhand.policy.parse import parse

from .twin import draw

HERE = Path(__file__).parent
SHIPPED = HERE.parents[2] / "examples" / "policies"
ALL = [*sorted((HERE / "good").glob("*.md")), SHIPPED / "americommerce.md", SHIPPED / "sparkpay.md"]


def whole(path: Path) -> str:
    return consolidate(path.read_text(), file=path.name, bases=bases_beside(path))


def document(text: str) -> Document:
    findings = Findings("p.md")
    parsed = parse(text, findings)
    assert parsed is not None
    assert not findings.has_errors
    return parsed


def said(value: Any) -> Any:
    """A document without the lines on which its words stand, paragraphs that a fence parted joined."""
    if isinstance(value, Text):
        return value.text
    if is_dataclass(value):
        return {one.name: said(getattr(value, one.name)) for one in fields(value) if one.name != "line"}
    if isinstance(value, dict):
        return {key: said(one) for key, one in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {key: said(one) for key, one in value._asdict().items() if key != "line"}
    if isinstance(value, list | tuple):
        return joined([said(one) for one in value])
    return value


def joined(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for is_text, run in groupby(values, lambda value: isinstance(value, str)):
        several = list(run)
        found += ["\n\n".join(several)] if is_text else several
    return found


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_written_and_parsed_again_nothing_has_changed(path: Path) -> None:
    text = whole(path)
    again = write(document(text))
    assert said(document(again)) == said(document(text))
    assert write(document(again)) == again


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_written_again_it_is_the_same_policy(path: Path) -> None:
    text = whole(path)
    before, after = compile_policy(text), compile_policy(write(document(text)))
    assert before.page() == after.page()
    assert before.at_a_glance() == after.at_a_glance()
    assert replace(before.desk, line=0) == replace(after.desk, line=0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_a_drawn_policy_written_again_is_the_same(seed: int, tidy: bool) -> None:
    text = draw(seed, tidy=tidy).text()
    again = write(document(text))
    assert said(document(again)) == said(document(text))
    assert [f.message for f in check(again)] == [f.message for f in check(text)]


def test_a_long_line_of_a_rule_runs_on_and_is_read_whole() -> None:
    text = whole(SHIPPED / "americommerce.md").replace(
        "pointers theme articles", "pointers theme articles, " + "theme articles, " * 12 + "theme articles"
    )
    again = write(document(text))
    assert said(document(again)) == said(document(text))
    assert any(line.startswith("  ") and "theme articles" in line for line in again.split("\n"))
