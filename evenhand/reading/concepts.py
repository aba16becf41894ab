"""Concepts: what owners of online shops speak of, whatever their words.

A policy shows a few dozen sayings for each topic; customers use hundreds of words.  Each concept of
`concepts.txt` gathers phrases that stand for one thing or one intention.  None is bound to a topic: which
concepts speak for which topic is learnt from the sayings of the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from evenhand.reading.wording import stem

LONGEST_PHRASE = 4


def concepts(stems: Sequence[str]) -> tuple[str, ...]:
    """The concepts that one sentence speaks of, given the stems of its words; each once, in order of name."""
    known, beginnings = phrases(), first_stems()
    return tuple(
        sorted(
            {
                concept
                for start in range(len(stems))
                if stems[start] in beginnings
                for length in range(1, min(LONGEST_PHRASE, len(stems) - start) + 1)
                for concept in known.get(tuple(stems[start : start + length]), ())
            }
        )
    )


@cache
def phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """The concepts of each phrase, by the phrase's stems, from the data file beside this module."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    concept = ""
    for line in written().splitlines():
        if line.startswith("="):
            concept = line.removeprefix("=").strip()
        elif line and not line.startswith("#"):
            for phrase in filter(None, line.split(";")):
                stems = tuple(stem(word) for word in phrase.split())
                if stems and concept not in found.get(stems, ()):
                    found[stems] = (*found.get(stems, ()), concept)
    return found


@cache
def first_stems() -> frozenset[str]:
    """The stems that a phrase may begin with: most words of a message are none of them."""
    return frozenset(stems[0] for stems in phrases())


@cache
def concept_words() -> Mapping[str, int]:
    """Every word that stands in a phrase, as it is written there: these are no slips."""
    lines = (line for line in written().splitlines() if line and line[0] not in "#=")
    return dict.fromkeys((word for line in lines for word in line.replace(";", " ").split()), 1)


@cache
def written() -> str:
    """The data file as it stands; whoever keeps what was learnt with it has to notice when it changes."""
    return files("evenhand.reading").joinpath("concepts.txt").read_text("utf-8")
