"""`python -m bench.questions`: what becomes of requests when the desk asks, with the shipped policies.

Every case is read and ruled, and where the desk asks, the customer answers as the labels say: with the topic
that is right, and with each value of a fact under which the right topic has the right outcome. Reported, for
each brand, with the topics as the shipped reader finds them, and again with the right topic mixed in to one
half, as a reader would find it that is right more often.

A question is *needless* where the outcome was settled, or where no answer it offers would lead to another
outcome than the likeliest one without it. Beside that stand two figures of hindsight, which nobody could have
known before: the answer confirmed the likeliest outcome, so that only a person was spared; and what was meant
was not among the answers, so that the question was in vain.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.reading import BRANDS, CASES
from evenhand.cli.read_request import held_facts, sayings
from evenhand.intake.understanding import understand
from evenhand.policy import FactValue, Policy, Question, Verdict, compile_policy, load
from evenhand.reading.shelf import reader_of
from evenhand.reading.triage import Model

TOPIC = "topic"
ASKED_FOR_A_FACT = "ask-fact"
MIXED_IN = 0.5

Topics = Mapping[str, float]
Facts = Mapping[str, FactValue]


@dataclass(kw_only=True)
class Tally:
    """Cases by how they ended; each is counted once in `ended`."""

    ended: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    needless: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One policy and how a case is read under it."""

    brand: str
    policy: Policy
    model: Model
    mixed_in: float = 0.0

    def tally(self, cases: Sequence[Mapping[str, Any]]) -> Tally:
        tally = Tally()
        for case in cases:
            self._follow(case, tally)
        return tally

    def _follow(self, case: Mapping[str, Any], tally: Tally) -> None:
        understood = understand(
            case["text"],
            channel=case["channel"],
            facts=held_facts(case["facts"], self.policy),
            policy=self.policy,
            model=self.model,
        )
        if understood.breach is not None or understood.foreign:
            tally.ended["a person"] += 1
            return
        held = [matter.held for matter in understood.matters]
        read = [self._mixed(dict(matter.reading.topics), case) for matter in understood.matters[:1]]
        read += [dict(matter.reading.topics) for matter in understood.matters[1:]]
        first = self.policy.rule_matters(list(zip(read, held, strict=True)))[0]
        tally.ended[self._end(case, read[0], held[0], first, tally, asked=0)] += 1

    def _mixed(self, topics: Topics, case: Mapping[str, Any]) -> Topics:
        mixed = {topic: mass * (1 - self.mixed_in) for topic, mass in topics.items()}
        mixed[case["clause"]] = mixed.get(case["clause"], 0.0) + self.mixed_in
        return mixed if self.mixed_in and case["clause"] in self.policy.topics else topics

    def _end(
        self, case: Mapping[str, Any], topics: Topics, facts: Facts, ruled: Verdict, tally: Tally, asked: int
    ) -> str:
        """How a case ends after `asked` questions: right or wrong by the desk alone, or with a person."""
        if ruled.kind == "ask" and ruled.question is not None:
            tally.asked["the topic" if ruled.question.fact == TOPIC else "a fact"] += 1
            if self._is_needless(topics, facts, ruled, ruled.question):
                tally.needless.append(case["id"])
            return self._after(case, topics, facts, ruled, ruled.question, tally, asked + 1)
        if ruled.kind != "alone" or ruled.decision is None:
            return "a person"
        return f"{'right' if self._is_right(case, ruled, asked) else 'wrong'} after {asked}"

    def _after(
        self,
        case: Mapping[str, Any],
        topics: Topics,
        facts: Facts,
        ruled: Verdict,
        question: Question,
        tally: Tally,
        asked: int,
    ) -> str:
        """The end that every answer possible by the labels comes to, or that it turns on the answer."""
        possible = self._possible(case, topics, facts, question)
        likeliest = outcome(ruled)
        if not possible:
            tally.asked["in vain: what was meant was not offered"] += 1
            return "a person"
        verdicts = [self.policy.rule(*told(topics, facts, meaning), asked=asked) for meaning in possible]
        if all(outcome(verdict) == likeliest for verdict in verdicts):
            tally.asked["confirmed the likeliest outcome"] += 1
        ends = {
            self._end(case, *told(topics, facts, meaning), verdict, tally, asked)
            for meaning, verdict in zip(possible, verdicts, strict=True)
        }
        return next(iter(ends)) if len(ends) == 1 else "turns on the answer"

    def _possible(
        self, case: Mapping[str, Any], topics: Topics, facts: Facts, question: Question
    ) -> list[tuple[tuple[str, str], ...]]:
        """The answers that the labels allow: the right topic, and values under which it comes out right."""
        right = {case["clause"], *case["acceptable_clauses"]}
        allowed = [
            meaning
            for meaning in question.meanings
            if meaning and all(value in right for name, value in meaning if name == TOPIC)
        ]
        fitting = [meaning for meaning in allowed if self._comes_out_right(case, topics, facts, meaning)]
        return fitting or allowed

    def _comes_out_right(
        self, case: Mapping[str, Any], topics: Topics, facts: Facts, meaning: tuple[tuple[str, str], ...]
    ) -> bool:
        if case["clause"] not in self.policy.topics:
            return False
        known = told({case["clause"]: 1.0}, facts, meaning)
        return outcome(self.policy.rule(*known, asked=1)) in wanted(case, self.brand)

    def _is_right(self, case: Mapping[str, Any], ruled: Verdict, asked: int) -> bool:
        # Where the label is to ask for the fact, asking was right, whatever follows from its answer.
        return outcome(ruled) in wanted(case, self.brand) or (
            asked > 0 and ASKED_FOR_A_FACT in wanted(case, self.brand)
        )

    def _is_needless(self, topics: Topics, facts: Facts, ruled: Verdict, question: Question) -> bool:
        alone = self.policy.rule(topics, facts, asked=9)
        if alone.kind in ("alone", "propose"):
            return True
        answers = [
            self.policy.rule(*told(topics, facts, meaning), asked=9)
            for meaning in question.meanings
            if meaning
        ]
        return all(outcome(verdict) == outcome(ruled) for verdict in answers)


def told(
    topics: Topics, facts: Facts, meaning: tuple[tuple[str, str], ...]
) -> tuple[Topics, dict[str, FactValue]]:
    """Topics and facts once an answer is known."""
    return topics, {**facts, **{name: FactValue.given(value, "the answer") for name, value in meaning}}


def outcome(verdict: Verdict) -> str:
    return (verdict.decision and (verdict.decision.reply or verdict.decision.act)) or "human-review"


def wanted(case: Mapping[str, Any], brand: str) -> tuple[str, ...]:
    return (case[f"expected_{brand}"], *case[f"acceptable_{brand}"])


def report(name: str, tally: Tally, count: int) -> None:
    print(f"\n{name}: {count} cases")
    order = sorted(tally.ended, key=lambda end: (end == "a person", end.startswith("wrong"), end))
    for end in order:
        print(f"  {end:42} {tally.ended[end]:4}  {tally.ended[end] / count:6.1%}")
    for what, times in sorted(tally.asked.items()):
        print(f"  asked: {what:35} {times:4}")
    print(f"  {'needless questions':42} {len(tally.needless):4}  (target 0)")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.questions", description=__doc__)
    parser.add_argument("--policies", type=Path, default=Path("examples/policies"))
    parser.add_argument("--questions", type=int, help="as if the documents allowed this many questions")
    given = parser.parse_args()
    if not CASES.exists():
        print(f"{CASES} is not there: nothing to simulate.", file=sys.stderr)
        return 2
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    needless = 0
    for brand in BRANDS:
        policy = load(given.policies / f"{brand}.md")
        model = reader_of(sayings(policy))
        if given.questions is not None:
            said = f"asks at most: {policy.desk.asks_at_most} question"
            policy = compile_policy(policy.text.replace(said, f"asks at most: {given.questions} question"))
        for name, mixed_in in (("as the reader finds it", 0.0), ("the right topic mixed in", MIXED_IN)):
            tally = Desk(brand=brand, policy=policy, model=model, mixed_in=mixed_in).tally(cases)
            report(f"{brand}, {name}", tally, len(cases))
            needless += len(tally.needless)
    return 1 if needless else 0


if __name__ == "__main__":
    raise SystemExit(main())
