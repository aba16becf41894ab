"""Rulings in bulk, to measure replay by: tickets that hold nothing else, as varied as a desk's own.

Every request is drawn (topics likely and less likely, facts known, presumed and unknown) and ruled by the
policy itself, under each version that the brand had; then it is repeated at many moments. Rulings and their
records come to lie in the order of time, as they do where they are made one by one.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from evenhand.people.models import Brand, Membership, Person, Role
from evenhand.policy import FactValue, Policy
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.tickets.models import Channel, Ruling, Status, Ticket
from evenhand.tickets.records import pack, renumbered
from evenhand.tickets.verdicts import Ruled, new_ruling

DRAWN = 4_000  # different requests for each version
PAST = dt.timedelta(days=400)
TOGETHER = 20_000  # rulings in one transaction
SPREAD = ((), (0.05,), (0.12, 0.06), (0.2, 0.1, 0.05))  # what topics beside the likeliest get, at most
TAIL = 4  # topics that are hardly likely

TICKET = (
    "id brand_id subject requester_id channel status priority opened_at changed_at unread problem findable "
    "outcome clause ruled"
)
RULING = (
    "id ticket_id matter matter_text version_id state kind topics facts topic act department reply service "
    "pointers clauses gave_way limits targets calendars promised belief plausibility by_id reason overridden "
    "at"
)
RECORD = "ruling_id version_id at packed"
_JSON = ("topics", "facts", "limits", "targets", "calendars")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One request as it was ruled: the columns that every repetition shares, and its packed record."""

    ruling: Ruling
    columns: dict[str, Any]
    packed: bytes


@dataclass(frozen=True, kw_only=True)
class House:
    brand: Brand
    customer: Person
    agent: Person
    versions: Sequence[tuple[Version, Sequence[Drawn]]]  # the newest first

    def at(self, moment: dt.datetime) -> Sequence[Drawn]:
        """Requests under the version in force; under the oldest one for what came before it."""
        return next((drawn for one, drawn in self.versions if one.begins <= moment), self.versions[-1][1])


class LoadRulings:
    """Adds rulings of all brands that have a policy."""

    def __init__(self) -> None:
        self._draw = random.Random(40_000)
        self._houses = [house for brand in Brand.objects.order_by("slug") if (house := self._house(brand))]

    def add(self, count: int) -> None:
        """`count` rulings, evenly among the brands, over the time that has passed."""
        now = timezone.now()
        moments = sorted(now - PAST * self._draw.random() for _ in range(count))
        for start in range(0, count, TOGETHER):
            self._add(moments[start : start + TOGETHER])
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")

    @transaction.atomic
    def _add(self, moments: Sequence[dt.datetime]) -> None:
        tickets, rulings = _reserve(Ticket, len(moments)), _reserve(Ruling, len(moments))
        houses = itertools.cycle(self._houses)
        made = [
            (number, moment, house, self._draw.choice(house.at(moment)))
            for number, (moment, house) in enumerate(zip(moments, houses, strict=False))
        ]
        _copy(TICKET, "tickets_ticket", (_ticket(tickets + n, at, h, d) for n, at, h, d in made))
        _copy(RULING, "tickets_ruling", (_ruling(rulings + n, tickets + n, at, d) for n, at, _, d in made))
        _copy(RECORD, "tickets_rulingrecord", (_record(rulings + n, at, d) for n, at, _, d in made))

    def _house(self, brand: Brand) -> House | None:
        people = Membership.objects.filter(brand=brand).select_related("person").order_by("pk")
        customer = people.filter(role=Role.CUSTOMER).first()
        agent = people.filter(role=Role.AGENT).first()
        versions = Version.objects.standing().filter(brand=brand).order_by("-period")
        if customer is None or agent is None or not versions:
            return None
        requests = [(version, self._requests(version, agent.person)) for version in versions]
        return House(brand=brand, customer=customer.person, agent=agent.person, versions=requests)

    def _requests(self, version: Version, agent: Person) -> Sequence[Drawn]:
        policy = rulebook.policy(version)
        return [self._request(policy, version, agent) for _ in range(DRAWN)]

    def _request(self, policy: Policy, version: Version, agent: Person) -> Drawn:
        topics = self._topics(list(policy.topics))
        ruled = Ruled(text="", topics=topics, verdict=policy.rule(topics, self._facts(policy)))
        ruling = new_ruling(
            Ticket(), ruled, matter=0, version_id=version.pk, message=None, at=timezone.now(), by=None
        )
        ruling.pk = 1
        self._hand_on(ruling, agent)
        columns = {name: getattr(ruling, name) for name in RULING.split()}
        columns |= {name: json.dumps(columns[name]) for name in _JSON}
        return Drawn(ruling=ruling, columns=columns, packed=pack(ruling, policy))

    def _hand_on(self, ruling: Ruling, agent: Person) -> None:
        """What people did since: half of the proposals are accepted, two in a hundred rulings overridden."""
        luck = self._draw.random()
        if ruling.state == Ruling.State.PROPOSED and luck < 0.5:
            ruling.state, ruling.by = Ruling.State.IN_FORCE, agent
        elif luck > 0.98:
            ruling.state, ruling.by, ruling.overridden = Ruling.State.IN_FORCE, agent, True
            ruling.kind, ruling.act, ruling.reason = "agent", "help", "A courtesy."

    def _topics(self, topics: list[str]) -> dict[str, float]:
        """Most readings are sure of one topic; some waver between several; a few topics are hardly likely."""
        most = self._draw.choices(SPREAD, (55, 20, 15, 10))[0]
        others = [share * self._draw.uniform(0.5, 1) for share in most]
        tail = [self._draw.uniform(0, 0.01) for _ in range(TAIL)]
        first = (1 - sum(others) - sum(tail)) * self._draw.choice((1.0, 0.99, 0.97, 0.9, 0.7))
        shares = [first, *others, *tail]
        picked = self._draw.sample(topics, min(len(shares), len(topics)))
        return {topic: round(share, 6) for topic, share in zip(picked, shares, strict=False)}

    def _facts(self, policy: Policy) -> dict[str, FactValue]:
        """A fact left out is presumed, or unknown; the value presumed is also the commonest."""
        facts = {}
        for fact in policy.facts.values():
            luck = self._draw.random()
            values = fact.values or (fact.spell(self._draw.randint(fact.low, fact.high)),)
            if luck < 0.1:
                facts[fact.name] = FactValue(value=None, status="unknown", source="asked")
            elif luck < 0.7:
                usual = fact.presumed if fact.presumed and self._draw.random() < 0.85 else None
                facts[fact.name] = FactValue.given(usual or self._draw.choice(values), source="the record")
        return facts


def _reserve(model: type[Ticket] | type[Ruling], count: int) -> int:
    """The first of `count` numbers that nobody else will get."""
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
        cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [count])
        last: int = cursor.fetchone()[0]
        return last - count


def _copy(columns: str, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    into = f"COPY {table} ({', '.join(columns.split())}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copying:
        for row in rows:
            copying.write_row(row)


def _ticket(number: int, at: dt.datetime, house: House, drawn: Drawn) -> tuple[Any, ...]:
    ruling = drawn.ruling
    told = (number, house.brand.pk, "Measured", house.customer.pk, Channel.EMAIL, Status.CLOSED, "normal")
    clause = ruling.clauses[0] if ruling.clauses else ""
    return *told, at, at, False, "", "", ruling.act, clause, ruling.is_settled


def _ruling(number: int, ticket: int, at: dt.datetime, drawn: Drawn) -> tuple[Any, ...]:
    return tuple({**drawn.columns, "id": number, "ticket_id": ticket, "at": at}.values())


def _record(number: int, at: dt.datetime, drawn: Drawn) -> tuple[Any, ...]:
    return number, drawn.ruling.version_id, at, renumbered(drawn.packed, number, at)
