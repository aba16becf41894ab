"""Live pages: one LISTEN connection for each process, fanned out to every open page.

A page hears only “ticket 10482 changed” or “draft 12 changed” of a brand it may watch, and fetches it again
as its reader: what that reader may not see, the fetch does not show. Streams hold no database connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from weakref import WeakKeyDictionary

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

from evenhand.jobs.live import CHANNEL

log = logging.getLogger(__name__)
HEARTBEAT = 25.0  # seconds; proxies cut connections that are silent for a minute
AGAIN_AFTER = 1.0  # seconds until a lost connection is tried again
MOST_PENDING = 200  # a page that is this far behind loads its list again
ADDRESS = {"dbname", "user", "password", "host", "port", "sslmode"}
Changed = tuple[str, int]  # what and which
KINDS = ("ticket", "draft")
LOOK_AGAIN: Changed = ("again", -1)  # “something changed that I cannot name”


class Ear:
    """What one open page has not been told yet. Telling it twice of a thing tells it once."""

    def __init__(self) -> None:
        self._pending: dict[Changed, None] = {}
        self._woken = asyncio.Event()

    def hear(self, changed: Changed) -> None:
        if len(self._pending) >= MOST_PENDING:
            self._pending = {LOOK_AGAIN: None}
        else:
            self._pending[changed] = None
        self._woken.set()

    async def changed(self) -> tuple[Changed, ...]:
        """What changed since the last call; waits for one."""
        await self._woken.wait()
        self._woken = asyncio.Event()
        heard, self._pending = tuple(self._pending), {}
        return heard


class Exchange:
    """One event loop's connection to the database's notices, held while anybody listens."""

    def __init__(self) -> None:
        self._ears: defaultdict[int, list[Ear]] = defaultdict(list)  # by brand
        self._listening: asyncio.Task[None] | None = None

    @contextmanager
    def ear(self, brand_id: int) -> Iterator[Ear]:
        """An ear for one brand, for as long as the block runs."""
        listeners = self._ears[brand_id]
        ear = Ear()
        listeners.append(ear)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.get_running_loop().create_task(self._listen_for_ever())
        try:
            yield ear
        finally:
            listeners.remove(ear)
            self._rest()

    def _rest(self) -> None:
        if self._listening and not any(self._ears.values()):
            self._listening.cancel()
            self._listening = None

    async def _listen_for_ever(self) -> None:
        while True:
            with suppress(OSError, psycopg.Error):
                await self._listen()
            log.warning("The connection for live pages was lost; trying again.")
            await asyncio.sleep(AGAIN_AFTER)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(_address(), autocommit=True) as wire:
            await wire.execute(f"LISTEN {CHANNEL}")
            self._tell_everybody(LOOK_AGAIN)  # whatever was said while nobody listened
            async for notice in wire.notifies():
                self._pass_on(notice.payload)

    def _pass_on(self, payload: str) -> None:
        """`ticket:10482:1`: what, which, and of which brand."""
        kind, _, rest = payload.partition(":")
        number, _, brand_id = rest.partition(":")
        if kind in KINDS and number.isdigit() and brand_id.isdigit():
            for ear in self._ears.get(int(brand_id), ()):
                ear.hear((kind, int(number)))

    def _tell_everybody(self, changed: Changed) -> None:
        for ears in self._ears.values():
            for ear in ears:
                ear.hear(changed)


_exchanges: WeakKeyDictionary[asyncio.AbstractEventLoop, Exchange] = WeakKeyDictionary()


def exchange() -> Exchange:
    """The running event loop's exchange."""
    loop = asyncio.get_running_loop()
    if loop not in _exchanges:
        _exchanges[loop] = Exchange()
    return _exchanges[loop]


async def stream(brand_id: int) -> AsyncIterator[bytes]:
    """Server-sent events of one brand, until the page goes away."""
    with exchange().ear(brand_id) as ear:
        yield b"retry: 2000\n\n"
        while True:
            try:
                heard = await asyncio.wait_for(ear.changed(), HEARTBEAT)
            except TimeoutError:
                yield b": still here\n\n"
            else:
                yield b"".join(_event(changed) for changed in heard)


def _event(changed: Changed) -> bytes:
    kind, number = changed
    data = "" if changed == LOOK_AGAIN else f" {number}"
    return f"event: {kind}\ndata:{data}\n\n".encode()


def _address() -> str:
    """The database's address, without what belongs to Django's pool."""
    given = connections["default"].get_connection_params()
    return make_conninfo(**{key: value for key, value in given.items() if key in ADDRESS})
