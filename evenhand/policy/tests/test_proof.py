"""The engine agrees with z3 on policies too large to go through, shipped and random.

z3 is told the document as written (`prover.py`) and knows nothing of boxes. Where the check finds nothing,
z3 proves that there is nothing; where it finds something, z3 shows a case of it.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
import z3

from evenhand.policy import Comparison, Policy, check, compare, compile_policy, load

from .large import changed, large, pruned
from .prover import Told, differ, is_possible, outcome_key, region

SHIPPED = Path(__file__).parents[3] / "examples" / "policies"
SIZES = {seed: 15 + 9 * seed for seed in range(6)}


@cache
def text(name: str) -> str:
    if name in ("americommerce", "sparkpay"):
        return load(SHIPPED / f"{name}.md").text
    kind, seed = name.split()
    drawn = large(int(seed), SIZES[int(seed)], tidy=kind != "loose")
    return pruned(drawn) if kind == "pruned" else drawn


@cache
def judged(name: str) -> tuple[Told, dict[str, list[int]]]:
    """The document as z3 knows it, and the lines of the findings about it, by their code."""
    found: dict[str, list[int]] = {}
    for finding in check(text(name)):
        found.setdefault(finding.code, []).append(finding.line)
    return Told(text(name)), found


NAMES = ["americommerce", *(f"tidy {seed}" for seed in SIZES), *(f"loose {seed}" for seed in list(SIZES)[:5])]


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_conflict_exactly_where_one_is_told(name: str) -> None:
    told, found = judged(name)
    assert ("conflict" in found) == any(is_possible(told.conflict(group)) for group in told.groups)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_gap_exactly_where_one_is_told(name: str) -> None:
    told, found = judged(name)
    groups = [group for group in ("outcome", "first reply") if group in told.groups]
    assert ("gap" in found) == any(is_possible(told.gap(group)) for group in groups)


@pytest.mark.parametrize("name", NAMES)
def test_a_line_never_decides_exactly_where_it_is_told(name: str) -> None:
    told, _ = judged(name)
    silent = {
        told.clauses[number].cases[place].line
        for (number, place), by in told.deciding.items()
        if by and not any(is_possible(z3.And(told.possible, told.wins(group, number, place))) for group in by)
    }
    errors = {
        finding.line
        for finding in check(text(name))
        if finding.code in ("unreachable", "never") and finding.severity == "error" and finding.clause
    }
    assert silent == errors


@pytest.mark.parametrize("name", ["americommerce", *(f"pruned {seed}" for seed in SIZES)])
def test_sampled_cases_are_decided_as_z3_says(name: str) -> None:
    told, policy = Told(text(name)), compile_policy(text(name))
    pick = random.Random(name)
    for _ in range(12):
        case = {fact: _any(pick, policy, fact) for fact in told.facts}
        if is_possible(z3.And(told.possible, told.case(case))):
            assert not is_possible(
                z3.And(told.case(case), z3.Not(told.decided("outcome", outcome_key(policy, case))))
            )


def _any(pick: random.Random, policy: Policy, name: str) -> str:
    if name == "topic":
        return pick.choice(list(policy.topics))
    fact = policy.facts[name]
    return fact.spell(pick.randint(*fact.span))


def pairs() -> list[tuple[str, str, str]]:
    """Two versions by name: the shipped policies, and random ones with a few lines changed."""
    found = [
        ("shipped", text("americommerce"), text("sparkpay")),
        ("back", text("sparkpay"), text("americommerce")),
    ]
    for seed in range(40):
        old = pruned(large(seed, 20 + 3 * seed))
        new = pruned(changed(old, seed))
        if all(_compiles(one) for one in (old, new)):
            found.append((f"seed {seed}", old, new))
    return found[:10]


def _compiles(document: str) -> bool:
    return not any(finding.severity == "error" for finding in check(document))


PAIRS = pairs()


def test_enough_random_pairs_are_without_errors() -> None:
    assert len(PAIRS) == 10


@cache
def compared(name: str) -> tuple[Told, Told, Comparison]:
    old, new = next((old, new) for pair, old, new in PAIRS if pair == name)
    return Told(old), Told(new), compare(compile_policy(old), compile_policy(new))


def everywhere(old: Told, new: Told) -> Told:
    """A reader of boxes over the facts of both."""
    old.facts = {**new.facts, **old.facts}
    return old


@pytest.mark.parametrize("name", [name for name, _, _ in PAIRS])
def test_two_versions_differ_exactly_inside_the_differences(name: str) -> None:
    old, new, found = compared(name)
    possible = z3.And(old.possible, new.possible)
    reader = everywhere(Told(old.document_text), new)
    for group in dict.fromkeys([*old.groups, *new.groups]):
        inside = region(reader, (box for one in found.differences if one.group == group for box in one.boxes))
        assert not is_possible(z3.And(possible, differ(old, new, group) != inside)), group


@pytest.mark.parametrize("name", [name for name, _, _ in PAIRS])
def test_limits_bind_otherwise_exactly_inside_the_differences(name: str) -> None:
    old, new, found = compared(name)
    possible = z3.And(old.possible, new.possible)
    reader = everywhere(Told(old.document_text), new)
    every = {limit.text for told in (old, new) for one in told.clauses.values() for limit in one.limits}
    for limit in every:
        mine = [one for one in found.differences if one.group == "limits" and one.new.endswith(f" {limit}")]
        inside = region(reader, (box for one in mine for box in one.boxes))
        assert not is_possible(z3.And(possible, (old.binds(limit) != new.binds(limit)) != inside)), limit


@pytest.mark.parametrize("name", [name for name, _, _ in PAIRS])
def test_a_witness_is_a_case_of_its_difference(name: str) -> None:
    old, new, found = compared(name)
    reader = everywhere(Told(old.document_text), new)
    for one in found.differences:
        case = z3.And(old.possible, new.possible, reader.case(one.witness))
        assert is_possible(z3.And(case, region(reader, one.boxes)))
