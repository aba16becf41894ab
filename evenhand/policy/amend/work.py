"""What one amendment is carried out upon: the draft, how much work is left, and what was left out."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, field

from ..parse import MOST_CHARACTERS
from ..words import and_list
from .draft import Draft, PartDraft, Section, Written

MOST_LOOKED_THROUGH = 20_000_000
"""Characters that all quotations of an amendment may look through: some hundred times a whole policy."""
A_MATCH = 100
"""What finding and replacing one match counts for, in characters looked through."""
MOST_HINTS = 20
"""After so many quotations that stand nowhere, the nearest words are not looked for any more."""


class Refused(Exception):
    """An instruction that cannot be carried out; the draft is as it was before it."""

    def __init__(self, code: str, message: str, mend: str | None = None, clause: str | None = None) -> None:
        self.code, self.message, self.mend, self.clause = code, message, mend, clause
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class FactRead:
    """An entry of `facts` that another took the place of, as its text stood before and stands after."""

    name: str
    line: int
    before: str
    after: str


@dataclass(kw_only=True)
class Work:
    """One amendment under way. `left_out`: names that are gone, and the line that says so."""

    draft: Draft
    file: str
    size: int
    looked_through: int = 0
    hints: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    facts_read: list[FactRead] = field(default_factory=list)

    def look_through(self, characters: int) -> None:
        """Counts the work. Refuses to go on where an amendment asks for more than anybody means."""
        self.looked_through += characters
        if self.looked_through > MOST_LOOKED_THROUGH:
            raise Refused(
                "too large",
                "The instructions up to here look through more text than an amendment may.",
                "Write the policy out as a document of its own.",
            )

    def grow(self, characters: int) -> None:
        if self.size + characters > MOST_CHARACTERS:
            raise Refused(
                "too large",
                f"With this the document would have {self.size + characters:,} characters; "
                f"the most is {MOST_CHARACTERS:,}.",
            )
        self.size += characters

    def clause(self, number: str) -> tuple[PartDraft, Section]:
        """The clause as it stands now, and its part. Refused where it is not there, with the nearest one."""
        found = self.draft.find(number)
        if found is not None:
            return found
        gone = self.left_out.get(number)
        if gone is not None:
            message = f"Clause {number} is not there any more: line {gone} omits it."
            raise Refused("target", message, "Take one of the two out.")
        near = _neighbours(number, self.draft.numbers())
        raise Refused("target", f"There is no clause {number}.", f"The nearest there: {and_list(near)}.")

    def empty_line(self, line: int) -> Written:
        return Written("", self.file, line)


def _neighbours(number: str, known: list[str]) -> list[str]:
    """The clauses between which a number would stand.

    >>> _neighbours("9B", ["8", "10", "9", "9.1"])
    ['9.1', '10']
    """
    ordered = sorted(known, key=_rank)
    at = bisect([_rank(one) for one in ordered], _rank(number))
    return ordered[max(0, at - 1) : at + 1]


def _rank(number: str) -> list[tuple[int, str]]:
    """9 before 9.1 before 9A before 10."""
    return [(int(found[1]), found[2]) for found in re.finditer(r"(\d+)([A-Z]?)", number)]
