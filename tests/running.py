"""A whole desk for a test: `evenhand serve` in a home of its own, written to by SMTP, seen from outside."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg

from evenhand import postgres
from evenhand.postgres.layout import layout
from evenhand.postgres.postmaster import living_postmaster

COMMAND = Path(sys.executable).parent / "evenhand"
PATIENCE = 120.0  # seconds for anything that is to come true


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A running desk. `group` is the number of the process that keeps the others."""

    home: Path
    web_port: int
    mail_port: int
    environment: dict[str, str]
    group: int

    def evenhand(self, *words: str) -> str:
        """Run a command of this desk and give what it printed."""
        done = subprocess.run(
            [COMMAND, *words], env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Look into the database, from outside the desk."""
        with psycopg.connect(postgres.dsn(self.home)) as connection:
            return connection.execute(sql).fetchall()

    def number(self, sql: str) -> int:
        """The one number that a question has for an answer; -1 while the database is away."""
        try:
            return int(self.ask(sql)[0][0])
        except psycopg.OperationalError:
            return -1

    def send(self, message: EmailMessage) -> None:
        """Send a mail as a mail server does: again until it is taken, however often the line breaks."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", self.mail_port, timeout=30) as line:
                    line.send_message(message)
                return
            except (smtplib.SMTPException, OSError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def part(self, name: str) -> int | None:
        """The process number of the web, worker or mail part; None while it is down."""
        for pid, words in _processes():
            if words[-3:] == ["-m", "evenhand.serving.child", name] and _parent(pid) == self.group:
                return pid
        return None

    def postmaster(self) -> int | None:
        """The process number of the desk's PostgreSQL; None while it is down."""
        return living_postmaster(layout(self.home))

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:  # URLError is one
            return False


def wait_until(true: Callable[[], bool], *, what: str, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise AssertionError(f"After {seconds:.0f} s still not so: {what}.")
        time.sleep(0.1)


@contextlib.contextmanager
def running_desk() -> Iterator[Desk]:
    """A desk with the demo's people and policies, at production defaults but for its home and its ports."""
    home = Path(tempfile.mkdtemp(prefix="evenhand-desk-"))
    web, mail = _free_port(), _free_port()
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith("EVENHAND_") and k != "DATABASE_URL"
    }
    environment |= {
        "EVENHAND_HOME": str(home),
        "EVENHAND_WEB_PORT": str(web),
        "EVENHAND_MAIL_PORT": str(mail),
    }
    process = subprocess.Popen([COMMAND, "serve"], env=environment, start_new_session=True)
    desk = Desk(home=home, web_port=web, mail_port=mail, environment=environment, group=process.pid)
    try:
        wait_until(desk.healthy, what="the desk is healthy")
        desk.evenhand("load", "--tickets", "1")  # brands, people, stores and policies come with it
        yield desk
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        postgres.destroy(home)
        shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _processes() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                yield int(entry.name), (entry / "cmdline").read_text().rstrip("\0").split("\0")


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    return 0
