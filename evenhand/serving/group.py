"""The processes of `evenhand serve`, kept running until they are told to stop."""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from evenhand.postgres import Server
from evenhand.serving.child import CANNOT_WORK
from evenhand.serving.children import Child, in_words
from evenhand.serving.systemd import notify

GRACE = (
    3.5  # seconds to stop in, of five for everything; what is left is killed, and its jobs done again later
)
BACKLOG = 2048


class AddressInUse(Exception):
    """Something else listens where the web is to listen."""


class Group:
    """The processes of one desk.

    `when_ready` is called once, when all of them are ready; it may set another, for when those it added
    are ready too, or, where they run only once, have ended.
    """

    def __init__(
        self, children: Sequence[Child], server: Server | None, *, when_ready: Callable[[], None]
    ) -> None:
        self.children = list(children)
        self.server = server
        self.when_ready: Callable[[], None] | None = when_ready
        self.stopping = False
        self.status = 0
        self.selector = selectors.DefaultSelector()

    def run(self) -> int:
        """Run until SIGTERM, SIGINT, or a child that cannot work.  Returns the exit status."""
        with self._bell():
            try:
                while not self.stopping:
                    self._look_after_children()
                    self._announce()
                    self._wait()
            finally:
                notify("STOPPING=1")
                self._stop_children()
        return self.status

    def add(self, child: Child) -> None:
        """One more process, from now on."""
        self.children.append(child)

    def _look_after_children(self) -> None:
        for child in list(self.children):
            status = child.ended()
            if status is not None:
                self._note_end(child, status)
            if child in self.children and child.running is None and time.monotonic() >= child.next_start_at:
                self.selector.register(child.start(), selectors.EVENT_READ, child)

    def _note_end(self, child: Child, status: int) -> None:
        if child.ready_pipe is not None:
            self.selector.unregister(child.ready_pipe)
            child.close_pipe()
        if child.once:
            self.children.remove(child)
            if status:
                _say(f"the {child.name} process ended {in_words(status)}")
        elif status == CANNOT_WORK:
            child.running, self.stopping, self.status = None, True, 2
        else:
            pause = child.wait_a_little()
            _say(f"the {child.name} process ended {in_words(status)}; starting it again in {pause} s")

    def _announce(self) -> None:
        if self.when_ready is not None and all(child.ready for child in self.children):
            announce, self.when_ready = self.when_ready, None
            notify("READY=1")
            announce()

    def _wait(self) -> None:
        line = self.server.fileno() if self.server is not None else None
        if line is not None:
            self.selector.register(line, selectors.EVENT_READ)
        try:
            heard = self.selector.select(self._next_start())
        finally:
            if line is not None:
                self.selector.unregister(line)
        for key, _ in heard:
            if isinstance(key.data, Child):
                self.selector.unregister(key.fd)
                key.data.hear()
            elif key.data == "bell":
                with contextlib.suppress(BlockingIOError):
                    os.read(key.fd, 4096)
        self._look_after_postgres()

    def _look_after_postgres(self) -> None:
        """PostgreSQL itself is its keeper's care; here only a killed keeper is replaced."""
        if self.server is not None and not self.stopping and not self.server.alive():
            _say("the keeper of PostgreSQL is gone; starting it again")
            self.server.stop()
            self.server.start()

    def _next_start(self) -> float | None:
        waits = [child.next_start_at - time.monotonic() for child in self.children if child.running is None]
        return max(0.0, min(waits)) if waits else None

    def _stop_children(self) -> None:
        for child in self.children:
            child.tell(signal.SIGTERM)
        limit = time.monotonic() + GRACE
        for child in self.children:
            if child.running is None:
                continue
            try:
                child.running.wait(max(0.0, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                _say(f"the {child.name} process does not stop; killing it")
                child.tell(signal.SIGKILL)
                child.running.wait()
            child.close_pipe()

    @contextlib.contextmanager
    def _bell(self) -> Iterator[None]:
        """Signals only ring: a child's end wakes the loop, a wish to stop is noted."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        earlier = {
            number: signal.signal(number, self._note)
            for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)
        }
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self.selector.register(reading, selectors.EVENT_READ, "bell")
        try:
            yield
        finally:
            signal.set_wakeup_fd(-1)
            for number, handler in earlier.items():
                signal.signal(number, handler)
            os.close(reading)
            os.close(writing)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.stopping = self.stopping or number != signal.SIGCHLD


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; the web processes inherit it, and a restart of one loses no connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
    except OSError as error:
        line.close()
        raise AddressInUse(
            f"{host} port {port} cannot be used: {error.strerror}. "
            "Stop what listens there, or set EVENHAND_WEB_PORT to another port."
        ) from None
    line.listen(BACKLOG)
    return line


def _say(words: str) -> None:
    print(f"evenhand: {words}", file=sys.stderr, flush=True)
