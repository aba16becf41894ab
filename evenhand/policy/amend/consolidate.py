"""From an amendment to the whole text: its base, its instructions, and where each line was written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..document import Text
from ..findings import Enough, Findings, Place, shorten
from ..parse import parse, read_header, split_lines
from . import clauses, entries
from .draft import Draft, Written
from .instructions import (
    AddEntries,
    Insert,
    Instruction,
    Omit,
    OmitEntry,
    OmitPart,
    Read,
    ReadEntry,
    Replace,
    read_instructions,
)
from .order import tell_moved
from .work import Refused, Work

BaseText: TypeAlias = tuple[str, str | None] | tuple[str, str | None, str]
Bases: TypeAlias = Callable[[str, str], BaseText | None]
"""Finds a base by its name and version: its text, its companion of sayings, and its file where it has one."""

MOST_STEPS = 8
_AMENDS = re.compile(r"(.*\S)\s+(\S+)")
_PINNED = re.compile(r"(.*\S)\s+sha256:(\S+)")
_SHORTEST_HASH = 12


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A document in full, as it is checked, published and hashed.

    `places` says for each line of a consolidated text in which file and line it was written; None where the
    document is its own text. `left_out`: names that amendments took away, and where they say so.
    """

    text: str
    sayings: str | None
    places: tuple[Place, ...] | None = None
    sayings_places: tuple[Place, ...] | None = None
    left_out: Mapping[str, Place] = field(default_factory=dict)
    stood: frozenset[str] = frozenset()

    @property
    def hash(self) -> str:
        """The version's hash, over text and sayings, told apart by their lengths."""
        digest = hashlib.sha256()
        for content in (self.text, self.sayings):
            encoded = b"" if content is None else content.encode("utf-8", errors="surrogatepass")
            digest.update(f"{-1 if content is None else len(encoded)}\n".encode())
            digest.update(encoded)
        return digest.hexdigest()


def is_amendment(text: str) -> bool:
    """Whether the header says `amends:`. Looks at the header only."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n", 40)[:40]
    for line in lines[1:]:
        if line.strip() == "---":
            return False
        if line.partition(":")[0].strip() == "amends":
            return lines[0].strip() == "---"
    return False


def whole(text: str, sayings: str | None, bases: Bases | None, findings: Findings) -> Whole | None:
    """The document in full; None where an amendment cannot be carried out, which is told in the findings."""
    if not is_amendment(text):
        return Whole(text=text, sayings=sayings)
    return _Amendment(text, sayings, bases, findings, ()).whole()


class Endless(Refused):
    """Documents that amend one another, in a circle or without end."""


class _Amendment:
    """One amendment on its way to the whole text. `above`: the names of those that amend this one."""

    def __init__(
        self,
        text: str,
        sayings: str | None,
        bases: Bases | None,
        findings: Findings,
        above: tuple[tuple[str, str], ...],
    ) -> None:
        self.text, self.sayings, self.bases, self.findings = text, sayings, bases, findings
        self.file = findings.file
        self.above = above

    def whole(self) -> Whole | None:
        lines = split_lines(self.text, self.findings)
        if lines is None:
            return None
        header, below = read_header(lines, self.findings)
        if "amends" not in header or self.findings.has_errors:
            return None
        try:
            base = self._base(header["amends"].text)
        except Refused as refused:
            if self.above and isinstance(refused, Endless):
                raise  # told once, where the reading began
            line = header["amends"].line
            self.findings.error(refused.code, line, refused.message, mend=refused.mend)
            return None
        written = [Written(line, self.file, number) for number, line in enumerate(lines[below:], below + 1)]
        instructions = read_instructions(written, self.findings)
        if not instructions and not self.findings.has_errors:
            self.findings.error(
                "instruction",
                header["amends"].line,
                "The amendment has no instruction.",
                mend='Write one, such as > In 9, for "…" read "…".',
            )
        work = self._work(base, header)
        for instruction in instructions:
            if not self._carried_out(work, instruction):
                return None
        return self._result(base, work)

    # ── the base ──

    def _base(self, said: str) -> Whole:
        """The base that the header names, in full. Refused where it is not there, or not the one pinned."""
        with_hash = _PINNED.fullmatch(said)
        found = _AMENDS.fullmatch(with_hash[1] if with_hash else said)
        if found is None:
            message = f"“{shorten(said)}” does not name a base."
            raise Refused(
                "amends", message, "Write its policy, then its version: Larkspur support policy 2027-01."
            )
        name, version, pinned = " ".join(found[1].split()), found[2], with_hash[2] if with_hash else None
        self._refuse_endless(name, version)
        given = self.bases(name, version) if self.bases else None
        if given is None:
            raise Refused(
                "amends",
                f"There is no policy “{shorten(name)}” of version {shorten(version)} here to amend.",
                "Keep its document in the folder of this one, or publish it first. "
                "Name and version are those of its header.",
            )
        base = self._read_base(f"{name} {version}", given, (*self.above, (name, version)))
        if pinned is not None and not _is_pinned(right := _hash_of(base, given), pinned):
            raise Refused(
                "amends",
                f"The base is not the one that is pinned: its hash is {right}.",
                f"Read what changed there, then write amends: {shorten(name)} {version} sha256:{right}",
            )
        return base

    def _refuse_endless(self, name: str, version: str) -> None:
        mend = "Amend a document that stands by itself."
        if (name, version) in self.above:
            message = f"“{shorten(name)}” {shorten(version)} amends itself in the end."
            raise Endless("amends", message, mend)
        if len(self.above) >= MOST_STEPS:
            raise Endless("amends", f"More than {MOST_STEPS} documents amend one another here.", mend)

    def _read_base(self, called: str, given: BaseText, above: tuple[tuple[str, str], ...]) -> Whole:
        """The base in full. What is wrong in it is told with its own file and lines."""
        text, sayings, *file = given
        findings = Findings(file[0] if file else called)
        base: Whole | None = None
        try:
            if is_amendment(text):
                base = _Amendment(text, sayings, self.bases, findings, above).whole()
            elif parse(text, findings) is not None:
                base = _as_it_stands(text, sayings, findings.file)
        except Enough:
            base = None
        if base is None or findings.has_errors:
            self.findings.gathered += findings.gathered
            raise Refused("amends", f"{findings.file}, which this amends, has errors.", "Mend them first.")
        return base

    # ── the instructions ──

    def _work(self, base: Whole, header: Mapping[str, Text]) -> Work:
        assert base.places is not None
        lines = [
            Written(line, *place) for line, place in zip(base.text.split("\n"), base.places, strict=True)
        ]
        draft = Draft.of(lines, base.stood)
        draft.header = self._header(draft.header, header)
        return Work(draft=draft, file=self.file, size=len(base.text))

    def _header(self, base: list[Written], header: Mapping[str, Text]) -> list[Written]:
        """The base's header, with the amendment's lines in the place of those that it names."""
        own = {
            key: Written(f"{key}: {said.text}", self.file, said.line)
            for key, said in header.items()
            if key != "amends"
        }
        kept = [own.pop(line.text.partition(":")[0].strip(), line) for line in base if line.text.strip()]
        return [*kept, *own.values()]

    def _carried_out(self, work: Work, said: Instruction) -> bool:
        """Carries one out, or tells why not. False where going on would ask for too much."""
        try:
            match said:
                case Replace():
                    clauses.replace(work, said)
                case Omit():
                    clauses.omit(work, said, self.findings)
                case OmitPart():
                    clauses.omit_part(work, said)
                case Read():
                    clauses.read(work, said)
                case Insert():
                    clauses.insert(work, said)
                case AddEntries():
                    entries.add(work, said)
                case OmitEntry():
                    entries.omit(work, said)
                case ReadEntry():
                    entries.read(work, said)
        except Refused as refused:
            self.findings.error(
                refused.code, said.line, refused.message, mend=refused.mend, clause=refused.clause
            )
            return refused.code != "too large"
        return True

    def _result(self, base: Whole, work: Work) -> Whole | None:
        if self.findings.has_errors:
            return None
        lines = list(work.draft.lines())
        text = "\n".join(line.text for line in lines)
        if work.facts_read:
            document = parse(text, Findings(self.file))
            if document is not None:
                tell_moved(work.facts_read, document, [line.file for line in lines], self.findings)
        sayings, places = self._sayings(base)
        left_out = {name: (self.file, line) for name, line in work.left_out.items()}
        return Whole(
            text=text,
            sayings=sayings,
            places=tuple((line.file, line.line) for line in lines),
            sayings_places=places,
            left_out={**base.left_out, **left_out},
            stood=frozenset(work.draft.stood),
        )

    def _sayings(self, base: Whole) -> tuple[str | None, tuple[Place, ...] | None]:
        """The base's sayings, then those of a companion of its own; brands share one reader.

        A companion that begins with the base's sayings holds them already: published versions keep the whole.
        """
        if self.sayings is None:
            return base.sayings, base.sayings_places
        own = _places(self.sayings, companion_of(self.file))
        if base.sayings is None or base.sayings_places is None:
            return self.sayings, own
        if _lines(self.sayings)[: len(_lines(base.sayings))] == _lines(base.sayings):
            return self.sayings, own
        return f"{base.sayings}\n{self.sayings}", (*base.sayings_places, *own)


def _hash_of(base: Whole, given: BaseText) -> str:
    """The hash of a base as its version is published: of its own characters where it stands by itself."""
    return base.hash if is_amendment(given[0]) else Whole(text=given[0], sayings=given[1]).hash


def _as_it_stands(text: str, sayings: str | None, file: str) -> Whole:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    said = None if sayings is None else _places(sayings, companion_of(file))
    return Whole(text=text, sayings=sayings, places=_places(text, file), sayings_places=said)


def _places(text: str, file: str) -> tuple[Place, ...]:
    return tuple((file, line) for line in range(1, text.count("\n") + 2))


def _lines(sayings: str) -> list[str]:
    return [line.rstrip() for line in sayings.rstrip().split("\n")]


def companion_of(file: str) -> str:
    """The companion of a document: what customers say, beside `policy.md` in `policy.sayings.md`."""
    return f"{file.removesuffix('.md')}.sayings.md"


def _is_pinned(right: str, pinned: str) -> bool:
    """Whether a pinned hash, written in full or its first twelve digits or more, is the right one."""
    return len(pinned) >= _SHORTEST_HASH and right.startswith(pinned.lower())
