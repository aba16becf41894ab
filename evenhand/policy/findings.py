"""What is wrong with a document: findings, and the places they are gathered."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

Severity = Literal["error", "warning"]
Place: TypeAlias = tuple[str, int]
"""A file and a line of it."""

MOST_FINDINGS = 100
"""After so many a reader needs no more; gathering stops, so that a hopeless file ends soon."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to mend, with the place, a case that shows it, and how to mend it.

    >>> print(Finding(code="gap", severity="error", file="p.md", line=4, message="Nothing decides."))
    p.md:4: error: Nothing decides.
    """

    code: str
    severity: Severity
    file: str
    line: int
    message: str
    clause: str | None = None
    witness: str | None = None
    mend: str | None = None

    def __str__(self) -> str:
        said = f"{self.file}:{self.line}: {self.severity}: {self.message}"
        if self.witness:
            said += f" For example: {self.witness}."
        if self.mend:
            said += f" {self.mend}"
        return said


class PolicyError(ValueError):
    """The document cannot be carried out; `findings` holds every reason (at least one is an error)."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


class Enough(Exception):
    """So many findings are gathered that reading on would help nobody."""


@dataclass
class Findings:
    """Gathers findings while a document is read; one finding per place and kind.

    `places`: where each line of a consolidated text was written, so that a finding is told there.
    """

    file: str
    places: Sequence[Place] | None = None
    gathered: list[Finding] = field(default_factory=list)
    _seen: set[tuple[str, int, str]] = field(default_factory=set)

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.gathered)

    def error(
        self,
        code: str,
        line: int,
        message: str,
        *,
        clause: str | None = None,
        witness: str | None = None,
        mend: str | None = None,
    ) -> None:
        self._add(code, "error", line, message, clause, witness, mend)

    def warning(
        self,
        code: str,
        line: int,
        message: str,
        *,
        clause: str | None = None,
        witness: str | None = None,
        mend: str | None = None,
    ) -> None:
        self._add(code, "warning", line, message, clause, witness, mend)

    def in_order(self) -> tuple[Finding, ...]:
        """By line; what stands in another file (a base, a companion) after what stands in this one."""

        def order(finding: Finding) -> tuple[bool, str, int, str, str]:
            elsewhere = finding.file != self.file
            return elsewhere, finding.file if elsewhere else "", finding.line, finding.code, finding.message

        return tuple(sorted(self.gathered, key=order))

    def _add(
        self,
        code: str,
        severity: Severity,
        line: int,
        message: str,
        clause: str | None,
        witness: str | None,
        mend: str | None,
    ) -> None:
        if (code, line, message) in self._seen:
            return
        file, at = self._place(max(line, 1))
        if len(self.gathered) >= MOST_FINDINGS:
            raise Enough
        self._seen.add((code, line, message))
        self.gathered.append(
            Finding(
                code=code,
                severity=severity,
                file=file,
                line=at,
                message=message,
                clause=clause,
                witness=witness,
                mend=mend,
            )
        )

    def _place(self, line: int) -> Place:
        if self.places is None or line > len(self.places):
            return self.file, line
        return self.places[line - 1]


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that names the declared words closest to a misspelt one, or lists what there is.

    >>> nearest("themme state", ["theme state", "topic"])
    'Did you mean “theme state”?'
    >>> nearest("xyz", ["yes", "no"])
    'There are: yes, no.'
    """
    return _nearest(word[:60], tuple(dict.fromkeys(known)))


@lru_cache(maxsize=4096)
def _nearest(word: str, words: tuple[str, ...]) -> str:
    if not words:
        return "None is declared."
    close = difflib.get_close_matches(word, words[:500], n=2, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(f"“{candidate}”" for candidate in close) + "?"
    listed = ", ".join(words[:8])
    return f"There are: {listed}{' and others' if len(words) > 8 else ''}."


def shorten(text: str, most: int = 80) -> str:
    """Text quoted in a finding, cut so that one strange line cannot fill the screen."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
