"""One process of the group: `python -m evenhand.serving.child web|worker|mail`.

The group hands over, by environment, the listening socket, the pipe on which to say `ready`, and its own
process number: on Linux the kernel ends a child whose group was killed.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module

from evenhand.postgres import DatabaseUnavailable
from evenhand.serving.opening import set_up_django

PR_SET_PDEATHSIG = 1
WORKER_NICENESS = 5  # pages are answered and mail is taken in first; jobs can wait a moment
CANNOT_WORK = 78  # exit status (EX_CONFIG): starting again would not help


def main(name: str) -> int:
    """Run the child `name` until it is told to stop; returns its exit status."""
    _end_with_the_group()
    set_up_django()
    from evenhand.serving.migrations import migrate

    try:
        migrate()
        CHILDREN[name]()
    except DatabaseUnavailable as refusal:
        print(f"evenhand: {refusal}", file=sys.stderr, flush=True)
        return CANNOT_WORK
    return 0


def web() -> None:
    """Pages and streams."""
    from django.conf import settings

    from evenhand.serving.web import run

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
    import_module(settings.ROOT_URLCONF)  # all pages are loaded, or this ends, before anybody asks for one
    run(int(os.environ["EVENHAND_SOCKET"]), when_ready=say_ready)


def worker() -> None:
    """Jobs."""
    from evenhand.jobs.worker import run

    os.nice(WORKER_NICENESS)
    stop = _stop_on_signal()
    say_ready()
    run(stop)


def mail() -> None:
    """The SMTP door."""
    from evenhand.intake.listener import run
    from evenhand.serving.health import mail_listener_answers

    stop = _stop_on_signal()
    threading.Thread(target=_say_when, args=(mail_listener_answers, stop), daemon=True).start()
    run(stop)


CHILDREN: dict[str, Callable[[], None]] = {"web": web, "worker": worker, "mail": mail}


def say_ready() -> None:
    """Tell the group, once."""
    descriptor = os.environ.pop("EVENHAND_READY", None)
    if descriptor is not None:
        with open(int(descriptor), "wb") as pipe:
            pipe.write(b"ready\n")


def _say_when(true: Callable[[], bool], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            if true():
                say_ready()
                return
        except OSError:
            time.sleep(0.05)


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _end_with_the_group() -> None:
    group = int(os.environ.get("EVENHAND_GROUP", "0"))
    if sys.platform == "linux" and group:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != group:
            os._exit(1)


if __name__ == "__main__":
    status = main(sys.argv[1])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # a thread that still serves a stream must not hold up the stop
