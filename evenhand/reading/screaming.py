"""Screaming at an agent, as a phone note tells it."""

from __future__ import annotations

import re

_LOUD = re.compile(
    r"\b(?:scream(?:s|ed|ing)?|yell(?:s|ed|ing)?|shout(?:s|ed|ing)?|holler(?:s|ed|ing)?|bellow(?:s|ed|ing)?|"
    r"shriek(?:s|ed|ing)?|"
    r"bawl(?:s|ed|ing)? (?:out|at)|roar(?:s|ed|ing)?|rant(?:s|ed|ing)? (?:and rav\w+|loudly|at)|"
    r"(?:rais(?:es?|ed|ing)|raised) (?:his|her|their|its|the) voices?|"
    r"raised voice|voice (?:was )?raised|top of (?:his|her|their) (?:voice|lungs)|blew up at|blow(?:s|"
    r"ing)? up at|"
    r"went off on|lost (?:it|his temper|her temper)|"
    r"slammed (?:the |down the )?(?:phone|receiver)|slammed (?:his|her|their) phone|berat(?:es?|ed|ing)|"
    r"tirade|at full volume|"
    r"extremely loud(?:ly)?|very loud(?:ly)?|hysterical(?:ly)?|verbally abusive|exploded)\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:not|never|no|without|wasn't|weren't|isn't|didn't|did not|doesn't|don't|stopped|instead of|"
    r"rather than|hardly|nobody|nor)"
    r"\b(?: [\w']+){0,2} $",
    re.IGNORECASE,
)
_NOT_AT_US = re.compile(
    r"\b(?:background|baby|babies|child|children|kids?|toddler|son|daughter|dogs?|parrot|machines?|"
    r"machinery|noisy|noise|warehouse|traffic|"
    r"construction|train|concert|wind|heard over|over the|bad line|poor (?:line|connection|signal)|"
    r"bad connection|faint|hard of hearing|"
    r"deaf|hearing aid|speaker ?phone|headset|speak up|could hear|line was bad|agent raised|boss|hear (?:me|"
    r"him|her|us|them|each other)|television|tv|"
    r"colleagues?|coworkers?|employees?|husband|"
    r"wife|neighbou?rs?|forklift|alarm|siren|product|toys?|goats?|deals?|eagle|frog|monkey|chicken|"
    r"shout-?outs?|"
    r"apologi[sz]ed for|told (?:her|him|them|me) not|for joy|with joy|excite(?:d|ment)|delight|laugh\w*|"
    r"cheer\w*|happy)\b",
    re.IGNORECASE,
)
_AT_US = re.compile(
    r"\b(?:at|over|on|to|towards?) (?:me|us|the agent|agents?|our|staff|the rep|reps?|my|him|her|them|"
    r"support|everyone|the operator|"
    r"the team|[A-Z][a-z]+)\b|\b(?:hung up|slammed|threaten\w*|abus\w+|demand\w*|insult\w*|refus\w+|"
    r"would not|wouldn't|could not calm|calm down)\b",
)
_DEAL = re.compile(
    r"\b(?:screaming|roaring) (?:deal|bargain|goat|eagle|frog|monkey|trade|success|fans?)", re.IGNORECASE
)
_THIRD = re.compile(
    r"\b(?:his|her|their) (?:own )?(?:boss|customers?|manager|wife|husband|partner|clients?|staff)\b",
    re.IGNORECASE,
)
_NEAR = 70


def screamed(text: str) -> tuple[int, int] | None:
    """[start, end) of the words that tell of screaming at us; None where nobody did.

    >>> screamed("Caller yelling at agent about tax."), screamed("Her baby was screaming in the background.")
    ((7, 14), None)
    """
    for found in _LOUD.finditer(text[:50_000]):
        sentence_start, sentence_end = _sentence(text, found)
        before, sentence = text[sentence_start : found.start()], text[sentence_start:sentence_end]
        if _NOT_SO.search(before) or _DEAL.match(text, found.start()):
            continue
        at_us = _AT_US.search(text, found.end(), sentence_end)
        if _NOT_AT_US.search(sentence) and not (at_us and not _THIRD.search(before)):
            continue
        return found.span()
    return None


def _sentence(text: str, found: re.Match[str]) -> tuple[int, int]:
    start = max((text.rfind(mark, 0, found.start()) for mark in ".!?\n;"), default=-1) + 1
    ends = [place for mark in ".!?\n;" if (place := text.find(mark, found.end())) >= 0]
    return max(start, found.start() - _NEAR * 3), min(min(ends, default=len(text)), found.end() + _NEAR * 3)
