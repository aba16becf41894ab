"""The one question is the one that rules 18 to 23 choose, read anew and by enumeration."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from evenhand.policy import FactValue, Policy

from .test_twin import CLEAN
from .twin import FACTS, Twin, draw


def weigh(
    twin: Twin, masses: dict[str, float], given: dict[str, str]
) -> tuple[dict[str, float], dict[str, float], float]:
    """Bel of each outcome, what remains of each topic, and what was lost (rules 19 and 20)."""
    yields = {topic: twin.outcomes(**{**given, "topic": topic}) for topic in masses}
    lost = sum(mass for topic, mass in masses.items() if not yields[topic])
    total = sum(masses.values())
    left = {topic: mass * total / (total - lost) for topic, mass in masses.items() if yields[topic]}
    belief = {
        reply: sum(mass for topic, mass in left.items() if yields[topic] == {reply})
        for reply in ("r0", "r1", "r2")
    }
    return belief, left, lost


def settled(twin: Twin, masses: dict[str, float], given: dict[str, str]) -> bool:
    belief, _, lost = weigh(twin, masses, given)
    thresholds = {"r0": 0.8, "r1": 0.9, "r2": 0.6}
    return lost < 0.5 and any(belief[reply] >= thresholds[reply] - 1e-9 for reply in belief)


@dataclass(frozen=True)
class Asked:
    """A question as rule 22 rates it: what it settles, and the certainty that it promises."""

    fact: str
    settles: float
    certainty: float
    joint: bool = False


def by_fact(twin: Twin, masses: dict[str, float], given: dict[str, str], fact: str) -> Asked | None:
    """A fact's answers are its values, weighted by the mass of the topics compatible with each."""
    answers = []
    for value in FACTS[fact]:
        answered = {**given, fact: value}
        weight = sum(mass for topic, mass in masses.items() if twin.cases(**{**answered, "topic": topic}))
        if weight:
            answers.append((weight, answered))
    before = yields(twin, masses, given)
    if all(yields(twin, masses, answered) == before for _, answered in answers):
        return None
    total = sum(weight for weight, _ in answers)
    return Asked(
        fact,
        sum(weight for weight, answered in answers if settled(twin, masses, answered)) / total,
        sum(weight * max(weigh(twin, masses, answered)[0].values()) for weight, answered in answers) / total,
    )


def yields(twin: Twin, masses: dict[str, float], given: dict[str, str]) -> dict[str, set[str | None]]:
    found = {topic: twin.outcomes(**{**given, "topic": topic}) for topic in masses}
    return {topic: outcomes for topic, outcomes in found.items() if outcomes}


def by_topic(twin: Twin, masses: dict[str, float], given: dict[str, str]) -> Asked | None:
    _, left, _ = weigh(twin, masses, given)
    if len(left) < 2 or len(set.union(*(twin.outcomes(**{**given, "topic": topic}) for topic in left))) == 1:
        return None  # the same comes of every topic, so nothing turns on it (docs/decisions/0007)
    alone = {topic: weigh(twin, {topic: 1.0}, given)[0] for topic in left}
    return Asked(
        "topic",
        sum(mass for topic, mass in left.items() if settled(twin, {topic: 1.0}, given)),
        sum(mass * max(alone[topic].values()) for topic, mass in left.items()),
    )


def by_both(twin: Twin, masses: dict[str, float], given: dict[str, str], fact: str) -> Asked | None:
    """Topic and one fact at once, options merged by outcome: at least two of them, at most five (rule 23)."""
    _, left, _ = weigh(twin, masses, given)
    options: set[str | None] = set()
    share = 0.0
    for topic, mass in left.items():
        possible = [value for value in FACTS[fact] if twin.cases(**{**given, fact: value, "topic": topic})]
        for value in possible:
            answered = {**given, fact: value}
            if settled(twin, {topic: 1.0}, answered):
                options |= twin.outcomes(**{**answered, "topic": topic})
                share += mass / len(possible)
    return Asked("topic", share, share, joint=True) if len(left) > 1 and 2 <= len(options) <= 5 else None


def greatest(questions: list[Asked | None]) -> Asked | None:
    rated = [one for one in questions if one is not None]
    return max(rated, key=lambda one: (round(one.settles, 9), round(one.certainty, 9)), default=None)


def question(twin: Twin, masses: dict[str, float], given: dict[str, str]) -> tuple[Asked | None, bool]:
    """The question that rules 22 and 23 choose, and whether it settles enough to be asked."""
    facts = [fact for fact in ("plan", "theme") if fact not in given]
    best = greatest([*(by_fact(twin, masses, given, fact) for fact in facts), by_topic(twin, masses, given)])
    if best is not None and best.settles >= 0.5 - 1e-9:
        return best, True
    joint = greatest([by_both(twin, masses, given, fact) for fact in facts])
    if joint is not None and joint.settles >= 0.5 - 1e-9:
        return joint, True
    return greatest([best, joint]), False  # what a person sees is the nearest of all (rule 23)


@pytest.mark.parametrize(("seed", "policy"), CLEAN, ids=[str(seed) for seed, _ in CLEAN])
def test_the_desk_asks_what_the_twin_would_ask(seed: int, policy: Policy) -> None:
    twin = Twin(draw(seed, tidy=True))
    pick = random.Random(seed)
    for _ in range(12):
        shares = pick.choice([(1.0, 0, 0), (0.6, 0.3, 0), (0.45, 0.3, 0.2), (0.5, 0.45, 0)])
        masses = {topic: mass for topic, mass in zip(FACTS["topic"], shares, strict=True) if mass}
        given = {fact: pick.choice(FACTS[fact]) for fact in pick.sample(UNKNOWN, pick.randint(0, 2))}
        if any(twin.cases(**{**given, "topic": topic}) for topic in masses):
            assert_ruled_alike(policy, twin, masses, given)


UNKNOWN = ["plan", "theme", "count"]


def assert_ruled_alike(policy: Policy, twin: Twin, masses: dict[str, float], given: dict[str, str]) -> None:
    verdict = policy.rule(masses, {fact: FactValue.given(value) for fact, value in given.items()})
    belief, _, lost = weigh(twin, masses, given)
    if verdict.decision is not None:
        assert verdict.belief == pytest.approx(belief[verdict.decision.reply or ""])
    best, enough = question(twin, masses, given)
    if lost >= 0.5:
        assert verdict.kind == "person"
    elif settled(twin, masses, given):
        assert verdict.kind == "alone"
    else:
        assert verdict.kind == ("ask" if enough else "person")
        asked = verdict.question or verdict.nearest
        assert (best is None) == (asked is None)
        if best is not None and asked is not None:
            assert (asked.fact, asked.settles) == (best.fact, pytest.approx(best.settles))
