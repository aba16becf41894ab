"""Remarks that no one pattern holds: a group or an old saw about it, the desk, and contempt in one sentence.

A group's name is no finding, nor is contempt for a product.  Where a sentence names a group as people (or a
saw about one: nails, pigeons, an accent), speaks of the desk or its staff, and scorns, shuts out or says
"typical", the three together are.  All groups are one and the same to the rule.  What speaks for a harmless
sense, such as praise, a question about the shop, or a thing behind the group's name, keeps it silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from evenhand.reading.folding import Folded
from evenhand.reading.wordlists import rows

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\s|$)|\n|$)(?:\s*[^.!?\n]{1,24}[.!?](?=\s|$))?")
_OWN = re.compile(r"\b(?:i'm|i am|we're|we are|as an?|our|my|for|about|between)(?: \w+)? $")
_OURS = ("sexist", "ageist", "jingoist", "racial", "religious", "political")
_REACHES = 12  # characters before a group in which it is said to be one's own


def contemptuous(
    folded: Folded, groups: re.Pattern[str], kinds: dict[str, str]
) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of each such sentence of the folded text. `groups` finds their names, `kinds` says
    of which kind each is."""
    for found in _SENTENCE.finditer(folded.text):
        said = found[0]
        if not _says("contempt").search(said) or _says("praise").search(said):
            continue
        kind = _kind_in(said, groups, kinds)
        if kind and _says("desk").search(said):
            yield found.start(), found.end(), kind


def _kind_in(said: str, groups: re.Pattern[str], kinds: dict[str, str]) -> str | None:
    """A saw tells the kind better than "man" or "girl", which often are but words for somebody."""
    named, saw = _group_in(said, groups, kinds), _saw_in(said)
    return saw if saw and named in (None, "sexist") else named


def _group_in(said: str, groups: re.Pattern[str], kinds: dict[str, str]) -> str | None:
    """The kind of the first group named as people: not one's own, and with no thing behind its name."""
    for name in groups.finditer(said):
        own = _OWN.search(said, max(0, name.start() - _REACHES), name.start())
        if own is None and not _thing_after().match(said, name.end()):
            return kinds[name[0]]
    return None


def _saw_in(said: str) -> str | None:
    return next((kind for kind in _OURS if _says(kind).search(said)), None)


@cache
def _says(role: str) -> re.Pattern[str]:
    words = "|".join(row["words"] for row in rows("contempt.tsv") if row["role"] == role)
    return re.compile(rf"(?<![\w'])(?:{words})(?!\w)")


@cache
def _thing_after() -> re.Pattern[str]:
    words = "|".join(row["words"] for row in rows("contempt.tsv") if row["role"] == "things")
    return re.compile(rf"[ -]?(?:\w+ )?(?:{words})\b")
