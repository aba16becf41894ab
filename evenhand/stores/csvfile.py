"""A file of stores: comma-separated, UTF-8, with a heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from evenhand.stores.refusals import BadFile, BadLine

REQUIRED = ("reference", "organisation", "domain")
OPTIONAL = ("plan", "product_line", "theme_state", "apps")  # apps: names separated by semicolons
MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Line:
    """One store of the file: `number` is the line it begins on, `fields` holds every column."""

    number: int
    fields: dict[str, str]


def lines(file: IO[bytes]) -> Iterator[Line]:
    """The stores of the file. BadFile where it is no such file; what a line says is the caller's to judge."""
    reader = csv.DictReader(io.StringIO(_text(file), newline=""), restval="", skipinitialspace=True)
    _refuse_heading(reader.fieldnames or [])
    begins = 2
    try:
        for row in reader:
            if None in row:
                raise BadFile(
                    [BadLine(line=begins, what="has more columns than the heading; quote what holds a comma")]
                )
            yield Line(number=begins, fields={name: value.strip() for name, value in row.items()})
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadFile([BadLine(line=begins, what=f"cannot be read: {error}")]) from None


def _text(file: IO[bytes]) -> str:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadFile([BadLine(line=1, what=f"the file is larger than {MOST_BYTES // 2**20} MB; split it")])
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        at = content[: error.start].count(b"\n") + 1
        raise BadFile([BadLine(line=at, what="is not UTF-8; save the file as “CSV UTF-8”")]) from None


def _refuse_heading(names: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in REQUIRED + OPTIONAL]
    if missing or unknown or len(set(names)) < len(names):
        wrong = [f"lacks {', '.join(missing)}"] * bool(missing) + [
            f"has the unknown {', '.join(unknown)}"
        ] * bool(unknown)
        wrong += ["names a column twice"] * (len(set(names)) < len(names))
        expected = ", ".join(REQUIRED + OPTIONAL)
        raise BadFile([BadLine(line=1, what=f"the heading {' and '.join(wrong)}; it may have {expected}")])
