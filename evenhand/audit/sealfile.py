"""EVENHAND_HOME/seals.jsonl: every seal once more, outside the database, one JSON object to a line."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from evenhand.audit.models import Seal

TAIL = 4096  # bytes; a line is about 400


def path() -> Path:
    return Path(settings.HOME) / "seals.jsonl"


def lines() -> Iterator[str]:
    """The whole lines that the file has at this moment, oldest first; none where there is no file."""
    try:
        file = path().open("rb")
    except FileNotFoundError:
        return iter(())
    return _lines(file, until=os.fstat(file.fileno()).st_size)


def _lines(file: BinaryIO, until: int) -> Iterator[str]:
    with file:
        while file.tell() < until and (line := file.readline()).endswith(b"\n"):
            yield line.decode("utf-8", "replace").rstrip("\n")


def last_line() -> str | None:
    try:
        with path().open("rb") as file:
            return _last_line(file)
    except FileNotFoundError:
        return None


def number_of(line: str) -> int | None:
    """The number of the seal that a line holds; None where the line is not a seal."""
    try:
        number = json.loads(line)["number"]
    except (ValueError, TypeError, KeyError):
        return None
    return number if isinstance(number, int) else None


def append_missing() -> None:
    """Append, and flush to the disk, the seals of the database that are newer than the file's last."""
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _drop_cut_line(file)
        last = _last_line(file)
        newest = (number_of(last) or 0) if last else 0
        for seal in Seal.objects.filter(number__gt=newest).order_by("number").iterator():
            file.write(seal.line().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _drop_cut_line(file: BinaryIO) -> None:
    """Cut off what stands behind the last newline: a crash left it there."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - TAIL)
    file.seek(start)
    tail = file.read()
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        file.truncate(start + whole)
    file.seek(0, os.SEEK_END)


def _last_line(file: BinaryIO) -> str | None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    whole = [line for line in file.read().splitlines(keepends=True) if line.endswith(b"\n")]
    return whole[-1].decode("utf-8", "replace").rstrip("\n") if whole else None
