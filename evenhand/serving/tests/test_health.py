"""/healthz names the part that does not hold."""

import json
import smtplib
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from evenhand.serving import health
from evenhand.serving.migrations import NewerDatabase, differences, migrate

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's heart has beaten, and the mail listener, which no test runs, is taken to greet."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    monkeypatch.setitem(health.CHECKS, "mail", lambda: True)


def asked() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/healthz")
    return answer.status_code, json.loads(answer.content)


@pytest.mark.usefixtures("all_well")
def test_all_is_well() -> None:
    status, said = asked()
    assert (status, said["healthy"]) == (200, True)


@pytest.mark.usefixtures("all_well")
def test_a_worker_that_is_silent_for_a_minute_is_missed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '61 seconds'")
    status, said = asked()
    assert (status, said["worker"], said["database"]) == (503, False, True)


@pytest.mark.usefixtures("all_well")
def test_a_migration_that_is_missing_is_missed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tickets'")
    status, said = asked()
    assert (status, said["migrations"]) == (503, False)
    assert "tickets.0001_initial" in differences()[0]


@pytest.mark.usefixtures("all_well")
@pytest.mark.parametrize("problem", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected()])
def test_a_mail_listener_that_does_not_greet_is_missed(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def refuse() -> bool:
        raise problem

    monkeypatch.setitem(health.CHECKS, "mail", refuse)
    status, said = asked()
    assert (status, said["mail"], said["healthy"]) == (503, False, False)


def test_the_answer_is_never_kept_and_never_taken_by_post() -> None:
    assert "no-store" in Client().get("/healthz")["Cache-Control"]
    assert Client().post("/healthz").status_code == 405


def test_tables_of_this_version_are_left_as_they_are() -> None:
    assert differences() == ([], [])


def test_tables_of_a_newer_version_are_refused_by_name() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_newer', now())"
        )
    with pytest.raises(NewerDatabase, match=r"people\.9999_newer"):
        migrate()
