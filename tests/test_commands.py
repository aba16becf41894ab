"""Commands do on the examples what they say, and refuse in a clear line what they cannot use: no traceback.

An exception that a command lets through fails the test that calls it.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evenhand.cli import main

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ("examples/policies/americommerce.md", "examples/policies/sparkpay.md")
LINES = {
    "request": {"id": 7, "text": "My padlock is gone.", "facts": {"theme_state": "fresh"}},
    "redact": {"id": 7, "text": "My card is 4111 1111 1111 1111."},
    "conduct": {"id": 7, "text": "This is bullshit.", "channel": "email"},
}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In the repository, with a home for what is learnt that all these tests share."""
    monkeypatch.chdir(ROOT)
    home = tmp_path_factory.getbasetemp() / "docs-home"
    monkeypatch.setenv("EVENHAND_HOME", str(home))


def typed(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent), encoding="utf-8"))


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("act", "facts", "said"),
    [
        ("check", (), "no errors"),
        ("decide", ("topic: ssl",), "answer by 5"),
        ("explain", ("topic: ssl",), "topic"),
        ("page", (), 'id="c-4"'),
        ("influence", (), "possible cases"),
        ("diff", ("examples/policies/sparkpay.md",), "to Spark Pay support policy"),
    ],
)
def test_a_policy_command_runs_on_the_examples(
    policy: str, act: str, facts: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", act, policy, *facts]) == 0
    answer = capsys.readouterr()
    assert said in answer.out
    assert answer.err == ""


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", LINES)
def test_a_line_is_read(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, json.dumps(LINES[kind]).encode())
    assert main(_read(kind)) == 0
    assert json.loads(capsys.readouterr().out)["id"] == 7


@pytest.mark.usefixtures("desk")
def test_every_example_mail_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(file) for file in sorted((ROOT / "examples" / "mail").glob("*.eml"))]
    assert main(["read", "mail", *files]) == 0
    assert [json.loads(line)["file"] for line in capsys.readouterr().out.splitlines()] == files


# ── What cannot be used is refused in one clear line ──

GARBAGE = bytes(range(256)) * 8


@pytest.fixture
def bad(tmp_path: Path) -> dict[str, Path]:
    """By what is wrong with it."""
    (tmp_path / "garbage").write_bytes(GARBAGE)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    return {kind: tmp_path / kind for kind in ("missing", "garbage", "empty", "folder")}


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", ["missing", "garbage", "empty", "folder"])
@pytest.mark.parametrize("act", ["check", "decide", "explain", "page", "influence"])
def test_what_is_no_policy_is_refused_in_a_line(
    act: str, kind: str, bad: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    facts = ["topic: ssl"] if act in ("decide", "explain") else []
    status = main(["policy", act, str(bad[kind]), *facts])
    answer = capsys.readouterr()
    findings = answer.out if act == "check" and kind in ("garbage", "empty") else answer.err
    assert status == (1 if kind in ("garbage", "empty") else 2)
    assert f"{bad[kind].name}:" in findings.splitlines()[0]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", ["missing", "garbage", "empty", "folder"])
def test_requests_are_not_read_by_what_is_no_policy(
    kind: str, bad: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, b"{}")
    assert main(["read", "request", "--policy", str(bad[kind])]) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    assert f"{bad[kind].name}:" in answer.err.splitlines()[0]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", LINES)
@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b"null", b'"text"', b'{"id": 7}', b'{"id": 7, "text": 5}', b"\xff\xfe", GARBAGE[11:250]],
)
def test_a_bad_line_is_answered_and_the_rest_is_read(
    kind: str, line: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, line + b"\n" + json.dumps(LINES[kind] | {"id": 8}).encode())
    assert main(_read(kind)) == 2
    refused, read = map(json.loads, capsys.readouterr().out.splitlines())
    assert refused["error"].startswith("line 1: ")
    assert (read["id"], "error" in read) == (8, False)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", LINES)
def test_nothing_in_is_nothing_out(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, b"")
    assert main(_read(kind)) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", ["missing", "folder"])
@pytest.mark.parametrize("act", ["mail", "redact", "conduct"])
def test_a_file_that_cannot_be_read_is_named(
    act: str, kind: str, bad: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", act, str(bad[kind])]) == 2
    [answer] = capsys.readouterr().out.splitlines()
    assert str(bad[kind]) in answer
    assert "error" in json.loads(answer)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", ["garbage", "empty"])
def test_any_bytes_are_read_as_mail(
    kind: str, bad: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", "mail", str(bad[kind])]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(bad[kind])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        ["receive", "{missing}"],
        ["receive", "{folder}"],
        ["receive", "{empty}"],
        ["receive", "{garbage}"],
        ["receive", "--brand", "acme", "{garbage}"],
        ["policy", "publish", POLICIES[0], "--brand", "acme", "--from", "today"],
        ["policy", "publish", "{garbage}", "--brand", "americommerce", "--from", "today"],
        ["policy", "explain", "--ticket", "99999999999999999999"],
        ["key", "make", "--brand", "acme", "--person", "ana@desk.example", "--name", "x"],
    ],
    ids=" ".join,
)
def test_what_the_desk_cannot_use_is_refused_in_a_line(
    words: list[str],
    ac: Any,
    bad: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("evenhand.serving.opening.open_desk", lambda: None)
    monkeypatch.chdir(ROOT)
    status = main([word.format(**bad) for word in words])
    said = capsys.readouterr().err.splitlines()
    assert status in (1, 2)
    assert said[0].startswith(f"evenhand {words[0]}: ") or "garbage:1: error: " in said[0]
    assert len(said) == 1 or status == 1  # findings have a line each


@pytest.mark.parametrize(
    ("setting", "given"), [("WEB_PORT", "eighty"), ("DEMO", "perhaps"), ("MAIL_MOST_BYTES", "25 MB")]
)
def test_a_setting_that_cannot_be_is_refused_before_anything_runs(setting: str, given: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import evenhand.settings"],
        env={**os.environ, f"EVENHAND_{setting}": given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"evenhand: EVENHAND_{setting}: “{given}” is ")
    assert done.stderr.count("\n") == 1


def _read(kind: str) -> list[str]:
    return ["read", kind, *(["--policy", POLICIES[0]] if kind == "request" else [])]
