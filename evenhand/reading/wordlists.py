"""The word files of this room: `words/`, reviewed data, read once."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


@cache
def word_set(name: str) -> frozenset[str]:
    """The words of a plain list; lines that begin with `#` tell what it is for."""
    lines = _source(name).splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table with a heading, its cells apart by tabs."""
    yield from csv.DictReader(_source(name).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


def _source(name: str) -> str:
    return files("evenhand.reading").joinpath("words", name).read_text(encoding="utf-8")
