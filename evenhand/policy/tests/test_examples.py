"""The worked examples: each checked, with examples of its own, and listed where readers look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evenhand.policy import check, compile_policy
from evenhand.policy.checks.examples import examples_of

SHELF = Path(__file__).resolve().parents[3] / "examples" / "language"
DOCUMENTS = sorted(path for path in SHELF.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_worked_example_is_without_findings_and_shows_a_case(path: Path) -> None:
    assert check(path.read_text(), file=path.name) == ()
    assert examples_of(compile_policy(path.read_text()))


def test_the_index_lists_every_document_once() -> None:
    listed = re.findall(r"^\|[^|]+\| \[(\S+)\]\(\1\) \|", (SHELF / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == [path.name for path in DOCUMENTS]
