"""`python -m bench.reading`: how well requests are read, with the shipped policies as training.

The cases (`../shared/cases`) stand beside the repository and are for development; others judge. Nothing is
trained on them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenhand.cli import read_request
from evenhand.policy import Policy, load
from evenhand.reading.shelf import reader_of

CASES = Path("../shared/cases/requests.jsonl")
BRANDS = ("americommerce", "sparkpay")
OWN_WORK = {
    "answer",
    "ticket-action",
    "escalate-defect",
    "guide-in-admin",
    "direct-or-reset",
    "third-party-docs",
}
ASKS = {"ask-fact", "ask-details"}
BEYOND_REPLIES = {"warn", "ask-fact", "ask-details", "human-review"}
"""Outcomes that need no reply of the document: a step of conduct, a question, a person."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """One case, and what the command answered."""

    case: Mapping[str, Any]
    answer: Mapping[str, Any]
    brand: str

    @property
    def topic_right(self) -> bool:
        return self.answer["clause"] in (self.case["clause"], *self.case["acceptable_clauses"])

    @property
    def topic_among_three(self) -> bool:
        three = [one["clause"] for one in self.answer["candidates"][:3]]
        return any(topic in three for topic in (self.case["clause"], *self.case["acceptable_clauses"]))

    @property
    def wanted(self) -> tuple[str, ...]:
        return (self.case[f"expected_{self.brand}"], *self.case[f"acceptable_{self.brand}"])

    @property
    def outcome_right(self) -> bool:
        return self.answer["outcome"] in self.wanted

    @property
    def wrongly_declined(self) -> bool:
        return (
            self.answer["outcome"].startswith("decline-") and self.case[f"expected_{self.brand}"] in OWN_WORK
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("--policies", type=Path, default=Path("examples/policies"))
    parser.add_argument("--misread", action="store_true", help="list what was misread")
    given = parser.parse_args()
    if not CASES.exists():
        print(f"{CASES} is not there: nothing to read.", file=sys.stderr)
        return 2
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    for brand in BRANDS:
        report(brand, load(given.policies / f"{brand}.md"), cases, misread=given.misread)
    return 0


def report(brand: str, policy: Policy, cases: Sequence[Mapping[str, Any]], *, misread: bool) -> None:
    began = time.perf_counter()
    model = reader_of(read_request.sayings(policy))
    ready = time.perf_counter()
    read = [Read(case=case, answer=read_request.answer(case, policy, model), brand=brand) for case in cases]
    done = time.perf_counter()
    alone = [one for one in read if one.answer["alone"]]
    leaks = [one for one in read if one.answer["outcome"] not in {*policy.replies, *BEYOND_REPLIES}]
    print(f"\n{brand}: {len(read)} cases")
    print(f"  topic right, first               {share(read, 'topic_right')}")
    print(f"  topic right, among three         {share(read, 'topic_among_three')}")
    print(f"  topics, macro F1                 {macro_f1(read):6.1%}")
    print(f"  outcome right                    {share(read, 'outcome_right')}")
    print(f"  outcomes the brand cannot give   {len(leaks)}")
    print(f"  own work declined                {share(read, 'wrongly_declined')}")
    print(f"  decided alone                    {len(alone) / len(read):6.1%}")
    print(f"    of these right                 {share(alone, 'outcome_right')}")
    print(f"    of these own work declined     {share(alone, 'wrongly_declined')}")
    print(
        f"  asked                            {sum(bool(one.answer['asks']) for one in read) / len(read):6.1%}"
    )
    print(f"  calibration error of the topic   {calibration_error(read):6.1%}")
    print(f"  ms per message                   {(done - ready) / len(read) * 1e3:6.1f}")
    print(f"  ms until the reader was ready    {(ready - began) * 1e3:6.0f}")
    for one in read if misread else ():
        if not one.outcome_right or not one.topic_right:
            alone_mark = "ALONE " if one.answer["alone"] else ""
            first = [(each["clause"], round(each["confidence"], 2)) for each in one.answer["candidates"][:3]]
            print(f"    {one.case['id']} {alone_mark}{one.case['clause']}/{one.wanted[0]}, "
                  f"read {one.answer['outcome']} {first}: {one.case['text'][:90]!r}")  # fmt: skip


def share(read: Sequence[Read], what: str) -> str:
    return f"{sum(getattr(one, what) for one in read) / len(read):6.1%}" if read else "     –"


def macro_f1(read: Sequence[Read]) -> float:
    """The mean of the topics' F1, an acceptable topic taken for the right one."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in read:
        said, true = one.answer["clause"], one.case["clause"]
        if one.topic_right:
            counts[true][0] += 1
        else:
            counts[said][1] += 1
            counts[true][2] += 1
    labels = {one.case["clause"] for one in read}
    return sum(2 * counts[label][0] / (2 * counts[label][0] + counts[label][1] + counts[label][2] or 1)
               for label in labels) / len(labels)  # fmt: skip


def calibration_error(read: Sequence[Read], bins: int = 10) -> float:
    """The mean distance between how sure the first topic was and how often it was right, over equal bins."""
    held: dict[int, list[Read]] = defaultdict(list)
    for one in read:
        held[min(int(one.answer["confidence"] * bins), bins - 1)].append(one)
    return sum(
        abs(sum(one.answer["confidence"] - one.topic_right for one in group)) for group in held.values()
    ) / len(read)


if __name__ == "__main__":
    raise SystemExit(main())
