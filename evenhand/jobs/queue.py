"""Putting work into the queue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

# A worker swaps the connector of procrastinate's app for one of its own, outside any transaction of ours.
# Queueing always goes through Django's connection, so a job and its cause are committed together there too.
_queue = JobManager(DjangoConnector())


def later(
    task: Task[Any, Any, Any] | str, *, once: str | None = None, at: dt.datetime | None = None, **facts: Any
) -> int | None:
    """Queue `task(**facts)` in the current transaction and return the job's number.

    An action names the task (“mail.send”), since tasks stand on the shelf above it.
    `once`: while a job of the same name waits, another is not queued and None is returned.
    `at`: not before this moment (aware). `facts` must be JSON.
    """
    if isinstance(task, str):
        deferrer = app.configure_task(task, queueing_lock=once, schedule_at=at)
    else:
        deferrer = task.configure(queueing_lock=once, schedule_at=at)
    deferrer.job_manager = _queue
    if once is None:
        return deferrer.defer(**facts)
    try:
        with transaction.atomic():  # the refusal must not spoil the caller's transaction
            return deferrer.defer(**facts)
    except exceptions.AlreadyEnqueued:
        return None
