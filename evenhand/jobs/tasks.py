"""What makes a function a task, and the queue's own housekeeping."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.tasks import Task

STALLED_AFTER = 30  # seconds without a heartbeat; a worker beats every 5
KEEP_FAILED_HOURS = 24 * 30
MOST_ATTEMPTS = 8


class Again(BaseRetryStrategy):
    """A database that went away is waited for without end; any other failure is tried 8 times, ever later."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, OperationalError | InterfaceError):
            return RetryDecision(retry_in={"seconds": 1})
        if job.attempts + 1 >= MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": min(2**job.attempts, 300)})


def task(name: str) -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
    """Register a function as the task `name` (“room.verb”), done again after a failure."""
    return app.task(name=name, retry=Again())


def periodic(name: str, cron: str) -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
    """Register a function to run by `cron` (five fields, or a sixth for seconds), once for all workers.

    At most one run of it waits in the queue, so a worker that was away does not come back to a heap of them.
    """

    def register(function: Callable[..., Any]) -> Task[Any, Any, Any]:
        @wraps(function)
        def run(
            timestamp: int,
        ) -> None:  # procrastinate says for which moment; ours look at the clock themselves
            function()

        made: Task[Any, Any, Any] = app.task(name=name, queueing_lock=name)(run)
        return app.periodic(cron=cron)(made)

    return register


async def take_back_stalled(app: App) -> int:
    """Queue again what a worker that died was doing, and return how many jobs that was."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


async def forget_old(app: App) -> None:
    """Delete failed jobs after a month; those that succeed are deleted at once."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)
