"""The SMTP door. A mail is answered with 250 only when it is committed; until then its sender keeps it.

Mails that wait at the same moment share one transaction, so that the disk is waited for once for all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from evenhand.intake import actions
from evenhand.intake.incoming import Incoming, from_mail
from evenhand.people import queries as people
from evenhand.people.models import Brand

log = logging.getLogger(__name__)
T = TypeVar("T")

KEPT = "250 2.0.0 Kept"
NO_MAILBOX = "550 5.1.1 There is no such mailbox here"
NOT_NOW = "451 4.3.0 The desk cannot keep mail at this moment; please send it again later"
NO_ROOM = "452 4.3.1 The desk has no room for this mail at this moment; please send it again later"
READERS = 2  # threads that rebuild and redact mail
MOST_TOGETHER = 40  # mails in one transaction
TRIES, PAUSE = (
    8,
    0.5,
)  # a database that restarts is waited for, seconds between tries, before the sender is put off
REMEMBER = 10.0  # seconds for which a mailbox is known without asking again
LONGEST_LINE = 1024 * 1024  # bytes; RFC 5321 says 1,000, and real mail does not keep to it


def run(stop: threading.Event) -> None:
    """Listen on MAIL_HOST:MAIL_PORT until `stop` is set; mails under way are answered first."""
    asyncio.run(_serve(stop))


async def _serve(stop: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(READERS, thread_name_prefix="mail-reader") as readers:
        keeper = Keeper()
        keeping = loop.create_task(keeper.run())
        door = Door(readers, keeper)
        server = await loop.create_server(
            lambda: _Protocol(
                door,
                data_size_limit=settings.MAIL_MOST_BYTES,
                enable_SMTPUTF8=True,
                hostname=settings.MAIL_DOMAIN,
                ident="Evenhand",
                loop=loop,
            ),
            settings.MAIL_HOST,
            settings.MAIL_PORT,
        )
        while not stop.is_set():
            await asyncio.sleep(0.1)
        server.close()
        await keeper.drain()
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


class _Protocol(SMTP):
    line_length_limit = LONGEST_LINE


class Door:
    """What is answered to each command of a conversation."""

    def __init__(self, readers: ThreadPoolExecutor, keeper: Keeper) -> None:
        self._readers, self._keeper = readers, keeper
        self._mailboxes = Mailboxes()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        try:
            brand = await self._in_thread(lambda: self._mailboxes.brand(address))
        except DatabaseError:
            return NOT_NOW
        if brand is None:
            return NO_MAILBOX
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        try:
            read = await self._in_thread(lambda: self._rebuild(raw, envelope))
            await asyncio.gather(*(self._keeper.keep(incoming) for incoming in read))
        except (DatabaseError, InterfaceError) as error:
            log.warning("A mail could not be kept: %s", type(error).__name__)
            return NOT_NOW
        except OSError as error:
            log.error("A mail's files could not be kept: %s", error.strerror)
            return NO_ROOM
        return KEPT

    def _rebuild(self, raw: bytes, envelope: Envelope) -> list[Incoming]:
        """One message for each brand that it was sent to; an address with a token speaks for its brand."""
        to: dict[int, tuple[Brand, str]] = {}
        for address in sorted(envelope.rcpt_tos, key=lambda given: "+" in given):
            if brand := self._mailboxes.brand(address):
                to[brand.pk] = (brand, address)
        return [
            from_mail(raw, brand=brand, recipient=address, automatic=not envelope.mail_from)
            for brand, address in to.values()
        ]

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, _with_database, work)


class Mailboxes:
    """Which brand an address belongs to, remembered for a few seconds; unknown ones are asked each time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Brand]] = {}

    def brand(self, address: str) -> Brand | None:
        local, _, domain = address.rpartition("@")
        mailbox = f"{local.partition('+')[0]}@{domain}".lower()
        until, known = self._known.get(mailbox, (0.0, None))
        if known and time.monotonic() < until:
            return known
        brand = people.brand_of_mailbox(mailbox) if "\0" not in mailbox else None
        if brand:
            self._known[mailbox] = (time.monotonic() + REMEMBER, brand)
        return brand


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    incoming: Incoming
    kept: asyncio.Future[None]


class Keeper:
    """Commits what waits, together; where together fails, each alone, so that one bad mail harms no other."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mail-keeper")

    async def keep(self, incoming: Incoming) -> None:
        """Return when it is committed; raise what prevented that."""
        kept = asyncio.get_running_loop().create_future()
        await self._waiting.put(_Waiting(incoming=incoming, kept=kept))
        await kept

    async def run(self) -> None:
        while True:
            together = [await self._waiting.get()]
            while len(together) < MOST_TOGETHER and not self._waiting.empty():
                together.append(self._waiting.get_nowait())
            await self._commit(together)
            for _ in together:
                self._waiting.task_done()

    async def drain(self) -> None:
        await self._waiting.join()

    async def _commit(self, together: Sequence[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        incoming = [one.incoming for one in together]
        results = await loop.run_in_executor(self._thread, _accept, incoming)
        for one, error in zip(together, results, strict=True):
            if one.kept.done():  # its sender hung up meanwhile; the mail is kept all the same
                continue
            if error is None:
                one.kept.set_result(None)
            else:
                one.kept.set_exception(error)


def _accept(incoming: Sequence[Incoming]) -> list[Exception | None]:
    """What prevented each from being kept; None for what is committed."""
    error = _tried(incoming)
    if error is None:
        return [None] * len(incoming)
    if len(incoming) == 1 or isinstance(error, OperationalError | InterfaceError):
        return [error] * len(incoming)
    return [_tried([one]) for one in incoming]


def _tried(incoming: Sequence[Incoming]) -> Exception | None:
    for attempt in range(TRIES):
        try:
            _with_database(lambda: actions.accept_all(incoming))
        except (OperationalError, InterfaceError) as error:
            if attempt == TRIES - 1:
                return error
            time.sleep(PAUSE)
        except Exception as error:
            log.exception("%d mails could not be kept.", len(incoming))
            return error
        else:
            return None
    return None


def _with_database(work: Callable[[], T]) -> T:
    """Do `work` in a thread of its own connection, given back afterwards."""
    try:
        return work()
    finally:
        close_old_connections()
