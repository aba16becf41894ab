"""Amendments: what a quotation sees, where findings are told, what is inherited, and in which order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.policy import (
    BaseText,
    Finding,
    PolicyError,
    bases_beside,
    check,
    compile_policy,
    consolidate,
    load,
)

GOOD = Path(__file__).parent / "good"
WREN = (GOOD / "plans.md").read_text()
HEAD = "---\npolicy: Heron support policy\nversion: 1\namends: Wren support policy 1\n---\n"


def wren(name: str, version: str) -> BaseText | None:
    return (WREN, None) if (name, version) == ("Wren support policy", "1") else None


def whole(*instructions: str) -> str:
    return consolidate(HEAD + "\n\n".join(instructions), bases=wren)


def told(*instructions: str, head: str = HEAD) -> tuple[Finding, ...]:
    return check(head + "\n\n".join(instructions), file="heron.md", bases=wren)


def refused(*instructions: str) -> str:
    (finding,) = told(*instructions)
    return f"{finding.message} {finding.mend}"


# ── quotations ──


def test_a_quotation_is_compared_with_white_space_folded() -> None:
    assert "On any plan you write" in whole('> In 1, for "On the basic   plan you" read "On any plan you"')


def test_an_instruction_may_run_over_several_lines() -> None:
    assert "Neither on paper" in whole(
        '> In 1, for "On the basic\n> plan you write"\n> read "Neither on\n> paper"'
    )


def test_a_quotation_stands_for_whole_words() -> None:
    assert "does not stand in clause 1" in refused('> In 1, for "bas" read "fundament"')


def test_a_script_without_spaces_may_be_quoted_inside_its_words() -> None:
    chinese = WREN.replace("you write to us.", "您可以写信给我们。")
    text = consolidate(HEAD + '> In 1, for "写信" read "打电话"', bases=lambda name, version: (chinese, None))
    assert "您可以打电话给我们。" in text


def test_a_space_that_is_quoted_is_taken_along() -> None:
    assert "You write to us." in whole('> In 2, for ", or you ring" read ""')
    assert "## 1 The plan\n" in whole('> In 1, for "The basic" read "The"')
    assert "On thebasic" in whole('> In 1, for "the " read "the"')


def test_a_quoted_space_may_be_the_end_of_a_line_of_prose() -> None:
    assert "On the basic plan, you write" in whole('> In 1, for " you write" read ", you write"')


def test_titles_are_the_clauses_own_text_and_numbers_are_not() -> None:
    assert "## 3 Soon" in whole('> In 3, for "First reply" read "Soon"')
    assert "does not stand" in refused('> In 3, for "3" read "4"')


def test_the_text_of_an_exception_is_not_the_text_of_its_parent() -> None:
    assert "It stands in 2.1." in refused('> In 2, for "At night" read "By night"')


def test_an_instruction_sees_what_those_above_it_have_made() -> None:
    assert "You phone to us" in whole(
        '> In 2, for "You write" read "You call"', '> In 2, for "You call" read "You phone"'
    )


def test_a_quotation_in_a_rule_may_run_on_where_its_line_does() -> None:
    folded = WREN.replace("we help to support; reply ring\n", "we help to support;\n  reply ring\n")
    text = consolidate(
        HEAD + '> In 2, for "support; reply ring" read "support; reply answer"',
        bases=lambda *_: (folded, None),
    )
    assert "we help to support; reply answer\n" in text


def test_throughout_reaches_headings_rules_and_schedules() -> None:
    text = whole(
        '> Throughout, for "plan" read "tariff"', '> Throughout, for "What we help with" read "Help"'
    )
    assert "plan" not in text.replace("plans", "")
    assert "# Help\n" in text
    assert told('> Throughout, for "plan" read "tariff"') == ()


SAID = WREN + '\n```topics\nplan: about a plan\n  "which plan am I on"\n```\n'


def test_throughout_leaves_topics_and_what_customers_say_alone() -> None:
    text = consolidate(HEAD + '> Throughout, for "plan" read "tariff"', bases=lambda *_: (SAID, None))
    assert 'plan: about a tariff\n  "which plan am I on"\n' in text


# ── clauses, parts, schedules ──


def test_what_is_omitted_takes_its_exceptions_along_and_says_so() -> None:
    text = HEAD + "> Omit 2"
    assert "### 2.1" not in consolidate(text, bases=wren)
    assert "2.1" in next(one.message for one in told("> Omit 2") if one.code == "taken along")


def test_a_schedule_in_a_clause_that_goes_is_kept() -> None:
    moved = WREN.replace("# Lists\n", "")
    text = consolidate(HEAD + "> Omit 3", bases=lambda *_: (moved, None))
    assert "plan: basic < standard < pro" in text
    assert "## 3" not in text


def test_an_omitted_number_is_never_given_again_not_even_later() -> None:
    once = (HEAD + "> Omit 2.1").replace("Heron", "Egret")
    base = {("Wren support policy", "1"): (WREN, None), ("Egret support policy", "1"): (once, None)}
    again = HEAD.replace("amends: Wren", "amends: Egret") + "> Under 2 insert\n### 2.1 Back\nSaid.\n"
    (finding,) = check(again, bases=lambda name, version: base.get((name, version)))
    assert "The number 2.1 is taken" in finding.message


def test_a_topic_joins_its_family() -> None:
    base = WREN + "\n```topics\nfamily one:\na: first\nfamily two:\nb: second\n```\n"
    text = consolidate(
        HEAD + "> In topics, add\nalone: no family\nfamily one:\nc: third\nfamily three:\nd: fourth\n",
        bases=lambda *_: (base, None),
    )
    names = [line.partition(":")[0] for line in text.split("```topics\n")[1].split("\n```")[0].split("\n")]
    assert names == ["alone", "family one", "a", "c", "family two", "b", "family three", "d"]


def test_the_ladder_is_amended_by_entry() -> None:
    base = (GOOD / "every-kind-of-rule.md").read_text()
    amendment = HEAD.replace("Wren support policy 1", "Larkspur support policy 2027-01")
    amendment += "> In ladder, for appeal read\nappeal: within a week\n"
    amendment += "> In ladder, for breach cursing read\nbreach cursing: grave. Swearing\n"
    policy = compile_policy(amendment, bases=lambda *_: (base, None))
    assert policy.ladder is not None
    assert (policy.ladder.appeal, policy.ladder.breaches["cursing"].severity) == ("within a week", "grave")


# ── places of findings ──


def test_a_finding_stands_where_its_line_was_written() -> None:
    (mine,) = told('> In 1, for "to support" read "to suport"')
    assert (mine.file, mine.line) == ("heron.md", 6)
    (theirs,) = told("> In departments, omit support\n\n> In departments, add\nstaff: us")[:1]
    assert (theirs.file, theirs.line) == ("Wren support policy 1", 13)


def test_a_finding_in_a_clause_that_was_inserted_stands_at_its_own_line() -> None:
    findings = told("> After 3 insert\n## 3A New\n{nothing}\n```rule\nalways\nwe set remind 4 days\n```")
    assert [(one.file, one.line, one.code) for one in findings] == [("heron.md", 8, "slot")]


def test_findings_of_this_file_come_before_those_of_another() -> None:
    findings = told(
        "> In departments, omit support", '> In 2, for "support; reply ring" read "suport; reply ring"'
    )
    assert [one.file for one in findings] == ["heron.md", "Wren support policy 1", "Wren support policy 1"]


# ── the base, its hash, its sayings ──


def test_the_hash_of_the_base_may_be_pinned_and_its_beginning_is_enough() -> None:
    right = compile_policy(WREN).hash
    for pinned in (right, right[:12].upper()):
        head = HEAD.replace("policy 1\n---", f"policy 1 sha256:{pinned}\n---")
        assert told("> Omit 2.1", head=head) == ()


@pytest.mark.parametrize("pinned", ["0" * 64, "", "{right:.11}"])
def test_another_hash_is_refused_and_the_right_one_told(pinned: str) -> None:
    right = compile_policy(WREN).hash
    head = HEAD.replace("policy 1\n---", f"policy 1 sha256:{pinned.format(right=right) or 'x'}\n---")
    (finding,) = told("> Omit 2.1", head=head)
    assert (finding.line, finding.code) == (4, "amends")
    assert f"sha256:{right}" in str(finding.mend)


def test_the_pinned_hash_of_an_amended_base_is_that_of_its_whole_text() -> None:
    once = (HEAD + "> Omit 2.1").replace("Heron", "Egret")
    texts = {("Wren support policy", "1"): (WREN, None), ("Egret support policy", "1"): (once, None)}
    right = compile_policy(once, bases=lambda *named: texts.get(named)).hash
    twice = HEAD.replace("amends: Wren support policy 1", f"amends: Egret support policy 1 sha256:{right}")
    assert check(twice + '> In 1, for "write" read "call"', bases=lambda *named: texts.get(named)) == ()


def test_the_hash_covers_the_whole_text_and_not_how_it_was_written() -> None:
    one = compile_policy(HEAD + "> Omit 2.1", bases=wren)
    other = compile_policy(HEAD + "A word first.\n\n> Omit 2.1", bases=wren)
    assert (one.text, one.hash) == (other.text, other.hash)
    assert one.written != other.written
    assert compile_policy(one.text).hash == one.hash
    assert one.hash != compile_policy(WREN).hash


def with_sayings(own: str | None) -> tuple[str, ...]:
    policy = compile_policy(
        HEAD + "> Omit 2.1", sayings=own, bases=lambda *_: (SAID, 'plan:\n  "from the base"\n')
    )
    return policy.topics["plan"].sayings


def test_an_amendment_inherits_what_customers_say_and_may_add_to_it() -> None:
    assert with_sayings(None) == ("which plan am I on", "from the base")
    assert with_sayings('plan:\n  "my own"\n') == ("which plan am I on", "from the base", "my own")


def test_sayings_that_hold_the_bases_already_are_not_doubled() -> None:
    held = 'plan:\n  "from the base"\nplan:\n  "my own"'
    policy = compile_policy(
        HEAD + "> Omit 2.1", sayings=held, bases=lambda *_: (SAID, 'plan:\n  "from the base"\n')
    )
    assert policy.sayings == held


def test_what_is_wrong_in_an_inherited_saying_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "wren.md").write_text(WREN)
    (tmp_path / "wren.sayings.md").write_text("# Said\nnobody:\n")
    (tmp_path / "heron.md").write_text(HEAD + "> Omit 2.1")
    (tmp_path / "heron.sayings.md").write_text("# Said\n\n\nnowhere:\n")
    with pytest.raises(PolicyError) as refusal:
        load(tmp_path / "heron.md")
    places = [(one.file, one.line) for one in refusal.value.findings]
    assert places == [("heron.sayings.md", 4), ("wren.sayings.md", 2)]


def test_an_amendment_in_a_folder_finds_its_base_there(tmp_path: Path) -> None:
    (tmp_path / "wren.md").write_text(WREN.replace("\n", "\r\n"))
    (tmp_path / "old.md").write_text(WREN.replace("version: 1", "version: 0"))
    (tmp_path / "heron.md").write_text(HEAD + '> In 1, for "basic" read "first" throughout')
    with pytest.raises(PolicyError) as refusal:
        load(tmp_path / "heron.md")
    assert refusal.value.findings[0].file == "heron.md"
    (tmp_path / "heron.md").write_text(HEAD + '> In 2, for "ring" read "ring" throughout\n> Omit 2.1')
    assert bases_beside(tmp_path / "x.md")("Wren support policy", "2") is None


# ── order ──

APART = [
    '> In 1, for "you write to us" read "you may write"',
    '> In 2, for "You write to us" read "Write"',
    "> Omit 2.1",
    "> For 3 read\n## 3 Soon\n```rule\nalways\nwe set first reply 6 hours\ngives way to 2\n```",
    "> After 1 insert\n## 1A One\n```rule\nalways\nagent may not: sleep\n```",
    "> Under 1 insert\n### 1.1 Two\n```rule\nwhen hour: night\nwe help to support; reply answer\n```",
    "> In replies, add\nlater: Later.",
    "> In replies, for ring read\nring: Ring us.",
    "> In places, add\noffice: our office",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(range(len(APART))), unique=True, min_size=1), st.randoms())
def test_the_order_of_instructions_about_different_things_never_matters(
    chosen: list[int], pick: random.Random
) -> None:
    first = compile_policy(HEAD + "\n\n".join(APART[at] for at in chosen), bases=wren)
    pick.shuffle(chosen)
    other = compile_policy(HEAD + "\n\n".join(APART[at] for at in chosen), bases=wren)
    assert other.text == first.text


def test_what_is_inserted_at_one_place_stands_as_it_was_given() -> None:
    new = [
        f"> After 3 insert\n## 3{letter} T\n```rule\nalways\nagent may not: {letter}\n```" for letter in "AB"
    ]
    one, other = whole(*new), whole(*reversed(new))
    assert sorted(one.split("\n")) == sorted(other.split("\n"))
    assert compile_policy(one).at_a_glance() == compile_policy(other).at_a_glance()
