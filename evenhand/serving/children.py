"""A process of the group as the group sees it: started, ready, ended, started again a little later."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

BACK_OFF = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before the nth start in a row
STEADY_AFTER = 20.0  # seconds of life after which the count of starts in a row is forgotten


@dataclass(kw_only=True)
class Child:
    """`module`, `words`: what Python runs; `once`: it ends by itself and is not started again."""

    name: str
    module: str
    words: tuple[str, ...]
    descriptors: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    running: "subprocess.Popen[bytes] | None" = None
    ready_pipe: int | None = None
    ready: bool = False
    next_start_at: float = 0.0
    _started_at: float = 0.0
    _ends_in_a_row: int = 0

    def start(self) -> int:
        """Start it; returns the descriptor on which it says ready."""
        reading, writing = os.pipe()
        self.running = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.words],
            stdin=subprocess.DEVNULL,
            pass_fds=(*self.descriptors, writing),
            env={
                **os.environ,
                **self.environment,
                "EVENHAND_READY": str(writing),
                "EVENHAND_GROUP": str(os.getpid()),
            },
        )
        os.close(writing)
        self.ready_pipe, self.ready, self._started_at = reading, False, time.monotonic()
        return reading

    def ended(self) -> int | None:
        """The status with which it has ended, or None while it runs."""
        return None if self.running is None else self.running.poll()

    def hear(self) -> None:
        """Take the word from its pipe: ready, or nothing where it ended before."""
        assert self.ready_pipe is not None
        self.ready = os.read(self.ready_pipe, 16) != b"" or self.ready
        self.close_pipe()

    def close_pipe(self) -> None:
        """Forget the pipe."""
        if self.ready_pipe is not None:
            os.close(self.ready_pipe)
            self.ready_pipe = None

    def wait_a_little(self) -> float:
        """Note its end and return the seconds until it is to be started again."""
        if time.monotonic() - self._started_at > STEADY_AFTER:
            self._ends_in_a_row = 0
        pause = BACK_OFF[min(self._ends_in_a_row, len(BACK_OFF) - 1)]
        self._ends_in_a_row += 1
        self.running, self.ready = None, False
        self.next_start_at = time.monotonic() + pause
        return pause

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(number)


def part_of_the_desk(
    name: str, *, descriptors: tuple[int, ...] = (), environment: Mapping[str, str] | None = None
) -> Child:
    """The child that runs `name` of `evenhand.serving.child`."""
    return Child(
        name=name,
        module="evenhand.serving.child",
        words=(name,),
        descriptors=descriptors,
        environment=environment or {},
    )


def in_words(status: int) -> str:
    """An exit status as a sentence ends: `with status 1`, `by SIGKILL`."""
    if status >= 0:
        return f"with status {status}"
    return f"by {signal.Signals(-status).name}"
