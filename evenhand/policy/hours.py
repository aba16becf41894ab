"""Calendars as a document writes them: `Monday to Friday 08:00 to 18:00 America/Chicago`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from .document import Entry
from .findings import Findings, nearest, shorten

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALL_DAY = (0, 24 * 60)

_STRETCH = re.compile(r"(\w+)(?: to (\w+))? (\d{2}):(\d{2}) to (\d{2}):(\d{2})")


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Open hours by weekday (0 is Monday), as stretches of minutes from midnight in `zone`.

    `closed` days have no open minute. `text` is the entry as written.
    """

    name: str
    text: str
    zone: str
    hours: tuple[tuple[tuple[int, int], ...], ...]
    closed: tuple[date, ...] = ()

    @property
    def always_open(self) -> bool:
        return not self.closed and all(day == (ALL_DAY,) for day in self.hours)


def read_calendar(entry: Entry, findings: Findings) -> Calendar | None:
    """One entry of the calendar block, or None with a finding at its line."""
    hours: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    text = entry.text
    zone = "UTC"
    if text.startswith("every day, day and night"):
        hours = [[ALL_DAY] for _ in DAYS]
        zone = text[24:].strip() or zone
    else:
        text, _, zone = text.rpartition(" ")
        for stretch in text.split(","):
            if not _add_stretch(stretch.strip(), hours):
                findings.error(
                    "calendar",
                    entry.line,
                    f"“{shorten(stretch.strip())}” is no stretch of hours.",
                    mend="Write Monday to Friday 08:00 to 18:00 America/Chicago.",
                )
                return None
    if not _is_zone(zone):
        findings.error(
            "calendar",
            entry.line,
            f"“{shorten(zone)}” is no time zone.",
            mend="Write it as America/Chicago or Europe/Rome.",
        )
        return None
    closed = _closed_days(entry, findings)
    whole = " ".join([entry.text, *(more.text for more in entry.more)])
    stretches = tuple(tuple(sorted(day)) for day in hours)
    return Calendar(name=entry.name, text=whole, zone=zone, hours=stretches, closed=closed)


@cache
def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):
        return False


def _add_stretch(text: str, hours: list[list[tuple[int, int]]]) -> bool:
    match = _STRETCH.fullmatch(text)
    if match is None or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
        return False
    opens, closes = int(match[3]) * 60 + int(match[4]), int(match[5]) * 60 + int(match[6])
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    if not 0 <= opens < closes <= 24 * 60 or first > last:
        return False
    for day in range(first, last + 1):
        hours[day].append((opens, closes))
    return True


def _closed_days(entry: Entry, findings: Findings) -> tuple[date, ...]:
    closed: list[date] = []
    for more in entry.more:
        if not more.text.startswith("closed "):
            findings.error(
                "calendar",
                more.line,
                f"“{shorten(more.text)}” is not known here.",
                mend=nearest(more.text.split(" ")[0], ("closed",)),
            )
            continue
        for day in more.text[7:].split(","):
            try:
                closed.append(date.fromisoformat(day.strip()))
            except ValueError:
                findings.error(
                    "calendar", more.line, f"“{shorten(day.strip())}” is no date.", mend="Write 2027-12-24."
                )
    return tuple(closed)
