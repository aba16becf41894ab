"""The command: answers on stdout, one clear line on stderr, statuses 0, 1 and 2."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from evenhand.policy.command import main

HERE = Path(__file__).parent
GOOD = str(HERE / "good" / "every-kind-of-rule.md")
TORN = str(HERE / "bad" / "conflict.md")
LINT = str(HERE / "bad" / "exception-partly-outside.md")
Said = pytest.CaptureFixture[str]


def test_check_ends_with_one_where_there_is_an_error(capsys: Said) -> None:
    assert main(["check", TORN]) == 1
    assert capsys.readouterr().out.endswith("1 error, no warnings.\n")


def test_warnings_do_not_fail_a_check(capsys: Said) -> None:
    assert main(["check", LINT]) == 0
    assert "no errors, 1 warning." in capsys.readouterr().out


def test_check_as_json_gives_one_finding_a_line(capsys: Said) -> None:
    assert main(["check", TORN, "--json"]) == 1
    (finding,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (finding["code"], finding["line"], finding["clause"]) == ("conflict", 15, "2")


def test_decide_as_json_names_the_outcome_and_the_clauses(capsys: Said) -> None:
    assert main(["decide", GOOD, "topic: ssl; phase: ended", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["act"], answer["clauses_cited"]) == ("upgrade", "decline", ["5(a)"])


def test_decide_tells_on_what_it_turns(capsys: Said) -> None:
    assert main(["decide", GOOD, "topic: ssl; plan: unknown; answered this month: 3"]) == 2
    assert capsys.readouterr().err == "evenhand: This turns on plan: quote or answer.\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("topik: ssl", "there is no fact “topik”. Did you mean “topic”?"),
        ("topic: sssl", "“sssl” is not a value of topic. Did you mean “ssl”?"),
        ("ssl", "“ssl” is no fact. Write 'topic: ssl; plan: basic'."),
    ],
)
def test_what_is_typed_wrong_is_one_clear_line(typed: str, told: str, capsys: Said) -> None:
    for command in ("decide", "explain"):
        assert main([command, GOOD, typed]) == 2
        assert capsys.readouterr().err == f"evenhand: {told}\n"


def test_a_file_that_is_not_there_is_one_clear_line(capsys: Said) -> None:
    assert main(["check", "nowhere.md"]) == 2
    assert capsys.readouterr().err == "evenhand: nowhere.md: No such file or directory.\n"


def test_a_document_with_errors_decides_nothing(capsys: Said) -> None:
    assert main(["decide", TORN, "topic: ssl"]) == 1
    assert "decide outcome differently" in capsys.readouterr().err


def test_json_lines_are_answered_with_their_ids(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    lines = '{"id": 7, "facts": {"topic": "ssl", "target_missed": true}}\n\nnonsense\n'
    lines += '{"id": 8, "facts": {"topic": 1}}\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main(["decide", "--policy", GOOD]) == 2
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (answers[0]["id"], answers[0]["outcome"]) == (7, "answer")
    assert "error" in answers[1]
    assert (answers[2]["id"], "“1” is not a value of topic" in answers[2]["error"]) == (8, True)


def test_explain_without_a_topic_weighs_them_all(capsys: Said) -> None:
    assert main(["explain", GOOD, "standing: banned", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["kind"], answer["outcome"]) == ("propose", "banned")


def test_page_is_a_complete_document(capsys: Said) -> None:
    assert main(["page", GOOD]) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")


def test_every_help_ends_with_an_example(capsys: Said) -> None:
    for command in ("check", "decide", "explain", "page", "diff", "influence"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert "Example:\n  evenhand policy " + command in capsys.readouterr().out
