"""What docs/policy-language.md shows is true: its commands are run on its documents."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from evenhand.policy.command import main

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "policy-language.md").read_text()
DOCUMENTS = dict(re.findall(r"<!-- document: (\S+) -->\n````markdown\n(.*?)````", GUIDE, re.DOTALL))
RUNS = re.findall(r"<!-- run: policy (.+?) -->\n```text\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_guide_shows_documents_and_commands() -> None:
    assert len(DOCUMENTS) == 5
    assert len(RUNS) == 7


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(("command", "shown"), RUNS, ids=[command for command, _ in RUNS])
def test_a_command_prints_what_the_guide_shows(
    command: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(shlex.split(command))
    assert capsys.readouterr().out == shown
