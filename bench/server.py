"""A desk of its own to measure: a fresh home, `evenhand serve` at its defaults, and a way to stop it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evenhand import postgres

BIN = Path(sys.executable).parent / "evenhand"


@dataclass(frozen=True, kw_only=True)
class Served:
    home: Path
    web_port: int
    mail_port: int
    environment: dict[str, str]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def run(self, *words: str) -> None:
        """Run `evenhand WORDS` in this desk's home; a failure stops the measurement."""
        subprocess.run([BIN, *words], env=self.environment, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(tickets: int) -> Iterator[Served]:
    """A running desk with `tickets` tickets of load data. Only ports and home differ from the defaults."""
    home = Path(tempfile.mkdtemp(prefix="evenhand-bench-"))
    web, mail = free_port(), free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EVENHAND_")}
    environment |= {
        "EVENHAND_HOME": str(home),
        "EVENHAND_WEB_PORT": str(web),
        "EVENHAND_MAIL_PORT": str(mail),
    }
    served = Served(home=home, web_port=web, mail_port=mail, environment=environment)
    process = subprocess.Popen([BIN, "serve"], env=environment, start_new_session=True)
    try:
        wait_until_healthy(served, process)
        served.run("load", "--tickets", str(tickets))
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        postgres.destroy(home)
        shutil.rmtree(home, ignore_errors=True)


def wait_until_healthy(served: Served, process: subprocess.Popen[bytes], *, seconds: int = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"evenhand serve ended with status {process.returncode} before it was healthy.")
        try:
            with urllib.request.urlopen(f"{served.base}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"evenhand serve was not healthy after {seconds} s: see {served.base}/healthz.")
