"""Two people change one text: both changes are in the merge, or both stand side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.rulebook.drafts import merging
from evenhand.rulebook.drafts.merging import Stretch, edits, merge

BASE = "one\ntwo\nthree\nfour\nfive"
TEXTS = st.lists(st.sampled_from("abcd"), max_size=9).map("\n".join)


def clashes(base: str, mine: str, theirs: str) -> list[Stretch]:
    return [stretch for stretch in merge(base, mine, theirs).stretches if stretch.clash]


def test_changes_in_different_places_are_joined() -> None:
    both = merge(BASE, BASE.replace("one", "ONE"), BASE.replace("five", "FIVE"))
    assert both.text == "ONE\ntwo\nthree\nfour\nFIVE"


def test_lines_added_by_one_and_taken_out_by_the_other_are_joined() -> None:
    assert merge(BASE, "zero\n" + BASE, "one\ntwo\nthree").text == "zero\none\ntwo\nthree"


def test_the_same_change_by_both_is_made_once() -> None:
    changed = BASE.replace("three", "3")
    assert merge(BASE, changed, changed).text == changed


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("one\nmine\nthree\nfour\nfive", "one\ntheirs\nthree\nfour\nfive"),  # the same line
        ("one\nmine\nthree\nfour\nfive", "one\ntwo\ntheirs\nfour\nfive"),  # the line below
        ("one\ntwo\nmine\nthree\nfour\nfive", "one\ntwo\ntheirs\nthree\nfour\nfive"),  # added at one place
        ("one\nfour\nfive", "one\ntwo\ntheirs\nfour\nfive"),  # taken out here, changed there
    ],
)
def test_changes_that_meet_are_shown_side_by_side(mine: str, theirs: str) -> None:
    assert len(clashes(BASE, mine, theirs)) == 1


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_of_either_text_is_dropped(base: str, mine: str, theirs: str) -> None:
    stretches = merge(base, mine, theirs).stretches
    for text, side in ((base, "base"), (mine, "mine"), (theirs, "theirs")):
        assert "\n".join(line for one in stretches for line in getattr(one, side)) == text


@given(TEXTS, TEXTS, TEXTS)
def test_a_clean_merge_is_the_same_from_both_sides(base: str, mine: str, theirs: str) -> None:
    ours, others = merge(base, mine, theirs), merge(base, theirs, mine)
    assert ours.clean == others.clean
    assert not ours.clean or ours.text == others.text


@given(TEXTS, TEXTS)
def test_a_text_that_only_one_changed_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge(base, changed, base).text == merge(base, base, changed).text == changed


@given(TEXTS, TEXTS)
def test_edits_turn_the_old_text_into_the_new(old: str, new: str) -> None:
    lines = old.split("\n")
    for edit in reversed(edits(old, new)):
        lines[edit.start : edit.stop] = edit.lines
    assert "\n".join(lines) == new


def test_a_text_of_too_many_lines_clashes_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MOST_LINES", 4)
    assert [one.mine for one in clashes(BASE, "mine\n" + BASE, BASE + "\ntheirs")] == [
        ("mine", *BASE.split())
    ]
