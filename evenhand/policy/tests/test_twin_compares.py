"""Two versions differ exactly where the brute-force twins of both say different things."""

from __future__ import annotations

from itertools import pairwise

import pytest

from evenhand.policy import Difference, Policy, compare

from .test_twin import CLEAN
from .twin import Twin, draw


def in_box(box: str, case: dict[str, str]) -> bool:
    """Whether a case lies in a box, by the words of its `when` line alone."""
    return box == "always" or all(
        is_meant(words.strip(), case[fact])
        for fact, words in (piece.split(": ") for piece in box.split("; "))
    )


def is_meant(words: str, value: str) -> bool:
    if words.startswith("not "):
        return value not in words[4:].split(", ")
    return any(is_one(one, value) for one in words.split(", "))


def is_one(words: str, value: str) -> bool:
    if not value.isdigit() or words.isdigit():
        return words == value
    if words.endswith(" or more"):
        return int(value) >= int(words.split()[0])
    if words.startswith("below "):
        return int(value) < int(words.split()[1])
    low, _, high = words.partition(" to ")
    return int(low) <= int(value) <= int(high)


def both_possible(old: Twin, new: Twin) -> list[dict[str, str]]:
    possible = new.cases()
    return [case for case in old.cases() if case in possible]


PAIRED = list(pairwise(CLEAN))


def assert_told_as_it_is(one: Difference, old: Twin, new: Twin, case: dict[str, str]) -> None:
    """What a difference says of one of its cases: who decided, who decides."""
    for twin, told in ((old, one.old_clauses), (new, one.new_clauses)):
        winners = {number for number, _, _ in twin.winners(one.group, case)}
        assert winners <= {cite.partition("(")[0] for cite in told}


@pytest.mark.parametrize(("before", "after"), PAIRED, ids=[f"{a[0]}-{b[0]}" for a, b in PAIRED])
def test_two_versions_differ_exactly_inside_the_differences(
    before: tuple[int, Policy], after: tuple[int, Policy]
) -> None:
    old, new = (Twin(draw(seed, tidy=True)) for seed, _ in (before, after))
    found = compare(before[1], after[1])
    for case in both_possible(old, new):
        for group in ("outcome", "first reply"):
            told = [
                one
                for one in found.differences
                if one.group == group and any(in_box(box, case) for box in one.boxes)
            ]
            values = [{value for _, _, value in twin.winners(group, case)} for twin in (old, new)]
            assert len(told) == (values[0] != values[1])
            for one in told:
                assert_told_as_it_is(one, old, new, case)


@pytest.mark.parametrize(("before", "after"), PAIRED, ids=[f"{a[0]}-{b[0]}" for a, b in PAIRED])
def test_every_difference_has_a_witness_that_can_be(
    before: tuple[int, Policy], after: tuple[int, Policy]
) -> None:
    old, new = (Twin(draw(seed, tidy=True)) for seed, _ in (before, after))
    for one in compare(before[1], after[1]).differences:
        assert dict(one.witness) in both_possible(old, new)
        assert any(in_box(box, dict(one.witness)) for box in one.boxes)


@pytest.mark.parametrize(("seed", "policy"), CLEAN, ids=[str(seed) for seed, _ in CLEAN])
def test_a_version_does_not_differ_from_itself(seed: int, policy: Policy) -> None:
    found = compare(policy, policy)
    assert (found.differences, found.edits, found.uncompared) == ((), (), ())
    assert found.decides_alike
