"""How fast the policy engine decides, explains and checks, on the shipped AmeriCommerce policy.

Requests are drawn evenly over every combination of declared values that can occur, with a fixed seed, so
that no fact is ever left out. The policy is warmed with another draw: what is measured is a desk that has
run for a minute.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evenhand.policy import FactValue, Policy, Undecided, check, load, read_files

DOCUMENT = Path(__file__).resolve().parents[1] / "examples" / "policies" / "americommerce.md"
REQUESTS = 100_000


@dataclass(frozen=True, kw_only=True)
class DecideSamples:
    """`per_second`: decisions a second, one sample per round over all requests, nothing else in the loop.

    `each_seconds`: the time of single decisions in seconds, the clock's own cost included.
    """

    per_second: Sequence[float]
    each_seconds: Sequence[float]


def decide_samples(rounds: int = 9) -> DecideSamples:
    """`Policy.decide` of known facts."""
    policy = load(DOCUMENT)
    requests = _requests(policy, seed=1)
    for facts in _requests(policy, seed=2):
        policy.decide(facts)
    decide = policy.decide
    per_second = []
    for _ in range(rounds):
        start = time.perf_counter()
        for facts in requests:
            decide(facts)
        per_second.append(len(requests) / (time.perf_counter() - start))
    return DecideSamples(per_second=per_second, each_seconds=_each(decide, requests))


def explain_samples(count: int = 5_000) -> list[float]:
    """Seconds of each `Policy.explain` (which rules first) of a known topic and known facts."""
    policy = load(DOCUMENT)
    asked = [_as_explained(facts) for facts in _requests(policy, seed=1)[:count]]
    for facts in _requests(policy, seed=2)[:count]:
        policy.explain(*_as_explained(facts))
    samples = []
    for topics, values in asked:
        start = time.perf_counter()
        policy.explain(topics, values)
        samples.append(time.perf_counter() - start)
    return samples


def check_samples(rounds: int = 30) -> list[float]:
    """Seconds of each whole check of the document, parsing, sayings and examples included."""
    text, sayings = read_files(DOCUMENT)
    samples = []
    for _ in range(rounds):
        start = time.perf_counter()
        check(text, sayings=sayings)
        samples.append(time.perf_counter() - start)
    return samples


def _requests(policy: Policy, *, seed: int) -> list[dict[str, str]]:
    """Requests in which every fact is given, drawn evenly among those that can occur."""
    pick = random.Random(seed)
    values = {"topic": tuple(policy.topics), **{name: fact.values for name, fact in policy.facts.items()}}
    requests: list[dict[str, str]] = []
    while len(requests) < REQUESTS:
        facts = {name: pick.choice(known) for name, known in values.items()}
        try:
            policy.decide(facts)
        except Undecided:  # the document says that this never occurs
            continue
        requests.append(facts)
    return requests


def _each(decide: object, requests: list[dict[str, str]]) -> list[float]:
    assert callable(decide)
    clock = time.perf_counter_ns
    samples = []
    for facts in requests:
        start = clock()
        decide(facts)
        samples.append((clock() - start) / 1e9)
    return samples


def _as_explained(facts: dict[str, str]) -> tuple[dict[str, float], dict[str, FactValue]]:
    values = {name: FactValue.given(value) for name, value in facts.items() if name != "topic"}
    return {facts["topic"]: 1.0}, values
