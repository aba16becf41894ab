"""Instructions about schedules, which are amended by entry (rule 17)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..findings import nearest, shorten
from ..parse import FENCE
from .draft import LADDER, PROSE, Block, Section, Written
from .instructions import AddEntries, OmitEntry, ReadEntry
from .work import FactRead, Refused, Work

TOPICS, FACTS, NEVER = "topics", "facts", "never"
FAMILY = "family "
A_LINE = 50
"""What reading one line of a schedule counts for, in characters looked through."""


class Lines(NamedTuple):
    """One entry as lines: its own, and the indented ones under it."""

    name: str
    lines: tuple[Written, ...]

    @property
    def said(self) -> list[str]:
        return [" ".join(line.text.split()) for line in self.lines if line.text.strip()]


def add(work: Work, said: AddEntries) -> None:
    """New entries at the end of a schedule, topics at the end of the family that stands above them."""
    new = _entries(said.body, said.schedule)
    held = work.draft.schedules(said.schedule)
    standing = {entry.name for _, block in held for entry in _of(work, block)}
    for entry in new:
        is_family = said.schedule == TOPICS and entry.name.startswith(FAMILY)
        if not is_family and entry.name in standing:
            raise Refused(
                "target",
                f"“{shorten(entry.name)}” stands in {said.schedule} already.",
                f"Write In {said.schedule}, for {shorten(entry.name)} read to change it.",
            )
        standing.add(entry.name)
    work.grow(sum(len(line.text) + 1 for line in said.body))
    if not held:
        _begin(work, said)
    elif said.schedule == TOPICS:
        _put(held[-1][1], _with_topics(_of(work, held[-1][1]), new))
    else:
        _put(held[-1][1], [*_of(work, held[-1][1]), *new])


def _begin(work: Work, said: AddEntries) -> None:
    """A schedule that the base leaves empty begins at its end."""
    if said.schedule == LADDER:
        raise Refused(
            "target",
            "The base has no ladder to add to.",
            "Insert a part with a ladder after the last clause of a part.",
        )
    opened, closed = (Written(mark, work.file, said.line) for mark in (f"```{said.schedule}", "```"))
    work.draft.parts[-1].sections[-1].blocks += [
        Block(said.schedule, [opened, *said.body, closed]),
        Block(PROSE, [work.empty_line(said.line)]),
    ]


def _with_topics(standing: list[Lines], new: list[Lines]) -> list[Lines]:
    """Topics go to the end of the family named above them; those under no family, before the first one."""
    entries = list(standing)
    family: str | None = None
    for entry in new:
        if entry.name.startswith(FAMILY):
            family = entry.name
            if all(one.name != family for one in entries):
                entries.append(entry)
        else:
            entries.insert(_end_of_family(entries, family), entry)
    return entries


def _end_of_family(entries: list[Lines], family: str | None) -> int:
    at = 0 if family is None else next(n for n, one in enumerate(entries) if one.name == family) + 1
    while at < len(entries) and not entries[at].name.startswith(FAMILY):
        at += 1
    return at


def omit(work: Work, said: OmitEntry) -> None:
    """An entry less. Topics stay, since brands share one reader (rule 17)."""
    if said.schedule == TOPICS:
        raise Refused(
            "topics",
            f"The topic “{shorten(said.name)}” may not be omitted: brands share one reader of topics.",
            "Rule it instead: we leave it to a person.",
        )
    section, block, entries = _find(work, said.schedule, said.name)
    kept = [entry for entry in entries if entry.name != said.name]
    if any(entry.said for entry in kept):
        _put(block, kept)
    else:
        section.blocks.remove(block)
    work.left_out |= dict.fromkeys(_names(said.schedule, said.name), said.line)


def _names(schedule: str, name: str) -> set[str]:
    """How findings may name what is gone: of a ladder's `breach cursing` also `cursing` alone."""
    return {name, name.partition(" ")[2]} - {""} if schedule == LADDER else {name}


def read(work: Work, said: ReadEntry) -> None:
    """Another entry of the same name in the place of one."""
    _, block, entries = _find(work, said.schedule, said.name)
    (new, *more) = _entries(said.body, said.schedule)
    if more or (new.name != said.name and said.schedule != NEVER):
        other = more[0].name if more else new.name
        raise Refused(
            "target",
            f"Below “{shorten(said.said)}” stands “{shorten(other)}”.",
            f"Write the entry {shorten(said.name)} there, and nothing else.",
        )
    old = next(entry for entry in entries if entry.name == said.name)
    if old.said == new.said:
        raise Refused("unchanged", f"“{shorten(said.name)}” says the same already: this changes nothing.")
    work.grow(sum(len(line.text) + 1 for line in new.lines) - sum(len(line.text) + 1 for line in old.lines))
    _put(block, [new if entry is old else entry for entry in entries])
    if said.schedule == FACTS:
        _note_fact(work, said, old, new)


def _note_fact(work: Work, said: ReadEntry, old: Lines, new: Lines) -> None:
    before, after = (entry.said[0].partition(":")[2].strip() for entry in (old, new))
    work.facts_read.append(FactRead(name=said.name, line=said.line, before=before, after=after))
    gone = [value for value in values_of(before) if value not in values_of(after)]
    work.left_out |= dict.fromkeys(gone, said.line)


def values_of(text: str) -> list[str]:
    """The values that an entry of `facts` lists.

    >>> values_of("basic < standard < advanced"), values_of("yes, no")
    (['basic', 'standard', 'advanced'], ['yes', 'no'])
    """
    return [value.strip() for value in re.split("[<,]", text) if value.strip()]


def _find(work: Work, schedule: str, name: str) -> tuple[Section, Block, list[Lines]]:
    held = work.draft.schedules(schedule)
    if not held:
        raise Refused("target", f"The base has no schedule “{schedule}”.", "Take the instruction out.")
    known: list[str] = []
    for section, block in held:
        entries = _of(work, block)
        if any(entry.name == name for entry in entries):
            return section, block, entries
        known += [entry.name for entry in entries if entry.name]
    raise Refused("target", f"There is no “{shorten(name)}” in {schedule}.", nearest(name, known))


def _entries(body: Sequence[Written], schedule: str) -> list[Lines]:
    """The entries of a body. Refused where it holds anything else."""
    entries = _grouped(body, schedule)
    for line in body:
        if FENCE.match(line.text):
            raise Refused("schedule", "Entries stand without ``` around them here.", "Take these lines out.")
    for entry in entries:
        if not entry.name or (schedule != NEVER and ":" not in entry.lines[0].text):
            message = f"“{shorten(entry.lines[0].text)}” is no entry of {schedule}."
            raise Refused("schedule", message, "Write name: text.")
    return entries


def _of(work: Work, block: Block) -> list[Lines]:
    work.look_through(A_LINE * len(block.lines))
    return _grouped(block.lines[1:-1], block.kind)


def _grouped(lines: Iterable[Written], schedule: str) -> list[Lines]:
    groups: list[list[Written]] = []
    for line in lines:
        if not groups or (line.text.strip() and not line.text[0].isspace()):
            groups.append([])
        groups[-1].append(line)
    return [Lines(_name(group[0].text, schedule), tuple(group)) for group in groups]


def _name(text: str, schedule: str) -> str:
    """What an entry is called: the words before its colon; of `never`, which has none, the whole line."""
    if text[:1].isspace():
        return ""
    return " ".join((text if schedule == NEVER else text.partition(":")[0]).split())


def _put(block: Block, entries: Iterable[Lines]) -> None:
    block.lines = [block.lines[0], *(line for entry in entries for line in entry.lines), block.lines[-1]]
