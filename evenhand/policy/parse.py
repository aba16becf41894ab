"""Text to document: the outline (header, parts, clauses, fences). `rule_lines` reads the rules."""

from __future__ import annotations

import re

from .document import ClauseText, Document, Entry, Part, Schedule, Text
from .findings import Findings, nearest, shorten
from .rule_lines import read_rule
from .words import HEADER_KEYS, SCHEDULES

MOST_CHARACTERS = 1_000_000
MOST_CLAUSES = 2_000
MOST_LINE = 4_000

NUMBER = re.compile(r"\d{1,4}[A-Z]?(?:\.\d{1,3}[A-Z]?){0,4}")
HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
FENCE = re.compile(r"```\s*([^`]*)$")


def parse(text: str, findings: Findings) -> Document | None:
    """The document as written, or None where it is so broken that nothing more can be said."""
    lines = split_lines(text, findings)
    return None if lines is None else _Outline(lines, findings).read()


def split_lines(text: str, findings: Findings) -> list[str] | None:
    """The lines of a document, whatever system ended them; None where there is more than anybody reads."""
    if len(text) > MOST_CHARACTERS:
        findings.error(
            "too large",
            1,
            f"The document has {len(text):,} characters; the most is {MOST_CHARACTERS:,}.",
            mend="Split it into one document per brand, or move customers' sayings to the companion file.",
        )
        return None
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_LINE:
            findings.error(
                "too large", number, f"This line has {len(line):,} characters.", mend="Break it up."
            )
            return None
    return lines


def read_header(lines: list[str], findings: Findings) -> tuple[dict[str, Text], int]:
    """The header alone, and how many lines it takes; what is wrong with it is told."""
    outline = _Outline(lines, findings)
    outline._read_header()
    return outline.document.header, outline.at


class _Outline:
    """Walks the lines once, top to bottom."""

    def __init__(self, lines: list[str], findings: Findings) -> None:
        self.lines = lines
        self.findings = findings
        self.at = 0
        self.document = Document()
        self.part: Part | None = None
        self.clause: ClauseText | None = None
        self.prose: list[str] = []
        self.prose_line = 1

    def read(self) -> Document | None:
        if not self._read_header():
            return None
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if fence := FENCE.match(line):
                self._end_prose()
                self._read_fence(fence[1].strip())
            elif heading := HEADING.match(line):
                self._end_prose()
                self._read_heading(len(heading[1]), heading[2].strip())
                self.at += 1
            else:
                if not self.prose:
                    self.prose_line = self.at + 1
                self.prose.append(line)
                self.at += 1
        self._end_prose()
        return self.document

    def _read_header(self) -> bool:
        if not self.lines or self.lines[0].strip() != "---":
            self.findings.error(
                "header",
                1,
                "The document does not begin with its header.",
                mend="Begin with a line ---, then policy: and version:, then --- again.",
            )
            return False
        for index in range(1, len(self.lines)):
            line = self.lines[index].strip()
            if line == "---":
                self.at = index + 1
                self._require_header()
                return True
            if line:
                self._read_header_line(line, index + 1)
        self.findings.error("header", 1, "The header has no end.", mend="Close it with a line ---.")
        return False

    def _read_header_line(self, line: str, number: int) -> None:
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        if not colon or key not in HEADER_KEYS:
            self.findings.error(
                "header",
                number,
                f"The header does not know “{shorten(key)}”.",
                mend=nearest(key, HEADER_KEYS),
            )
        elif key in self.document.header:
            self.findings.error("header", number, f"The header says {key} twice.", mend="Keep one of them.")
        else:
            self.document.header[key] = Text(line=number, text=value)

    def _require_header(self) -> None:
        for key in ("policy", "version"):
            entry = self.document.header.get(key)
            if entry is None or not entry.text:
                self.findings.error(
                    "header", 1, f"The header does not name the {key}.", mend=f"Add a line {key}: …"
                )

    def _end_prose(self) -> None:
        text = "\n".join(self.prose).strip("\n")
        if text.strip():
            piece = Text(line=self.prose_line, text=text)
            if self.clause is not None:
                self.clause.prose.append(piece)
            elif self.part is not None:
                self.part.items.append(piece)
            else:
                self.document.lede.append(piece)
        self.prose = []

    def _read_heading(self, depth: int, title: str) -> None:
        number = self.at + 1
        if depth == 1:
            self.clause = None
            self.part = Part(title=title, line=number)
            if any(part.title == title for part in self.document.parts[-200:]):
                self.findings.error(
                    "part",
                    number,
                    f"A part “{shorten(title)}” stands above already.",
                    mend="Give one another title.",
                )
            self.document.parts.append(self.part)
            return
        word, _, rest = title.partition(" ")
        if not NUMBER.fullmatch(word):
            self.findings.error(
                "clause number",
                number,
                f"The heading “{shorten(title)}” has no clause number.",
                mend="Write ## 7 Title for a clause, ### 7.1 Title for an exception to it.",
            )
            self.clause = None
            return
        self._begin_clause(word, rest.strip(), depth, number)

    def _begin_clause(self, name: str, title: str, depth: int, line: int) -> None:
        wanted = name.count(".") + 2
        if depth != wanted:
            self.findings.error(
                "clause level",
                line,
                f"Clause {name} stands under {depth} number signs; its number asks for {wanted}.",
                clause=name,
                mend=f"Write {'#' * wanted} {name}. The number says what a clause is an exception to.",
            )
        if not title:
            self.findings.error(
                "clause title",
                line,
                f"Clause {name} has no title.",
                clause=name,
                mend=f"Write {name} and a few words.",
            )
        if self.part is None:
            self.findings.error(
                "part",
                line,
                f"Clause {name} stands in no part.",
                clause=name,
                mend="Add a line # Title above it.",
            )
            self.part = Part(title="", line=line)
            self.document.parts.append(self.part)
        clause = ClauseText(number=name, title=title, line=line, part=len(self.document.parts) - 1)
        self.clause = clause
        if name in self.document.clauses:
            first = self.document.clauses[name].line
            self.findings.error(
                "clause number",
                line,
                f"Clause {name} stands twice; the first is on line {first}.",
                clause=name,
                mend="Numbers are citations: give this one its own, such as 9A.",
            )
            return
        if len(self.document.clauses) >= MOST_CLAUSES:
            self.findings.error(
                "too large",
                line,
                f"The document has more than {MOST_CLAUSES:,} clauses.",
                mend="Split it into one document per brand.",
            )
            return
        self.document.clauses[name] = clause
        self.part.items.append(clause)

    def _read_fence(self, kind: str) -> None:
        opened = self.at + 1
        end = self.at + 1
        while end < len(self.lines) and self.lines[end].strip() != "```":
            end += 1
        if end >= len(self.lines):
            self.findings.error(
                "fence", opened, f"The block “{shorten(kind)}” has no end.", mend="Close it with a line ```."
            )
        body = [
            Text(line=opened + offset, text=line)
            for offset, line in enumerate(self.lines[self.at + 1 : end], 1)
            if line.strip()
        ]
        self.at = end + 1
        if kind == "rule":
            if self.clause is None:
                self.findings.error(
                    "rule", opened, "This rule stands under no clause.", mend="Number a clause."
                )
            else:
                read_rule(body, self.clause, self.findings)
        elif kind in SCHEDULES:
            self._add_schedule(kind, opened, body)
        else:
            self.findings.error(
                "fence",
                opened,
                f"There is no block “{shorten(kind)}”.",
                mend=nearest(kind, ("rule", *SCHEDULES)),
            )

    def _add_schedule(self, kind: str, line: int, body: list[Text]) -> None:
        entries = read_entries(body, self.findings, bare=kind == "never")
        before = self.document.schedules.get(kind)
        if before is not None:
            entries = [*before.entries, *entries]
            line = before.line
        self.document.schedules[kind] = Schedule(kind=kind, line=line, entries=tuple(entries))
        if kind == "ladder" and self.part is not None and before is None:
            self.clause = None
            self.document.ladder_part = len(self.document.parts) - 1
            self.part.items.append(self.document.schedules[kind])


def read_entries(body: list[Text], findings: Findings, *, bare: bool = False) -> list[Entry]:
    """The entries of a schedule: `name: text`, with the indented lines under each.

    In a bare schedule (`never`) the whole line is the entry, and the name is only its first word.
    """
    entries: list[Entry] = []
    more: list[Text] = []

    def end_entry() -> None:
        if entries and more:
            last = entries.pop()
            entries.append(Entry(name=last.name, text=last.text, line=last.line, more=tuple(more)))
        more.clear()

    for piece in body:
        stripped = piece.text.strip()
        if piece.text[0].isspace():
            if entries:
                more.append(Text(line=piece.line, text=stripped))
            else:
                findings.error(
                    "schedule",
                    piece.line,
                    "This indented line belongs to no entry above it.",
                    mend="Begin it without a space, as name: text.",
                )
            continue
        end_entry()
        name, colon, text = stripped.partition(":")
        if not colon or not name.strip():
            findings.error(
                "schedule", piece.line, f"“{shorten(stripped)}” is no entry.", mend="Write name: text."
            )
            continue
        whole = stripped if bare else text.strip()
        entries.append(Entry(name=" ".join(name.split()), text=whole, line=piece.line))
    end_entry()
    return entries
