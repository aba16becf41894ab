"""How well requests are read: cases with labels in, figures out.

Two sets: `../shared/cases/requests.jsonl`, and `unseen/requests.txt`, written before the reader was worked
on.  Nothing is trained on either.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from bench.unseen import lines_by_topic
from evenhand.cli import read_request
from evenhand.intake.understanding import Matter, Understanding, understand
from evenhand.policy import FactValue, Policy, Question
from evenhand.reading.triage import Model

SHARED = Path("../shared/cases/requests.jsonl")
UNSEEN = Path("bench/unseen/requests.txt")
TWO_MATTERS = Path("bench/unseen/two-matters.txt")
OWN_WORK = {
    "answer",
    "ticket-action",
    "escalate-defect",
    "guide-in-admin",
    "direct-or-reset",
    "third-party-docs",
}
BEYOND_REPLIES = {"warn", "ask-fact", "ask-details", "human-review"}
"""Outcomes that need no reply of the document: a step of conduct, a question, a person."""

TOPIC, SOMETHING_ELSE = "topic", "something else"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request with its labels: topics that are right, outcomes that are right, the second matter."""

    text: str
    channel: str
    facts: Mapping[str, object]
    topics: tuple[str, ...]
    outcomes: tuple[str, ...]
    second: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Read:
    """One case, and how it was read under a policy."""

    case: Case
    policy: Policy = field(repr=False)
    model: Model = field(repr=False)
    understood: Understanding
    answer: Mapping[str, object]
    seconds: float

    @property
    def clause(self) -> str:
        return str(self.answer["clause"])

    @property
    def outcome(self) -> str:
        return str(self.answer["outcome"])

    @property
    def confidence(self) -> float:
        return float(str(self.answer["confidence"]))

    @property
    def candidates(self) -> list[str]:
        return [one["clause"] for one in self.answer["candidates"]]  # type: ignore[attr-defined]

    @property
    def alone(self) -> bool:
        return self.understood.alone

    @property
    def topic_right(self) -> bool:
        return self.clause in self.case.topics

    @property
    def topic_among_three(self) -> bool:
        return any(topic in self.candidates[:3] for topic in self.case.topics)

    @property
    def outcome_right(self) -> bool:
        return self.outcome in self.case.outcomes

    @property
    def leaks(self) -> bool:
        """Whether the outcome is one that this brand's policy cannot give."""
        return self.outcome not in {*self.policy.replies, *BEYOND_REPLIES}

    @property
    def wrongly_declined(self) -> bool:
        return self.outcome.startswith("decline-") and self.case.outcomes[0] in OWN_WORK

    @property
    def cut(self) -> bool:
        """Whether it was taken for more than one matter."""
        return len(self.understood.matters) > 1

    @property
    def both_found(self) -> bool:
        found = {matter.topic for matter in self.understood.matters}
        return any(topic in found for topic in self.case.topics) and any(
            topic in found for topic in self.case.second
        )

    @property
    def right_in_the_end(self) -> bool:
        """Whether the outcome is right at once, or once the customer has answered the one question."""
        question = self.understood.question
        if self.outcome_right or question is None or self.understood.breach is not None:
            return self.outcome_right
        return any(self._ends_right(meaning) for meaning in self._true_answers(question))

    def _true_answers(self, question: Question) -> list[dict[str, FactValue]]:
        """What an honest customer may answer: the true topic, and facts as they are on record; where the
        record is silent, those under which the policy comes to a right outcome."""
        true = []
        for meaning in question.meanings:
            said = {name: FactValue.given(value) for name, value in meaning}
            topic = said.get(TOPIC)
            if said and (topic is None or topic.value in self.case.topics):
                facts = read_request.held_facts(self.case.facts, self.policy) | said
                due = self.policy.rule({self.case.topics[0]: 1.0}, facts).decision
                if due is not None and due.reply in self.case.outcomes:
                    true.append(said)
        return true

    def _ends_right(self, answered: Mapping[str, FactValue]) -> bool:
        facts = read_request.held_facts(self.case.facts, self.policy) | dict(answered)
        again = understand(
            self.case.text, channel=self.case.channel, facts=facts, policy=self.policy, model=self.model
        )
        return any(_outcome(matter, again) in self.case.outcomes for matter in again.matters)


def _outcome(matter: Matter, understood: Understanding) -> str:
    return read_request.outcome_of(matter, understood.foreign)


def read_all(cases: Sequence[Case], policy: Policy, model: Model) -> list[Read]:
    return [_read(case, policy, model) for case in cases]


def _read(case: Case, policy: Policy, model: Model) -> Read:
    held = read_request.held_facts(case.facts, policy)
    began = perf_counter()
    understood = understand(case.text, channel=case.channel, facts=held, policy=policy, model=model)
    took = perf_counter() - began
    return Read(
        case=case,
        policy=policy,
        model=model,
        understood=understood,
        answer=read_request.told(understood),
        seconds=took,
    )


def shared_cases(brand: str) -> list[Case]:
    """The shared cases as labelled for one brand."""
    rows = [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()]
    return [
        Case(
            text=row["text"],
            channel=row["channel"],
            facts=row["facts"],
            topics=(row["clause"], *row["acceptable_clauses"]),
            outcomes=(row[f"expected_{brand}"], *row[f"acceptable_{brand}"]),
            second=tuple(row["secondary_clauses"]),
        )
        for row in rows
    ]


def unseen_cases(policy: Policy) -> list[Case]:
    """Our own unseen messages; what is right follows from the topic, the facts and the policy."""
    return [_unseen(line, topic, policy) for topic, line in lines_by_topic(UNSEEN)]


def two_matters() -> list[Case]:
    """Our own messages with two matters; only whether both are found is judged."""
    pairs = [(topics.split(" + "), line) for topics, line in lines_by_topic(TWO_MATTERS)]
    return [
        Case(text=line, channel="email", facts={}, topics=(first,), outcomes=(), second=(second,))
        for (first, second), line in pairs
    ]


def _unseen(line: str, topic: str, policy: Policy) -> Case:
    text, _, noted = line.partition(" // ")
    notes = dict(re.findall(r"([a-z ]+?): ([^;]+)", noted))
    also = tuple(part.strip() for part in notes.pop("also", "").split(",") if part.strip())
    facts = {name.strip(): value for name, value in notes.items()}
    topics = (topic, *also)
    held = {name: FactValue.given(value) for name, value in facts.items()}
    return Case(
        text=text,
        channel="phone note" if text.startswith("Phone note") else "email",
        facts={name.replace(" ", "_"): value for name, value in facts.items()},
        topics=topics,
        outcomes=tuple(_due(one, held, policy) for one in topics),
    )


def _due(topic: str, held: Mapping[str, FactValue], policy: Policy) -> str:
    verdict = policy.rule({topic: 1.0}, held)
    if verdict.kind == "ask" or verdict.decision is None:
        return "ask-fact"
    return verdict.decision.reply or "human-review"


def share(read: Sequence[Read], what: str) -> float:
    """The percentage of `read` of which the property `what` holds."""
    return 100 * sum(bool(getattr(one, what)) for one in read) / len(read) if read else 0.0


def macro_f1(read: Sequence[Read]) -> float:
    """The mean of the topics' F1 in percent, an acceptable topic taken for the right one."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in read:
        if one.topic_right:
            counts[one.case.topics[0]][0] += 1
        else:
            counts[one.clause][1] += 1
            counts[one.case.topics[0]][2] += 1
    labels = {one.case.topics[0] for one in read}
    return sum(_f1(*counts[label]) for label in labels) / len(labels) * 100


def _f1(hit: int, false: int, missed: int) -> float:
    return 2 * hit / (2 * hit + false + missed) if hit else 0.0


def calibration_error(judged: Sequence[tuple[float, bool, float]], bins: int = 10) -> float:
    """How far confidence and truth lie apart in percent, over equal bins of (confidence, right, weight)."""
    apart: dict[int, float] = defaultdict(float)
    for confidence, right, weight in judged:
        apart[min(int(confidence * bins), bins - 1)] += weight * (confidence - right)
    return 100 * sum(map(abs, apart.values())) / sum(weight for _, _, weight in judged)
