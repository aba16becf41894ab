"""How the desk says outcomes, times and sizes: formatted here, once, so that every page says them alike."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils import timezone
from markupsafe import Markup, escape

# act of the policy → (mark on every page, word at the desk, sentence for customers)
_OUTCOMES = {
    "help": ("support", "Support", "We help"),
    "decline": ("decline", "Decline", "Not by us"),
    "quote": ("quote", "Quote", "By the hour, after a quote"),
    "assign": ("assign", "Assign", "We pass it on"),
    "point": ("suggest", "Point elsewhere", "There is a place for this"),
    "refuse": ("refuse", "Refuse", "We do not take this up"),
    "ask": ("asking", "Ask", "We need to know one thing"),
    "close": ("support", "Close", "Nothing more is needed"),
    "leave it to a person": ("asking", "A person decides", "A person reads this"),
    "": ("asking", "Not ruled", "Not decided yet"),
}
# On escaped text: an address ends before white space, a bracket, a quotation mark or a sentence’s stop.
_ADDRESS = re.compile(r"https?://(?:(?!&(?:lt|gt|quot|#39|#34);)[^\s<>\"'()])+(?<![.,;:!?])")
_REDACTION = re.compile(r"▮▮▮ [a-z][a-z ]*[a-z]")


def outcome_kind(act: str) -> str:
    """The mark of an act: support, decline, quote, assign, suggest, refuse or asking."""
    return _OUTCOMES[act][0]


def outcome_word(act: str) -> str:
    return _OUTCOMES[act][1]


def outcome_sentence(act: str) -> str:
    return _OUTCOMES[act][2]


def clock(at: dt.datetime, zone: str = "UTC") -> str:
    """The time of day if `at` is today in the reader's zone, else the day: “09:12”, “3 Nov”, “3 Nov 2025”."""
    local = at.astimezone(ZoneInfo(zone))
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local.day} {local:%b %Y}"


def exact(at: dt.datetime, zone: str = "UTC") -> str:
    """The whole time in the reader's zone: “Thursday 14 January 2027, 09:12:04 CST”."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S %Z}"


def day(at: dt.datetime, zone: str = "UTC") -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"


def due(at: dt.datetime | None) -> str:
    """How long is left: “3 h left”, “20 min late”, “2 days left”; empty where nothing is due."""
    if at is None:
        return ""
    left = at - timezone.now()
    seconds = abs(int(left.total_seconds()))
    if seconds < 3600:
        span = f"{max(1, seconds // 60)} min"
    elif seconds < 36 * 3600:
        span = f"{seconds // 3600} h"
    else:
        span = f"{seconds // 86400 or 1} d"
    return f"{span} {'left' if left.total_seconds() >= 0 else 'late'}"


def due_tone(at: dt.datetime | None) -> str:
    """The class that goes with it: late, soon (two hours or less), or none."""
    if at is None:
        return ""
    left = (at - timezone.now()).total_seconds()
    return "due--late" if left < 0 else "due--soon" if left <= 7200 else ""


def size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def redactions(text: str) -> Markup:
    """Plain text as HTML, with what was removed shown as a block and web addresses as links."""
    marked = _REDACTION.sub(
        lambda found: (
            f'<span class="redacted" title="Removed before this message was stored">{found[0]}</span>'
        ),
        str(escape(text)),
    )
    linked = _ADDRESS.sub(r'<a href="\g<0>" rel="noreferrer nofollow">\g<0></a>', marked)
    return Markup(linked)  # noqa: S704 — escaped above


def paragraphs(text: str) -> Markup:
    """Plain text as HTML paragraphs; single line breaks stay."""
    blocks = re.split(r"\n\s*\n", text.strip())
    made = "".join(
        f"<p>{redactions(block.strip())}</p>".replace("\n", "<br>") for block in blocks if block.strip()
    )
    return Markup(made)  # noqa: S704 — redactions() escapes
