"""Whether one clause falls alike on everybody: its tickets by group, counted in the database.

Groups are formed from what the desk holds to do its work: how a message came, how long and how large a
customer is, and whether its tone was remarked. Names, places and faces are no groups here.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import connection

from evenhand.people.models import Brand, Person
from evenhand.people.roles import Permission

DAYS = 90
NEWEST = 20_000  # tickets of the desk that are looked at, so that the page costs the same at any size
FEWEST = 30  # of a group, and of the others, before a difference is called one
CLAUSES = 40  # the most used ones
SURE = 1.96  # standard deviations, for an interval of 95 %


@dataclass(frozen=True, kw_only=True)
class Share:
    """`count` of `of`, and the interval in which the true share lies (Wilson 1927), at 95 %."""

    count: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """
        >>> [round(end) for end in Share(count=5, of=50).interval]
        [4, 21]
        """
        if not self.of:
            return 0.0, 100.0
        n, p = self.of, self.count / self.of
        middle = p + SURE**2 / (2 * n)
        width = SURE * math.sqrt(p * (1 - p) / n + SURE**2 / (4 * n**2))
        whole = 1 + SURE**2 / n
        return max(0.0, 100 * (middle - width) / whole), min(100.0, 100 * (middle + width) / whole)

    def differs_from(self, other: Share) -> bool:
        """True where chance is an unlikely explanation: both are large enough and the intervals are apart."""
        if min(self.of, other.of) < FEWEST:
            return False
        (low, high), (other_low, other_high) = self.interval, other.interval
        return high < other_low or other_high < low


@dataclass(frozen=True, kw_only=True)
class Group:
    name: str
    tickets: int
    common: Share  # those with the clause's commonest outcome
    overridden: Share  # where a person set another outcome than the policy gives
    by_person: Share  # where a person decided or accepted
    first_reply_hours: float | None  # the median; None: nobody was replied to by a person
    is_few: bool
    stands_out: tuple[str, ...]  # which of the shares differ from those of all others


@dataclass(frozen=True, kw_only=True)
class Clause:
    number: str
    outcome: str  # the commonest act
    tickets: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class Evenness:
    by: str
    since: dt.datetime
    clauses: tuple[Clause, ...]
    few: bool = field(default=False)  # every comparison rests on too few tickets to say anything


@dataclass(frozen=True)
class _Counted:
    clause: str
    group: str
    act: str  # the clause's commonest
    tickets: int
    common: int
    overridden: int
    by_person: int
    hours: float | None


_CUSTOMER = """CASE WHEN seen.since IS NULL THEN 'not known'
 WHEN seen.since > seen.opened_at::date - 365 THEN 'under a year' ELSE 'a year or longer' END"""
_ORGANISATION = """CASE WHEN seen.members IS NULL THEN 'none known'
 WHEN seen.members = 1 THEN 'one person' ELSE 'several people' END"""
_TONE = """CASE WHEN seen.conduct IS NULL THEN 'nothing remarked'
 WHEN seen.conduct = 'confirmed' THEN 'step confirmed' ELSE 'remarked, no step' END"""
GROUPINGS = {
    "channel": ("How it came", "seen.channel"),
    "customer": ("How long a customer", _CUSTOMER),
    "organisation": ("Size of the organisation", _ORGANISATION),
    "tone": ("Tone", _TONE),
}


class UnknownGrouping(LookupError):
    """There is no grouping of that name."""


def evenness(person: Person, brand: Brand, by: str, *, now: dt.datetime) -> Evenness:
    """The brand's tickets of the last DAYS days by clause and group. Empty where `person` may not see it."""
    if by not in GROUPINGS:
        raise UnknownGrouping(by)
    since = now - dt.timedelta(days=DAYS)
    may = person.may(Permission.SEE_EVENNESS, brand)
    counted = _counted(brand, GROUPINGS[by][1], since) if may else []
    clauses = tuple(_clause(number, list(rows)) for number, rows in groupby(counted, lambda row: row.clause))
    most_used = tuple(sorted(clauses, key=lambda clause: -clause.tickets)[:CLAUSES])
    few = not any(sum(not group.is_few for group in clause.groups) > 1 for clause in most_used)
    return Evenness(by=by, since=since, clauses=most_used, few=few)


def _clause(number: str, rows: Sequence[_Counted]) -> Clause:
    groups = tuple(_group(row, [other for other in rows if other is not row]) for row in rows)
    return Clause(number=number, outcome=rows[0].act, tickets=sum(row.tickets for row in rows), groups=groups)


def _group(row: _Counted, others: Sequence[_Counted]) -> Group:
    shares = {name: Share(count=getattr(row, name), of=row.tickets) for name in _SHARES}
    rest = {name: _together(others, name) for name in _SHARES}
    return Group(
        name=row.group,
        tickets=row.tickets,
        common=shares["common"],
        overridden=shares["overridden"],
        by_person=shares["by_person"],
        first_reply_hours=row.hours,
        is_few=row.tickets < FEWEST,
        stands_out=tuple(name for name in _SHARES if shares[name].differs_from(rest[name])),
    )


_SHARES = ("common", "overridden", "by_person")


def _together(rows: Iterable[_Counted], name: str) -> Share:
    counted = [(getattr(row, name), row.tickets) for row in rows]
    return Share(count=sum(count for count, _ in counted), of=sum(of for _, of in counted))


def _counted(brand: Brand, group: str, since: dt.datetime) -> list[_Counted]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(group=group), {"brand": brand.pk, "since": since, "newest": NEWEST})
        return [_Counted(*row) for row in cursor.fetchall()]


# One ruling for each ticket, that of its first matter, since one ticket is one treatment.
_SQL = """
WITH seen AS (
    SELECT ticket.channel, ticket.opened_at, ruling.clauses[1] AS clause, ruling.act, ruling.overridden,
           ruling.by_id IS NOT NULL AS by_person, membership.since,
           extract(epoch FROM ticket.first_replied_at - ticket.opened_at) / 3600 AS hours,
           CASE WHEN ticket.organisation_id IS NULL THEN NULL ELSE
             (SELECT count(*) FROM people_membership colleague
               WHERE colleague.organisation_id = ticket.organisation_id) END AS members,
           (SELECT min(proposal.state) FROM conduct_proposal proposal
             WHERE proposal.ticket_id = ticket.id) AS conduct
      FROM tickets_ticket ticket
      JOIN tickets_ruling ruling
        ON ruling.ticket_id = ticket.id AND ruling.matter = 0 AND ruling.state = 'in force'
      LEFT JOIN people_membership membership
        ON membership.person_id = ticket.requester_id AND membership.brand_id = ticket.brand_id
       AND membership.role = 'customer'
     WHERE ticket.brand_id = %(brand)s AND ticket.opened_at >= %(since)s
       AND ticket.id > (SELECT max(id) - %(newest)s FROM tickets_ticket)
       AND cardinality(ruling.clauses) > 0
), usual AS (
    SELECT clause, mode() WITHIN GROUP (ORDER BY act) AS act FROM seen GROUP BY clause
)
SELECT seen.clause, {group} AS grouped, usual.act, count(*),
       count(*) FILTER (WHERE seen.act = usual.act),
       count(*) FILTER (WHERE seen.overridden), count(*) FILTER (WHERE seen.by_person),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seen.hours)
  FROM seen JOIN usual ON usual.clause = seen.clause
 GROUP BY seen.clause, grouped, usual.act
 ORDER BY seen.clause, grouped
"""
