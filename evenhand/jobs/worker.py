"""The worker: takes jobs from the queue, beats its heart, and takes back what a dead worker left."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
from django.conf import settings
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import AsyncConnection

from evenhand.jobs.tasks import forget_old, take_back_stalled

log = logging.getLogger(__name__)
NAME = "evenhand worker"  # in pg_stat_activity
HEARTBEAT = 5.0  # seconds
LOOK_FOR_STALLED = 10.0
FORGET_OLD = 3600.0
GRACE = 3.0  # seconds that running jobs get when asked to stop; what is cut is done again later
LOOK_FOR_STOP = 0.1


def run(stop: threading.Event | None = None) -> None:
    """Work until `stop` is set (None: until SIGINT or SIGTERM), and through any absence of the database."""
    stop = stop or _stop_on_signal()
    while not stop.is_set():
        try:
            asyncio.run(_work(until=stop))
        except (ConnectorException, psycopg.Error, OSError) as error:
            log.warning("The worker lost the database and tries again: %s", error)
        stop.wait(0.5)


def catch_up() -> None:
    """Do every job that is due, and those that these queue, then return."""
    asyncio.run(_catch_up())


async def _work(until: threading.Event) -> None:
    async with _opened() as working:
        await take_back_stalled(working)
        tasks = [
            asyncio.create_task(_jobs(working, wait=True)),
            asyncio.create_task(_every(LOOK_FOR_STALLED, take_back_stalled, working)),
            asyncio.create_task(_every(FORGET_OLD, forget_old, working)),
            asyncio.create_task(_wait_for(until)),
        ]
        done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for finished in done:
            finished.result()  # raises what ended it


async def _catch_up() -> None:
    async with _opened() as working:
        while await _is_any_due(working):
            await _jobs(working, wait=False)


async def _is_any_due(working: App) -> bool:
    row = await working.connector.execute_query_one_async(
        "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo'"
        " AND (scheduled_at IS NULL OR scheduled_at <= now())) AS due"
    )
    return bool(row["due"])


async def _jobs(working: App, *, wait: bool) -> None:
    await working.run_worker_async(
        wait=wait,
        concurrency=settings.WORKER_CONCURRENCY,
        install_signal_handlers=False,
        delete_jobs="successful",
        shutdown_graceful_timeout=GRACE,
        update_heartbeat_interval=HEARTBEAT,
    )


@contextlib.asynccontextmanager
async def _opened() -> AsyncIterator[App]:
    """Procrastinate's app on two connections of the worker's own.

    What the worker writes about a job may be lost in a crash (`synchronous_commit=off`): then the job is done
    again, as after any crash. What the job itself writes goes through Django's connections and is durable.
    """
    parameters = connector_params()
    options = f"{parameters.pop('options', '')} -c synchronous_commit=off".strip()
    connector = PsycopgConnector(
        kwargs={**parameters, "options": options, "application_name": NAME},
        configure=_commit_each,
        min_size=1,
        max_size=2,
        timeout=10,
    )
    with app.replace_connector(connector) as working:
        async with working.open_async():
            yield working


async def _commit_each(connection: AsyncConnection) -> None:
    """Every statement of the queue is its own transaction, which saves two round trips each."""
    await connection.set_autocommit(True)


async def _every(seconds: float, act: Callable[[App], Awaitable[object]], working: App) -> None:
    while True:
        await asyncio.sleep(seconds)
        await act(working)


async def _wait_for(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(LOOK_FOR_STOP)


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
