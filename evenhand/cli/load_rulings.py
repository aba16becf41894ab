"""Rulings in bulk, to measure replay by: tickets that hold nothing else, as varied as a desk's own.

Every request is drawn (topics likely and less likely, facts known, presumed and unknown) and ruled by the
policy itself, under each version that the brand had; then it is repeated at many moments. Rulings and their
records come to lie in the order of time, as they do where they are made one by one.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from evenhand.people.models import Brand, Membership, Person, Role
from evenhand.policy import FactValue, Policy
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.tickets.models import Channel, Ruling, Status, Ticket
from evenhand.tickets.records import pack
from evenhand.tickets.verdicts import Ruled, new_ruling

DRAWN = 10_000  # different requests for each version
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
    """One request under one version: its ruling without number, ticket and moment."""

    ruling: Ruling
    columns: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class House:
    brand: Brand
    customer: Person
    agent: Person
    versions: Sequence[tuple[Version, Policy, Sequence[Drawn]]]  # the newest first

    def at(self, moment: dt.datetime) -> tuple[Version, Policy, Sequence[Drawn]]:
        """The version in force; the oldest one for what came before it."""
        return next((one for one in self.versions if one[0].begins <= moment), self.versions[-1])


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
        rulings = list(self._made(moments, _reserve(Ticket, len(moments)), _reserve(Ruling, len(moments))))
        _copy(Ticket, TICKET, (self._ticket(house, ruling) for house, ruling, _, _ in rulings))
        _copy(Ruling, RULING, (_ruling(ruling, drawn) for _, ruling, _, drawn in rulings))
        records = ((r.pk, r.version_id, r.at, pack(r, policy)) for _, r, policy, _ in rulings)
        _copy_to("tickets_rulingrecord", RECORD, records)

    def _made(
        self, moments: Sequence[dt.datetime], tickets: int, rulings: int
    ) -> Iterator[tuple[House, Ruling, Policy, Drawn]]:
        for number, moment in enumerate(moments):
            house = self._houses[number % len(self._houses)]
            version, policy, requests = house.at(moment)
            drawn = self._draw.choice(requests)
            ruling = drawn.ruling
            ruling = Ruling(**{name: getattr(ruling, name) for name in _KEPT}, version_id=version.pk)
            ruling.pk, ruling.ticket_id, ruling.at = rulings + number, tickets + number, moment
            self._hand_on(ruling, house)
            yield house, ruling, policy, drawn

    def _hand_on(self, ruling: Ruling, house: House) -> None:
        """What people did since: half of the proposals are accepted, two in a hundred rulings overridden."""
        luck = self._draw.random()
        if ruling.state == Ruling.State.PROPOSED and luck < 0.5:
            ruling.state, ruling.by = Ruling.State.IN_FORCE, house.agent
        elif luck > 0.98:
            ruling.state, ruling.by, ruling.overridden = Ruling.State.IN_FORCE, house.agent, True
            ruling.kind, ruling.act, ruling.reason = "agent", "help", "A courtesy."

    def _ticket(self, house: House, ruling: Ruling) -> tuple[Any, ...]:
        clause = ruling.clauses[0] if ruling.clauses else ""
        settled = ruling.state == Ruling.State.IN_FORCE
        told = (ruling.ticket_id, house.brand.pk, "Measured", house.customer.pk, Channel.EMAIL, Status.CLOSED)
        return *told, "normal", ruling.at, ruling.at, False, "", "", ruling.act, clause, settled

    def _house(self, brand: Brand) -> House | None:
        people = Membership.objects.filter(brand=brand).select_related("person").order_by("pk")
        customer = people.filter(role=Role.CUSTOMER).first()
        agent = people.filter(role=Role.AGENT).first()
        versions = Version.objects.standing().filter(brand=brand).order_by("-period")
        if customer is None or agent is None or not versions:
            return None
        return House(
            brand=brand,
            customer=customer.person,
            agent=agent.person,
            versions=[self._requests(version, rulebook.policy(version)) for version in versions],
        )

    def _requests(self, version: Version, policy: Policy) -> tuple[Version, Policy, Sequence[Drawn]]:
        drawn = [self._request(policy, version) for _ in range(DRAWN)]
        return version, policy, drawn

    def _request(self, policy: Policy, version: Version) -> Drawn:
        topics = self._topics(list(policy.topics))
        verdict = policy.rule(topics, self._facts(policy))
        ruled = Ruled(text="", topics=topics, verdict=verdict)
        ruling = new_ruling(
            Ticket(), ruled, matter=0, version_id=version.pk, message=None, at=timezone.now(), by=None
        )
        return Drawn(ruling=ruling, columns=tuple(json.dumps(getattr(ruling, name)) for name in _JSON))

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


_SET_LATER = ("id", "ticket_id", "version_id", "by_id", "at")
_KEPT = tuple(name for name in RULING.split() if name not in _SET_LATER)


def _reserve(model: type[Ticket] | type[Ruling], count: int) -> int:
    """The first of `count` numbers that nobody else will get."""
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
        cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [count])
        last: int = cursor.fetchone()[0]
        return last - count


def _copy(model: type[Ticket] | type[Ruling], columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    _copy_to(model._meta.db_table, columns, rows)


def _copy_to(table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns.split())}) FROM STDIN") as copying,
    ):
        for row in rows:
            copying.write_row(row)


def _ruling(ruling: Ruling, drawn: Drawn) -> tuple[Any, ...]:
    ready = dict(zip(_JSON, drawn.columns, strict=True))
    return tuple(ready[name] if name in ready else getattr(ruling, name) for name in RULING.split())
