"""Influence: what each fact can turn, counted exactly over cases and over requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evenhand.policy import FactInfluence, Influence, Policy, compile_policy, influence, load
from evenhand.policy.command import main

from .cast import SCHEDULES, clause, part, policy_of
from .test_twin import CLEAN
from .twin import FACTS, Case, Twin, draw

AC = Path(__file__).parents[3] / "examples" / "policies" / "americommerce.md"
RULES = part(
    clause("1", "always\nwe help; reply answer"),
    clause(
        "2", "when topic: dns; theme: changed; contacts: 5 or more\nwe decline; reply decline-design\nover 1"
    ),
    title="Conduct",
)


def of(schedules: str = SCHEDULES) -> Policy:
    return compile_policy(policy_of(RULES + "# What we help with\n", schedules=schedules))


def told(found: Influence, fact: str) -> FactInfluence:
    return next(one for one in found.facts if one.fact == fact)


# ── Against brute force ──


def cases_by_cell(twin: Twin) -> list[Case]:
    """The twin's cases, with one number for each cell: those that no condition tells apart count once."""
    named = [one for clause in twin.clauses.values() for line in clause.lines for one in [line.conditions]]
    sets = [conditions["count"][1] for conditions in [*named, *twin.drawn.never] if "count" in conditions]
    alike = [frozenset(place for place, values in enumerate(sets) if n in values) for n in FACTS["count"]]
    first = {n for n in range(len(alike)) if n == 0 or alike[n] != alike[n - 1]}
    return [case for case in twin.cases() if int(case["count"]) in first]


def turned(twin: Twin, cases: list[Case], fact: str) -> dict[frozenset[str | None], set[int]]:
    """By pair of outcomes the cases, by their place, that another value of one fact turns."""
    found: dict[frozenset[str | None], set[int]] = {}
    for place, case in enumerate(cases):
        for other in cases:
            if all(case[name] == other[name] for name in FACTS if name != fact):
                pair = frozenset((twin.outcome(case), twin.outcome(other)))
                if len(pair) == 2:
                    found.setdefault(pair, set()).add(place)
    return found


@pytest.mark.parametrize(("seed", "policy"), CLEAN[:20], ids=[str(seed) for seed, _ in CLEAN[:20]])
def test_cases_are_counted_as_the_twin_counts_them(seed: int, policy: Policy) -> None:
    twin = Twin(draw(seed, tidy=True))
    cases = cases_by_cell(twin)
    found = influence(policy)
    assert found.cases == len(cases)
    for fact in FACTS:
        by_pair = turned(twin, cases, fact)
        one = told(found, fact)
        assert one.cases == len({place for places in by_pair.values() for place in places})
        assert {frozenset(turn.outcomes): turn.cases for turn in one.turns} == {
            pair: len(places) for pair, places in by_pair.items()
        }


# ── In full, on one small policy ──


def test_a_case_is_one_cell_for_every_fact() -> None:
    assert influence(of()).cases == 4 * 3 * 2 * 2 * 2  # topics, plans, themes, works, and contacts cut in two


def test_each_fact_turns_the_cases_that_it_alone_decides() -> None:
    found = influence(of())
    counts = {one.fact: (one.cases, round(one.share_of_cases, 4)) for one in found.facts}
    assert counts == {
        "topic": (24, 0.25),
        "theme": (12, 0.125),
        "contacts": (12, 0.125),
        "plan": (0, 0.0),
        "works": (0, 0.0),
        "bought": (0, 0.0),
    }
    assert found.facts[0].fact == "topic"


def test_a_turn_names_both_outcomes_with_a_value_of_each() -> None:
    (turn,) = told(influence(of()), "contacts").turns
    assert turn.outcomes == ("answer", "decline-design")
    assert turn.example == (("below 5", "answer"), ("5 or more", "decline-design"))
    assert turn.sentence == "answer with below 5, decline-design with 5 or more"


def test_what_can_never_occur_counts_nowhere() -> None:
    found = influence(of(SCHEDULES + "```never\ntopic: dns; theme: changed; plan: advanced\n```\n"))
    assert found.cases == 96 - 4
    assert told(found, "theme").cases == 8


# ── Requests ──

HELPED = {"topic": "dns", "theme": "fresh", "works": "yes", "contacts": "7"}
DECLINED = HELPED | {"theme": "changed"}


def test_a_request_counts_where_another_value_of_one_fact_would_decide_otherwise() -> None:
    found = influence(of(), [(HELPED, 3), (DECLINED, 1), ({"topic": "ssl", "theme": "fresh"}, 4)])
    assert (found.requests, found.open_requests) == (8, 0)
    shares = {one.fact: (one.requests, one.share_of_requests) for one in found.facts}
    assert shares["theme"] == (4, 0.5)
    assert shares["contacts"] == (1, 0.125)
    assert shares["topic"] == (1, 0.125)
    assert shares["works"] == (0, 0.0)
    assert told(found, "theme").turns[0].requests == 4


def test_a_request_whose_outcome_is_open_counts_in_no_share() -> None:
    found = influence(of(), [({"topic": "dns", "contacts": "7"}, 2), (DECLINED, 1)])
    assert (found.requests, found.open_requests) == (1, 2)
    assert told(found, "theme").share_of_requests == 1.0


def test_a_fact_left_out_takes_what_the_policy_presumes() -> None:
    found = influence(of(), [({"topic": "dns", "theme": "changed"}, 1)])
    assert (found.requests, told(found, "contacts").requests, told(found, "theme").requests) == (1, 1, 0)


def test_a_value_of_another_version_is_unknown() -> None:
    found = influence(of(), [(HELPED | {"theme": "gone", "weather": "wet"}, 1)])
    assert (found.requests, found.open_requests) == (0, 1)


def test_without_requests_there_is_no_share_of_them() -> None:
    found = influence(of())
    assert {one.share_of_requests for one in found.facts} == {None}
    assert (found.requests, found.open_requests) == (0, 0)


# ── Bounds, the shipped policy, the command ──


def test_a_fact_that_turns_on_too_much_is_named_and_the_others_are_counted() -> None:
    names = [f"f{number}" for number in range(20)]
    rules = [
        clause(str(place), f"when topic: t{place}; {name}: a\nwe decline\nover 99")
        for place, name in enumerate(names, 1)
    ]
    facts = "".join(f"{name}: a, b\n" for name in names)
    topics = "".join(f"t{place}: about {place}\n" for place in range(1, 21))
    schedules = f"# Lists\n```facts\n{facts}```\n```topics\n{topics}```\n"
    text = policy_of(part(*rules, clause("99", "always\nwe help")) + "# Conduct\n", schedules=schedules)
    found = influence(compile_policy(text))
    assert found.uncounted == ("topic",)
    assert {one.share_of_cases for one in found.facts} == {1 / 20}


def test_the_shipped_policy_turns_on_its_facts_as_its_clauses_say() -> None:
    found = influence(load(AC))
    assert found.uncounted == ()
    assert [one.fact for one in found.facts[:3]] == ["topic", "standing", "customer status"]
    assert told(found, "breach").cases == 0  # a breach earns a step, and never another outcome
    (turn,) = told(found, "app integrated").turns
    assert turn.outcomes == ("decline-third-party", "third-party-docs")


def test_the_command_prints_shares_and_turns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["influence", str(AC)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Of 10,880 possible cases")
    assert "   1.5%  app integrated" in lines
    assert "           decline-third-party with no, third-party-docs with yes" in lines
    assert lines[-1] == "   0.0%  breach"


def test_the_command_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["influence", str(AC), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["cases"], found["facts"][0]["fact"]) == (10_880, "topic")
