"""Undo disguises of letters, keeping track of where each letter stood."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# Letters of other scripts and signs that are drawn like Latin ones (from Unicode's confusables, the
# common ones).
_LOOKS_LIKE = {
    **dict(zip("аеорсхуівкмнтѕјԁɡһпгб", "aeopcxyibkmhtsjdghnrb", strict=True)),
    **dict(zip("αεορτυκνικχηԛԝɑıƒʃøłđðսցօ", "aeoptukvikxnqwaifsolddugo", strict=True)),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """Lower-case text without accents and disguises; `origin[i]` is where character i stood in the text."""

    text: str
    origin: tuple[int, ...] | None  # None: character i stood at i

    def place(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the folded text as [start, end) of the original."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Lower case, accents and invisible characters off, look-alikes as Latin.

    >>> fold("Shі\\u200bt Café").text
    'shit cafe'
    """
    if text.isascii():
        return Folded(text.lower(), None)
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for letter in _plain(character):
            letters.append(letter)
            origin.append(place)
    return Folded("".join(letters), tuple(origin))


def _plain(character: str) -> str:
    if character.isascii():
        return character.lower()
    if character in "’‘´`":
        return "'"
    if character in "“”„«»":
        return '"'
    out = ""
    for piece in unicodedata.normalize("NFKD", character).lower():
        category = unicodedata.category(piece)
        if category not in ("Mn", "Me", "Cf"):
            out += _LOOKS_LIKE.get(piece, piece)
    return out
