"""Words that a pattern cannot match without, so that most patterns need not be tried on most texts.

A search with a long pattern full of alternatives costs about 0.1 ms for each 3,000 characters, and a look for
a word almost nothing.  The words are derived from the pattern as `re` itself has parsed it, so they cannot
come to differ from it.
"""

from __future__ import annotations

import re
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_IMPOSSIBLE: frozenset[str] = frozenset()
_MOST_CHOICES = 200
"""Beyond so many words looking for them costs as much as the search itself."""


def needed_words(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Words of which a text that `pattern` matches has at least one; None where there is no such set.

    No words at all: nothing matches.

    >>> sorted(needed_words(re.compile(r"(?:old|young) wom[ae]n|(?!)x"))), needed_words(re.compile("a*"))
    (['old ', 'young '], None)
    """
    if pattern.flags & re.IGNORECASE:
        return None
    choices = _needed(parser.parse(pattern.pattern, pattern.flags))
    return choices if choices is None or len(choices) <= _MOST_CHOICES else None


def _needed(parts: Any) -> frozenset[str] | None:
    """The best of what each part of a sequence needs, letters in a row taken together as one word."""
    offers: list[frozenset[str]] = []
    run = ""
    for operation, told in [*parts, (None, None)]:
        if operation is code.LITERAL:
            run += chr(told)
            continue
        if run:
            offers.append(frozenset((run,)))
            run = ""
        if operation is not None and (offer := _needed_by(operation, told)) is not None:
            offers.append(offer)
    return max(offers, key=_worth, default=None)


def _needed_by(operation: Any, told: Any) -> frozenset[str] | None:
    if operation is code.SUBPATTERN:
        return None if told[1] & re.IGNORECASE else _needed(told[-1])
    if operation is code.BRANCH:
        branches = [_needed(branch) for branch in told[1]]
        known = [branch for branch in branches if branch is not None]
        return _IMPOSSIBLE.union(*known) if len(known) == len(branches) else None
    if operation in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
        least, _, repeated = told
        return _needed(repeated) if least else None
    if operation is code.FAILURE or (operation is code.ASSERT_NOT and not told[1]):
        return _IMPOSSIBLE  # (?!), as different versions of Python parse it
    return None


def _worth(words: frozenset[str]) -> tuple[bool, float]:
    """Impossible is best, then long words and few of them."""
    return not words, min(map(len, words), default=0) - len(words) / 10
