"""Several matters in one message, each with its own words.

People number their questions, begin with "also", or say "while I have you".  Only at such a place, or
between paragraphs, is a message cut, and only where both sides are clearly about different topics.  One
matter told at length stays one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evenhand.reading.triage import Model, TopicReading

MARKED_LEAST, PARAGRAPH_LEAST = 0.35, 0.80
"""How sure both sides must be of their topic: where words announce a new matter, and between paragraphs."""

MOST_MATTERS = 4
MOST_PLACES = 6

_LEAST_WORDS = 4
_AUXILIARY = r"(?:can|could|would|will|where|how|is|are|do|does|please|what|which|who|remind|turn|tell|may)\b"
_ITEM = re.compile(r"(?:^|(?<=\s))(?:\(?(?:[1-9]|[a-e])[.)]|[-*•])\s+(?=\S)", re.IGNORECASE | re.MULTILINE)
_ANNOUNCED = re.compile(
    r"(?:(?<=[.?!;])\s+|\n+|[,;]\s+)(?:(?:and|but|so)\s+)?(?="
    r"also\b|additionally\b|in addition\b|separately\b|unrelated\b|secondly\b|lastly\b|besides\b|"
    r"another (?:thing|question|matter|issue|point|one)\b|one (?:more|other|last) (?:thing|question)\b|"
    r"an? (?:second|smaller|different|further|quick|other) (?:thing|question|point|matter)\b|"
    r"second (?:question|thing|point)\b|other than that\b|"
    r"on (?:another|a different) (?:note|subject|matter)\b|"
    r"while (?:i|we)(?:'ve|'m|'re| have| am| are)? (?:got )?(?:you|at it|on|writing|here)\b|"
    r"by the way\b|btw\b|p\.? ?s\b)"
    rf"|(?<=[.?!])\s+(?=(?:and|plus)\s+{_AUXILIARY})|[,;]\s+(?=(?:and|and then|and also)\s+{_AUXILIARY})",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\n\s*\n\s*")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One matter: the part of the message that tells it, and what it is about."""

    text: str
    reading: TopicReading


def split(text: str, model: Model) -> tuple[Segment, ...]:
    """The matters of `text` in its order; always at least one. A single matter has the whole text."""
    places = _places(text)
    found: list[Segment] = []
    begin = 0
    for at, (place, least) in enumerate(places):
        end = places[at + 1][0] if at + 1 < len(places) else len(text)
        before, after = text[begin:place], text[place:end]
        if min(len(before.split()), len(after.split())) < _LEAST_WORDS:
            continue
        left, right = model.read(before), model.read(after)
        if left.first == right.first or min(left.topics[0][1], right.topics[0][1]) < least:
            continue
        found.append(Segment(text=before.strip(), reading=left))
        begin = place
    if not found:
        return (Segment(text=text, reading=model.read(text)),)
    found.append(Segment(text=text[begin:].strip(), reading=model.read(text[begin:])))
    return _one_of_each(found)[:MOST_MATTERS]


def _places(text: str) -> list[tuple[int, float]]:
    """Where `text` may turn to another matter, in order, and how sure both sides must be there."""
    items = [match.start() for match in _ITEM.finditer(text)]
    places = dict.fromkeys(items[1:], MARKED_LEAST)
    for match in _ANNOUNCED.finditer(text):
        places[match.end()] = MARKED_LEAST
    for match in _PARAGRAPH.finditer(text):
        places.setdefault(match.end(), PARAGRAPH_LEAST)
    return sorted(places.items())[:MOST_PLACES]


def _one_of_each(found: list[Segment]) -> tuple[Segment, ...]:
    """The segments, the later ones on a topic already met left to the first that has it."""
    met: dict[str, Segment] = {}
    for one in found:
        met.setdefault(one.reading.first, one)
    return tuple(met.values())
