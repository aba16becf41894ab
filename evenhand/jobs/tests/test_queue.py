"""Jobs are queued with their cause, done at least once, and never lost with a worker."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from evenhand.jobs import later, task, worker
from evenhand.jobs.tasks import MOST_ATTEMPTS, Again

done: list[str] = []
seen: list[tuple[bool, str]] = []


@task("jobs.test_note")
def note_down(what: str) -> None:
    done.append(what)


@task("jobs.test_chain")
def queue_another(what: str, fail: bool) -> None:
    with transaction.atomic():
        later(note_down, what=what)
        if fail:
            raise RuntimeError("after queueing")


@task("jobs.test_durability")
def look_at_own_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        seen.append((connection.in_atomic_block, cursor.fetchone()[0]))


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    done.clear()
    seen.clear()
    yield
    done.clear()


def waiting() -> list[str]:
    return list(
        ProcrastinateJob.objects.filter(status="todo").order_by("id").values_list("task_name", flat=True)
    )


@pytest.mark.django_db
def test_a_job_is_queued_with_what_causes_it_or_not_at_all() -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        later(note_down, what="never")
        _ = 1 / 0
    later("jobs.test_note", what="kept")
    assert waiting() == ["jobs.test_note"]


@pytest.mark.django_db
def test_a_job_that_waits_already_is_not_queued_twice_and_spoils_nothing() -> None:
    with transaction.atomic():
        assert later(note_down, once="note", what="x") is not None
        assert later(note_down, once="note", what="x") is None
        assert waiting() == ["jobs.test_note"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_what_is_due_and_leaves_what_is_not() -> None:
    later(note_down, what="now")
    later(note_down, at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), what="in an hour")
    worker.catch_up()
    assert (done, waiting()) == (["now"], ["jobs.test_note"])


@pytest.mark.django_db(transaction=True)
def test_a_job_queues_others_in_its_own_transaction() -> None:
    later(queue_another, what="kept", fail=False)
    later(queue_another, what="lost", fail=True)
    worker.catch_up()
    assert done == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_what_a_job_writes_is_durable_whatever_the_workers_own_connection_does() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        ours = cursor.fetchone()[0]
    later(look_at_own_connection)
    worker.catch_up()
    assert seen == [(False, ours)]


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_is_done_again_later() -> None:
    later(queue_another, what="lost", fail=True)
    worker.catch_up()
    [job] = ProcrastinateJob.objects.filter(task_name="jobs.test_chain")
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at > dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)


def test_a_database_that_went_away_is_waited_for_without_end() -> None:
    decision = Again().get_retry_decision(exception=OperationalError(), job=_tried(500))
    assert decision is not None


def test_another_failure_is_given_up_after_eight_tries() -> None:
    again = [Again().get_retry_decision(exception=ValueError(), job=_tried(n)) for n in range(MOST_ATTEMPTS)]
    assert [one is not None for one in again] == [True] * 7 + [False]


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_was_doing_is_taken_back() -> None:
    number = later(note_down, what="taken back")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - '31 s'::interval) RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status='doing', worker_id=%s WHERE id=%s", [dead, number]
        )
    with _a_worker():
        _until(lambda: done == ["taken back"])


@pytest.mark.django_db(transaction=True)
def test_a_waiting_worker_hears_of_a_job_at_once_and_survives_the_loss_of_its_connections() -> None:
    with _a_worker():
        later(note_down, what="first")
        _until(lambda: done == ["first"])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = %s",
                [worker.NAME],
            )
            assert cursor.rowcount > 0
        later(note_down, what="second")
        _until(lambda: done == ["first", "second"])


def test_every_task_has_a_name_of_its_room() -> None:
    ours = [name for name, known in app.tasks.items() if known.func.__module__.startswith("evenhand.")]
    assert all(app.tasks[name].func.__module__.split(".")[1] == name.split(".")[0] for name in ours)


@contextmanager
def _a_worker() -> Iterator[None]:
    """A worker beside the test, stopped at the end of the block."""
    stop = threading.Event()
    running = threading.Thread(target=worker.run, args=(stop,), daemon=True)
    running.start()
    try:
        yield
    finally:
        stop.set()
        running.join(timeout=15)
    assert not running.is_alive()


def _until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, done
        time.sleep(0.05)


def _tried(times: int) -> Job:
    return Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="x", attempts=times)
