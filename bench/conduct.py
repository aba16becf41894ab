"""How well the conduct rules' passages are found: by kind, on the shared cases and on ours.

Beyond recall and false alarms: a neutral mention of each group that the lexicon knows, in many sentences,
must never be a finding; and a curse must be found as well when it is spelt to slip through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.figure import Figure
from bench.unseen import lines_by_topic
from evenhand.reading.screen import screen
from evenhand.reading.wordlists import rows

SHARED = Path("../shared/cases/conduct.jsonl")
UNSEEN = (Path("bench/unseen/conduct.txt"), Path("bench/unseen/conduct-2.txt"))
REMARKS = ("sexist", "racial", "religious", "political", "jingoist", "ageist")
LABEL = dict.fromkeys(REMARKS, "discriminatory") | {"cursing": "cursing", "all-caps": "all-caps"}

NEUTRAL = (
    "We sell books for {many} and about {many}.",
    "Our {one} customers ask for an invoice.",
    "I am {one} myself and would like the shop in my language.",
    "Is there a category for {many} in the catalogue?",
    "Your {one} colleague was very helpful.",
    "My accountant is {one} and needs a login.",
    "Do you ship to {many} abroad?",
    "How can {many} pay by invoice?",
    "The {one} agent asked me to write here, so here is the log.",
    "Which payment methods do {many} like best?",
)
CURSES = ("fuck", "shit", "bitch", "asshole", "bullshit", "bastard", "cunt", "motherfucker")
CURSED = (
    "What the {} is this?",
    "You {} broke my shop",
    "this is {} again, fix it",
    "{}!!! the cart is gone",
)


def figures() -> Iterable[Figure]:
    """Cursing, remarks by kind, capitals, harmless messages, groups and disguises."""
    unseen = [line for file in UNSEEN for line in lines_by_topic(file)]
    for kind, label in LABEL.items():
        lines = [line for topic, line in unseen if topic == kind]
        found = [any(_matches(one, label, kind) for one in screen(line, _channel(line))) for line in lines]
        yield _least(f"conduct, unseen: {kind}", found, {"discriminatory": 60, "cursing": 95}.get(label, 80))
    harmless = [bool(screen(line, _channel(line))) for topic, line in unseen if topic == "harmless"]
    yield _most("conduct, unseen: harmless flagged", harmless, 2)
    yield from on_shared()
    yield _most("neutral mention of a group flagged", [bool(screen(line)) for line in neutral_lines()], 0)
    yield _least("curses spelt to slip through", [_is_cursing(line) for line in disguised()], 95)


def on_shared() -> Iterator[Figure]:
    """The same on the shared cases; the ambiguous ones are left out, as their notes ask."""
    cases = [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()]
    clear = [case for case in cases if not case["ambiguous"] and "text_b" not in case]
    for label, target in (("cursing", 95), ("discriminatory", 60), ("all-caps", 80)):
        found = [
            any(one.label == label for one in screen(case["text"], case["channel"]))
            for case in clear
            if label in case["labels"]
        ]
        yield _least(f"conduct, shared: {label}", found, target)
    harmless = [bool(screen(case["text"], case["channel"])) for case in clear if not case["labels"]]
    yield _most("conduct, shared: harmless flagged", harmless, 2)


def neutral_lines() -> Iterator[str]:
    """Every group of the lexicon in every neutral sentence."""
    for group in rows("groups.tsv"):
        for sentence in NEUTRAL:
            yield sentence.format(one=group["one"].split("|")[0], many=group["many"].split("|")[0])


def disguised() -> Iterator[str]:
    """Each curse in each disguise in each sentence."""
    for sentence in CURSED:
        for curse in CURSES:
            for spelt in _disguises(curse):
                yield sentence.format(spelt)


def _disguises(curse: str) -> tuple[str, ...]:
    return (
        curse[0] + "*" * (len(curse) - 2) + curse[-1],
        " ".join(curse),
        "-".join(curse),
        ".".join(curse),
        curse.replace("i", "1").replace("a", "@").replace("o", "0"),
        curse.replace("s", "$"),
        curse[:2] + curse[2] * 4 + curse[2:],
        curse.upper(),
        curse[:2] + "\u200b" + curse[2:],
        curse.replace("u", "ü").replace("i", "í"),
        curse.replace("c", "с").replace("a", "а").replace("i", "і"),
    )


def _matches(found: object, label: str, kind: str) -> bool:
    return getattr(found, "label", "") == label and (
        label != "discriminatory" or getattr(found, "kind", "") == kind
    )


def _is_cursing(line: str) -> bool:
    return any(one.label == "cursing" for one in screen(line))


def _channel(line: str) -> str:
    return "phone note" if line.startswith("Phone note") else "email"


def _least(name: str, found: Sequence[bool], target: float) -> Figure:
    return Figure(
        name=name, value=100 * sum(found) / max(len(found), 1), unit="%", target=target, at_least=True
    )


def _most(name: str, found: Sequence[bool], target: float) -> Figure:
    return Figure(
        name=name, value=100 * sum(found) / max(len(found), 1), unit="%", target=target, at_least=False
    )
