"""Documents that are right have no finding; each that is wrong has exactly the findings written beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from evenhand.policy import (
    BaseText,
    Policy,
    Undecided,
    bases_beside,
    check,
    compile_policy,
    consolidate,
    load,
)
from evenhand.policy.checks.examples import examples_of
from evenhand.policy.command import decision_lines

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.md"))
GOOD = sorted((HERE / "good").glob("*.md"))
AMENDED = sorted((HERE / "good").glob("amends-*.md"))
ROOT = HERE.parents[2]
DRAFTS = ROOT.parent / "shared" / "product" / "drafts"


def bases(name: str, version: str) -> BaseText | None:
    """Documents amend the good ones, or one another."""
    return bases_beside(GOOD[0])(name, version) or bases_beside(BAD[0])(name, version)


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_wrong_document_has_exactly_these_findings(path: Path) -> None:
    findings = check(path.read_text(), file=path.name, bases=bases)
    told = "".join(f"{finding}\n" for finding in findings)
    assert told == path.with_suffix(".txt").read_text()


@pytest.mark.parametrize("path", GOOD, ids=[path.stem for path in GOOD])
def test_a_right_document_has_none_and_decides_its_examples_so(path: Path) -> None:
    assert check(path.read_text(), file=path.name, bases=bases) == ()
    assert decided(compile_policy(path.read_text(), bases=bases)) == path.with_suffix(".txt").read_text()


def decided(policy: Policy) -> str:
    """What the policy decides in each of its examples, or on which facts that turns."""
    return "".join(f"{one.given}\n{_decided(policy, one.facts)}\n" for one in examples_of(policy))


def _decided(policy: Policy, facts: Mapping[str, str]) -> str:
    try:
        lines = decision_lines(policy.decide(facts))
    except Undecided as turns:
        lines = [str(turns)]
    return "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize("path", AMENDED, ids=[path.stem for path in AMENDED])
def test_an_amendment_that_is_right_is_exactly_this_text(path: Path) -> None:
    whole = consolidate(path.read_text(), file=path.name, bases=bases)
    assert whole == path.with_suffix(".whole.txt").read_text()
    assert compile_policy(path.read_text(), bases=bases).text == whole


@pytest.mark.parametrize("name", ["americommerce.md", "gallery.md"])
def test_the_drafts_are_without_errors(name: str) -> None:
    path = DRAFTS / name
    if not path.is_file():
        pytest.skip("the drafts are not beside this repository")
    assert [one for one in check(path.read_text(), file=name) if one.severity == "error"] == []


@pytest.mark.parametrize("name", ["americommerce.md", "sparkpay.md"])
def test_the_shipped_policies_are_without_findings(name: str) -> None:
    path = ROOT / "examples" / "policies" / name
    assert load(path).clauses
    assert check(path.read_text(), file=name) == ()


def test_every_finding_about_a_rule_names_its_clause() -> None:
    findings = check((HERE / "bad" / "conflict.md").read_text(), file="conflict.md")
    assert [(finding.line, finding.clause, finding.severity) for finding in findings] == [(15, "2", "error")]


def test_the_order_of_clauses_and_facts_does_not_matter() -> None:
    text = (HERE / "good" / "every-kind-of-rule.md").read_text()
    first, rest = text.split("## 4 Who pays", 1)
    fourth, after = rest.split("## 5 Versions", 1)
    moved = (
        first + "## 5 Versions" + after.replace("\n# Conduct", "## 4 Who pays" + fourth + "\n# Conduct", 1)
    )
    facts = {"topic": "ssl", "phase": "ended", "cause": "customer's own change", "answered this month": "4"}
    assert check(moved) == ()
    assert compile_policy(moved).decide(facts) == compile_policy(text).decide(facts)


def test_line_ends_of_other_systems_read_alike() -> None:
    text = (HERE / "good" / "every-kind-of-rule.md").read_text()
    assert check(text.replace("\n", "\r\n")) == ()
    assert check("\ufeff" + text.replace("\n", "\r")) == ()


SAYINGS = 'ssl:\n  "my padlock vanished"\n'


def test_customers_sayings_may_live_in_a_companion() -> None:
    text = (HERE / "good" / "every-kind-of-rule.md").read_text()
    alone, together = compile_policy(text), compile_policy(text, sayings=SAYINGS)
    assert together.topics["ssl"].sayings == ("the padlock is gone", "my padlock vanished")
    assert alone.hash != together.hash
    assert "padlock" not in together.page()


def test_a_topic_that_only_the_companion_knows_is_a_finding_there() -> None:
    text = (HERE / "good" / "every-kind-of-rule.md").read_text()
    (finding,) = check(text, file="larkspur.md", sayings='# Said\n\nsssl:\n  "padlock"\n')
    assert (finding.file, finding.line) == ("larkspur.sayings.md", 3)
    assert finding.mend == "Did you mean “ssl”?"


def test_loading_reads_the_companion_beside_the_document(tmp_path: Path) -> None:
    text = (HERE / "good" / "every-kind-of-rule.md").read_text()
    (tmp_path / "larkspur.md").write_text(text)
    (tmp_path / "larkspur.sayings.md").write_text(SAYINGS)
    assert "my padlock vanished" in load(tmp_path / "larkspur.md").topics["ssl"].sayings


def test_the_hash_covers_every_character() -> None:
    text = (HERE / "good" / "smallest.md").read_text()
    hashes = {
        compile_policy(one).hash for one in (text, text + "\n", text.replace("Everything", "Everything "))
    }
    assert len(hashes) == 3
    assert all(len(one) == 64 for one in hashes)
