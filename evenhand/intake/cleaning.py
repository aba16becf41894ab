"""Text as it may be stored: secrets replaced, nothing that PostgreSQL cannot hold, and not too long."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from evenhand.reading.redact import PLACEHOLDERS, Redaction, redact

LOOK_BACK = 200  # characters before the limit in which the cut looks for the end of a word
CUT = "\n\n[The message was longer than this desk keeps. The rest was cut.]"


def clean(text: str, *, most: int | None = None) -> str:
    """One value without secrets, cut to `most` characters after redaction, so that no half number is left."""
    redacted = redact(storable(text)).text
    return redacted if most is None else redacted[:most]


def clean_with_spans(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A message's text, and `spans` of the original as they stand in it."""
    whole = storable_in_place(text)
    kept = cut(whole, settings.TEXT_MOST_CHARACTERS)
    redaction = redact(kept)
    limit = len(redaction.text)
    moved = ((_moved(start, redaction), _moved(end, redaction)) for start, end in spans)
    inside = tuple((start, min(end, limit)) for start, end in moved if start < limit and start < end)
    return redaction.text + (CUT if len(kept) < len(whole) else ""), inside


def storable(text: str) -> str:
    """Without NUL, which PostgreSQL refuses, and without halves of surrogate pairs, which are no text."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def storable_in_place(text: str) -> str:
    """The same at equal length, so that spans still hold."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def cut(text: str, most: int) -> str:
    """At most `most` characters, ended between words: a number is not cut in two."""
    if len(text) <= most:
        return text
    head, tail = text[: most - LOOK_BACK], text[most - LOOK_BACK : most]
    at = max(tail.rfind(" "), tail.rfind("\n"))
    return head + (tail[:at] if at > 0 else tail.rstrip("0123456789.-"))


def _moved(place: int, redaction: Redaction) -> int:
    """Where a place of the original stands after redaction; inside a secret, where its placeholder ends."""
    moved = place
    for secret in redaction.spans:
        if secret.start >= place:
            break
        inside = min(place, secret.end) - secret.start
        moved += len(PLACEHOLDERS[secret.type]) - inside
    return moved
