"""`evenhand read request`: JSON lines in, what each means under a policy out."""

import json

import pytest

from evenhand.cli import main
from evenhand.intake.tests.test_understanding import BREACH, DOCUMENT, LADDER


@pytest.fixture
def policy(tmp_path, monkeypatch):
    monkeypatch.setenv("EVENHAND_HOME", str(tmp_path / "home"))
    file = tmp_path / "larkspur.md"
    quiet = DOCUMENT.replace("LADDER", "").replace("BREACH\n", "").replace("REPLIES\n", "")
    file.write_text(quiet, encoding="utf-8")
    return file


@pytest.fixture
def strict(policy):
    strict = DOCUMENT.replace("LADDER", LADDER).replace("BREACH", BREACH).replace("REPLIES\n", "")
    policy.write_text(strict, encoding="utf-8")
    return policy


@pytest.fixture
def ask(policy, tmp_path, capsys):
    def ask(*lines, expect=0):
        asked = tmp_path / "asked.jsonl"
        rows = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        asked.write_text("\n".join(rows), encoding="utf-8")
        assert main(["read", "request", "--policy", str(policy), str(asked)]) == expect
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return ask


def test_a_request_is_answered_with_every_field(ask):
    (told,) = ask(
        {"id": "a-1", "text": "The padlock has gone from my checkout!", "channel": "email", "facts": {}}
    )
    assert set(told) == {
        "id", "clause", "confidence", "candidates", "matters", "alone", "outcome", "asks", "language",
        "clauses_cited", "facts",
    }  # fmt: skip
    assert (told["id"], told["clause"], told["outcome"]) == ("a-1", "certificates", "answer")
    assert told["candidates"][0] == {"clause": "certificates", "confidence": told["confidence"]}
    assert told["matters"] == [{"clause": "certificates", "outcome": "answer"}]
    assert (told["alone"], told["asks"], told["language"]) == (True, None, "en")
    assert told["clauses_cited"] == ["2"]


def test_facts_turn_the_outcome_and_are_told_with_their_source(ask):
    text = "The menu of the theme does not open."
    fresh, customised = ask(
        {"id": 1, "text": text, "facts": {"theme_state": "fresh"}},
        {"id": 2, "text": text, "facts": {"theme_state": "customised"}},
    )
    assert (fresh["outcome"], customised["outcome"]) == ("answer", "decline-design")
    assert fresh["facts"]["theme_state"] == {"value": "fresh", "source": "given", "confidence": None}


def test_true_and_false_are_the_policys_yes_and_no(ask):
    (told,) = ask(
        {"id": 1, "text": "the shipping app does not sync orders", "facts": {"app_integrated": True}}
    )
    assert told["facts"]["app_integrated"]["value"] is True
    assert told["outcome"] == "answer"


def test_a_fact_known_to_be_unknown_is_asked_for(ask):
    (told,) = ask(
        {"id": 1, "text": "The menu of the theme does not open.", "facts": {"theme_state": "unknown"}}
    )
    assert told["outcome"] == "ask-fact"
    assert told["asks"] == {
        "fact": "theme_state",
        "question": "Has anyone changed the theme?",
        "answers": ["fresh", "customised"],
    }
    assert not told["alone"]


def test_a_fact_that_the_policy_does_not_declare_changes_nothing(ask):
    plain, other = ask(
        {"id": 1, "text": "the padlock has gone", "facts": {}},
        {"id": 1, "text": "the padlock has gone", "facts": {"plan": "pro", "moon": None}},
    )
    assert plain == other


def test_two_matters_are_both_told(ask):
    (told,) = ask({"id": 1, "text": "The padlock has gone. Also, you charged us twice for our plan."})
    assert told["matters"] == [
        {"clause": "certificates", "outcome": "answer"},
        {"clause": "bills", "outcome": "assign-accounting"},
    ]
    assert told["clauses_cited"] == ["2", "3"]


def test_a_breach_is_a_warning_beside_the_matter(strict, ask):
    (told,) = ask({"id": 1, "text": "You charged us twice for our plan, you bastards. Refund it."})
    assert (told["clause"], told["outcome"], told["alone"]) == ("conduct", "warn", False)
    assert told["matters"] == [{"clause": "bills", "outcome": "assign-accounting"}]


@pytest.mark.parametrize(
    "bad",
    [
        "no json",
        "[1]",
        '{"id": 7}',
        '{"id": 7, "text": 1}',
        '{"id": 7, "text": "x", "channel": 1}',
        '{"id": 7, "text": "x", "facts": 1}',
        '{"id": 7, "text": "x", "facts": {"theme_state": "purple"}}',
    ],
)
def test_a_bad_line_is_answered_with_its_error_and_the_rest_is_read(ask, bad):
    first, second = ask(bad, {"id": 8, "text": "the padlock has gone"}, expect=2)
    assert set(first) == {"id", "error"}
    assert first["id"] in (7, None)
    assert second["clause"] == "certificates"


def test_a_guide_to_apps_tells_what_is_integrated(policy, tmp_path, capsys):
    guide, asked = tmp_path / "apps.json", tmp_path / "asked.jsonl"
    guide.write_text('{"apps": [{"name": "Parcel Heron", "integrated": true}]}', encoding="utf-8")
    asked.write_text('{"id": 1, "text": "The parcelheron app does not sync orders"}', encoding="utf-8")
    assert main(["read", "request", "--policy", str(policy), "--apps", str(guide), str(asked)]) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["app_integrated"]["value"] is True


def test_the_reader_is_trained_once_and_a_damaged_one_again(ask, tmp_path):
    (first,) = ask({"id": 1, "text": "the padlock has gone"})
    (kept,) = (tmp_path / "home" / "models").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    (again,) = ask({"id": 1, "text": "the padlock has gone"})
    assert again == first
    assert kept.stat().st_size > 100


@pytest.mark.parametrize("content", [None, "# no policy"])
def test_a_policy_that_cannot_be_used_is_refused_in_words(policy, capsys, content):
    policy.unlink()
    if content:
        policy.write_text(content, encoding="utf-8")
    assert main(["read", "request", "--policy", str(policy)]) == 2
    assert "larkspur.md" in capsys.readouterr().err
