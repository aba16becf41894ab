"""PostgreSQL's first process: read its pid file, tell ours from a stranger, launch, ask it to stop."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evenhand.postgres.account import Account
from evenhand.postgres.binaries import Binaries
from evenhand.postgres.layout import PORT, Layout

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, kw_only=True)
class PidFile:
    """What `postmaster.pid` claims: lines 1 and 8 of it."""

    pid: int
    status: str


def pid_file(layout: Layout) -> PidFile | None:
    """The claim on the data directory, or None where there is none or it is half written."""
    try:
        lines = layout.postmaster_pid.read_text(encoding="utf-8", errors="replace").splitlines()
        return PidFile(pid=int(lines[0]), status=lines[7].strip() if len(lines) > 7 else "")
    except (FileNotFoundError, IndexError, ValueError):
        return None


def living_postmaster(layout: Layout) -> int | None:
    """The pid of the PostgreSQL that runs on our data directory, judged by its command line.

    The number in a pid file may by now be any process, so the number alone says nothing.
    """
    claim = pid_file(layout)
    if claim is None or not serves(claim.pid, layout.data):
        return None
    return claim.pid


def serves(pid: int, data: Path) -> bool:
    """True where process `pid` is alive and is a postmaster on `data`."""
    words = _command_line(pid)
    return any(Path(word).name in ("postgres", "postmaster") for word in words[:1]) and str(data) in words


def clear_stale_claim(layout: Layout) -> None:
    """Make a left-over pid file harmless, whatever process its number names today.

    The number is replaced by our own rather than the file removed: PostgreSQL takes a claim by its own
    parent as stale, and still reads the shared memory key below it, so that it refuses to start beside
    back ends that outlived their postmaster.  Precondition: `living_postmaster` is None, we hold the
    keeper's lock, and this process is going to be the parent.
    """
    for lock in (layout.postmaster_pid, layout.socket / f".s.PGSQL.{PORT}.lock"):
        try:
            lines = lock.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            continue
        lock.write_bytes(b"".join([f"{os.getpid()}\n".encode("ascii"), *lines[1:]]))


def launch(
    layout: Layout, programs: Binaries, account: Account, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start PostgreSQL as our child; it is not ready yet.

    Call from the main thread: the death signal is sent when the *thread* that started the child ends.
    """
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    root = os.geteuid() == 0
    with layout.log.open("ab") as log:
        return subprocess.Popen(
            [programs["postgres"], "-D", str(layout.data), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            user=account.uid if root else None,
            group=account.gid if root else None,
            extra_groups=[] if root else None,
            umask=0o077,
            start_new_session=True,  # Ctrl-C reaches the commands, which then end PostgreSQL in their order
            preexec_fn=_dying_with(os.getpid()),
        )


def ask_to_stop(pid: int) -> None:
    """Fast shutdown: open transactions roll back, a checkpoint is written, the process ends."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)


def _dying_with(parent: int) -> Callable[[], None] | None:
    """On Linux, have the kernel send the fast-shutdown signal should the parent be killed."""
    if _libc is None:
        return None
    libc = _libc

    def die_with_parent() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return die_with_parent


def _command_line(pid: int) -> list[str]:
    if sys.platform == "linux":
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return []
        return [os.fsdecode(word) for word in words]
    said = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return said.stdout.split()
