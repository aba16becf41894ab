"""Another order of a list moves what `or higher` and `or lower` mean; each condition is told (rule 17)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..document import Document
from ..findings import Findings, shorten
from ..rule_lines import read_conditions
from ..words import and_list
from .entries import values_of
from .work import FactRead

_RANK = re.compile(r"(?:not )?(.+) or (higher|lower)")


def tell_moved(read: list[FactRead], document: Document, files: list[str], findings: Findings) -> None:
    """One warning for each ordered fact: the conditions of the base that now mean another set of values.

    `files`: for each line of the document the file in which it was written.
    """
    for fact in read:
        if "<" not in fact.before or "<" not in fact.after:
            continue
        before, after = values_of(fact.before), values_of(fact.after)
        both = [value for value in before if value in after]
        if both == [value for value in after if value in before]:
            continue
        moved = [
            f"{where} says “{shorten(wanted)}”, which was {_set(old)} and is now {_set(new)}"
            for where, wanted, line in _conditions(document, fact.name)
            if files[line - 1] != findings.file
            if (old := _named(wanted, before, both)) != (new := _named(wanted, after, both))
        ]
        if moved:
            findings.warning(
                "order",
                fact.line,
                f"The new order of {fact.name} moves what conditions mean: {'; '.join(moved)}.",
                mend="Read each of them again; amend those that should stay as they were.",
            )


def _conditions(document: Document, fact: str) -> Iterator[tuple[str, str, int]]:
    """Where a fact is asked for by rank: the clause, the words, the line."""
    for number, clause in document.clauses.items():
        asked = [condition for case in clause.cases for condition in case.conditions]
        for wanted, line in {one.wanted: one.line for one in asked if one.fact == fact}.items():
            if _RANK.fullmatch(wanted):
                yield f"clause {number}", wanted, line
    never = document.schedules.get("never")
    for entry in never.entries if never else ():
        for condition in read_conditions(entry.text, entry.line, Findings(""), None):
            if condition.fact == fact and _RANK.fullmatch(condition.wanted):
                yield "never", condition.wanted, entry.line


def _named(wanted: str, order: list[str], both: list[str]) -> frozenset[str]:
    """The values that a rank names under an order, of those that stand before and after."""
    found = _RANK.fullmatch(wanted)
    if found is None or found[1] not in order:
        return frozenset()
    at = order.index(found[1])
    named = frozenset(order[at:] if found[2] == "higher" else order[: at + 1])
    return (frozenset(both) - named if wanted.startswith("not ") else named) & frozenset(both)


def _set(values: frozenset[str]) -> str:
    return and_list(sorted(values)) or "nothing"
