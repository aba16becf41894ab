"""Replay by tables comes out as `Policy.rule` does, for random policies, requests and distributions."""

from __future__ import annotations

import random
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.policy import FactValue, Policy, PolicyError, compile_policy, tables
from evenhand.policy.columns import Misfit
from evenhand.policy.endings import Ending, ending_of
from evenhand.policy.packed import Decided, How, Packing
from evenhand.policy.replay import Replay, as_ruled, falls_into_never, kind_of

from .test_packed import POLICIES
from .twin import draw

DESKS = {
    "strict": "acts alone from: 0.8",
    "easy": "acts alone from: 0.3\nconsiders topics down to: 0.1",
    "anything": "acts alone from: 0\nnever alone: r1",
}


@cache
def drawn_policies() -> tuple[Policy, ...]:
    """Policies without findings: four facts, `never`, exceptions, targets; with three kinds of desk."""
    found = []
    for seed in range(500):
        text = draw(seed, tidy=True).text()
        for desk in DESKS.values():
            changed = re.sub("acts alone from: 0.8\n(.*\n){2}", desk + "\n", text)
            try:
                found.append(compile_policy(changed))
            except PolicyError:
                continue
        if len(found) >= 60:
            break
    return tuple(found)


def facts_of(policy: Policy, pick: random.Random) -> dict[str, FactValue]:
    held = {}
    for name, fact in policy.facts.items():
        status = pick.choice(("known", "known", "presumed", "unknown"))
        value = fact.spell(pick.randint(*fact.span))
        held[name] = FactValue(value=None if status == "unknown" else value, status=status)
    return held


def topics_of(policy: Policy, pick: random.Random) -> dict[str, float]:
    chosen = pick.sample(list(policy.topics), pick.randint(1, min(5, len(policy.topics))))
    weights = [pick.choice((1, 1, 2, 9, pick.random())) for _ in chosen]
    whole = sum(weights) / pick.choice((1, 1, 0.97, 0.85))
    return {topic: weight / whole for topic, weight in zip(chosen, weights, strict=True)}


def records_of(packing: Packing, policy: Policy, pick: random.Random, count: int) -> np.ndarray:
    packed = (
        packing.pack(Decided(), How.OPEN, facts_of(policy, pick), topics_of(policy, pick))
        for _ in range(count)
    )
    return np.frombuffer(b"".join(packed), packing.dtype)


def said(ending: Ending) -> tuple[object, ...]:
    return ending.how, ending.key, ending.clauses, ending.targets


def assert_as_ruled(replay: Replay, records: np.ndarray) -> None:
    ends = replay.endings(records)
    for record, number, never in zip(records, ends.numbers, ends.never, strict=True):
        topics, facts = as_ruled(replay.packing, replay.draft, record.tobytes())
        verdict = replay.draft.rule(topics, facts)
        assert said(replay.all[number]) == said(ending_of(verdict.kind, verdict.decision))
        assert never == falls_into_never(replay.draft, topics, facts)


@given(seed=st.integers(0, 10**9))
@settings(deadline=None, max_examples=60)
def test_records_end_as_the_policy_rules(seed: int) -> None:
    pick = random.Random(seed)
    recorded, draft = pick.choice(drawn_policies()), pick.choice(drawn_policies())
    packing = Packing(recorded)
    assert_as_ruled(Replay(packing, draft), records_of(packing, recorded, pick, 25))


def test_the_drawn_policies_include_what_is_hard() -> None:
    policies = drawn_policies()
    assert len(policies) >= 60
    assert any(policy.decider.grid.never for policy in policies)
    assert {policy.desk.alone_from for policy in policies} == {0.8, 0.3, 0}


@pytest.mark.parametrize("recorded", ["americommerce", "sparkpay"])
@pytest.mark.parametrize("draft", ["americommerce", "sparkpay"])
def test_the_shipped_policies_replay_as_they_rule(recorded: str, draft: str) -> None:
    packing = Packing(POLICIES[recorded])
    replay = Replay(packing, POLICIES[draft])
    assert_as_ruled(replay, records_of(packing, POLICIES[recorded], random.Random(7), 700))


@pytest.mark.parametrize(("limit", "most"), [("MOST_DENSE", 0), ("MOST_STATES", 1)])
def test_a_draft_that_turns_on_too_much_for_a_plain_table_comes_out_alike(
    limit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, limit, most)
    policy, packing = POLICIES["americommerce"], Packing(POLICIES["americommerce"])
    assert_as_ruled(Replay(packing, policy), records_of(packing, policy, random.Random(8), 150))


# ── Facts of another version ──

OTHER = """---
policy: Other
version: 2
---
# All
## 1 Help
```rule
always
we help; reply plain
```
### 1.1 Rich
```rule
when balance: 100 or more; since: before 2000-01-01
we help; reply rich
```
### 1.2 Advanced or blue
```rule
when plan: advanced
we help; reply advanced
over 1.1
```
### 1.3 New
```rule
when newly declared: b
we help; reply new
over 1.1, 1.2
```
# Schedules
```facts
newly declared: a, b
  taken as NEW
plan: basic, advanced
balance: number 0 to 1000
since: date 1995-01-01 to 2035-12-31
repeats: few, 3, many
```
```topics
ssl: about certificates
```
```replies
plain: p
rich: r
advanced: a
new: n
```
"""


def other(new: str = "a", more: str = "") -> Policy:
    return compile_policy(OTHER.replace("NEW", new).replace("# Schedules", more + "# Schedules"))


def reply_of(draft: Policy, facts: dict[str, str], topics: dict[str, float] | None = None) -> str | None:
    packing = Packing(POLICIES["measured"])
    held = {name: FactValue.given(value) for name, value in facts.items()}
    record = packing.pack(Decided(), How.OPEN, held, topics or {"ssl": 1.0})
    replay = Replay(packing, draft)
    ending = replay.all[replay.endings(np.frombuffer(record, packing.dtype)).numbers[0]]
    assert_as_ruled(replay, np.frombuffer(record, packing.dtype))
    return ending.key[2] if ending.key else None


def test_numbers_and_dates_are_read_by_the_drafts_own_cut_points() -> None:
    facts = {"plan": "basic", "balance": "100", "since": "1999-12-31"}
    assert reply_of(other(), facts) == "rich"
    assert reply_of(other(), {**facts, "balance": "99"}) == "plain"
    assert reply_of(other(), {**facts, "since": "2000-01-01"}) == "plain"


def test_what_the_draft_does_not_declare_is_unknown_there() -> None:
    facts = {"plan": "basic", "balance": "100", "since": "1999-12-31"}
    assert reply_of(other(), {**facts, "balance": "5000"}) is None
    assert reply_of(other(), {**facts, "since": "1994-12-31"}) is None
    assert reply_of(other(), {**facts, "plan": "standard"}) is None


def test_a_fact_that_only_the_draft_declares_is_presumed_there() -> None:
    assert reply_of(other("b"), {"plan": "basic", "balance": "0"}) == "new"


def test_a_number_may_have_become_a_list() -> None:
    more = "### 1.4 Thrice\n```rule\nwhen repeats: 3\nwe help; reply new\nover 1.1, 1.2, 1.3\n```\n"
    facts = {"plan": "basic", "balance": "0"}
    assert reply_of(other(more=more), {**facts, "repeats": "3"}) == "new"
    assert reply_of(other(more=more), {**facts, "repeats": "4"}) is None


def test_a_topic_that_the_draft_does_not_have_counts_as_something_else() -> None:
    facts = {"plan": "basic", "balance": "0"}
    assert reply_of(other(), facts, {"dns": 0.6, "ssl": 0.4}) is None


def test_values_that_the_draft_does_not_declare_are_named_and_counted() -> None:
    packing = Packing(POLICIES["measured"])
    held = {"plan": FactValue.given("standard"), "balance": FactValue.given("-3")}
    record = packing.pack(Decided(), How.OPEN, held, {"dns": 0.5, "ssl": 0.5})
    replay = Replay(packing, other())
    replay.endings(np.frombuffer(record * 4, packing.dtype))
    assert replay.misfits == {
        Misfit("plan", "standard"): 4,
        Misfit("balance", "-3"): 4,
        Misfit("topic", "dns"): 4,
    }


def test_no_topic_that_is_likely_enough_is_left_open() -> None:
    assert reply_of(other(), {"plan": "basic"}, {"dns": 1.0}) is None


def test_what_the_policy_says_is_told_apart_from_who_held_it_back() -> None:
    policy = POLICIES["americommerce"]
    assert kind_of(policy, {"ssl": 1.0}, {}) == How.ALONE
    assert kind_of(policy, {"ssl": 0.1}, {}) == How.OPEN
