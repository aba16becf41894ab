"""Several matters in one message, each with its own words.

People number their questions, begin with "also", or say "while I have you".  Only at such a place, or
between paragraphs, is a message cut, and only where both sides are clearly about different topics.  One
matter told at length stays one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evenhand.reading.triage import Model, TopicReading

ANNOUNCED_LEAST, JOINED_LEAST, ASKED_LEAST, PARAGRAPH_LEAST = 0.30, 0.50, 0.60, 0.75
"""How sure both sides must be of their topic: where a number or words announce a new matter, where a question
is joined by "and", where a sentence asks for something, and between paragraphs."""

MOST_MATTERS = 4
MOST_PLACES = 6

_LEAST_WORDS = {ANNOUNCED_LEAST: 4, JOINED_LEAST: 5, ASKED_LEAST: 6, PARAGRAPH_LEAST: 10}
"""How many words both sides must have: a greeting or a name under a letter is no matter of its own."""

_AUXILIARY = r"(?:can|could|would|will|where|how|is|are|do|does|please|what|which|who|remind|turn|tell|may)\b"
_ITEM = re.compile(r"(?:^|(?<=\s))(?:\(?(?:[1-9]|[a-e])[.)]|[-*•])\s+(?=\S)", re.IGNORECASE | re.MULTILINE)
_ANNOUNCED = re.compile(
    r"(?:(?<=[.?!;])\s+|\n+|[,;]\s+)(?:(?:and|but|so)\s+)?(?="
    r"also\b|additionally\b|in addition\b|separately\b|unrelated\b|secondly\b|lastly\b|besides\b|"
    r"another (?:thing|question|matter|issue|point|one)\b|one (?:more|other|last) (?:thing|question)\b|"
    r"second,|oh,? (?:and|also|yes)\b|oh,|apart from (?:that|this)\b|aside from (?:that|this)\b|"
    r"in other news\b|"
    r"then (?:a|an|one|another|there)\b|(?:i|we|it|you|there)(?:'d| would|'ll| will| have|'ve|'s| is| are)?"
    r" (?:also|additionally)\b|(?:please|can you|could you|would you) (?:please )?also\b|not related\b|"
    r"an? (?:second|smaller|different|further|quick|other) (?:thing|question|point|matter)\b|"
    r"second (?:question|thing|point)\b|other than that\b|"
    r"on (?:another|a different) (?:note|subject|matter)\b|"
    r"while (?:i|we)(?:'ve|'m|'re| have| am| are)? (?:got )?(?:you|at it|on|writing|here)\b|"
    r"by the way\b|btw\b|p\.? ?s\b)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?<=[.?!])\s+(?=(?:and |but |so )?(?:please\b|could\b|can\b|how\b|where\b|who\b|which\b|what\b|do\b|"
    r"does\b|any\b|(?:i|we)(?:'d| would)? (?:like|need|suggest|wish)\b|it(?:'d| would) be\b|i still\b))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|\b(?:please|(?:could|can|would) (?:you|someone|somebody)|(?:i|we)(?:'d| would) like|"
    r"(?:i|we) need|quote)\b",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(r"^\W*(?:\w+(?:'\w+)?\W+){0,8}?(?:it|them|they|this|these|those)\b", re.IGNORECASE)
"""A question that speaks of what was just told is about the same matter."""
_JOINED = re.compile(
    rf"(?<=[.?!])\s+(?=(?:and|plus)\s+{_AUXILIARY})|[,;]\s+(?=(?:and|and then|and also)\s+{_AUXILIARY})",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\n\s*\n\s*")
_CLOSING = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:many |with |and )?(?:thanks|thank you|cheers|regards|sincerely|respectfully|best|"
    r"yours|"
    r"(?:kind|kindest|warm|best|all|good) (?:regards|wishes|greetings|the best)|greetings|"
    r"looking forward)\b[^\n]{0,60})(?:\n[^\n]{0,60}){0,6}\s*\Z",
    re.IGNORECASE,
)
"""The close of a letter: thanks or greetings on a line of their own, and the names under them."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One matter: the part of the message that tells it, and what it is about."""

    text: str
    reading: TopicReading


def split(text: str, model: Model) -> tuple[Segment, ...]:
    """The matters of `text` in its order; always at least one. A single matter has the whole text."""
    body = _without_close(text)
    places = _places(body)
    found: list[Segment] = []
    begin = 0
    for at, (place, least) in enumerate(places):
        end = places[at + 1][0] if at + 1 < len(places) else len(body)
        before, after = body[begin:place], body[place:end]
        if not _may_be_two(before, after, least):
            continue
        left, right = model.read(before), model.read(after)
        if left.first == right.first or min(left.topics[0][1], right.topics[0][1]) < least:
            continue
        found.append(Segment(text=before.strip(), reading=left))
        begin = place
    undivided = whole(text, model)
    if not found:
        return (undivided,)
    found.append(Segment(text=body[begin:].strip(), reading=model.read(body[begin:])))
    if undivided.reading.first not in {one.reading.first for one in found}:
        return (undivided,)  # in pieces it would be about what the whole is not about
    return _one_of_each(found)[:MOST_MATTERS]


def _may_be_two(before: str, after: str, least: float) -> bool:
    """Whether both sides are long enough and, where nothing announces another, each asks for itself."""
    if min(len(before.split()), len(after.split())) < _LEAST_WORDS[least]:
        return False
    if least in (JOINED_LEAST, ASKED_LEAST) and _LOOKS_BACK.search(after):
        return False
    return least != ASKED_LEAST or _ASKS.search(before) is not None


def _without_close(text: str) -> str:
    """`text` without the thanks, greetings and names it ends with; all of it where nothing else is left."""
    close = _CLOSING.search(text)
    return text[: close.start()] if close and text[: close.start()].strip() else text


def whole(text: str, model: Model) -> Segment:
    """All of `text` as one matter."""
    return Segment(text=text, reading=model.read(text))


def _places(text: str) -> list[tuple[int, float]]:
    """Where `text` may turn to another matter, in order, and how sure both sides must be there."""
    places = {match.end(): PARAGRAPH_LEAST for match in _PARAGRAPH.finditer(text)}
    places |= {match.end(): ASKED_LEAST for match in _ASKED.finditer(text)}
    places |= {match.end(): JOINED_LEAST for match in _JOINED.finditer(text)}
    places |= {match.end(): ANNOUNCED_LEAST for match in _ANNOUNCED.finditer(text)}
    places |= {match.start(): ANNOUNCED_LEAST for match in [*_ITEM.finditer(text)][1:]}
    return sorted(places.items())[:MOST_PLACES]


def _one_of_each(found: list[Segment]) -> tuple[Segment, ...]:
    """The segments, the later ones on a topic already met left to the first that has it."""
    met: dict[str, Segment] = {}
    for one in found:
        met.setdefault(one.reading.first, one)
    return tuple(met.values())
