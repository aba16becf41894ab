"""The two shipped policies: the differences that were set for them, and no others."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from evenhand.policy import Comparison, Difference, compare, load
from evenhand.policy.command import main

HERE = Path(__file__).parent
OLD, NEW = (
    HERE.parents[2] / "examples" / "policies" / f"{name}.md" for name in ("americommerce", "sparkpay")
)

NAMED = {
    ("11",): "account guidance in My Account; support has no access to that data",
    ("12", "25.1(b)", "26.1(b)"): "billing and refunds are assigned to accounting; support cannot assist",
    ("25.1(b)", "26.1(b)"): "the same, for prospects under a step: without conduct they are prospects again",
    ("8",): "theme reset: a clause of its own says so expressly",
    ("22",): "SEO help is sold by the one, and not mentioned by the other",
    ("25",): "conduct: a temporary ban from tickets and calls",
    ("26",): "conduct: loss of basic support, after which only managers help",
    ("9",): "the community, and the theme store instead",
    ("21(c)",): "packaged set-up services",
}
"""By the older clauses: what is said of each difference of outcome where the policies were set."""


@cache
def shipped() -> Comparison:
    return compare(load(OLD), load(NEW))


def outcomes() -> list[Difference]:
    return [one for one in shipped().differences if one.group == "outcome"]


def test_outcomes_differ_exactly_where_the_policies_were_set_apart() -> None:
    assert sorted(one.old_clauses for one in outcomes()) == sorted(NAMED)


def test_the_command_lists_exactly_these_differences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(OLD), str(NEW)]) == 0
    assert capsys.readouterr().out == (HERE / "shipped.diff.txt").read_text()


def test_as_json_it_holds_every_difference_with_one_full_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(OLD), str(NEW), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["when"] for one in found["differences"]] == [one.when for one in shipped().differences]
    assert [edit["sentence"] for edit in found["edits"]] == [edit.sentence for edit in shipped().edits]
    assert found["uncompared"] == []
    assert all(set(one["witness"]) == {"topic", *load(OLD).facts} for one in found["differences"])


def test_only_a_rule_that_turns_on_the_outcome_follows_from_others() -> None:
    lesser = {(one.group, one.kind) for one in shipped().differences if one.kind != "change"}
    assert lesser == {("outcome", "pointers"), ("quote", "follows"), ("limits", "follows")}


def test_a_witness_is_decided_by_the_clauses_named() -> None:
    old, new = load(OLD), load(NEW)
    for one in outcomes():
        assert set(old.decide(one.witness).clauses) <= set(one.old_clauses)
        assert set(new.decide(one.witness).clauses) <= set(one.new_clauses)


def test_a_witness_is_as_usual_a_case_as_there_is() -> None:
    search = next(one for one in outcomes() if one.old_clauses == ("22",))
    assert search.witness == {
        "topic": "seo-help",
        "customer status": "current",
        "theme state": "fresh",
        "works as intended": "yes",
        "app integrated": "yes",
        "breach": "none",
        "standing": "good",
    }


def test_versions_that_are_alike_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(NEW), str(NEW)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["Every case is decided as before."]


def test_a_document_that_is_not_there_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(NEW), "nowhere.md"]) == 2
    assert capsys.readouterr().err == "evenhand: nowhere.md: No such file or directory.\n"
