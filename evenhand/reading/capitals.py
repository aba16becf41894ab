"""Messages in capitals, told apart from names, codes and error messages that are written so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evenhand.reading.wordlists import word_set

_WORD = re.compile(r"[^\W\d_](?:[\w'’&-]*[^\W_])?")
# Words of a person who speaks to another. Error messages and product names do without most of them.
_SPEAKING = word_set("speaking.txt")
_FIRM = word_set("speaking-firmly.txt")
_ERROR = re.compile(
    r"\b(?:ERROR|FATAL|EXCEPTION|FAILED|FAILURE|REFUSED|DENIED|FORBIDDEN|INVALID|UNDEFINED|WARNING|TIMEOUT|"
    r"TIMED OUT|NOT FOUND|"
    r"ABORT(?:ED)?|UNEXPECTED|UNABLE TO|CANNOT|OVERFLOW|EXPIRED|UNAUTHORI[SZ]ED|SQL|HTTP|SSL_|ERR_|ORA-\d+|"
    r"DECLINED|NULL|STACK)\b"
)
_LEGAL = re.compile(
    r"\b(?:CONFIDENTIAL|INTENDED RECIPIENT|DISCLAIMER|LIABILITY|WARRANTY|AS IS|HEREBY|MERCHANTABILITY)\b"
)
_SHOWN = re.compile(
    r"\b(?:says?|said|reads?|error|errors|message|messages|shows?|showing|displays?|log|logs|getting|gives?|"
    r"gave|returns?|returned|called|named|"
    r"titled|banner|headline|heading|title|label|button|text|sign|header|subject|line|reading|sees?|prints?|"
    r"printed|"
    r"screen|notice|popup|pop-up|warning|alert|slogan|tagline|coupon|code|brand|name|change|rename|from|"
    r"to)\b[^.!?\n]{0,40}[:\s\"'“(]*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"\n]{2,400}\"|“[^”\n]{2,400}”|«[^»\n]{2,400}»|`[^`\n]{2,400}`")


def shouted(text: str) -> tuple[int, int] | None:
    """[start, end) of what is written in capitals as shouting; None where nothing is.

    >>> shouted("FIX MY STORE NOW PLEASE"), shouted("It says ERROR: CONNECTION REFUSED BY HOST")
    ((0, 23), None)
    """
    bare = _QUOTED.sub(lambda found: " " * len(found[0]), text[:100_000])
    words = [found for found in _WORD.finditer(bare) if found[0].upper() != found[0].lower()]
    runs = list(_runs(words))
    if not runs:
        return None
    capital = sum(len(word[0]) for run in runs for word in run)
    letters = sum(len(word[0]) for word in words)
    if capital >= 0.7 * letters:
        return _span(runs) if _whole_message_shouts(runs, bare) else None
    loud = [run for run in runs if _run_shouts(run, bare)]
    return _span(loud) if loud else None


def _runs(words: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Rows of words in capitals with no other word between."""
    run: list[re.Match[str]] = []
    for word in words:
        if word[0].isupper():
            run.append(word)
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _whole_message_shouts(runs: list[list[re.Match[str]]], text: str) -> bool:
    words = [word[0] for run in runs for word in run]
    letters = sum(len(word) for word in words)
    speaking = _count(words, _SPEAKING)
    start, end = _span(runs)
    if (_ERROR.search(text, start, end) and _count(words, _FIRM) < 2) or _LEGAL.search(text, start, end):
        return False
    if start and _SHOWN.search(text[max(0, start - 60) : start]) and _count(words, _FIRM) < 2:
        return False
    if letters < 10 or len(words) < 3:
        return letters >= 8 and len(words) >= 2 and _count(words, _FIRM) >= 1 and "!" in text
    if speaking == 0:
        return (
            letters >= 40
            and len(words) >= 8
            and not re.search(r"\d", text[start:end])
            and text.isascii() is False
        )
    return speaking >= 2 or len(words) >= 4


def _run_shouts(run: list[re.Match[str]], text: str) -> bool:
    words = [word[0] for word in run]
    start, end = run[0].start(), run[-1].end()
    if (
        len(words) < 4
        or sum(map(len, words)) < 16
        or _count(words, _FIRM) < 1
        or _count(words, _SPEAKING) < 2
    ):
        return False
    if (_ERROR.search(text, start, end) and _count(words, _FIRM) < 2) or _LEGAL.search(text, start, end):
        return False
    return not _SHOWN.search(text[max(0, start - 60) : start]) or len(words) >= 25


def _count(words: list[str], among: frozenset[str]) -> int:
    return sum(word.lower().replace("’", "'") in among for word in words)


def _span(runs: list[list[re.Match[str]]]) -> tuple[int, int]:
    return runs[0][0].start(), runs[-1][-1].end()
