"""Take card numbers, security codes, passwords, keys and social security numbers out of text.

The desk must not hold what nobody in support may see. Spans index the original text, in code points, and
cover the value only: the words around it stay, so that the message can still be understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evenhand.reading.cards import card_spans
from evenhand.reading.codes import security_code_spans, social_security_spans
from evenhand.reading.keys import key_spans
from evenhand.reading.passwords import password_spans

PLACEHOLDERS = {
    "card": "▮▮▮ card number",
    "cvv": "▮▮▮ security code",
    "password": "▮▮▮ password",
    "api_key": "▮▮▮ key",
    "ssn": "▮▮▮ social security number",
}
_PLACEHOLDER = re.compile("|".join(re.escape(text) for text in PLACEHOLDERS.values()))
_DIGIT = re.compile(r"\d")
_RANK = {"card": 0, "api_key": 1, "ssn": 2, "cvv": 3, "password": 4}
_MOST_ROUNDS = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Secret:
    """[start, end) in code points of the original text; `type` is a key of PLACEHOLDERS."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Redaction:
    """The text with each secret replaced by its placeholder, and where the secrets stood in the original."""

    text: str
    spans: tuple[Secret, ...]


def redact(text: str) -> Redaction:
    """Replace every secret that is found; redacting again changes nothing.

    >>> redact("pw: Blue$kettle77").text
    'pw: ▮▮▮ password'
    """
    spans: list[Secret] = []
    redacted = text
    # Taking one secret out can bare another (a longer row of digits falls apart), so look until nothing
    # is left.
    for _ in range(_MOST_ROUNDS):
        found = _secrets(redacted)
        if not found:
            break
        spans = sorted([*spans, *_in_original(found, spans)], key=lambda each: each.start)
        redacted = _replaced(text, spans)
    return Redaction(text=redacted, spans=tuple(spans))


def _secrets(text: str) -> list[Secret]:
    """Secrets in reading order, never overlapping; what was replaced before is opaque."""
    opaque = _PLACEHOLDER.sub(lambda found: "▮" * len(found[0]), text) if "▮" in text else text
    lowered = _lower(opaque)
    found = [Secret(start=start, end=end, type=kind) for start, end, kind in key_spans(opaque, lowered)]
    found += [Secret(start=start, end=end, type=kind) for start, end, kind in password_spans(opaque, lowered)]
    if _DIGIT.search(opaque):
        cards = card_spans(opaque)
        found += [Secret(start=start, end=end, type="card") for start, end in cards]
        found += [Secret(start=start, end=end, type="ssn") for start, end in social_security_spans(opaque)]
        found += [
            Secret(start=start, end=end, type="cvv")
            for start, end in security_code_spans(opaque, lowered, cards)
        ]
    return _without_overlap([secret for secret in found if "▮" not in opaque[secret.start : secret.end]])


def _lower(text: str) -> str:
    """Lower case at the same length: a few letters would become two."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(each.lower()[:1] for each in text)


def _without_overlap(found: list[Secret]) -> list[Secret]:
    """Where two overlap, the surer kind stays; within one kind the longer."""
    taken: set[int] = set()
    kept: list[Secret] = []
    for secret in sorted(found, key=lambda each: (_RANK[each.type], each.start - each.end)):
        places = range(secret.start, secret.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(secret)
    return sorted(kept, key=lambda each: each.start)


def _in_original(found: list[Secret], earlier: list[Secret]) -> list[Secret]:
    """The same secrets in the original's places: each replacement before one moved it by a known length."""
    moved, place, out = 0, 0, []
    for secret in found:
        while place < len(earlier) and earlier[place].start + moved <= secret.start:
            before = earlier[place]
            moved += len(PLACEHOLDERS[before.type]) - (before.end - before.start)
            place += 1
        out.append(Secret(start=secret.start - moved, end=secret.end - moved, type=secret.type))
    return out


def _replaced(text: str, spans: list[Secret]) -> str:
    pieces: list[str] = []
    at = 0
    for secret in spans:
        pieces += [text[at : secret.start], PLACEHOLDERS[secret.type]]
        at = secret.end
    return "".join([*pieces, text[at:]])
