"""A record gives back what was packed, and says what it cannot hold."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.policy import Fact, FactValue, Policy, compile_policy, load
from evenhand.policy.packed import MOST_TOPICS, PARTS, Decided, How, Packing

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "policies"

MEASURED = """---
policy: Measured
version: 1
---
# All
## 1 Help
```rule
always
we help
```
# Schedules
```facts
plan: basic < standard < advanced
  known from the account; taken as standard
repeats: number 0 to 90000
balance: number -5000000000 to 5000000000
since: date 1990-01-01 to 2035-12-31
colour: red, green
```
```topics
ssl: about certificates
dns: about names
```
"""
POLICIES = {
    "measured": compile_policy(MEASURED),
    **{name: load(EXAMPLES / f"{name}.md") for name in ("americommerce", "sparkpay")},
}


def values(fact: Fact) -> st.SearchStrategy[FactValue]:
    places = st.integers(*fact.span)
    held = st.builds(
        lambda place, status: FactValue(value=fact.spell(place), status=status),
        places,
        st.sampled_from(("known", "presumed")),
    )
    return held | st.just(FactValue(value=None, status="unknown"))


def requests(policy: Policy) -> st.SearchStrategy[tuple[dict[str, FactValue], dict[str, float]]]:
    masses = st.integers(1, PARTS).map(lambda parts: parts / PARTS)
    return st.tuples(
        st.fixed_dictionaries({name: values(fact) for name, fact in policy.facts.items()}),
        st.dictionaries(st.sampled_from(list(policy.topics)), masses, max_size=MOST_TOPICS),
    )


@pytest.mark.parametrize("name", POLICIES)
@given(drawn=st.data())
def test_unpacking_gives_back_facts_topics_and_decision(name: str, drawn: st.DataObject) -> None:
    packing = Packing(POLICIES[name])
    facts, topics = drawn.draw(requests(POLICIES[name]))
    decided, how = Decided(act="help", clauses=("1",)), drawn.draw(st.sampled_from(How))
    found = packing.unpack(packing.pack(decided, how, facts, topics))
    assert (found.facts, found.topics, found.how, found.decision) == (facts, topics, how, decided.mark)


def test_topics_come_back_likeliest_first() -> None:
    packing = Packing(POLICIES["measured"])
    record = packing.pack(Decided(), How.OPEN, {}, {"ssl": 0.25, "dns": 0.5})
    assert list(packing.unpack(record).topics) == ["dns", "ssl"]


def test_the_likeliest_topics_are_kept_and_the_others_count_as_something_else() -> None:
    packing = Packing(POLICIES["americommerce"])
    topics = {topic: 0.01 * (place + 1) for place, topic in enumerate(list(packing.topics)[:12])}
    kept = packing.unpack(packing.pack(Decided(), How.OPEN, {}, topics)).topics
    assert sorted(kept) == sorted(list(topics)[-MOST_TOPICS:])


def test_the_same_text_gives_the_same_packing() -> None:
    again = Packing(compile_policy(MEASURED))
    assert again.dtype == Packing(POLICIES["measured"]).dtype


def test_a_decision_of_known_facts_is_packed_as_its_ruling_would_be() -> None:
    policy, pick = POLICIES["americommerce"], random.Random(3)
    packing = Packing(policy)
    facts = {name: pick.choice(fact.values) for name, fact in policy.facts.items()}
    facts |= {"customer status": "current", "breach": "none", "standing": "good"}
    decision = policy.decide({**facts, "topic": "ssl"})
    held = {name: FactValue(value=value, status="known") for name, value in facts.items()}
    ruled = packing.pack(Decided.of(decision), How.ALONE, held, {"ssl": 1.0})
    twice = [packing.pack_decision({**facts, "topic": "ssl"}, decision) for _ in range(2)]
    assert twice == [ruled, ruled]


def test_a_fact_left_out_is_packed_as_the_document_presumes() -> None:
    policy = POLICIES["measured"]
    packing = Packing(policy)
    record = packing.pack_decision({"topic": "dns", "colour": "unknown"}, policy.decide({"topic": "dns"}))
    found = packing.unpack(record).facts
    assert (found["plan"].value, found["plan"].status) == ("standard", "presumed")
    assert (found["colour"].status, found["repeats"].status) == ("unknown", "unknown")


@pytest.mark.parametrize("facts", [{"plan": FactValue.given("gold")}, {"repeats": FactValue.given("90001")}])
def test_a_value_that_the_version_does_not_declare_is_refused(facts: dict[str, FactValue]) -> None:
    with pytest.raises(ValueError, match="is not a value of"):
        Packing(POLICIES["measured"]).pack(Decided(), How.OPEN, facts, {})


def test_a_topic_that_the_version_does_not_declare_is_refused() -> None:
    with pytest.raises(ValueError, match="no topic “tls”"):
        Packing(POLICIES["measured"]).pack(Decided(), How.OPEN, {}, {"tls": 1.0})


def test_a_record_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="has"):
        Packing(POLICIES["measured"]).unpack(b"short")


def test_what_differs_in_anything_that_is_compared_bears_another_mark() -> None:
    marks = {
        Decided(act="help").mark,
        Decided(act="decline").mark,
        Decided(act="help", department="sales").mark,
        Decided(act="help", reply="sales").mark,
        Decided(act="help", service="sales").mark,
        Decided(act="help", clauses=("1",)).mark,
        Decided(act="help", targets={"first reply": "1 hour"}).mark,
        Decided(act="help", calendars={"first reply": "office"}).mark,
    }
    assert len(marks) == 8


def test_records_lie_side_by_side_without_gaps() -> None:
    packing = Packing(POLICIES["sparkpay"])
    policy = POLICIES["sparkpay"]
    record = packing.pack_decision({"topic": "ssl"}, policy.decide({"topic": "ssl"}))
    rows = np.frombuffer(record * 3, packing.dtype)
    assert (len(rows), packing.width, rows[2].tobytes()) == (3, len(record), record)
