"""Open pages are told at once, of their own brand alone, and cost the database nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from evenhand.desk import live
from evenhand.desk.tests.scene import DESK, a_ticket, signed_in
from evenhand.desk.tests.served import served
from evenhand.people.actions import add_staff
from evenhand.people.models import Brand, Person
from evenhand.tickets import actions
from evenhand.tickets.models import Ticket

STREAMS = 300
PATIENCE = 20.0  # seconds; far more than it takes, so that a busy machine does not fail the test


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    with served() as address:
        yield address
    connections.close_all()


@pytest.fixture
def ticket(transactional_db: None, ac: Brand, cora: Person) -> Ticket:
    return a_ticket(ac, cora)


@pytest.fixture
def bea(sp: Brand) -> Person:
    return add_staff(sp, "bea@desk.example", name="Bea Agent", roles=["agent"], teams=["support"], by=None)


def cookies(person: Person) -> dict[str, str]:
    return {"sessionid": signed_in(person).cookies["sessionid"].value}


async def events(stream: httpx.Response, most: int) -> list[str]:
    """The first `most` named events with their data."""
    found, name = [], ""
    async for line in stream.aiter_lines():
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            found.append(f"{name} {line[5:].strip()}".strip())
            if len(found) == most:
                break
    return found


def with_streams(
    address: str,
    path: str,
    jar: dict[str, str],
    count: int,
    then: Callable[[list[httpx.Response]], Awaitable[Any]],
) -> Any:
    """Open `count` streams, wait until each has heard that listening began, then run `then` on them."""

    async def run() -> Any:
        limits = httpx.Limits(max_connections=None)
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=address, cookies=jar, timeout=PATIENCE, limits=limits)
            )
            opened = [await stack.enter_async_context(client.stream("GET", path)) for _ in range(count)]
            assert {stream.status_code for stream in opened} == {200}
            return await asyncio.wait_for(then(opened), PATIENCE)

    return asyncio.run(run())


def test_an_open_page_hears_that_its_ticket_changed(address: str, ticket: Ticket, ana_agent: Person) -> None:
    async def then(streams: list[httpx.Response]) -> list[str]:
        hearing = asyncio.ensure_future(events(streams[0], 2))
        while not await _is_heard(address):
            await asyncio.sleep(0.01)
        await sync_to_async(actions.note)(ticket, by=ana_agent, text="Looked at it.")
        return await hearing

    heard = with_streams(address, f"{DESK}/live", cookies(ana_agent), 1, then)
    assert heard == ["again", f"ticket {ticket.pk}"]


def test_300_streams_leave_a_pool_of_10_to_the_pages(address: str, ticket: Ticket, ana_agent: Person) -> None:
    jar = cookies(ana_agent)
    assert settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] == 10

    async def then(streams: list[httpx.Response]) -> list[int]:
        async with httpx.AsyncClient(base_url=address, cookies=jar, timeout=PATIENCE) as client:
            asked = (client.get(f"{DESK}/tickets/{ticket.pk}") for _ in range(20))
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert with_streams(address, f"{DESK}/live", jar, STREAMS, then) == [200] * 20


def test_a_stream_hears_nothing_of_another_brand() -> None:
    exchange = live.Exchange()
    ours, theirs = live.Ear(), live.Ear()
    exchange._ears[1].append(ours)
    exchange._ears[2].append(theirs)
    exchange._pass_on("ticket:10482:1")
    assert (list(ours._pending), list(theirs._pending)) == ([("ticket", 10482)], [])


def test_a_stream_of_a_brand_one_does_not_staff_is_refused(ac: Brand, bea: Person) -> None:
    assert signed_in(bea).get(f"{DESK}/live").status_code == 403


@pytest.mark.parametrize("payload", ["", "ticket", "ticket:1", "ticket:x:1", "other:1:1", "ticket:1:1:1"])
def test_a_notice_that_cannot_be_read_is_passed_over(payload: str) -> None:
    exchange, ear = live.Exchange(), live.Ear()
    exchange._ears[1].append(ear)
    exchange._pass_on(payload)
    assert not ear._pending


def test_a_page_far_behind_is_told_to_look_again() -> None:
    async def fall_behind() -> tuple[live.Changed, ...]:
        ear = live.Ear()
        for number in range(live.MOST_PENDING + 1):
            ear.hear(("ticket", number))
        return await ear.changed()

    assert asyncio.run(fall_behind()) == (live.LOOK_AGAIN,)


async def _is_heard(address: str) -> bool:
    """True once the listener's first word is out: what is said from now on reaches it."""
    return await sync_to_async(_listeners)() > 0


def _listeners() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query = %s AND datname = current_database()",
            [f"LISTEN {live.CHANNEL}"],
        )
        return int(cursor.fetchone()[0])
