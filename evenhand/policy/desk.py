"""The desk schedule: how certain the desk must be to act alone, and when it asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .decisions import Outcome, minutes
from .document import Entry, Schedule
from .findings import Findings, nearest, shorten
from .words import ACTS, PERSON

KEYS = (
    "acts alone from",
    "acts alone from when we …",
    "never alone",
    "considers topics down to",
    "asks at most",
    "asks when the answer settles at least",
    "otherwise",
    "closes after",
    "reopens within",
)
_TARGET_OF = {"closes after": "closing", "reopens within": "reopening"}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Thresholds between 0 and 1. Without a desk schedule the desk acts alone only where it is certain.

    `targets`: how long the desk waits before it closes, and may be reopened, in every case of the document.
    """

    alone_from: float = 1.0
    alone_from_by: Mapping[str, float] = field(default_factory=dict)
    never_alone: frozenset[str] = frozenset()
    considers_down_to: float = 0.0
    asks_at_most: int = 1
    asks_from: float = 0.5
    targets: Mapping[str, str] = field(default_factory=dict)
    line: int = 1

    def threshold(self, outcome: Outcome) -> float:
        """The belief from which the desk acts alone: by reply, else act, else the general one (rule 21)."""
        if outcome.act == PERSON:
            return self.alone_from
        by = self.alone_from_by
        if outcome.reply is not None and outcome.reply in by:
            return by[outcome.reply]
        return by.get(outcome.act, self.alone_from)

    def never_acts_alone(self, outcome: Outcome) -> bool:
        return outcome.act in self.never_alone or outcome.reply in self.never_alone


def read_desk(schedule: Schedule | None, replies: Mapping[str, str], findings: Findings) -> Desk:
    """The thresholds that a document declares; a number outside its range is a finding."""
    reader = _Reader(replies, findings)
    for entry in schedule.entries if schedule else ():
        reader.read(entry)
    return Desk(
        alone_from=reader.shares.get("acts alone from", 1.0),
        alone_from_by=reader.by,
        never_alone=frozenset(reader.never_alone),
        considers_down_to=reader.shares.get("considers topics down to", 0.0),
        asks_at_most=reader.asks_at_most,
        asks_from=reader.shares.get("asks when the answer settles at least", 0.5),
        targets=reader.targets,
        line=schedule.line if schedule else 1,
    )


class _Reader:
    def __init__(self, replies: Mapping[str, str], findings: Findings) -> None:
        self.outcomes = (*ACTS, *replies)
        self.findings = findings
        self.shares: dict[str, float] = {}
        self.by: dict[str, float] = {}
        self.never_alone: list[str] = []
        self.asks_at_most = 1
        self.targets: dict[str, str] = {}

    def read(self, entry: Entry) -> None:
        key = entry.name
        if key.startswith("acts alone from when "):
            name = key.removeprefix("acts alone from when ").removeprefix("we ").removeprefix("reply ")
            share = self._share(entry)
            if self._is_outcome(name, entry) and share is not None:
                self.by[name] = share
        elif key in ("acts alone from", "considers topics down to", "asks when the answer settles at least"):
            share = self._share(entry)
            if share is not None:
                self.shares[key] = share
        elif key == "never alone":
            names = [name.strip() for name in entry.text.split(",")]
            self.never_alone = [name for name in names if self._is_outcome(name, entry)]
        elif key == "asks at most":
            if match := re.fullmatch(r"(\d)(?: questions?)?", entry.text):
                self.asks_at_most = int(match[1])
            else:
                self._wrong(entry, "Write a number from 0 to 9, such as 1 question.")
        elif key in _TARGET_OF:
            if minutes(entry.text) is None:
                self._wrong(entry, "Write a length of time, such as 10 days of silence.")
            else:
                self.targets[_TARGET_OF[key]] = entry.text
        elif key == "otherwise":
            if entry.text != "a person":
                self._wrong(entry, "Only a person can decide what the desk does not: write a person.")
        else:
            self.findings.error(
                "desk", entry.line, f"The desk does not know “{shorten(key)}”.", mend=nearest(key, KEYS)
            )

    def _share(self, entry: Entry) -> float | None:
        if re.fullmatch(r"[01](\.\d{1,6})?", entry.text) and 0 <= float(entry.text) <= 1:
            return float(entry.text)
        self._wrong(entry, "Write a share from 0 to 1, such as 0.85.")
        return None

    def _is_outcome(self, name: str, entry: Entry) -> bool:
        if name in self.outcomes:
            return True
        self.findings.error(
            "desk",
            entry.line,
            f"“{shorten(name)}” is neither an act nor a reply.",
            mend=nearest(name, self.outcomes),
        )
        return False

    def _wrong(self, entry: Entry, mend: str) -> None:
        self.findings.error(
            "desk", entry.line, f"“{shorten(entry.text)}” does not fit {entry.name}.", mend=mend
        )
