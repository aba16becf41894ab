"""Why a store, an app or a file of stores was not entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class NotEntered(ValueError):
    """Nothing was stored; the message says what is wrong and where."""


class NotAStore(NotEntered):
    """A field is missing or cannot be what it says."""


class UnknownApps(NotEntered):
    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        listed = ", ".join(f"“{name}”" for name in names)
        super().__init__(f"apps: the guide does not have {listed}; enter them in the guide first")


class DomainTaken(NotEntered):
    def __init__(self, domain: str, reference: str) -> None:
        self.domain, self.reference = domain, reference
        super().__init__(f"domain: {domain} is already the domain of store {reference}")


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """One line of a file that cannot be entered. `line` counts from 1, the heading included."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


class BadFile(NotEntered):
    """Every bad line of the file, one finding each; nothing of the file was entered."""

    def __init__(self, lines: Sequence[BadLine]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(str(line) for line in lines))
