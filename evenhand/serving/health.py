"""`/healthz`: does the desk take mail, answer pages and do its work?  200 or 503, and which part does not."""

import smtplib
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

LONGEST_SILENCE = 60  # seconds since a worker's last heartbeat
PATIENCE = 2.0  # seconds


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Says nothing about customers, so anybody who monitors the desk may ask."""
    found = {name: _holds(check) for name, check in CHECKS.items()}
    return JsonResponse({"healthy": all(found.values()), **found}, status=200 if all(found.values()) else 503)


def database_answers() -> bool:
    """One round trip."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def migrations_are_applied() -> bool:
    """The database holds every migration of this version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return _migrations_here() <= set(cursor.fetchall())


def worker_is_alive() -> bool:
    """Some worker's heart has beaten lately."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [LONGEST_SILENCE],
        )
        return bool(cursor.fetchone() == (True,))


def mail_listener_answers() -> bool:
    """The SMTP door greets."""
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(settings.MAIL_HOST, settings.MAIL_HOST)  # noqa: S104
    with smtplib.SMTP(host, settings.MAIL_PORT, timeout=PATIENCE) as line:
        return line.noop()[0] == 250


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "worker": worker_is_alive,
    "mail": mail_listener_answers,
}


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OSError, smtplib.SMTPException):
        return False


@cache
def _migrations_here() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(connection=None, ignore_no_migrations=True).disk_migrations)
