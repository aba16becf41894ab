"""The process between the commands and PostgreSQL: one for each home, as long as somebody needs the database.

A command joins by a connection to the control socket and leaves by closing it, so a killed command leaves
too.  With the last one gone the keeper stops PostgreSQL and ends.  It is PostgreSQL's parent, starts it
again when it dies, and has one thread, since the kernel ties the death signal to the thread that forked.

Words on the control socket, one a line:  `join` → `ready` or `failed TEXT`;  `leave` → `kept` or `stopped`.
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from evenhand.postgres import postmaster
from evenhand.postgres.account import Account
from evenhand.postgres.binaries import Binaries, binaries
from evenhand.postgres.cluster import open_cluster
from evenhand.postgres.errors import DatabaseUnavailable
from evenhand.postgres.layout import Layout, layout
from evenhand.postgres.tuning import server_settings

BACK_OFF = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before the nth start in a row
STEADY_AFTER = 10.0  # seconds of life after which the count of starts in a row is forgotten
FAILS_FOR_GOOD_AFTER = 6  # starts in a row that ended by themselves before they became ready
PATIENCE_WITH_SHUTDOWN = 30.0  # seconds; then PostgreSQL ends at once and recovers at the next start


class Keeper:
    """Keeps one PostgreSQL alive for everybody who has joined."""

    def __init__(self, place: Layout, programs: Binaries, account: Account, extra: Mapping[str, str]) -> None:
        self.place, self.programs, self.account, self.extra = place, programs, account, extra
        self.child: subprocess.Popen[bytes] | None = None
        self.adopted: int | None = None
        self.ready = False
        self.started_at = 0.0
        self.starts_in_a_row = 0
        self.failures_in_a_row = 0
        self.next_start_at = 0.0
        self.joined: dict[socket.socket, bool] = {}  # True once answered
        self.told_to_stop = False
        self.selector = selectors.DefaultSelector()

    def run(self, door: socket.socket) -> None:
        """Serve until the last one leaves, or a signal says stop; PostgreSQL has ended when this returns."""
        bell, ringer = socket.socketpair()
        bell.setblocking(False)
        ringer.setblocking(False)
        signal.set_wakeup_fd(ringer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)  # only notes; waiting is done in the loop, never in a handler
        self.selector.register(bell, selectors.EVENT_READ)
        self.selector.register(door, selectors.EVENT_READ)
        try:
            self._open()
            everyone_left = False
            while not (self.told_to_stop or everyone_left):
                self._look_after_postgres()
                everyone_left = self._listen(door, bell)
        except DatabaseUnavailable as refusal:
            self._refuse(door, str(refusal))
        finally:
            self._stop_postgres()
            for member in self.joined:
                _say(member, "stopped")

    def _note(self, number: int, frame: object) -> None:
        self.told_to_stop = self.told_to_stop or number != signal.SIGCHLD

    def _open(self) -> None:
        pid = postmaster.living_postmaster(self.place)
        claim = postmaster.pid_file(self.place)
        if pid is not None and claim is not None and claim.status == "stopping":
            _wait_until_gone(
                pid, self.place.data
            )  # the last keeper was killed, and the kernel told it to stop
            pid = None
        if pid is None:
            postmaster.clear_stale_claim(self.place)
            open_cluster(self.place, self.programs, self.account)
        else:
            _check_that_it_is_ours(self.place)
            self.adopted, self.started_at = pid, time.monotonic()

    def _look_after_postgres(self) -> None:
        if self._has_died():
            self._note_death()
        if self.child is None and self.adopted is None and time.monotonic() >= self.next_start_at:
            postmaster.clear_stale_claim(self.place)
            settings = server_settings(self.place, extra=self.extra)
            self.child = postmaster.launch(self.place, self.programs, self.account, settings)
            self.started_at, self.starts_in_a_row = time.monotonic(), self.starts_in_a_row + 1
        if not self.ready and self._says_ready():
            self.ready = True
        if self.ready:
            self._answer_joiners()

    def _has_died(self) -> bool:
        if self.child is not None:
            return self.child.poll() is not None
        return self.adopted is not None and not postmaster.serves(self.adopted, self.place.data)

    def _note_death(self) -> None:
        lived = time.monotonic() - self.started_at
        if lived > STEADY_AFTER:
            self.starts_in_a_row = 0
        killed = self.child is not None and self.child.returncode < 0  # it did not fail: somebody ended it
        self.failures_in_a_row = 0 if self.ready else self.failures_in_a_row + (not killed)
        if self.failures_in_a_row >= FAILS_FOR_GOOD_AFTER:
            self.child = None
            raise DatabaseUnavailable(
                f"PostgreSQL does not start: {_last_line(self.place.log)} "
                f"All it wrote stands in {self.place.log}."
            )
        print(f"keeper: PostgreSQL ended after {lived:.1f} s, starting it again", file=sys.stderr, flush=True)
        self.next_start_at = time.monotonic() + BACK_OFF[min(self.starts_in_a_row, len(BACK_OFF) - 1)]
        self.child, self.adopted, self.ready = None, None, False

    def _says_ready(self) -> bool:
        claim = postmaster.pid_file(self.place)
        current = self.child.pid if self.child else self.adopted
        return claim is not None and claim.pid == current and claim.status == "ready"

    def _answer_joiners(self) -> None:
        for member, answered in list(self.joined.items()):
            if not answered:
                self.joined[member] = True
                _say(member, "ready")

    def _listen(self, door: socket.socket, bell: socket.socket) -> bool:
        """Wait for news; True when the last member has just left."""
        left = False
        for key, _ in self.selector.select(self._next_look()):
            heard = key.fileobj
            assert isinstance(heard, socket.socket)
            if heard is bell:
                with contextlib.suppress(BlockingIOError):
                    bell.recv(4096)
            elif heard is door:
                self._greet(door)
            else:
                left = self._hear(heard) or left
        return left and not self.joined

    def _next_look(self) -> float | None:
        """Seconds until something must be looked at that rings no bell."""
        if self.child is None and self.adopted is None:
            return max(0.0, self.next_start_at - time.monotonic())
        if not self.ready:
            return 0.01
        return 0.2 if self.adopted is not None else None

    def _greet(self, door: socket.socket) -> None:
        member, _ = door.accept()
        member.settimeout(5)
        self.selector.register(member, selectors.EVENT_READ)
        self.joined[member] = False

    def _hear(self, member: socket.socket) -> bool:
        """Take in `leave` or the end of the connection; True when `member` is gone by it."""
        try:
            heard = member.recv(100)
        except OSError:
            heard = b""
        if heard.strip() == b"join":
            return False
        self.selector.unregister(member)
        if heard and len(self.joined) == 1:
            # The last one waits for `stopped`, which is said when PostgreSQL has ended.
            self._stop_postgres()
            _say(member, "stopped")
        elif heard:
            _say(member, "kept")
        del self.joined[member]
        member.close()
        return True

    def _refuse(self, door: socket.socket, text: str) -> None:
        """Tell everybody who waits, and those still at the door."""
        print(f"keeper: {text}", file=sys.stderr, flush=True)
        door.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.joined[door.accept()[0]] = False
        for member in self.joined:
            _say(member, "failed " + " ".join(text.split()))
        self.joined.clear()

    def _stop_postgres(self) -> None:
        pid = self.child.pid if self.child else self.adopted
        if pid is None:
            return
        postmaster.ask_to_stop(pid)
        limit = time.monotonic() + PATIENCE_WITH_SHUTDOWN
        while not self._has_died():
            if time.monotonic() > limit:
                os.kill(pid, signal.SIGQUIT)
                limit = float("inf")
            time.sleep(0.01)
        self.child = self.adopted = None


def _say(member: socket.socket, words: str) -> None:
    with contextlib.suppress(OSError):
        member.sendall(words.encode() + b"\n")


def _wait_until_gone(pid: int, data: Path) -> None:
    limit = time.monotonic() + PATIENCE_WITH_SHUTDOWN
    while postmaster.serves(pid, data):
        if time.monotonic() > limit:
            raise DatabaseUnavailable(f"PostgreSQL (process {pid}) on {data} is stopping but does not end.")
        time.sleep(0.02)


def _check_that_it_is_ours(place: Layout) -> None:
    """Adopt only what lets us in with our password and names our directory: an orphan of this home."""
    from evenhand.postgres.server import answers  # needs psycopg, which the keeper otherwise never loads

    if not answers(place, patience=30):
        raise DatabaseUnavailable(
            f"A PostgreSQL runs on {place.data} that does not accept the password in {place.secret}. "
            "Stop it (its number stands in postmaster.pid there), then start again."
        )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (telling or lines or ["it wrote nothing."])[-1].rstrip(".") + "."


def _lock(place: Layout) -> IO[str] | None:
    """The lock that makes this the one keeper, or None where another lives."""
    lock = place.lock.open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _door(place: Layout) -> socket.socket:
    place.control.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(place.control))
    door.listen(64)
    return door


def main(arguments: list[str]) -> int:
    """Arguments: home, directory of PostgreSQL's programs, further server settings as JSON."""
    os.umask(0o077)
    place = layout(Path(arguments[0]))
    lock = _lock(place)
    if lock is None:
        return 0  # another starter's keeper was quicker; whoever started this one joins that
    with lock, _door(place) as door:
        account = place.prepare()
        Keeper(place, binaries(Path(arguments[1])), account, json.loads(arguments[2])).run(door)
        place.control.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
