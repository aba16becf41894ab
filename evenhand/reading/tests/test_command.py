"""`evenhand read …`: one line in, one line out, and never a traceback."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from evenhand.reading import command


def read(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> tuple[int, list[dict[str, Any]]]:
    parser = argparse.ArgumentParser()
    command.describe(parser)
    code = command.run(parser.parse_args(list(words)))
    return code, [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def type_in(raw: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))

    return type_in


def test_redact(capfdbinary: pytest.CaptureFixture[bytes], typed: Any) -> None:
    typed(b'{"id": "a", "text": "pw: Blue$kettle77"}\n')
    code, lines = read(capfdbinary, "redact")
    assert code == 0
    assert lines == [
        {"id": "a", "text": "pw: ▮▮▮ password", "spans": [{"start": 4, "end": 17, "type": "password"}]}
    ]


def test_conduct_of_one_text_and_of_a_pair(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    pair = {
        "id": 2,
        "text": "Fix my CSS menu",
        "text_b": "Fix my CSS menu, another agent please",
        "same_sender": True,
    }
    one = {"id": 1, "text": "This is bullshit", "channel": "email"}
    (tmp_path / "in").write_text(json.dumps(one) + "\n\n" + json.dumps(pair) + "\n")
    code, lines = read(capfdbinary, "conduct", str(tmp_path / "in"))
    assert code == 0
    assert lines[0]["findings"] == [{"label": "cursing", "start": 8, "end": 16, "term": "bullshit"}]
    assert [line["labels"] for line in lines] == [["cursing"], ["duplicate-tickets"]]


BAD = [
    b"{",
    b"[1]",
    b"\xff",
    b'{"id": 7}',
    b'{"id": 7, "text": 1}',
    b"[" * 100_000,
    b'{"id": 7, "text": null}',
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("kind", ["redact", "conduct"])
def test_a_bad_line_is_named_and_the_rest_is_done(
    capfdbinary: pytest.CaptureFixture[bytes], typed: Any, bad: bytes, kind: str
) -> None:
    typed(bad + b'\n{"id": 8, "text": "hello"}\n')
    code, lines = read(capfdbinary, kind)
    assert code == 2
    assert "error" in lines[0]
    assert lines[0]["id"] in (None, 7)
    assert lines[1]["id"] == 8


def test_lone_surrogates_pass_through(capfdbinary: pytest.CaptureFixture[bytes], typed: Any) -> None:
    typed(b'{"id": 1, "text": "a \\ud800 b"}\n')
    assert read(capfdbinary, "redact")[0] == 0


def test_mail(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    good = tmp_path / "a.eml"
    good.write_bytes(b"From: Dana <d@x.example>\nTo: h@y.example\nSubject: Hi\n\nHello\n")
    code, (mail, missing) = read(capfdbinary, "mail", str(good), str(tmp_path / "none"))
    assert code == 2
    assert "error" in missing
    assert list(mail) == [
        "file",
        "subject",
        "from_name",
        "from_address",
        "to",
        "date",
        "message_id",
        "references",
        "text",
        "quoted",
        "attachments",
        "automatic",
        "bounce",
    ]


def test_the_roof_may_add_a_kind(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    parser = argparse.ArgumentParser()
    kinds = command.describe(parser)
    kinds.add_parser("request").set_defaults(read=lambda args: 5)
    assert command.run(parser.parse_args(["request"])) == 5
