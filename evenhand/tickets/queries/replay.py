"""What a draft would have changed: its replay over the rulings of a period (`evenhand policy replay`)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection

from evenhand.people.models import Brand
from evenhand.policy import Policy, PolicyError
from evenhand.policy.columns import Misfit
from evenhand.policy.endings import States
from evenhand.policy.impact import Found, Impact, Move, Side, departments, sides, target_moves
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import LONG, Version
from evenhand.tickets.models import Ruling, TicketQuerySet
from evenhand.tickets.queries.replayed import (
    Counted,
    Day,
    Group,
    QueueMove,
    ReplayReport,
    TargetMove,
    Undeclared,
    Unreadable,
)
from evenhand.tickets.records import decided, layout, packing

SUPPORT = "support"
SAMPLES = 5
TOGETHER = 100_000
"""Records read at a time: what bounds the memory, whatever the length of the period."""
DAY = 24 * 60 * 60  # seconds
WEEK = 7 * 24  # hours

READ = """
    SELECT string_agg(packed, ''::bytea), max(at), max(ruling_id)
    FROM (SELECT packed, at, ruling_id FROM tickets_rulingrecord
          WHERE version_id = %(version)s AND at >= %(since)s AND at < %(until)s
            AND (at, ruling_id) > (%(at)s, %(ruling)s)
          ORDER BY at, ruling_id LIMIT %(together)s) AS next
"""


def replay(
    brand: Brand,
    draft: Policy,
    since: dt.datetime,
    until: dt.datetime | None = None,
    *,
    visible: TicketQuerySet | None = None,
) -> ReplayReport:
    """What `draft` would have made of the brand's requests ruled from `since` until before `until` (now).

    Reads the record of every ruling that stands, about a million in a second. Sample tickets are those among
    `visible`; without it there are none.
    """
    period = since, until or dt.datetime.now(dt.UTC)
    tally, states = _Tally(), States(draft)
    for version in Version.objects.filter(brand=brand).defer(*LONG).order_by("period", "pk"):
        try:
            recorded = rulebook.policy(version)
        except PolicyError as refused:
            tally.refuse(version, refused, period)
            continue
        impact = Impact(packing(recorded), recorded, states)
        _read(impact, version, period, ZoneInfo(brand.zone))
        tally.take(impact)
    return tally.report(period, visible)


def _read(impact: Impact, version: Version, period: tuple[dt.datetime, dt.datetime], zone: ZoneInfo) -> None:
    for rows in _rows(layout(impact.packing), version, period):
        records = rows["record"]
        asked = impact.unknown(records)
        if asked:
            impact.learn(_decided({mark: int(rows["ruling"][row]) for mark, row in asked.items()}))
        impact.add(records, rows["ruling"], _days(rows["at"].astype(np.int64), zone))


def _rows(
    layout: np.dtype[Any], version: Version, period: tuple[dt.datetime, dt.datetime]
) -> Iterator[np.ndarray[Any, Any]]:
    """The records of a version, some ten thousands at a time, oldest first."""
    at, ruling = dt.datetime.min.replace(tzinfo=dt.UTC), 0
    while True:
        asked: dict[str, Any] = {
            "version": version.pk,
            "since": period[0],
            "until": period[1],
            "at": at,
            "ruling": ruling,
            "together": TOGETHER,
        }
        with connection.cursor() as cursor:
            cursor.execute(READ, asked)
            read, at, ruling = cursor.fetchone()
        if read is None:
            return
        yield np.frombuffer(read, layout)


def _days(seconds: np.ndarray[Any, Any], zone: ZoneInfo) -> np.ndarray[Any, Any]:
    """The day where the brand is, counted from 1970; by its clock of that hour."""
    hours = seconds // 3600
    first, last = int(hours.min()), int(hours.max())
    shifts = np.zeros(last - first + 1, np.int64)
    for start in range(first, last + 1, WEEK):
        end = min(start + WEEK, last + 1)
        steady = _shift(start, zone) == _shift(end - 1, zone)  # no clock is changed twice in a week
        week = [_shift(start, zone)] if steady else [_shift(hour, zone) for hour in range(start, end)]
        shifts[start - first : end - first] = week
    days: np.ndarray[Any, Any] = (seconds + shifts[hours - first]) // DAY
    return days


def _shift(hour: int, zone: ZoneInfo) -> int:
    """How many seconds the zone is ahead in an hour counted from 1970."""
    ahead = dt.datetime.fromtimestamp(hour * 3600, zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0


def _decided(numbers: dict[int, int]) -> dict[int, Any]:
    """What the marks stand for, from one ruling of each."""
    fields = ("act", "department", "reply", "service", "clauses", "targets", "calendars")
    rulings = Ruling.objects.only(*fields).in_bulk(list(numbers.values()))
    return {mark: decided(rulings[number]) for mark, number in numbers.items()}


@dataclass
class _Tally:
    """The impacts of several versions, added up."""

    groups: dict[tuple[Side, Side], Found] = field(default_factory=lambda: defaultdict(Found))
    queues: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    targets: Counter[Move] = field(default_factory=Counter)
    misfits: Counter[Misfit] = field(default_factory=Counter)
    days: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    never: Found = field(default_factory=Found)
    overridden: Found = field(default_factory=Found)
    too_many: Found = field(default_factory=Found)
    unreadable: list[Unreadable] = field(default_factory=list)
    same: int = 0
    only_targets: int = 0

    def refuse(self, version: Version, refused: PolicyError, period: tuple[dt.datetime, dt.datetime]) -> None:
        rulings = Ruling.objects.filter(version=version, at__gte=period[0], at__lt=period[1]).standing()
        if count := rulings.count():
            why = str(refused.findings[0]) if refused.findings else str(refused)
            self.unreadable.append(Unreadable(version=version.label, count=count, why=why))

    def take(self, impact: Impact) -> None:
        for old, new, count, same, samples in impact.pairs:
            moves = target_moves(old, new)
            if same:
                self.same += count
                self.only_targets += count if moves else 0
            else:
                self.groups[sides(old, new)].add(count, samples)
            for side, department in enumerate(departments(old, new)):
                self.queues[department or SUPPORT][side] += count
            for move in moves:
                self.targets[move] += count
        self.misfits += impact.replay.misfits
        for mine, theirs in (
            (self.never, impact.never),
            (self.overridden, impact.overridden),
            (self.too_many, impact.too_many),
        ):
            mine.add(theirs.count, theirs.samples)
        for day, (changed, total) in impact.days.items():
            self.days[day][0] += changed
            self.days[day][1] += total

    def report(self, period: tuple[dt.datetime, dt.datetime], visible: TicketQuerySet | None) -> ReplayReport:
        founds = [self.never, self.overridden, self.too_many, *self.groups.values()]
        tickets = _tickets({number for found in founds for number in found.samples}, visible)
        groups = sorted(self.groups.items(), key=lambda group: (-group[1].count, repr(group[0])))
        changed = sum(found.count for found in self.groups.values())
        return ReplayReport(
            since=period[0],
            until=period[1],
            total=self.same + changed,
            same=self.same,
            changed=changed,
            only_targets=self.only_targets,
            groups=tuple(_group(old, new, found, tickets) for (old, new), found in groups),
            queues=tuple(
                QueueMove(department=name, before=before, after=after)
                for name, (before, after) in sorted(self.queues.items())
            ),
            targets=tuple(_target(move, count) for move, count in self.targets.most_common()),
            never=_counted(self.never, tickets),
            overridden=_counted(self.overridden, tickets),
            too_many_topics=_counted(self.too_many, tickets),
            unreadable=tuple(self.unreadable),
            undeclared=tuple(
                Undeclared(fact=misfit.fact, value=misfit.value, count=count)
                for misfit, count in self.misfits.most_common()
            ),
            by_day=tuple(_day(day, *counts) for day, counts in sorted(self.days.items())),
        )


def _tickets(rulings: Iterable[int], visible: TicketQuerySet | None) -> dict[int, int]:
    """The tickets of rulings, among the visible ones."""
    if visible is None:
        return {}
    found = Ruling.objects.filter(pk__in=list(rulings), ticket__in=visible)
    return dict(found.values_list("pk", "ticket_id"))


def _samples(found: Found, tickets: dict[int, int]) -> tuple[int, ...]:
    newest = (tickets[number] for number in reversed(found.samples) if number in tickets)
    return tuple(dict.fromkeys(newest))[:SAMPLES]


def _counted(found: Found, tickets: dict[int, int]) -> Counted:
    return Counted(count=found.count, samples=_samples(found, tickets))


def _group(old: Side, new: Side, found: Found, tickets: dict[int, int]) -> Group:
    return Group(
        old_clauses=old.clauses,
        new_clauses=new.clauses,
        old_outcome=old.outcome,
        new_outcome=new.outcome,
        old_how=old.how,
        new_how=new.how,
        count=found.count,
        samples=_samples(found, tickets),
    )


def _target(move: Move, count: int) -> TargetMove:
    return TargetMove(
        target=move.target, before=move.before, after=move.after, direction=move.direction, count=count
    )


def _day(day: int, changed: int, total: int) -> Day:
    return Day(day=dt.date.fromordinal(day + dt.date(1970, 1, 1).toordinal()), changed=changed, total=total)
