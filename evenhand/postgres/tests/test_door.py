"""Nobody else comes in: modes, password, no network, nothing of what customers say in the log."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from evenhand.postgres import DatabaseUnavailable, Server, destroy, dsn
from evenhand.postgres.layout import layout
from evenhand.postgres.tests.scene import query

root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to act as another local user")

KNOCKING_AS_NOBODY = """
import os, pwd, socket, sys
nobody = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
except PermissionError:
    print("refused")
"""


@pytest.mark.parametrize("part", ["data", "socket", "keeper"])
def test_directories_are_closed_to_others(server: Server, part: str) -> None:
    assert stat.S_IMODE(getattr(layout(server.home), part).stat().st_mode) == 0o700


def test_the_password_is_closed_to_others(server: Server) -> None:
    assert stat.S_IMODE(layout(server.home).secret.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("fsync", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("is_superuser", "off"),
        ("password_encryption", "scram-sha-256"),
    ],
)
def test_the_server_runs_safely(server: Server, setting: str, value: str) -> None:
    assert query(server.dsn, f"SHOW {setting}") == value


def test_text_is_ordered_alike_on_every_machine(server: Server) -> None:
    assert (
        query(server.dsn, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    )
    assert query(server.dsn, "SELECT lower('ÉCOLE')") == "école"


@pytest.mark.parametrize("given", ["user=evenhand password=guessed", "user=evenhand", "user=postgres"])
def test_without_the_password_nobody_comes_in(server: Server, given: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"host={layout(server.home).socket} dbname=evenhand {given}")


def test_a_refused_statement_leaves_its_words_out_of_the_log(server: Server) -> None:
    for statement in ("SELECT 'tell nobody'::int", "SELECT raise_an_error('tell nobody')"):
        with pytest.raises(psycopg.Error):
            query(server.dsn, statement)
    with psycopg.connect(server.dsn) as connection:
        connection.execute("CREATE TEMP TABLE names (name text UNIQUE)")
        connection.execute("INSERT INTO names VALUES ('tell nobody')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO names VALUES ('tell nobody')")
    log = layout(server.home).log.read_text()
    assert "names_name_key" in log
    assert "raise_an_error('tell nobody')" not in log
    assert "(name)=(tell nobody)" not in log


def test_a_home_with_a_long_path_gets_its_socket_elsewhere(new_home: Path) -> None:
    home = new_home / ("long " * 15).strip() / ("path" * 15)
    place = layout(home)
    try:
        with Server(home) as server:
            assert query(server.dsn, "SELECT 1") == "1"
        assert len(str(place.socket)) < 104
    finally:
        destroy(home)


def test_a_socket_directory_laid_by_somebody_else_is_refused(new_home: Path) -> None:
    place = layout(new_home)
    place.socket.parent.mkdir(parents=True, exist_ok=True)
    place.socket.symlink_to("/")
    with pytest.raises(DatabaseUnavailable, match="belongs to another user"):
        Server(new_home).start()
    place.socket.unlink()


@root
@pytest.mark.root
def test_root_runs_postgresql_as_its_own_system_user(server: Server) -> None:
    assert layout(server.home).data.owner() == "evenhand"


@root
@pytest.mark.root
def test_another_local_user_cannot_connect_even_with_the_password(server: Server) -> None:
    place = layout(server.home)
    for door in (place.socket / ".s.PGSQL.5432", place.control):
        said = subprocess.run(
            [sys.executable, "-c", KNOCKING_AS_NOBODY, str(door)], capture_output=True, text=True
        )
        assert said.stdout == "refused\n", said.stderr


@root
@pytest.mark.root
def test_a_moved_home_finds_its_database(new_home: Path, tmp_path: Path) -> None:
    with Server(new_home) as server:
        query(server.dsn, "CREATE TABLE moved AS SELECT 'along' AS word")
    new_home.rename(tmp_path / "moved")
    with Server(tmp_path / "moved"):
        assert query(dsn(tmp_path / "moved"), "SELECT word FROM moved") == "along"
    destroy(tmp_path / "moved")
