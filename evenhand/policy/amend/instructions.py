"""Reading an amendment: its instructions, each a line that begins with `>`, with the text below it.

An instruction may run over several such lines, as Markdown folds them. A plain line after it is its body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..findings import Findings, shorten
from ..parse import FENCE, NUMBER
from ..words import SCHEDULES
from .draft import Written

MOST_INSTRUCTIONS = 1_000
MOST_SAID = 8_000
"""Characters of one instruction, its quotations included."""


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One instruction: the line it begins on, its words on one line, and the lines below it."""

    line: int
    said: str
    body: tuple[Written, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Replace(Instruction):
    """`In N, for "…" read "…"` [`throughout`]; without a number, `Throughout, for "…" read "…"`."""

    number: str | None
    old: str
    new: str
    everywhere: bool


@dataclass(frozen=True, kw_only=True)
class Omit(Instruction):
    number: str


@dataclass(frozen=True, kw_only=True)
class OmitPart(Instruction):
    title: str


@dataclass(frozen=True, kw_only=True)
class Read(Instruction):
    """`For N read`, and the clause that takes its place."""

    number: str


@dataclass(frozen=True, kw_only=True)
class Insert(Instruction):
    where: Literal["after", "before", "under"]
    number: str


@dataclass(frozen=True, kw_only=True)
class AddEntries(Instruction):
    schedule: str


@dataclass(frozen=True, kw_only=True)
class OmitEntry(Instruction):
    schedule: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ReadEntry(Instruction):
    """`In SCHEDULE, for NAME read`, and the entry that takes its place."""

    schedule: str
    name: str


WITH_BODY = (Read, Insert, AddEntries, ReadEntry)

_QUOTED = r'(?:"(?P<{0}>.*?)"|“(?P<{0}2>[^”]*)”)'
_FOR_READ = re.compile(f"for {_QUOTED.format('old')} read {_QUOTED.format('new')}( throughout)?", re.DOTALL)
_BETWEEN = re.compile(r'" read ["“]')
_BEGINS = re.compile(
    r"In \S+, (?:for|add|omit)\b|Throughout, for\b|Omit |For \S+ read\b|(?:After|Before|Under) \S+ insert\b"
)
_FORMS = (
    (("In", "Throughout"), 'Write In 9, for "…" read "…", or In places, add | omit NAME | for NAME read.'),
    (("Omit",), "Write Omit 9, or Omit part TITLE."),
    (("For",), "Write For 9 read, and the whole clause below it."),
    (
        ("After", "Before", "Under"),
        "Write After 9 insert, Before 9 insert or Under 9 insert, the clause below.",
    ),
)


class Unreadable(ValueError):
    """An instruction that is none; the message says what is wrong, `mend` how it is written."""

    def __init__(self, message: str, mend: str) -> None:
        self.mend = mend
        super().__init__(message)


def read_instructions(lines: Sequence[Written], findings: Findings) -> list[Instruction]:
    """The instructions below an amendment's header, in order. Prose above the first is for its readers."""
    found: list[Instruction] = []
    at = 0
    while at < len(lines) and not _is_said(lines[at]):
        _refuse_before(lines[at], findings)
        at += 1
    while at < len(lines):
        begins = at
        at = _said_end(lines, begins)
        said = " ".join(line.text[1:].strip() for line in lines[begins:at])
        ends = _body_end(lines, at, findings)
        if len(found) >= MOST_INSTRUCTIONS:
            findings.error(
                "too large",
                lines[begins].line,
                f"The amendment has more than {MOST_INSTRUCTIONS:,} instructions.",
                mend="Write the policy out as a document of its own.",
            )
            break
        try:
            found.append(_instruction(lines[begins].line, said, _trimmed(lines[at:ends])))
        except Unreadable as unreadable:
            findings.error("instruction", lines[begins].line, str(unreadable), mend=unreadable.mend)
        at = ends
    return found


def _is_said(line: Written) -> bool:
    return line.text.startswith(">")


def _refuse_before(line: Written, findings: Findings) -> None:
    if FENCE.match(line.text) or line.text.startswith("#"):
        findings.error(
            "instruction",
            line.line,
            f"“{shorten(line.text, 40)}” stands under no instruction.",
            mend="Say first where it goes, such as > After 9 insert.",
        )


def _said_end(lines: Sequence[Written], begins: int) -> int:
    """Where an instruction ends: at a line that is none, or that begins another outside a quotation."""
    at = begins + 1
    straight, open_ones = _marks(lines[begins])
    while at < len(lines) and _is_said(lines[at]):
        if straight % 2 == 0 and open_ones <= 0 and _BEGINS.match(lines[at].text[1:].strip()):
            break
        more = _marks(lines[at])
        straight, open_ones = straight + more[0], open_ones + more[1]
        at += 1
    return at


def _marks(line: Written) -> tuple[int, int]:
    """How many straight quotation marks a line holds, and how many “ more than ”."""
    return line.text.count('"'), line.text.count("“") - line.text.count("”")


def _body_end(lines: Sequence[Written], begins: int, findings: Findings) -> int:
    """Where a body ends: before the next instruction. Inside a fence a line that begins with > is not one."""
    at, opened = begins, 0
    while at < len(lines) and (opened or not _is_said(lines[at])):
        if opened:
            opened = 0 if lines[at].text.strip() == "```" else opened
        elif FENCE.match(lines[at].text):
            opened = lines[at].line
        at += 1
    if opened:
        findings.error("fence", opened, "This block has no end.", mend="Close it with a line ```.")
    return at


def _trimmed(body: Sequence[Written]) -> tuple[Written, ...]:
    """A body without the empty lines around it."""
    said = [at for at, line in enumerate(body) if line.text.strip()]
    return tuple(body[said[0] : said[-1] + 1]) if said else ()


def _instruction(line: int, said: str, body: tuple[Written, ...]) -> Instruction:
    if len(said) > MOST_SAID:
        message = f"This instruction has {len(said):,} characters; the most is {MOST_SAID:,}."
        raise Unreadable(message, "Replace the whole clause instead: For 9 read.")
    instruction = _read(line, said, body)
    if body and not isinstance(instruction, WITH_BODY):
        raise Unreadable(
            f"Nothing follows “{shorten(said)}”, yet line {body[0].line} does.",
            "Say with an instruction where it goes. Words for your readers stand above the first one.",
        )
    if not body and isinstance(instruction, WITH_BODY):
        raise Unreadable(f"Below “{shorten(said)}” stands nothing.", "Write the new text below it.")
    return instruction


def _read(line: int, said: str, body: tuple[Written, ...]) -> Instruction:
    if found := re.fullmatch(r"(?:In (\d\S*)|Throughout), (for .*)", said, re.DOTALL):
        number = None if found[1] is None else _number(found[1])
        old, new, everywhere = _for_read(found[2], said)
        return Replace(
            line=line,
            said=said,
            body=body,
            number=number,
            old=old,
            new=new,
            everywhere=everywhere or not number,
        )
    if found := re.fullmatch(r"Omit part (.+)", said):
        return OmitPart(line=line, said=said, body=body, title=found[1].strip())
    if found := re.fullmatch(r"Omit (\S+)", said):
        return Omit(line=line, said=said, body=body, number=_number(found[1]))
    if found := re.fullmatch(r"For (\S+) read", said):
        return Read(line=line, said=said, body=body, number=_number(found[1]))
    for where in ("after", "before", "under"):
        if found := re.fullmatch(rf"{where.capitalize()} (\S+) insert", said):
            return Insert(line=line, said=said, body=body, where=where, number=_number(found[1]))
    if found := re.fullmatch(r"In (\w+), (add|omit (.+)|for (.+) read)", said):
        return _of_schedule(line, said, body, found)
    raise _no_instruction(said)


def _of_schedule(line: int, said: str, body: tuple[Written, ...], found: re.Match[str]) -> Instruction:
    schedule = found[1]
    if schedule not in SCHEDULES:
        known = ", ".join(SCHEDULES)
        raise Unreadable(f"There is no schedule “{shorten(schedule)}”.", f"There are: {known}.")
    if found[3]:
        return OmitEntry(line=line, said=said, body=body, schedule=schedule, name=" ".join(found[3].split()))
    if found[4]:
        return ReadEntry(line=line, said=said, body=body, schedule=schedule, name=" ".join(found[4].split()))
    return AddEntries(line=line, said=said, body=body, schedule=schedule)


def _number(said: str) -> str:
    if not NUMBER.fullmatch(said):
        message = f"“{shorten(said)}” is no number of a clause."
        raise Unreadable(message, "Write it as it is cited: 9, 9A or 9.1.")
    return said


def _for_read(said: str, whole: str) -> tuple[str, str, bool]:
    """The quotation, what is read for it, and whether it says `throughout`."""
    if len(_BETWEEN.findall(said)) > 1:
        raise Unreadable(
            f"It is not clear where the quotation ends in “{shorten(whole)}”.",
            "Set it between “ and ” instead of straight quotation marks.",
        )
    found = _FOR_READ.fullmatch(said)
    if found is None:
        raise _no_instruction(whole)
    old, new = found["old"] or found["old2"] or "", found["new"] or found["new2"] or ""
    if not old.strip():
        raise Unreadable("The quotation is empty.", "Quote the words that are to be replaced.")
    return old, _folded(new), bool(found[5])


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _no_instruction(said: str) -> Unreadable:
    first = said.split(" ")[0].rstrip(",")
    if (found := re.match(r"In (\w+), for [\"“]", said)) and found[1] in SCHEDULES:
        return Unreadable(
            f"“{shorten(said)}” is no instruction.",
            f"Schedules are amended by entry: In {found[1]}, for NAME read, and the whole entry below it.",
        )
    mend = next((form for words, form in _FORMS if first in words), None)
    every = "An instruction begins with In, Throughout, Omit, For, After, Before or Under."
    return Unreadable(f"“{shorten(said)}” is no instruction.", mend or every)
