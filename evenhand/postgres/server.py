"""What the rest of the house uses: start or join this home's PostgreSQL, leave it, know its address."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from evenhand.postgres.binaries import binaries
from evenhand.postgres.cluster import NAME
from evenhand.postgres.errors import DatabaseUnavailable
from evenhand.postgres.layout import PORT, Layout, layout

REFUSALS = ("password authentication failed", "no password supplied", "no pg_hba.conf entry")
PATIENCE_WITH_KEEPER = 10.0  # seconds for a keeper to open its door
PATIENCE_WITH_START = 120.0  # seconds for PostgreSQL to be ready; recovery after a crash may need them
LARGEST_LOG = 10 * 1024 * 1024  # bytes


class Server:
    """This home's PostgreSQL, started by the first who needs it and stopped by the last who leaves.

    >>> with Server(home) as server:                                             # doctest: +SKIP
    ...     psycopg.connect(server.dsn)

    `programs`: another PostgreSQL's `bin` directory; the wheel's by default.  `settings`: server settings
    that win over ours; they count for whoever starts the server, not for those who join later.
    """

    def __init__(
        self, home: Path, *, programs: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self._place = layout(home)
        self._programs = programs
        self._settings = dict(settings or {})
        self._line: socket.socket | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Return when PostgreSQL accepts our password: newly started, recovered, adopted or already there.

        Raises DatabaseUnavailable with the reason and the next step.
        """
        if self._line is not None:
            return self
        self._place.prepare()
        self._place = layout(self.home)
        limit = time.monotonic() + PATIENCE_WITH_START
        while self._line is None:
            line = self._joined(limit)
            if line is not None and self._heard_ready(line, limit):
                self._line = line
        if not answers(self._place, patience=5):
            self.stop()
            raise DatabaseUnavailable(
                f"PostgreSQL runs on {self._place.data}, but does not accept the password in "
                f"{self._place.secret}."
            )
        return self

    def stop(self) -> bool:
        """Leave.  True when PostgreSQL has ended by it, False when others still use it."""
        line, self._line = self._line, None
        stopped = False
        if line is not None:
            with line:
                line.settimeout(None)
                try:
                    line.sendall(b"leave\n")
                    stopped = line.makefile().readline().strip() != "kept"
                except OSError:
                    stopped = True
        if self._keeper is not None and stopped:
            self._keeper.wait()
        return stopped

    def alive(self) -> bool:
        """False once the keeper is gone (killed, or it gave up): then `stop` and `start` again."""
        if self._line is None:
            return False
        self._line.setblocking(False)
        try:
            self._line.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False  # after `ready` a keeper says nothing unasked but its farewell

    def fileno(self) -> int:
        """Becomes readable when the keeper ends; for a selector."""
        assert self._line is not None, "not started"
        return self._line.fileno()

    @property
    def dsn(self) -> str:
        """The address of this server's database."""
        return dsn(self.home)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _joined(self, limit: float) -> socket.socket | None:
        """A line to the keeper, which is started where none answers; None: try once more."""
        line = _connected(self._place)
        if line is not None:
            return line
        self._start_keeper()
        door_limit = min(limit, time.monotonic() + PATIENCE_WITH_KEEPER)
        while time.monotonic() < door_limit:
            line = _connected(self._place)
            if line is not None:
                return line
            if self._keeper is not None and self._keeper.poll() not in (None, 0):
                raise DatabaseUnavailable(f"The keeper of PostgreSQL ended at once; see {self._place.log}.")
            if self._keeper is not None and self._keeper.poll() == 0:
                self._keeper = None
                time.sleep(0.02)  # another keeper holds the lock: it is opening its door, or about to end
                return None
            time.sleep(0.005)
        raise DatabaseUnavailable(f"The keeper of PostgreSQL does not answer; see {self._place.log}.")

    def _start_keeper(self) -> None:
        programs = binaries(self._programs)
        _shorten(self._place.log)
        room = Path(__file__).parents[2]
        with self._place.log.open("ab") as log:
            self._keeper = subprocess.Popen(
                [
                    sys.executable,
                    *("-m", "evenhand.postgres.keeper"),
                    str(self._place.home),
                    str(programs.directory),
                    json.dumps(self._settings),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.defpath, "PYTHONPATH": str(room)},
                start_new_session=True,
            )

    def _heard_ready(self, line: socket.socket, limit: float) -> bool:
        """True when ready; False when that keeper was just ending, so that another must be started."""
        line.settimeout(max(0.1, limit - time.monotonic()))
        try:
            line.sendall(b"join\n")
            said = line.makefile(encoding="utf-8").readline().strip()
        except TimeoutError:
            line.close()
            raise DatabaseUnavailable(
                f"PostgreSQL is not ready after {PATIENCE_WITH_START:.0f} seconds; see {self._place.log}. "
                "It may be recovering: wait, then start again."
            ) from None
        except OSError:
            said = ""
        if said == "ready":
            return True
        line.close()
        if said.startswith("failed "):
            raise DatabaseUnavailable(said.removeprefix("failed "))
        time.sleep(0.02)
        return False


def dsn(home: Path) -> str:
    """The address of this home's database; starts nothing.  Without a password before the first start."""
    place = layout(home)
    password = place.password()
    user = NAME if password is None else f"{NAME}:{quote(password, safe='')}"
    return f"postgresql://{user}@/{NAME}?host={quote(str(place.socket), safe='')}&port={PORT}"


def ensure_running(home: Path) -> Server:
    """Start or join the server for as long as this process lives; ending the process leaves it."""
    if home not in _held:
        _held[home] = Server(home)
    server = _held[home]
    if not server.alive():
        server.stop()
        server.start()
    return server


_held: dict[Path, Server] = {}


def destroy(home: Path) -> None:
    """Delete this home's database for good.  Precondition: nobody uses it."""
    layout(home).remove()


def answers(place: Layout, *, patience: float) -> bool:
    """True when the server on our socket takes our password and serves our data directory.

    `patience`: seconds to go on asking while it is starting or recovering.
    """
    import psycopg

    limit = time.monotonic() + patience
    while True:
        try:
            with psycopg.connect(dsn(place.home), connect_timeout=5) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
                return row is not None and Path(row[0]).resolve() == place.data.resolve()
        except psycopg.OperationalError as refusal:
            refused_for_good = "password authentication failed" in str(refusal) or "no password" in str(
                refusal
            )
            if refused_for_good or time.monotonic() > limit:
                return False
            time.sleep(0.05)


def _connected(place: Layout) -> socket.socket | None:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.connect(str(place.control))
    except OSError:
        line.close()
        return None
    return line


def _shorten(log: Path) -> None:
    """Keep one older log beside the current one once that has grown large."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
