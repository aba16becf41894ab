"""A policy's text as numbered lines, each told what it is, with what the check found below its line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.policy import Finding

_HEADING = re.compile(r"(#{1,3} (?:\d+(?:\.\d+)* )?)(.*)")
_CLAUSE = re.compile(r"(#{1,3}) (?:(\d+(?:\.\d+)*) )?(.+)")
KINDS = {1: "h1", 2: "h2", 3: "h3"}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line. `kind` is its class on the page; `sign` is the part before a heading's words."""

    number: int
    kind: str  # h1, h2, h3, prose, fence
    sign: str
    text: str
    findings: tuple[Finding, ...]

    @staticmethod
    def of(text: str, findings: Sequence[Finding], *, file: str) -> tuple[Listed, ...]:
        """The lines of `text`, each with those `findings` of `file` that stand at it."""
        lines = text.split("\n")
        at: dict[int, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.file == file:
                at[min(max(finding.line, 1), len(lines))].append(finding)
        listed, inside = [], False
        for number, line in enumerate(lines, start=1):
            fence = line.startswith("```") or (line == "---" and number < 12)
            kind, sign, words = _read(line, inside or fence)
            listed.append(Listed(number=number, kind=kind, sign=sign, text=words, findings=tuple(at[number])))
            inside = inside != fence
        return tuple(listed)


@dataclass(frozen=True, kw_only=True)
class Heading:
    line: int
    number: str
    title: str
    is_part: bool


def outline(text: str) -> tuple[Heading, ...]:
    """Parts and clauses with their lines, for the way there. What stands inside a fence is no heading."""
    return tuple(
        Heading(line=listed.number, number=found[2] or "", title=found[3], is_part=found[1] == "#")
        for listed in Listed.of(text, (), file="")
        if listed.kind in ("h1", "h2") and (found := _CLAUSE.fullmatch(listed.sign + listed.text))
    )


def _read(line: str, fenced: bool) -> tuple[str, str, str]:
    if fenced:
        return "fence", "", line
    if heading := _HEADING.fullmatch(line):
        return KINDS[heading[1].count("#")], heading[1], heading[2]
    return "prose", "", line
