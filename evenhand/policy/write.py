"""Document to text: what `parse` reads, written again in one fixed form."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from .document import Case, ClauseText, Document, Entry, Part, Schedule, Text
from .words import SCHEDULES

WIDTH = 140


def write(document: Document) -> str:
    """The text of a document that parsed without errors. Parsed and written again, it is the same text.

    It means the same and keeps every word of its prose; the form is fixed: one rule to a clause, each
    schedule once, at the end (the ladder stays in its part), and paragraphs that a fence parted stand
    together.
    """
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield "---"
    for key, said in document.header.items():
        yield f"{key}: {said.text}".rstrip()
    yield "---"
    yield from _prose(document.lede)
    for part in document.parts:
        yield from _part(part)
    for kind in SCHEDULES:
        if kind in document.schedules and (kind != "ladder" or document.ladder_part is None):
            yield from _schedule(document.schedules[kind])


def _part(part: Part) -> Iterator[str]:
    yield f"# {part.title}"
    prose: list[Text] = []
    for item in part.items:
        if isinstance(item, Text):
            prose.append(item)
            continue
        yield from _prose(prose)
        prose = []
        yield from _schedule(item) if isinstance(item, Schedule) else _clause(item)
    yield from _prose(prose)


def _prose(pieces: Iterable[Text]) -> Iterator[str]:
    for piece in pieces:
        yield from (*piece.text.split("\n"), "")


def _clause(clause: ClauseText) -> Iterator[str]:
    yield f"{'#' * (clause.number.count('.') + 2)} {clause.number} {clause.title}"
    yield from _prose(clause.prose)
    rule = [line for said in _rule(clause) for line in _wrapped(said)]
    if rule:
        yield from ("```rule", *rule, "```", "")


def _rule(clause: ClauseText) -> Iterator[str]:
    for case in clause.cases:
        yield from _case(case)
    for word, numbers in (("over", clause.over), ("gives way to", clause.gives_way)):
        if numbers:
            yield f"{word} {', '.join(number.text for number in numbers)}"
    for limit in clause.limits:
        yield f"agent {'may' if limit.lifts else 'may not'}: {limit.text}"
    for example in clause.examples:
        yield f"example: {example.text}"


def _case(case: Case) -> Iterator[str]:
    conditions = "; ".join(f"{one.fact}: {one.wanted}" for one in case.conditions)
    yield f"when {conditions}" if conditions else "always"
    for decision in case.decisions:
        yield f"we {decision.text}"


def _wrapped(line: str) -> list[str]:
    """A long line of a rule runs on below, behind a space."""
    return textwrap.wrap(
        line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    ) or [line]


def _schedule(schedule: Schedule) -> Iterator[str]:
    yield f"```{schedule.kind}"
    for entry in schedule.entries:
        yield _entry(entry, bare=schedule.kind == "never")
        yield from (f"  {more.text}" for more in entry.more)
    yield from ("```", "")


def _entry(entry: Entry, *, bare: bool) -> str:
    return entry.text if bare else f"{entry.name}: {entry.text}".rstrip()
