"""`evenhand backup` and `evenhand restore` say what they did, or why not, in one line."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from evenhand.cli import main


@pytest.fixture
def choose(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """Makes the desk of a name and chooses it by its settings; returns its database's address."""

    def chosen(name: str) -> str:
        (tmp_path / name / "attachments").mkdir(parents=True)
        monkeypatch.setenv("EVENHAND_HOME", str(tmp_path / name))
        address = new_database()
        monkeypatch.setenv("DATABASE_URL", address)
        return address

    return chosen


def test_a_desk_moves_by_a_file(
    choose: Callable[[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(choose("old")) as line:
        line.execute("CREATE TABLE ticket AS SELECT 'Where is my order?' AS subject")
    (tmp_path / "old/attachments/a").write_bytes(b"\x00")
    assert main(["backup", str(tmp_path / "all.tar")]) == 0
    assert "the database and 1 files" in capsys.readouterr().out

    with psycopg.connect(choose("new")) as line:
        assert main(["restore", str(tmp_path / "all.tar")]) == 2
        assert "Stop it, then restore" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "all.tar")]) == 0
    assert (tmp_path / "new/attachments/a").read_bytes() == b"\x00"
    assert main(["restore", str(tmp_path / "all.tar")]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_backup_is_not_written_over_another(
    choose: Callable[[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose("desk")
    (tmp_path / "kept.tar").write_text("an earlier one")
    assert main(["backup", str(tmp_path / "kept.tar")]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "kept.tar").read_text() == "an earlier one"


@pytest.mark.parametrize("content", [None, b"", b"not a tar file"])
def test_what_is_no_backup_is_named(
    choose: Callable[[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    choose("desk")
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    assert main(["restore", str(tmp_path / "file")]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path / 'file'}" in said
    assert "Nothing was changed." in said
