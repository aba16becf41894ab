"""Slips of the keyboard: a word that training never met, taken for the one known word a slip away.

Only long words are mended, only where one slip leads to a known word, and never the first letter: names and
codes stay what they are.  Where several known words are as near, the commonest is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import ascii_lowercase

SHORTEST = 5
"""Below so many letters a slip makes one word of another too easily."""

MOST_MENDED = 12
"""Words mended in one message; a text in which more are unknown is in another language or no text."""

_WORD = re.compile(r"[a-z]{5,20}")


def mended(plain: str, known: Mapping[str, int], counts_as_known: Mapping[str, int]) -> str:
    """An evened text with its slips mended. `known` has the words of training, the commoner the greater;
    `counts_as_known` further words that are right as they are.

    >>> mended("the checkuot shows no shiping", {"checkout": 9, "shipping": 7, "shows": 3}, {})
    'the checkout shows no shipping'
    """
    left = MOST_MENDED

    def mend(found: re.Match[str]) -> str:
        nonlocal left
        word = found[0]
        if not left or word in known or word in counts_as_known:
            return word
        left -= 1
        return max((one for one in _slips(word) if one in known), key=lambda one: known[one], default=word)

    return _WORD.sub(mend, plain)


def _slips(word: str) -> Iterator[str]:
    """Every spelling one slip away: a letter too many, too few, another, or two that changed places."""
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        for letter in ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
