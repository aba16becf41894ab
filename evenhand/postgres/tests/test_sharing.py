"""Several commands need the database at once: one server, which the last one stops."""

from pathlib import Path

import pytest

from evenhand.postgres import DatabaseUnavailable, Server, dsn
from evenhand.postgres.layout import layout
from evenhand.postgres.tests.scene import lives, postmaster_of, query, starter, wait_until


def test_two_starters_at_once_get_one_server(home: Path) -> None:
    first, second = starter(home), starter(home)
    for process in (first, second):
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
    postmaster = postmaster_of(home)
    first.communicate()
    assert query(dsn(home), "SELECT 1") == "1"
    assert postmaster_of(home) == postmaster
    second.communicate()
    wait_until(lambda: not lives(postmaster))


def test_two_starters_of_an_empty_home_make_one_database(new_home: Path) -> None:
    first, second = starter(new_home), starter(new_home)
    for process in (first, second):
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
    assert query(dsn(new_home), "SELECT count(*) FROM pg_database WHERE datname = 'evenhand'") == "1"
    first.communicate()
    second.communicate()


def test_the_last_to_leave_is_told_that_the_server_has_ended(home: Path) -> None:
    first, second = Server(home).start(), Server(home).start()
    assert first.stop() is False
    assert second.stop() is True
    assert not layout(home).postmaster_pid.exists()


def test_stopping_twice_and_starting_again_is_fine(home: Path) -> None:
    server = Server(home)
    assert server.stop() is False
    for _ in range(2):
        server.start()
        server.start()
        assert server.alive()
        assert server.stop() is True
        assert not server.alive()


def test_a_server_that_cannot_start_says_why_and_where_to_read_on(home: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"invalid value.*postgres\.log"):
        Server(home, settings={"wal_level": "nonsense"}).start()


def test_a_database_of_another_version_is_left_as_it_is(new_home: Path) -> None:
    with Server(new_home):
        pass
    version = layout(new_home).data / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(DatabaseUnavailable, match="made by PostgreSQL 12"):
        Server(new_home).start()
    assert version.read_text() == "12\n"
