"""By when: business hours, days, zones and holidays."""

from __future__ import annotations

import datetime as dt

import pytest

from evenhand.policy import Calendar
from evenhand.tickets.clock import due

WORKDAY = ((8 * 60, 18 * 60),)
OFFICE = Calendar(
    name="office",
    text="Monday to Friday 08:00 to 18:00 America/Chicago",
    zone="America/Chicago",
    hours=(WORKDAY,) * 5 + ((), ()),
    closed=(dt.date(2027, 1, 1),),
)
NEVER_OPEN = Calendar(name="none", text="", zone="UTC", hours=((),) * 7)


def chicago(text: str) -> dt.datetime:
    from zoneinfo import ZoneInfo

    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("target", "start", "end"),
    [
        ("8 business hours", "2027-01-04 09:00", "2027-01-04 17:00"),
        ("8 business hours", "2027-01-04 15:00", "2027-01-05 13:00"),
        ("8 business hours", "2027-01-08 17:00", "2027-01-11 15:00"),  # over a weekend
        ("8 business hours", "2026-12-31 17:00", "2027-01-04 15:00"),  # over a holiday and a weekend
        ("1 hour", "2027-01-04 03:00", "2027-01-04 09:00"),  # before opening
        ("30 minutes", "2027-01-04 17:45", "2027-01-05 08:15"),
        ("2 business days", "2027-01-07 23:00", "2027-01-11 18:00"),
        ("4 days", "2027-01-07 10:00", "2027-01-11 10:00"),
        ("1 week", "2027-01-07 10:00", "2027-01-14 10:00"),
    ],
)
def test_a_target_runs_out_on_the_office_calendar(target: str, start: str, end: str) -> None:
    assert due(target, chicago(start), OFFICE) == chicago(end)


def test_a_closing_time_is_still_within_the_day() -> None:
    assert due("10 business hours", chicago("2027-01-04 08:00"), OFFICE) == chicago("2027-01-04 18:00")


def test_an_hour_lost_to_summer_time_is_not_counted() -> None:
    night = Calendar(name="night", text="", zone="America/Chicago", hours=(((0, 24 * 60),),) * 7)
    assert due("24 hours", chicago("2027-03-13 12:00"), night) == chicago("2027-03-14 13:00")


def test_elapsed_time_needs_no_calendar() -> None:
    start = dt.datetime(2027, 1, 2, 23, 30, tzinfo=dt.UTC)
    assert due("1 hour", start) == start + dt.timedelta(hours=1)


@pytest.mark.parametrize("target", ["none", "", "soon", "hours 8"])
def test_what_names_no_time_is_never_due(target: str) -> None:
    assert due(target, chicago("2027-01-04 09:00"), OFFICE) is None


def test_a_calendar_that_never_opens_is_never_due() -> None:
    assert due("1 hour", chicago("2027-01-04 09:00"), NEVER_OPEN) is None
    assert due("2 business days", chicago("2027-01-04 09:00"), NEVER_OPEN) is None
