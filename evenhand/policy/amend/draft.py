"""A document taken apart for amending: parts, sections and blocks, each line with the place it was written.

Only lines are moved here. What they mean is read afterwards, from the consolidated text, by the one parser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..parse import FENCE, HEADING

PROSE, RULE, LADDER = "prose", "rule", "ladder"


class Written(NamedTuple):
    """One line, and the file and line where somebody wrote it."""

    text: str
    file: str
    line: int


@dataclass(eq=False, slots=True)
class Block:
    """A run of prose, or one whole fence. `kind`: `prose`, `rule`, or the name of a schedule."""

    kind: str
    lines: list[Written]


@dataclass(eq=False, slots=True)
class Section:
    """A heading and what follows it up to the next: a clause, or (without a number) the opening of a part."""

    heading: Written | None = None
    number: str = ""
    blocks: list[Block] = field(default_factory=list)

    def own(self) -> Iterator[Block]:
        """The blocks that are the clause's own text: prose and rules, up to a ladder, which stands apart."""
        for block in self.blocks:
            if block.kind == LADDER:
                return
            if block.kind in (PROSE, RULE):
                yield block

    def lines(self) -> Iterator[Written]:
        if self.heading is not None:
            yield self.heading
        for block in self.blocks:
            yield from block.lines


@dataclass(eq=False, slots=True)
class PartDraft:
    """A part. Its first section is its opening; the first part of a document has no title: the lede."""

    title: str
    sections: list[Section]

    def end_of(self, number: str) -> int:
        """Where clause `number` and the exceptions that follow it end, among the sections."""
        at = next(place for place, section in enumerate(self.sections) if section.number == number) + 1
        while at < len(self.sections) and is_under(self.sections[at].number, number):
            at += 1
        return at


@dataclass(eq=False)
class Draft:
    """The document as it stands between two instructions. `stood`: every clause number that ever stood."""

    header: list[Written]
    parts: list[PartDraft]
    stood: set[str]

    @classmethod
    def of(cls, lines: Sequence[Written], stood: Iterable[str] = ()) -> Draft:
        """The draft of a document that parses: its header closes and its fences are whole."""
        closes = next(at for at in range(1, len(lines)) if lines[at].text.strip() == "---")
        draft = cls(header=list(lines[1:closes]), parts=read_parts(lines[closes + 1 :]), stood=set(stood))
        draft.stood.update(draft.numbers())
        return draft

    def numbers(self) -> list[str]:
        return [section.number for section in self.sections() if section.number]

    def sections(self) -> Iterator[Section]:
        for part in self.parts:
            yield from part.sections

    def find(self, number: str) -> tuple[PartDraft, Section] | None:
        for part in self.parts:
            for section in part.sections:
                if section.number == number:
                    return part, section
        return None

    def schedules(self, kind: str) -> list[tuple[Section, Block]]:
        return [
            (section, block) for section in self.sections() for block in section.blocks if block.kind == kind
        ]

    def lines(self) -> Iterator[Written]:
        file = self.header[0].file
        yield Written("---", file, 1)
        yield from self.header
        yield Written("---", file, self.header[-1].line + 1)
        for section in self.sections():
            yield from section.lines()


def read_parts(lines: Sequence[Written]) -> list[PartDraft]:
    """Lines below a header, or the body of an instruction, cut at their headings and fences."""
    parts = [PartDraft(title="", sections=[Section()])]
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if fence := FENCE.match(line.text):
            end = _fence_end(lines, at)
            parts[-1].sections[-1].blocks.append(Block(fence[1].strip(), list(lines[at:end])))
        elif heading := HEADING.match(line.text):
            title = heading[2].strip()
            if len(heading[1]) == 1:
                parts.append(PartDraft(title=title, sections=[Section(heading=line)]))
            else:
                parts[-1].sections.append(Section(heading=line, number=title.partition(" ")[0]))
        else:
            _add_prose(parts[-1].sections[-1], line)
        at = end
    return parts


def _fence_end(lines: Sequence[Written], opened: int) -> int:
    closes = (at for at in range(opened + 1, len(lines)) if lines[at].text.strip() == "```")
    return next(closes, len(lines) - 1) + 1


def _add_prose(section: Section, line: Written) -> None:
    if not section.blocks or section.blocks[-1].kind != PROSE:
        section.blocks.append(Block(PROSE, []))
    section.blocks[-1].lines.append(line)


def is_under(number: str, above: str) -> bool:
    """Whether a clause is an exception to another, at whatever depth.

    >>> is_under("9.1.2", "9"), is_under("9A", "9")
    (True, False)
    """
    return number.startswith(above + ".")
