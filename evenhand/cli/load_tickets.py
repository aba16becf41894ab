"""Tickets as a busy desk holds them: each ruled by the policy in force, most done, some late, some asked."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from evenhand.people.models import Brand, Membership, Organisation, Person, Role, Team
from evenhand.policy import Policy, Verdict
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.stores.models import Store
from evenhand.tickets.models import Channel, Event, Message, Ruling, RulingRecord, Status, Ticket
from evenhand.tickets.records import record
from evenhand.tickets.verdicts import Ruled, acts_by_itself, new_ruling

CUSTOMERS = 2000  # beside the demo's own, half for each brand
PAST = dt.timedelta(days=400)
STATUSES = (
    (Status.CLOSED, 30),
    (Status.SOLVED, 30),
    (Status.NEW, 12),
    (Status.OPEN, 12),
    (Status.WAITING_ON_CUSTOMER, 8),
    (Status.WAITING_ON_US, 6),
    (Status.SNOOZED, 2),
)
GREETINGS = ("Hello,", "Good morning,", "Hi there,", "Dear support team,", "Hi,")
BACKGROUND = (
    "We noticed it on Tuesday while packing orders and have tried a second browser since.",
    "Nothing was changed on our side in the last two weeks, as far as I know.",
    "My colleague sees the same on her laptop, so it is not only my machine.",
    "Our busiest weekend of the year is coming up and I would like this out of the way.",
    "I looked through the admin and could not find where this is set.",
    "Two customers wrote to us about it, and one of them gave up on the order.",
    "It worked the last time I looked, which must have been in spring.",
)
CLOSINGS = ("Thanks for your help.", "Kind regards", "Many thanks in advance.", "Best wishes", "Thank you")
REPLIES = (
    "Thank you for the details. I have looked at your store; the setting that caused it is put right now.",
    "You find this in your admin under Settings. The article we link to shows each step with pictures.",
    "I could see the same here. It is our fault and has gone to the developers with your description.",
)
FIRST_NAMES = (
    "Ada",
    "Bruno",
    "Chidi",
    "Dana",
    "Emil",
    "Farah",
    "Goran",
    "Hana",
    "Ivo",
    "Joan",
    "Kofi",
    "Lena",
)
LAST_NAMES = (
    "Abbott",
    "Brandt",
    "Castillo",
    "Dvorak",
    "Eriksen",
    "Fontaine",
    "Gupta",
    "Hughes",
    "Ito",
    "Jansen",
)
TRADES = (
    "Candles",
    "Cycles",
    "Teas",
    "Lamps",
    "Books",
    "Tools",
    "Seeds",
    "Toys",
    "Boots",
    "Clocks",
    "Pens",
    "Rugs",
)


@dataclass(frozen=True, kw_only=True)
class House:
    """One brand with everything that its tickets refer to."""

    brand: Brand
    version: Version
    policy: Policy
    verdicts: dict[str, Verdict]  # by topic
    customers: Sequence[tuple[Person, int]]  # with their organisation's number
    agents: Sequence[Person]
    teams: dict[str, Team]


class Load:
    """Adds tickets in bulk. The same desk and the same numbers give the same tickets."""

    def __init__(self, houses: Sequence[House]) -> None:
        self._houses = houses
        self._draw = random.Random(20_000)
        self._now = timezone.now()

    @classmethod
    def prepared(cls) -> Load:
        """With customers of its own for each brand that has a policy in force."""
        return cls([_house(brand, number) for number, brand in enumerate(Brand.objects.order_by("slug")[:2])])

    @transaction.atomic
    def add(self, numbers: Iterable[int]) -> None:
        """One ticket for each number, with its messages, ruling and events."""
        made = [self._ticket(self._houses[number % len(self._houses)], number) for number in numbers]
        Ticket.objects.bulk_create([ticket for _, ticket, _ in made])
        messages, events, rulings = [], [], []
        for house, ticket, topic in made:
            said = self._messages(house, ticket, topic)
            messages += said
            rulings.append(self._ruling(house, ticket, topic, said[0]))
            events += self._events(ticket, house, rulings[-1])
        Message.objects.bulk_create(messages, batch_size=2000)
        Ruling.objects.bulk_create(rulings, batch_size=2000)
        kept = [record(ruling, house.policy) for ruling, (house, _, _) in zip(rulings, made, strict=True)]
        RulingRecord.objects.bulk_create(kept, batch_size=2000)
        Event.objects.bulk_create(events, batch_size=2000)

    def settle(self) -> None:
        """Give the planner its figures, as a desk has them that grew over a year."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")

    def _ticket(self, house: House, number: int) -> tuple[House, Ticket, str]:
        topic = self._draw.choice(list(house.verdicts))
        decision = house.verdicts[topic].decision
        person, organisation = self._draw.choice(house.customers)
        opened = self._now - PAST * self._draw.random() ** 2
        status = self._draw.choices([s for s, _ in STATUSES], [weight for _, weight in STATUSES])[0]
        subject = self._subject(house, topic, number)
        ticket = Ticket(
            brand=house.brand,
            subject=subject,
            requester=person,
            organisation_id=organisation,
            channel=self._draw.choice([Channel.EMAIL, Channel.EMAIL, Channel.FORM]),
            status=status,
            priority=self._draw.choice(["normal", "normal", "normal", "high", "low"]),
            team=house.teams.get(decision.department or "support") if decision else None,
            assignee=self._draw.choice(house.agents) if self._draw.random() < 0.5 else None,
            opened_at=opened,
            changed_at=min(opened + dt.timedelta(hours=self._draw.expovariate(1 / 30)), self._now),
            snoozed_until=self._now + dt.timedelta(days=3) if status == Status.SNOOZED else None,
            unread=status in (Status.NEW, Status.OPEN),
            findable=f"{subject} {person.name} {person.email}",
            outcome=decision.act if decision else "",
            clause=decision.clauses[0] if decision else "",
            ruled=acts_by_itself(house.verdicts[topic]),
        )
        if status in (Status.NEW, Status.OPEN, Status.WAITING_ON_US):
            ticket.first_reply_due = ticket.due_at = self._now + dt.timedelta(
                hours=self._draw.uniform(-40, 60)
            )
        if status != Status.NEW:
            ticket.first_replied_at = opened + dt.timedelta(hours=self._draw.uniform(0.5, 9))
        return house, ticket, topic

    def _subject(self, house: House, topic: str, number: int) -> str:
        said = self._draw.choice(
            house.policy.topics[topic].sayings or (house.policy.topics[topic].description,)
        )
        return f"{said[:1].upper()}{said[1:200]} ({number})"

    def _messages(self, house: House, ticket: Ticket, topic: str) -> list[Message]:
        said = self._draw.choice(
            house.policy.topics[topic].sayings or (house.policy.topics[topic].description,)
        )
        story = self._draw.sample(BACKGROUND, self._draw.randint(1, 4))
        text = "\n\n".join([self._draw.choice(GREETINGS), said, " ".join(story), self._draw.choice(CLOSINGS)])
        first = Message(
            ticket=ticket,
            kind=Message.Kind.CUSTOMER,
            author=ticket.requester,
            channel=ticket.channel,
            text=text,
            at=ticket.opened_at,
            mail_id=f"{self._draw.getrandbits(64):x}@load.example" if ticket.channel == Channel.EMAIL else "",
        )
        if ticket.first_replied_at is None:
            return [first]
        reply = Message(
            ticket=ticket,
            kind=Message.Kind.REPLY,
            author=self._draw.choice(house.agents),
            channel=ticket.channel,
            text=self._draw.choice(REPLIES),
            at=ticket.first_replied_at,
        )
        return [first, reply]

    def _ruling(self, house: House, ticket: Ticket, topic: str, message: Message) -> Ruling:
        ruled = Ruled(text=message.text, topics={topic: 0.93, "unclear": 0.02}, verdict=house.verdicts[topic])
        return new_ruling(
            ticket,
            ruled,
            matter=0,
            version_id=house.version.pk,
            message=None,
            at=ticket.opened_at,
            by=None,
        )

    def _events(self, ticket: Ticket, house: House, ruling: Ruling) -> list[Event]:
        line = {"act": ruling.act, "clauses": ruling.clauses, "topic": ruling.topic, "state": ruling.state}
        facts = {"version": house.version.label, "rulings": [line]}
        return [
            Event(
                ticket=ticket,
                at=ticket.opened_at,
                kind="opened",
                facts={"channel": ticket.channel},
                public=True,
            ),
            Event(
                ticket=ticket, at=ticket.opened_at, kind="ruled" if ticket.ruled else "proposed", facts=facts
            ),
        ]


def _house(brand: Brand, number: int) -> House:
    version = rulebook.in_force(brand)
    policy = rulebook.policy(version)
    agents = Person.objects.filter(memberships__brand=brand, memberships__role=Role.AGENT).order_by("pk")
    return House(
        brand=brand,
        version=version,
        policy=policy,
        verdicts={topic: policy.rule({topic: 0.93, "unclear": 0.02}, {}) for topic in policy.topics},
        customers=_customers(brand, CUSTOMERS // 2, random.Random(number)),
        agents=list(agents),
        teams={team.slug: team for team in Team.objects.filter(brand=brand)},
    )


@transaction.atomic
def _customers(brand: Brand, count: int, draw: random.Random) -> list[tuple[Person, int]]:
    """Customers with organisation and store, found again where an earlier load made them."""
    known = Membership.objects.filter(
        brand=brand, role=Role.CUSTOMER, person__email__endswith="@load.example"
    )
    if known.exists():
        return [(m.person, m.organisation_id or 0) for m in known.select_related("person").order_by("pk")]
    firms = Organisation.objects.bulk_create(
        Organisation(brand=brand, name=f"{draw.choice(LAST_NAMES)} {draw.choice(TRADES)} {number}")
        for number in range(count)
    )
    people = Person.objects.bulk_create(
        Person(
            email=f"{brand.slug}-{number}@load.example",
            name=f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}",
            password="!",  # noqa: S106 - no password: sign-in is by code
        )
        for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(
            person=person, brand=brand, role=Role.CUSTOMER, organisation=firm, customer_status="current"
        )
        for person, firm in zip(people, firms, strict=True)
    )
    Store.objects.bulk_create(
        Store(
            brand=brand,
            organisation=firm,
            reference=f"load-{number}",
            domain=f"shop-{number}.{brand.slug}.load.example",
            plan=draw.choice(["basic", "standard", "pro", "enterprise"]),
            theme_state=draw.choice(["fresh", "customised", ""]),
        )
        for number, firm in enumerate(firms)
    )
    return [(person, firm.pk) for person, firm in zip(people, firms, strict=True)]
