"""Which passages of a message the conduct rules may concern. A finding is an observation for a person,
not a verdict.

Labels are those of the policy's conduct part: cursing, discriminatory, all-caps, screaming (phone notes
only), duplicate-tickets. What cannot be seen is said in README.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.reading.capitals import shouted
from evenhand.reading.curses import find_curses
from evenhand.reading.duplicates import repeats_to_shop
from evenhand.reading.remarks import find_remarks
from evenhand.reading.reported import is_reported
from evenhand.reading.screaming import screamed

LABELS = ("cursing", "discriminatory", "all-caps", "screaming", "duplicate-tickets")
_MOST_TERM = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class ConductFinding:
    """[start, end) of the text in code points, and the words that stand there.

    `kind` says which of the six kinds of remark it is (for `discriminatory`); `severity` is mild,
    standard or severe.
    """

    label: str
    start: int
    end: int
    term: str
    kind: str = ""
    severity: str = "standard"


def screen(text: str, channel: str = "email") -> tuple[ConductFinding, ...]:
    """Findings in reading order, none inside another of its label.

    `channel`: "phone note" and the like are an agent's words about a caller: capitals there are nobody's
    offence, and screaming is looked for there alone.

    >>> [(found.label, found.term) for found in screen("This is complete bullshit.", "email")]
    [('cursing', 'bullshit')]
    """
    phone = is_phone(channel)
    found = [*_spoken(text, phone=phone), *_loud(text, phone=phone)]
    kept: list[ConductFinding] = []
    for finding in sorted(found, key=lambda each: (each.start, -each.end)):
        if not any(each.label == finding.label and each.end > finding.start for each in kept):
            kept.append(finding)
    return tuple(kept)


def same_matter(text: str, text_b: str, same_sender: bool) -> ConductFinding | None:
    """A finding in `text_b` where it asks again what `text` asked, to find an agent who answers otherwise."""
    span = repeats_to_shop(text, text_b, same_sender=same_sender)
    return _finding("duplicate-tickets", text_b, *span) if span else None


def is_phone(channel: str) -> bool:
    """True for notes an agent writes about a call."""
    return channel.strip().lower().startswith(("phone", "call", "voice"))


def _spoken(text: str, *, phone: bool) -> Iterator[ConductFinding]:
    for curse in find_curses(text):
        if not is_reported(text, curse.start, curse.end, phone=phone):
            label = "cursing" if curse.term.kind == "cursing" else "discriminatory"
            kind = "" if label == "cursing" else curse.term.kind
            yield _finding(label, text, curse.start, curse.end, kind, curse.term.severity)
    for remark in find_remarks(text):
        if not is_reported(text, remark.start, remark.end, phone=phone):
            yield _finding("discriminatory", text, remark.start, remark.end, remark.kind)


def _loud(text: str, *, phone: bool) -> Iterator[ConductFinding]:
    span = screamed(text) if phone else shouted(text)
    if span:
        yield _finding("screaming" if phone else "all-caps", text, *span)


def _finding(
    label: str, text: str, start: int, end: int, kind: str = "", severity: str = "standard"
) -> ConductFinding:
    return ConductFinding(
        label=label, start=start, end=end, term=text[start:end][:_MOST_TERM], kind=kind, severity=severity
    )
