"""A desk run by the real `evenhand serve`, for tests that ask, kill and stop it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PATIENCE = 90  # seconds, on a machine that is busy with other tests


class Running:
    """`evenhand serve WORDS` on ports of its own; what it says is in `said`."""

    def __init__(self, home: Path, *words: str, environment: Mapping[str, str] | None = None) -> None:
        self.home, self.web_port, self.mail_port = home, free_port(), free_port()
        self.said: list[str] = []
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
        inherited.pop("DATABASE_URL", None)
        own = {
            "EVENHAND_HOME": str(home),
            "EVENHAND_WEB_PORT": str(self.web_port),
            "EVENHAND_MAIL_PORT": str(self.mail_port),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "evenhand.cli", "serve", *words],
            cwd=ROOT,
            env={**inherited, **own, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def says(self, words: str) -> None:
        """Wait until it has said `words`."""
        wait_until(lambda: any(words in line for line in self.said), about=lambda: "".join(self.said))

    def health(self) -> tuple[int, dict[str, Any]]:
        """Status and content of /healthz; 0 where nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)
        try:
            line.request("GET", "/healthz")
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            line.close()

    def is_well(self) -> None:
        """Wait until every part is well."""
        wait_until(lambda: self.health()[0] == 200, about=lambda: f"{self.health()} {''.join(self.said)}")

    def child(self, name: str) -> int:
        """The process number of one part; 0 while it does not run."""
        for pid in children_of(self.process.pid):
            if command_of(pid)[-1:] == [name]:
                return pid
        return 0

    def stop(self) -> int:
        """SIGTERM; the status it ends with."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """The status it ends with by itself."""
        status = self.process.wait(timeout=PATIENCE)
        self._listening.join(timeout=PATIENCE)
        return status

    def kill_everything(self) -> None:
        """kill -9 of the group and of every process below it; PostgreSQL has its own tests."""
        pids = [self.process.pid, *children_of(self.process.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.wait()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], *, about: Callable[[], str] = lambda: "") -> None:
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, about()
        time.sleep(0.05)


def children_of(parent: int) -> list[int]:
    return [pid for pid in living() if _stat(pid)[1:2] == [str(parent)] and _stat(pid)[0] != "Z"]


def living() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def is_living(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
