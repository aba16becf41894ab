"""Addresses, secrets and places."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from evenhand.postgres import DatabaseUnavailable, Server, connection, dsn, ensure_running, secret
from evenhand.postgres.layout import layout
from evenhand.postgres.tests.scene import query

DEBIANS_15 = Path("/usr/lib/postgresql/15/bin")


def test_asking_for_the_address_starts_and_makes_nothing(tmp_path: Path) -> None:
    assert dsn(tmp_path / "home").startswith("postgresql://evenhand@/evenhand?host=")
    assert list(tmp_path.iterdir()) == []


def test_the_address_works_for_django_too(server: Server) -> None:
    given = connection(server.dsn)
    with psycopg.connect(
        host=given["HOST"],
        port=given["PORT"],
        user=given["USER"],
        password=given["PASSWORD"],
        dbname=given["NAME"],
    ) as line:
        assert line.info.dbname == "evenhand"


def test_what_an_address_asks_of_the_connection_is_kept() -> None:
    assert connection("postgresql://ann@db.example/desk?sslmode=verify-full")["OPTIONS"] == {
        "sslmode": "verify-full"
    }


def test_something_else_than_an_address_is_refused_with_an_example() -> None:
    with pytest.raises(DatabaseUnavailable, match="postgresql://USER"):
        connection("mysql://ann@db.example/desk")


def test_a_secret_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        secrets = set(several.map(secret, [tmp_path / "keys" / "signing"] * 8))
    assert len(secrets) == 1
    assert stat.S_IMODE((tmp_path / "keys" / "signing").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["signing"]


def test_a_process_that_needs_the_server_all_along_holds_it(home: Path) -> None:
    held = ensure_running(home)
    assert ensure_running(home) is held
    assert query(dsn(home), "SELECT 1") == "1"
    assert held.stop() is True


@pytest.mark.skipif(not DEBIANS_15.is_dir(), reason="Debian's postgresql-15 is not installed")
def test_the_same_supervisor_runs_debians_postgresql_15(new_home: Path) -> None:
    with Server(new_home, programs=DEBIANS_15) as server:
        assert query(server.dsn, "SHOW server_version_num").startswith("15")
        assert query(server.dsn, "SELECT lower('ÉCOLE')") == "école"
    assert (layout(new_home).data / "PG_VERSION").read_text() == "15\n"
