"""`evenhand serve`: one command runs the desk, through kills, until it is told to stop."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from evenhand.postgres import Server, destroy
from evenhand.serving.tests.running import Running, children_of, is_living, wait_until


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("desk")
    yield home
    destroy(home)


@pytest.fixture
def run(home: Path) -> Iterator[Callable[..., Running]]:
    """Starts desks that are stopped at the end, whatever became of the test."""
    started: list[Running] = []

    def start(*words: str, **environment: str) -> Running:
        started.append(Running(home, *words, environment=environment))
        return started[-1]

    yield start
    for desk in started:
        if desk.process.poll() is None:
            desk.stop()


def test_one_command_runs_a_desk_that_is_well_and_says_where(run: Callable[..., Running]) -> None:
    desk = run()
    desk.says(f"Evenhand is at http://127.0.0.1:{desk.web_port}")
    desk.says(f"port {desk.mail_port} (SMTP)")
    desk.is_well()
    assert desk.health()[1] == {
        "healthy": True,
        "database": True,
        "migrations": True,
        "worker": True,
        "mail": True,
    }
    assert desk.stop() == 0
    assert not any("killing it" in line for line in desk.said)


@pytest.mark.parametrize("part", ["web", "worker", "mail"])
def test_a_killed_part_is_started_again(run: Callable[..., Running], part: str) -> None:
    desk = run()
    desk.says("Evenhand is at")
    killed = desk.child(part)
    os.kill(killed, signal.SIGKILL)
    desk.says(f"the {part} process ended by SIGKILL; starting it again")
    wait_until(lambda: desk.child(part) not in (0, killed))
    desk.is_well()


def test_a_page_asked_for_while_the_web_process_is_dead_is_answered(run: Callable[..., Running]) -> None:
    desk = run()
    desk.is_well()
    os.kill(desk.child("web"), signal.SIGKILL)
    assert desk.health()[0] == 200


def test_after_everything_was_killed_it_starts_again(run: Callable[..., Running]) -> None:
    desk = run()
    desk.says("Evenhand is at")
    desk.kill_everything()
    run().is_well()


def test_parts_do_not_outlive_a_killed_group(run: Callable[..., Running]) -> None:
    desk = run()
    desk.says("Evenhand is at")
    parts = children_of(desk.process.pid)
    desk.process.kill()
    desk.wait()
    assert len(parts) >= 3
    wait_until(lambda: not any(is_living(pid) for pid in parts))


def test_a_killed_postgresql_is_survived(run: Callable[..., Running], home: Path) -> None:
    desk = run()
    desk.is_well()
    postmaster = int((home / "postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: not is_living(postmaster))
    desk.is_well()


def test_a_part_alone_runs_alone(run: Callable[..., Running]) -> None:
    desk = run("--only", "mail")
    desk.says(f"port {desk.mail_port} (SMTP)")
    assert desk.child("mail")
    assert not desk.child("web")
    assert not desk.child("worker")


def test_two_desks_share_one_home(run: Callable[..., Running]) -> None:
    first, second = run(), run()
    first.is_well()
    second.is_well()
    assert first.stop() == 0
    second.is_well()


def test_a_port_that_is_taken_is_named(run: Callable[..., Running]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        desk = run(EVENHAND_WEB_PORT=port)
        assert desk.wait() == 2
    assert f"port {port} cannot be used" in "".join(desk.said)


def test_the_database_of_a_newer_version_is_left_alone(run: Callable[..., Running], home: Path) -> None:
    run().is_well()
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('tickets', '9999_newer', now())"
    with Server(home) as server, psycopg.connect(server.dsn, autocommit=True) as line:
        line.execute(newer)
        desk = run()
        assert desk.wait() == 2
        line.execute("DELETE FROM django_migrations WHERE name = '9999_newer'")
    assert "tickets.9999_newer" in "".join(desk.said)


def test_with_an_address_of_its_own_no_postgresql_is_started(
    run: Callable[..., Running], tmp_path: Path, new_database: Callable[[], str]
) -> None:
    desk = Running(tmp_path, environment={"DATABASE_URL": new_database()})
    try:
        desk.is_well()
        assert not (tmp_path / "postgres").exists()
        assert not (tmp_path / "postgres.secret").exists()
    finally:
        assert desk.stop() == 0


def test_readiness_is_told_to_systemd(run: Callable[..., Running], tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(90)
        desk = run(NOTIFY_SOCKET=str(tmp_path / "notify"))
        assert manager.recv(100) == b"READY=1"
        desk.stop()
        assert manager.recv(100) == b"STOPPING=1"
