"""Whatever is killed, the database comes back, and every acknowledged commit is there."""

import subprocess
from pathlib import Path

import pytest

from evenhand.postgres import DatabaseUnavailable, Server, dsn
from evenhand.postgres.account import database_account
from evenhand.postgres.binaries import binaries
from evenhand.postgres.keeper import FAILS_FOR_GOOD_AFTER
from evenhand.postgres.layout import PORT, layout
from evenhand.postgres.postmaster import launch, living_postmaster, pid_file
from evenhand.postgres.tests.scene import (
    Writer,
    keeper_of,
    kill,
    kill_everything,
    lives,
    postmaster_of,
    query,
    starter,
    wait_until,
)
from evenhand.postgres.tuning import server_settings


def test_what_was_written_is_there_at_the_next_start(home: Path) -> None:
    with Server(home) as server:
        query(server.dsn, "CREATE TABLE notes AS SELECT 'kept' AS text")
    with Server(home) as server:
        assert query(server.dsn, "SELECT text FROM notes") == "kept"


def test_a_killed_postmaster_comes_back_by_itself_with_every_acknowledged_commit(server: Server) -> None:
    with Writer(server.home).writing() as writer:
        for _ in range(3):
            writer.has_written(20)
            kill(postmaster_of(server.home))
            writer.has_written(20)
    assert writer.lost() == set()


def test_a_postmaster_killed_again_and_again_before_it_is_ready_comes_back_all_the_same(
    server: Server,
) -> None:
    killed: set[int] = set()

    def kill_the_next() -> bool:
        pid = living_postmaster(layout(server.home))
        if pid is None or pid in killed:
            return False
        kill(pid)
        killed.add(pid)
        return True

    for _ in range(FAILS_FOR_GOOD_AFTER + 2):
        wait_until(kill_the_next)
    wait_until(lambda: (claim := pid_file(layout(server.home))) is not None and claim.status == "ready")
    assert server.alive()


def test_a_keeper_that_gave_up_is_not_taken_for_alive(new_home: Path) -> None:
    started = Server(new_home).start()
    control = layout(new_home).data / "global" / "pg_control"
    control.unlink()
    kill(postmaster_of(new_home))
    wait_until(lambda: not started.alive())


def test_after_everything_was_killed_a_start_finds_every_acknowledged_commit(home: Path) -> None:
    killed = Server(home).start()
    with Writer(home).writing() as writer:
        writer.has_written(50)
        kill_everything(home)
    assert not killed.alive()
    killed.stop()
    with Server(home):
        assert writer.lost() == set()


def test_postgresql_ends_when_its_keeper_is_killed_and_the_next_start_works(home: Path) -> None:
    first = Server(home).start()
    postmaster = postmaster_of(home)
    kill(keeper_of(home))
    assert not first.alive()
    with Server(home) as second:
        assert query(second.dsn, "SELECT 1") == "1"
        assert postmaster_of(home) != postmaster
    assert not lives(postmaster)
    first.stop()


def test_a_killed_starter_leaves_nothing_running(home: Path) -> None:
    process = starter(home)
    assert process.stdout is not None
    assert process.stdout.readline() == "joined\n"
    postmaster, keeper = postmaster_of(home), keeper_of(home)
    process.kill()
    process.communicate()
    wait_until(lambda: not lives(postmaster) and not lives(keeper))


def test_a_stale_pid_file_whose_number_is_another_process_is_no_obstacle(home: Path) -> None:
    _leave_a_pid_file_behind(home)
    account = database_account()
    bystander = subprocess.Popen(["sleep", "600"], user=account.uid, group=account.gid)
    try:
        _write_number(home, bystander.pid)
        with Server(home) as server:
            assert query(server.dsn, "SELECT 1") == "1"
            assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize("rubbish", [b"", b"\n\n", b"many\nlines\n", b"4294967296999\n/elsewhere\n"])
def test_a_damaged_pid_file_is_no_obstacle_or_is_named(home: Path, rubbish: bytes) -> None:
    _leave_a_pid_file_behind(home)
    layout(home).postmaster_pid.write_bytes(rubbish)
    with Server(home) as server:
        assert query(server.dsn, "SELECT 1") == "1"


def test_an_orphan_of_ours_is_adopted_and_stopped_with_the_last_user(home: Path) -> None:
    orphan = _orphan(home)
    with Server(home) as server:
        assert postmaster_of(home) == orphan.pid
        assert query(server.dsn, "SELECT 1") == "1"
    assert orphan.wait() == 0


def test_a_server_that_does_not_take_our_password_is_left_alone(home: Path) -> None:
    orphan = _orphan(home)
    wait_until(lambda: (claim := pid_file(layout(home))) is not None and claim.status == "ready")
    secret = layout(home).secret
    ours = secret.read_text()
    secret.write_text("somebody-elses\n")
    try:
        with pytest.raises(DatabaseUnavailable, match="does not accept the password"):
            Server(home).start()
        assert orphan.poll() is None
    finally:
        secret.write_text(ours)
        orphan.terminate()
        orphan.wait()


def test_a_lost_password_is_made_anew(home: Path) -> None:
    with Server(home):
        before = dsn(home)
    layout(home).secret.unlink()
    with Server(home) as server:
        assert query(server.dsn, "SELECT 1") == "1"
    assert dsn(home) != before


def _leave_a_pid_file_behind(home: Path) -> None:
    killed = Server(home).start()
    kill_everything(home)
    killed.stop()
    assert layout(home).postmaster_pid.exists()


def _write_number(home: Path, pid: int) -> None:
    for lock in (layout(home).postmaster_pid, layout(home).socket / f".s.PGSQL.{PORT}.lock"):
        lock.write_text("\n".join([str(pid), *lock.read_text().splitlines()[1:], ""]))


def _orphan(home: Path) -> "subprocess.Popen[bytes]":
    """A PostgreSQL on our data that no keeper holds, as where no death signal exists."""
    with Server(home):
        pass
    place = layout(home)
    return launch(place, binaries(), database_account(), server_settings(place, extra={}))
