"""The web process stops with streams open, and writes no query into its log."""

import logging
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evenhand.serving.group import listening
from evenhand.serving.web import WithoutQuery

ROOT = Path(__file__).parents[3]
SERVING = """
import logging, sys
from evenhand.serving.web import run
logging.basicConfig(level=logging.INFO)
run(int(sys.argv[1]), when_ready=lambda: print("ready", flush=True),
    application="evenhand.serving.tests.endless:application")
"""


def test_a_stop_ends_open_streams_instead_of_waiting_for_them() -> None:
    with serving() as (process, port), _asked(port, "/live") as stream:
        assert b"data: open" in _read_until(stream, b"open\n\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == -signal.SIGTERM
        assert _rest(stream) == b""


def test_the_access_log_has_the_path_without_what_was_typed() -> None:
    with serving() as (process, port), _asked(port, "/search?q=4111111111111111") as stream:
        _read_until(stream, b"open\n\n")
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1]
    assert '"GET /search HTTP/1.1" 200' in said
    assert "4111" not in said


def test_other_lines_pass_the_filter_unchanged() -> None:
    record = logging.LogRecord("uvicorn", logging.INFO, "", 0, "%s?%s", ("a", "b"), None)
    assert WithoutQuery().filter(record)
    assert record.getMessage() == "a?b"


@contextmanager
def serving() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The web process alone, on a free port."""
    with listening("127.0.0.1", 0) as line:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVING, str(line.fileno())],
            cwd=ROOT,
            pass_fds=[line.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
                yield process, line.getsockname()[1]
            finally:
                process.kill()


def _asked(port: int, path: str) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", port), timeout=30)
    stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return stream


def _read_until(stream: socket.socket, end: bytes) -> bytes:
    heard = b""
    while end not in heard:
        block = stream.recv(4096)
        assert block, heard
        heard += block
    return heard


def _rest(stream: socket.socket) -> bytes:
    try:
        heard = stream.recv(4096)
    except ConnectionResetError:
        return b""
    return heard.strip(b"0\r\n")
