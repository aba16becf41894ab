"""`make bench-reading` (`python -m bench.reading`): how well is read, each figure beside its target.

The cases (`../shared/cases`) stand beside the repository; those in `bench/unseen` are ours.  Nothing is
trained on either.  Exit status 1 where a figure falls short, 2 where the shared cases are missing.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bench import conduct, evenness, secrets
from bench.figure import Figure, median
from bench.requests import (
    SHARED,
    Case,
    Read,
    calibration_error,
    macro_f1,
    read_all,
    share,
    shared_cases,
    two_matters,
    unseen_cases,
)
from evenhand.cli import read_request
from evenhand.policy import Policy, load
from evenhand.reading.confidence import UNKNOWN_SHARE
from evenhand.reading.shelf import reader_of
from evenhand.reading.triage import Model

BRANDS = ("americommerce", "sparkpay")
HIDDEN_EACH = 8
"""Every eighth topic is hidden together, to see what is made of matters that the reader never heard of."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("--policies", type=Path, default=Path("examples/policies"))
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, with commas")
    parser.add_argument("--misread", action="store_true", help="list what was misread")
    given = parser.parse_args()
    if not SHARED.exists():
        print(f"{SHARED} is not there, so there is nothing to measure by.", file=sys.stderr)
        return 2
    policies = {brand: load(given.policies / f"{brand}.md") for brand in BRANDS}
    figures = [
        shown(figure)
        for part in given.only.split(",")
        for figure in PARTS[part.strip()](policies, given.misread)
    ]
    short = [figure.name for figure in figures if not figure.met]
    print("\nall targets met" if not short else "\nfell short: " + "; ".join(short))
    return 1 if short else 0


def shown(figure: Figure) -> Figure:
    print(figure.line(), flush=True)
    return figure


def triage(policies: dict[str, Policy], misread: bool) -> Iterable[Figure]:
    """Requests: both brands on the shared cases and on ours, calibration with unknown matters, cost."""
    policy = policies[BRANDS[0]]
    model = reader_of(read_request.sayings(policy))
    read: list[Read] = []
    for brand, own in policies.items():
        for name, cases in (("shared", shared_cases(brand)), ("unseen", unseen_cases(own))):
            of_set = read_all(cases, own, model)
            yield from judged(f"{brand}, {name}", of_set)
            for one in of_set if misread else ():
                tell(one)
            read += of_set
    shared = shared_cases(BRANDS[0])
    two = [*(case for case in shared if case.second), *two_matters()]
    yield Figure(
        name="two matters in one message, both found",
        value=share(read_all(two, policy, model), "both_found"),
        unit="%",
        target=60,
        at_least=True,
    )
    single = [*(case for case in shared if not case.second), *unseen_cases(policy)]
    yield Figure(
        name="one matter taken for two",
        value=share(read_all(single, policy, model), "cut"),
        unit="%",
        target=2,
        at_least=False,
    )
    yield Figure(
        name="calibration error, unknown matters mixed in",
        value=calibration_error(mixed(policy, [*shared_cases(BRANDS[0]), *unseen_cases(policy)], model)),
        unit="%",
        target=5,
        at_least=False,
    )
    times = [one.seconds * 1e3 for one in read]
    yield Figure(
        name="ms per message, median",
        value=median(times),
        unit="ms",
        target=10,
        at_least=False,
        samples=times,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure(name="memory, peak", value=peak, unit="MiB", target=600, at_least=False)


def judged(of: str, read: Sequence[Read]) -> Iterable[Figure]:
    """The figures of one set under one brand."""
    alone = [one for one in read if one.alone]

    def least(name: str, value: float, target: float) -> Figure:
        return Figure(name=f"{of}: {name}", value=value, unit="%", target=target, at_least=True)

    def most(name: str, value: float, target: float, unit: str = "%") -> Figure:
        return Figure(name=f"{of}: {name}", value=value, unit=unit, target=target, at_least=False)

    yield least("topic right, first", share(read, "topic_right"), 60)
    yield least("topic right, among three", share(read, "topic_among_three"), 80)
    yield least("topics, macro F1", macro_f1(read), 55)
    yield least("outcome right", share(read, "outcome_right"), 65)
    yield least("right after at most one question", share(read, "right_in_the_end"), 75)
    yield most("outcomes the brand cannot give", sum(one.leaks for one in read), 0, "cases")
    yield most("own work declined", share(read, "wrongly_declined"), 5)
    yield least("decided alone", 100 * len(alone) / len(read), 35)
    yield least("decided alone, right", share(alone, "outcome_right"), 95)
    yield most("decided alone, own work declined", share(alone, "wrongly_declined"), 1)


def mixed(policy: Policy, cases: Sequence[Case], model: Model) -> list[tuple[float, bool, float]]:
    """How sure each first topic was and whether it was right, with matters that the reader never heard of
    mixed in: topics left out of its training, at the share in which such matters are met."""
    known = [(read.topics[0][1], read.first in case.topics) for case in cases
             for read in [model.read(case.text)]]  # fmt: skip
    said = read_request.sayings(policy)
    unknown = []
    for first in range(0, HIDDEN_EACH, 2):
        hidden = {*[*said][first::HIDDEN_EACH]}
        blind = reader_of({topic: lines for topic, lines in said.items() if topic not in hidden})
        unknown += [
            blind.read(case.text).topics[0][1] for case in cases if not hidden.isdisjoint(case.topics)
        ]
    weight = UNKNOWN_SHARE / (1 - UNKNOWN_SHARE) * len(known) / len(unknown)
    return [(sure, right, 1.0) for sure, right in known] + [(sure, False, weight) for sure in unknown]


def told_by_all(policies: dict[str, Policy], misread: bool) -> Iterable[Figure]:
    """Every fourth case told by everybody."""
    policy = policies[BRANDS[0]]
    cases = [*shared_cases(BRANDS[0]), *unseen_cases(policy)][::4]
    return evenness.figures(cases, policy, reader_of(read_request.sayings(policy)))


def crossed(policies: dict[str, Policy], misread: bool) -> Iterable[Figure]:
    """Every saying read by a model that was trained without it, in five parts. Takes a minute."""
    said = read_request.sayings(policies[BRANDS[0]])
    hits = []
    for part in range(5):
        model = reader_of({topic: _without(lines, part) for topic, lines in said.items()})
        for topic, lines in said.items():
            for line in lines[1:][part::5]:
                three = [name for name, _ in model.read(line).topics[:3]]
                hits.append((three[0] == topic, topic in three))
    for at, (name, target) in enumerate((("first", 60), ("among three", 80))):
        value = 100 * sum(hit[at] for hit in hits) / len(hits)
        name = f"sayings held out: topic right, {name}"
        yield Figure(name=name, value=value, unit="%", target=target, at_least=True)


def _without(lines: Sequence[str], part: int) -> tuple[str, ...]:
    held = {*lines[1:][part::5]}
    return tuple(line for line in lines if line not in held)


def tell(one: Read) -> None:
    if one.outcome_right and one.topic_right:
        return
    first = [
        (each["clause"], round(each["confidence"], 2))
        for each in one.answer["candidates"][:3]  # type: ignore[index]
    ]
    alone = "ALONE " if one.alone else ""
    print(f"    {alone}{one.case.topics[0]}/{one.case.outcomes[0]}, read {one.outcome} {first}: "
          f"{one.case.text[:90]!r}")  # fmt: skip


PARTS: dict[str, Callable[[dict[str, Policy], bool], Iterable[Figure]]] = {
    "triage": triage,
    "crossed": crossed,
    "redaction": lambda policies, misread: secrets.figures(),
    "conduct": lambda policies, misread: conduct.figures(),
    "evenness": told_by_all,
}


if __name__ == "__main__":
    raise SystemExit(main())
