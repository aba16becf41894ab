"""The closed vocabulary of the language: what may be said after `we`, and which slots a reply may hold."""

from __future__ import annotations

from typing import Final

OUTCOME: Final = "outcome"
STEP: Final = "conduct step"
CHARGE: Final = "charge"
CREDIT: Final = "credit"

PERSON: Final = "leave it to a person"
ACTS: Final = ("help", "decline", "quote", "assign", "point", "refuse", "ask", "close", PERSON)

PRIORITY: Final = "priority"
TARGETS: Final = (
    "first reply",
    "next reply",
    "workaround",
    "resolution",
    "quote",
    PRIORITY,
    "remind",
    "closing",
    "reopening",
)
PRIORITIES: Final = ("urgent", "high", "normal", "low")
"""Most urgent first: among several that remain possible, the earliest binds."""

STRENGTHS: Final = {"promise": "promise", "aim for": "aim", "set": "set"}
"""`promise` and `aim for` are public; what we merely `set` drives the clock and is never printed."""

MOMENT_SLOTS: Final = (
    "answer",
    "app",
    "ticket",
    "state",
    "due",
    "breach",
    "lapses",
    "until",
    "service",
    "pointers",
)
"""The slots of the moment: what a reply may leave open until it is sent (specification, rule 14)."""

SEVERITIES: Final = ("minor", "serious", "grave")
UNKNOWN: Final = "unknown"
TOPIC: Final = "topic"
SOMETHING_ELSE: Final = "something else"

HEADER_KEYS: Final = ("policy", "version", "effective", "precedence", "amends")
SCHEDULES: Final = (
    "facts",
    "never",
    "topics",
    "places",
    "departments",
    "services",
    "calendar",
    "replies",
    "desk",
    "ladder",
)


def and_list(words: tuple[str, ...] | list[str], last: str = "and") -> str:
    """Words joined as a sentence joins them.

    >>> and_list(["a", "b", "c"], "or")
    'a, b or c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
