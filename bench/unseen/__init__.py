"""Data that nothing is trained or tuned on, each file saying how it came about, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def lines_by_topic(file: Path) -> Iterator[tuple[str, str]]:
    """(topic, line) of each line of `file`: `= topic` begins one, `#` a remark; `\\n` is a line break."""
    topic = ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("="):
            topic = line.removeprefix("=").strip()
        elif line and not line.startswith("#"):
            yield topic, line.replace("\\n", "\n")
