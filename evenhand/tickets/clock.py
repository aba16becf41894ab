"""The service clock: when a target such as “8 business hours” runs out on a calendar of the policy."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from evenhand.policy import Calendar

LOOK_AHEAD_DAYS = 800  # beyond this a target never runs out: the calendar has no open hours
_TARGET = re.compile(r"(\d+)\s+(business\s+)?(minute|hour|day|week)s?", re.IGNORECASE)
_WHOLE_DAY = (0, 24 * 60)  # minutes from midnight
ALWAYS = Calendar(name="always", text="every day, day and night", zone="UTC", hours=((_WHOLE_DAY,),) * 7)


def due(target: str, start: dt.datetime, calendar: Calendar = ALWAYS) -> dt.datetime | None:
    """When `target`, counted from `start` on `calendar`, runs out; None where it names no time (“none”).

    “8 business hours” and “30 minutes” count open time. “2 business days” end at the close of the second
    open day after `start`; a plain “4 days” or “1 week” is elapsed time, whatever the calendar says.
    """
    read = _TARGET.match(target.strip())
    if read is None:
        return None
    count, business, unit = int(read[1]), bool(read[2]), read[3].lower()
    if unit in ("minute", "hour"):
        return _after_open_time(dt.timedelta(**{f"{unit}s": count}), start, calendar)
    days = count * (7 if unit == "week" else 1)
    return _after_open_days(days, start, calendar) if business else start + dt.timedelta(days=days)


def _after_open_time(left: dt.timedelta, start: dt.datetime, calendar: Calendar) -> dt.datetime | None:
    for opens, closes in _stretches(calendar, start):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def _after_open_days(days: int, start: dt.datetime, calendar: Calendar) -> dt.datetime | None:
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    for _ in range(LOOK_AHEAD_DAYS):
        day += dt.timedelta(days=1)
        opened = _opened(calendar, day)
        days -= bool(opened)
        if opened and days == 0:
            return opened[-1][1]
    return None


def _stretches(calendar: Calendar, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Open stretches from `start` on, the first cut to begin there."""
    first = start.astimezone(ZoneInfo(calendar.zone)).date()
    for offset in range(LOOK_AHEAD_DAYS):
        for opens, closes in _opened(calendar, first + dt.timedelta(days=offset)):
            if closes > start:
                yield max(opens, start), closes


def _opened(calendar: Calendar, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    """The open stretches of one local day in UTC, so that a clock change lengthens or shortens them."""
    if day in calendar.closed:
        return []
    hours = calendar.hours[day.weekday()]
    return [(_instant(calendar, day, opens), _instant(calendar, day, closes)) for opens, closes in hours]


def _instant(calendar: Calendar, day: dt.date, minute: int) -> dt.datetime:
    days, minute = divmod(minute, 24 * 60)
    local = dt.datetime.combine(
        day + dt.timedelta(days=days), dt.time(minute // 60, minute % 60), tzinfo=ZoneInfo(calendar.zone)
    )
    return local.astimezone(dt.UTC)
