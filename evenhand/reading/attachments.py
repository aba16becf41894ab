"""Secrets in files that are text: txt, csv, json, html, xml and their like.

A file that cannot be read as text is not touched and not vouched for: the answer is None, and the desk
marks it as not screened.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

from evenhand.reading.html import text_of_html
from evenhand.reading.redact import PLACEHOLDERS, redact

_TEXT_NAMES = re.compile(
    r"\.(?:txt|text|log|md|csv|tsv|json|jsonl|ndjson|html?|xhtml|xml|ya?ml|ini|cfg|conf|env|sql|eml|ics|css|"
    r"js|php|liquid|svg)$",
    re.IGNORECASE,
)
_TEXT_TYPES = re.compile(
    r"text/[\w.+-]+|application/(?:json|xml|[\w.-]+\+(?:json|xml)|x-ndjson|csv|sql|javascript|yaml)|"
    r"message/[\w-]+"
)
_SECRET_COLUMN = {
    "password": re.compile(
        r"pass ?(?:word|wd|phrase|code)?|pwd|pw|passwort|kennwort|mot de passe|contraseña|senha"
    ),
    "cvv": re.compile(r"cvv2?|cvc2?|csc|card (?:security )?code|security code"),
    "ssn": re.compile(r"ssn|social security(?: number)?|itin"),
    "api_key": re.compile(r"(?:api|secret|private|access|transaction) ?(?:key|token)|token|secret"),
    "card": re.compile(r"(?:credit |debit )?card ?(?:number|no|num|nr)?|cc ?(?:number|no|num)?|ccnum|pan"),
}
_MOST_CHARACTERS = 10_000_000


def redact_attachment(name: str, type: str, content: bytes) -> bytes | None:
    """The file without its secrets; the very same bytes where it holds none; None where it cannot be
    screened.

    >>> redact_attachment("logins.csv", "text/csv", b"user,password\\ndana,tulip\\n").decode()
    'user,password\\ndana,▮▮▮ password\\n'
    """
    kind = type.lower().split(";")[0].strip()
    if not (_TEXT_TYPES.fullmatch(kind) or _TEXT_NAMES.search(name)):
        return None
    text = _decoded(content)
    if text is None or len(text) > _MOST_CHARACTERS:
        return None
    redacted = redact(_without_secret_columns(text) if _is_table(name, kind) else text).text
    if ("html" in kind or "xml" in kind or "<" in redacted) and redact(text_of_html(redacted)).spans:
        return None  # a secret that only shows once entities and tags are read
    return content if redacted == text else redacted.encode("utf-8")


def _decoded(content: bytes) -> str | None:
    """Text by its byte order mark, else UTF-8, else Windows-1252; None for bytes that are no text."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, codec)
    if b"\x00" in content:
        return None
    text = _strictly(content, "utf-8")
    return text if text is not None else _strictly(content, "cp1252")


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_table(name: str, kind: str) -> bool:
    return kind in ("text/csv", "application/csv", "text/tab-separated-values") or name.lower().endswith(
        (".csv", ".tsv")
    )


def _without_secret_columns(text: str) -> str:
    """A table whose heading names a secret: the column's values go, whatever they look like."""
    heading = text.partition("\n")[0]
    delimiter = max(",;\t|", key=heading.count)
    columns = {
        place: secret
        for place, cell in enumerate(heading.rstrip("\r").split(delimiter))
        if (secret := _secret_of(cell)) is not None
    }
    if not columns:
        return text
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            writer.writerow(
                row if number == 0 else [_cell(cell, columns.get(place)) for place, cell in enumerate(row)]
            )
    except csv.Error:
        return text
    return written.getvalue()


def _secret_of(heading: str) -> str | None:
    words = re.sub(r"[\s_\"'.-]+", " ", heading.lower()).strip()
    return next((secret for secret, names in _SECRET_COLUMN.items() if names.fullmatch(words)), None)


def _cell(cell: str, kind: str | None) -> str:
    """A value of a column of secrets as its placeholder. A column of cards may hold masked numbers or brands:
    they stay.
    """
    if kind is None or not cell.strip() or cell.strip().startswith("▮"):
        return cell
    if kind == "card" and sum(map(str.isdigit, cell)) < 13:
        return cell
    return PLACEHOLDERS[kind]
