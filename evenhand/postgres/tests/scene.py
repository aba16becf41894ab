"""What the tests of this room do to a server: write, kill, look."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from evenhand.postgres import dsn
from evenhand.postgres.layout import layout
from evenhand.postgres.postmaster import pid_file

ROOM = Path(__file__).parents[3]


def query(address: str, statement: str) -> str:
    with psycopg.connect(address, autocommit=True) as connection:
        done = connection.execute(statement)
        row = done.fetchone() if done.description else None
        return str(row[0]) if row else ""


def postmaster_of(home: Path) -> int:
    claim = pid_file(layout(home))
    assert claim is not None
    return claim.pid


def keeper_of(home: Path) -> int:
    return _parent(postmaster_of(home))


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(lives(pid) for pid in pids))


def kill_everything(home: Path) -> None:
    """The keeper first, so that nothing is started again, then PostgreSQL and all its back ends."""
    postmaster = postmaster_of(home)
    living = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    kill(keeper_of(home), postmaster, *[pid for pid in living if _parent(pid) == postmaster])


def lives(pid: int) -> bool:
    return _state(pid)[:1] not in ([], ["Z"])


def wait_until(true: Callable[[], bool], *, seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it did not come about"
        time.sleep(0.02)


def starter(home: Path) -> subprocess.Popen[str]:
    """A process that joins the server of `home`, says so, and leaves when its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", JOINING, str(home)],
        cwd=ROOM,
        env={**os.environ, "PYTHONPATH": str(ROOM)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


JOINING = """
import sys
from pathlib import Path
from evenhand.postgres import Server
with Server(Path(sys.argv[1])):
    print("joined", flush=True)
    sys.stdin.read()
"""


class Writer:
    """Commits numbers one by one, through every interruption, and keeps those that were acknowledged."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.acknowledged: list[int] = []
        self._over = threading.Event()

    def write(self) -> None:
        number = 0
        while not self._over.is_set():
            with suppress(psycopg.Error), psycopg.connect(dsn(self.home), autocommit=True) as connection:
                while not self._over.is_set():
                    number += 1
                    connection.execute("INSERT INTO written VALUES (%s)", (number,))
                    self.acknowledged.append(number)

    def has_written(self, more: int) -> None:
        reached = len(self.acknowledged) + more
        wait_until(lambda: len(self.acknowledged) >= reached)

    def lost(self) -> set[int]:
        with psycopg.connect(dsn(self.home)) as connection:
            kept = {row[0] for row in connection.execute("SELECT number FROM written")}
        return set(self.acknowledged) - kept

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        with psycopg.connect(dsn(self.home)) as connection:
            connection.execute("DROP TABLE IF EXISTS written")
            connection.execute("CREATE TABLE written (number int)")
        thread = threading.Thread(target=self.write)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()


def _parent(pid: int) -> int:
    return int((_state(pid) or ["", "0"])[1])


def _state(pid: int) -> list[str]:
    """What stands behind the name in /proc/PID/stat: state, parent, …; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
