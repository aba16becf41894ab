"""The reviewed words: `words/terms.tsv` and `words/groups.tsv`, read once.

Columns of terms.tsv: the term; its kind (cursing, or the kind of discriminatory remark); severity;
language; how it matches; words nearby that make it harmless; and where it comes from (`own`: written and
reviewed here; otherwise the public lists that hold it too, see README.md). How a term matches:

`word` on word borders · `root` anywhere in a word · `phrase` several words in a row · `accented` only
with its accents · `masked` only where letters are masked · `spoken` and `insult` only in the turns of
phrase of `curses.py` · `sign` as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from evenhand.reading.folding import fold
from evenhand.reading.wordlists import rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One row of terms.tsv; `folded` is how it stands in folded text, `unless` the words that make it
    harmless.
    """

    term: str
    folded: str
    kind: str
    severity: str
    language: str
    match: str
    unless: frozenset[str]
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The terms by how they are looked up."""

    words: dict[str, Term]
    roots: tuple[Term, ...]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Term], ...]]  # by first word
    signs: tuple[Term, ...]
    maskable: tuple[Term, ...]


@cache
def lexicon() -> Lexicon:
    """All terms, ready to be looked up."""
    terms = [
        Term(
            term=row["term"],
            folded=fold(row["term"]).text,
            kind=row["kind"],
            severity=row["severity"],
            language=row["language"],
            match=row["match"],
            unless=frozenset(filter(None, row["unless"].split(","))),
            source=row["source"],
        )
        for row in rows("terms.tsv")
    ]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Term], ...]] = {}
    for term in terms:
        if term.match == "phrase":
            words = tuple(term.folded.split())
            phrases[words[0]] = (*phrases.get(words[0], ()), (words, term))
    return Lexicon(
        words={
            term.folded: term
            for term in terms
            if term.match in ("word", "root", "accented", "spoken", "insult")
        },
        roots=tuple(term for term in terms if term.match == "root"),
        phrases=phrases,
        signs=tuple(term for term in terms if term.match == "sign"),
        maskable=tuple(
            term
            for term in terms
            if term.language == "en"
            and term.match != "phrase"
            and term.kind != "ageist"
            and term.folded.isalpha()
        ),
    )
