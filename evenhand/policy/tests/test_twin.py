"""The engine agrees with the brute-force twin, on many small random policies."""

from __future__ import annotations

import random

import pytest

from evenhand.policy import (
    Policy,
    PolicyError,
    Undecided,
    check,
    compile_policy,
)

from .twin import FACTS, Twin, draw

SEEDS = range(200)
BEFORE_JUDGING = {"circle", "over", "outside", "condition", "unknown word"}


def findings_of(text: str) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in check(text)]


def twin_and_codes(seed: int) -> tuple[Twin, set[str]]:
    drawn = draw(seed, tidy=False)
    return Twin(drawn), {finding.code for finding in check(drawn.text())}


def has(twin: Twin, group: str, *, gap: bool) -> bool:
    for case in twin.cases():
        values = {value for _, _, value in twin.winners(group, case)}
        if (gap and not values) or (not gap and len(values) > 1):
            return True
    return False


@pytest.mark.parametrize("seed", SEEDS)
def test_conflicts_and_gaps_are_told_exactly_where_there_are_some(seed: int) -> None:
    twin, codes = twin_and_codes(seed)
    if codes & BEFORE_JUDGING or not twin.is_sound() or not twin.cases():
        return
    timed = any(line.time for clause in twin.clauses.values() for line in clause.lines)
    groups = ["outcome", *(["first reply"] if timed else [])]
    assert ("conflict" in codes) == any(has(twin, group, gap=False) for group in groups)
    assert ("gap" in codes) == any(has(twin, group, gap=True) for group in groups)


@pytest.mark.parametrize("seed", SEEDS)
def test_circles_and_forbidden_overs_are_told_exactly_where_there_are_some(seed: int) -> None:
    twin, codes = twin_and_codes(seed)
    assert bool(codes & {"circle", "over"}) == (not twin.is_sound())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clause_never_decides_exactly_where_it_never_wins(seed: int) -> None:
    drawn = draw(seed, tidy=False)
    twin = Twin(drawn)
    findings = check(drawn.text())
    if {finding.code for finding in findings} & BEFORE_JUDGING or not twin.is_sound():
        return
    told = {
        f.line for f in findings if f.severity == "error" and f.code in ("unreachable", "never") and f.clause
    }
    won = {
        (number, index)
        for case in twin.cases()
        for group in ("outcome", "first reply")
        for number, index, _ in twin.winners(group, case)
    }
    lines = drawn.text().split("\n")
    for number, clause in drawn.clauses.items():
        heading = next(
            i for i, line in enumerate(lines) if line.startswith("#") and f" {number} Title" in line
        )
        starts = [i + 1 for i in range(heading, len(lines)) if lines[i].startswith(("when ", "always"))]
        for index in range(len(clause.lines)):
            assert (starts[index] in told) == ((number, index) not in won)


def clean_policies() -> list[tuple[int, Policy]]:
    found = []
    for seed in range(400):
        try:
            found.append((seed, compile_policy(draw(seed, tidy=True).text())))
        except PolicyError:
            continue
        if len(found) == 40:
            break
    return found


CLEAN = clean_policies()


def test_enough_random_policies_are_without_errors() -> None:
    assert len(CLEAN) == 40


@pytest.mark.parametrize(("seed", "policy"), CLEAN, ids=[str(seed) for seed, _ in CLEAN])
def test_every_case_is_decided_alike(seed: int, policy: Policy) -> None:
    twin = Twin(draw(seed, tidy=True))
    for case in twin.cases():
        decision = policy.decide(case)
        assert decision.reply == twin.outcome(case)
        assert {cite.partition("(")[0] for cite in decision.clauses} == {
            number for number, _, _ in twin.winners("outcome", case)
        }
        times = {value for _, _, value in twin.winners("first reply", case)}
        assert {decision.targets["first reply"]} == times


@pytest.mark.parametrize(("seed", "policy"), CLEAN, ids=[str(seed) for seed, _ in CLEAN])
def test_unknown_facts_are_decided_where_every_case_that_remains_agrees(seed: int, policy: Policy) -> None:
    twin = Twin(draw(seed, tidy=True))
    pick = random.Random(seed)
    for _ in range(30):
        given = {fact: pick.choice(FACTS[fact]) for fact in pick.sample(list(FACTS), pick.randint(0, 3))}
        outcomes = twin.outcomes(**given)
        if len(outcomes) == 1:
            assert policy.decide(given).reply in outcomes
        else:
            with pytest.raises(Undecided) as told:
                policy.decide(given)
            assert set(told.value.outcomes) == outcomes
