"""A ticket's conversation for the page: what was said and what happened, in one order, quoted text apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.look import words
from evenhand.tickets.queries import EventView, MessageView, TicketPage

TOLD_BY_MESSAGE = frozenset({"answered", "replied", "noted"})  # the message itself stands in the conversation


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a message; `quoted` ones are folded, `lines` long."""

    text: str
    quoted: bool
    lines: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message or note; `dom` is its id on the page."""

    dom: str
    at: dt.datetime
    message: MessageView
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One line between messages: what, then how."""

    dom: str
    at: dt.datetime
    what: str
    how: str
    message: None = None


def conversation(page: TicketPage, zone: str) -> tuple[Said | Happened, ...]:
    """Messages and events in the order of their times; what happened at the same moment stands first."""
    said = [Said(dom=f"m{m.id}", at=m.at, message=m, pieces=pieces(m.text, m.quoted)) for m in page.messages]
    happened = [_happened(event, zone) for event in page.events if event.kind not in TOLD_BY_MESSAGE]
    return tuple(sorted([*happened, *said], key=lambda entry: entry.at))


def pieces(text: str, quoted: Iterable[Sequence[int]]) -> tuple[Piece, ...]:
    """`text` cut at its quoted spans, which may be out of order or reach beyond the text."""
    found, place = [], 0
    for start, end in sorted((max(0, start), min(len(text), end)) for start, end in quoted):
        if end <= place:
            continue
        found += [(text[place : max(place, start)], False), (text[max(place, start) : end], True)]
        place = end
    found.append((text[place:], False))
    return tuple(
        Piece(text=part.strip("\n"), quoted=is_quote, lines=part.strip("\n").count("\n") + 1)
        for part, is_quote in found
        if part.strip()
    )


# ── Events, one line each ──


def _happened(event: EventView, zone: str) -> Happened:
    what, how = _SAID.get(event.kind, _otherwise)(event, zone)
    by = f", by {event.actor}" if event.actor and event.kind != "opened" else ""
    return Happened(
        dom=f"e{event.at.timestamp():.6f}".replace(".", "-"), at=event.at, what=what, how=f"{how}{by}"
    )


def _otherwise(event: EventView, zone: str) -> tuple[str, str]:
    told = ", ".join(str(value) for value in event.facts.values() if isinstance(value, str | int) and value)
    return event.kind.capitalize(), told


def _opened(event: EventView, zone: str) -> tuple[str, str]:
    by = f", written down by {event.actor}" if event.actor else ""
    return "Opened", f"by {_text(event, 'channel') or 'staff'}{by}"


def _assigned(event: EventView, zone: str) -> tuple[str, str]:
    to = [name for name in (_text(event, "team"), _text(event, "assignee")) if name]
    return "Assigned", f"to {' · '.join(to) or 'nobody'}"


def _status(event: EventView, zone: str) -> tuple[str, str]:
    return "Status", f"{_text(event, 'before')}, now {_text(event, 'status')}"


def _snoozed(event: EventView, zone: str) -> tuple[str, str]:
    return "Snoozed", f"until {words.exact(dt.datetime.fromisoformat(_text(event, 'until')), zone)}"


def _ruled(event: EventView, zone: str) -> tuple[str, str]:
    version = _text(event, "version")
    return "Ruled", _rulings(event) + (f", under version {version}" if version else "")


def _proposed(event: EventView, zone: str) -> tuple[str, str]:
    return "Proposed", f"{_rulings(event)}; a person decides"


def _chosen(event: EventView, zone: str) -> tuple[str, str]:
    return "Topic chosen", f"{_text(event, 'topic')}: {_rulings(event)}"


def _learnt(event: EventView, zone: str) -> tuple[str, str]:
    return "Decided again", f"{_text(event, 'fact')} is {_text(event, 'value')}: {_rulings(event)}"


def _accepted(event: EventView, zone: str) -> tuple[str, str]:
    return "Accepted", _rulings(event)


def _overridden(event: EventView, zone: str) -> tuple[str, str]:
    before, act = (words.outcome_word(_text(event, key)).lower() for key in ("before", "act"))
    return "Overridden", f"{before} became {act}"


def _woke(event: EventView, zone: str) -> tuple[str, str]:
    return "Woken", "the time it was snoozed to has come"


def _held_back(event: EventView, zone: str) -> tuple[str, str]:
    return (
        "Answer held back",
        "the desk wrote to this person often enough in the last hour; please answer yourself",
    )


def _rulings(event: EventView) -> str:
    rulings: Any = event.facts.get("rulings") or ()
    return "; ".join(_ruling(ruling) for ruling in rulings) or "no outcome"


def _ruling(ruling: dict[str, Any]) -> str:
    clauses = ", ".join(f"§ {number}" for number in ruling.get("clauses", ()))
    word = words.outcome_word(str(ruling.get("act", ""))).lower()
    return f"{word} by {clauses}" if clauses else word


def _text(event: EventView, key: str) -> str:
    return str(event.facts.get(key) or "")


_SAID: dict[str, Callable[[EventView, str], tuple[str, str]]] = {
    "opened": _opened,
    "assigned": _assigned,
    "status": _status,
    "snoozed": _snoozed,
    "woke": _woke,
    "ruled": _ruled,
    "proposed": _proposed,
    "topic chosen": _chosen,
    "fact learnt": _learnt,
    "accepted": _accepted,
    "overridden": _overridden,
    "answer held back": _held_back,
}
