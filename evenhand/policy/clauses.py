"""Clauses as the doors show them: number, title, words, and what each case decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .conditions import ReadCase
from .decisions import Effect
from .document import ClauseText, Document


@dataclass(frozen=True, kw_only=True)
class ClauseCase:
    """One case: how it is cited, when it holds in the document's words, and its effects by group."""

    cite: str
    when: str
    effects: Mapping[str, Effect]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One clause. `prose` is its public text in Markdown, slots filled; `parent` is what it excepts from."""

    number: str
    title: str
    prose: str
    part: str
    cases: tuple[ClauseCase, ...] = ()
    limits: tuple[str, ...] = ()
    parent: str | None = None
    line: int = 1


def public_clause(clause: ClauseText, document: Document, cases: list[ReadCase], prose: str) -> Clause:
    """A clause as written, with its cases understood and its prose filled."""
    several = len(cases) > 1
    return Clause(
        number=clause.number,
        title=clause.title,
        prose=prose,
        part=document.parts[clause.part].title,
        cases=tuple(
            ClauseCase(
                cite=f"{clause.number}({case.written.letter})" if several else clause.number,
                when=when_words(case),
                effects=case.effects,
            )
            for case in cases
        ),
        limits=tuple(limit.text for limit in clause.limits if not limit.lifts),
        parent=clause.parent,
        line=clause.line,
    )


def when_words(case: ReadCase) -> str:
    conditions = case.written.conditions
    if not conditions:
        return "always"
    return "; ".join(f"{condition.fact}: {condition.wanted}" for condition in conditions)
