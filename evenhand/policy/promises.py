"""Promises withdrawn: what the version in force shows by example and a draft no longer keeps (rule 33)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from .checks.examples import Example, examples_of, fault_of
from .policy import Policy
from .words import TOPIC, UNKNOWN

Kind = Literal["broken", "gone"]


@dataclass(frozen=True, kw_only=True)
class WithdrawnPromise:
    """One example of the version in force, with the clause and line it stands at there.

    `kind` broken: in the draft it comes out otherwise, as `now` says. Gone: it would still come out so, but
    the draft has no such example, so nothing will hold it to that. `str()` is one line for a person.
    """

    clause: str
    line: int
    given: str
    expected: str
    kind: Kind
    now: str

    def __str__(self) -> str:
        facts = f"“{self.given}”" if self.given else "whatever the facts"
        return f"Promise withdrawn: clause {self.clause} showed {facts} as {self.expected}. {self.now}"


def promises_withdrawn(old: Policy, new: Policy) -> tuple[WithdrawnPromise, ...]:
    """The examples of `old`, the version in force, that `new` breaks or lacks, in the order of `old`.

    What is promised is the outcome: a clause that only has another number breaks nothing. Facts that the
    draft no longer knows are left out, since nothing turns on them any more; a value that it no longer knows
    breaks the promise.
    """
    kept = {_promise(example) for example in examples_of(new)}
    found = (_withdrawn(example, new, kept) for example in examples_of(old))
    return tuple(promise for promise in found if promise is not None)


def _promise(example: Example) -> tuple[frozenset[tuple[str, str]], str]:
    return frozenset(example.facts.items()), _outcome(example)


def _outcome(example: Example) -> str:
    """What is expected, without the clauses that are cited for it."""
    return example.expected.partition(" by ")[0].partition(" instead of ")[0].strip()


def _withdrawn(
    example: Example, new: Policy, kept: set[tuple[frozenset[tuple[str, str]], str]]
) -> WithdrawnPromise | None:
    if now := _now(example, new):
        return _told(example, "broken", now)
    if _promise(example) not in kept:
        return _told(example, "gone", "The draft comes out the same, but has no such example.")
    return None


def _told(example: Example, kind: Kind, now: str) -> WithdrawnPromise:
    return WithdrawnPromise(
        clause=example.clause,
        line=example.line,
        given=example.given,
        expected=example.expected,
        kind=kind,
        now=now,
    )


def _now(example: Example, new: Policy) -> str:
    """What the draft makes of an example; empty where it keeps it."""
    known = {TOPIC, *new.facts} if new.topics else new.facts.keys()
    facts = {name: value for name, value in example.facts.items() if name in known}
    for name, value in facts.items():
        if value != UNKNOWN and (unknown := new.fault_in(name, value)) is not None:
            return f"The draft has no such value: {unknown}"
    fault = fault_of(new, replace(example, facts=facts, expected=_outcome(example)))
    if fault is None:
        return ""
    if fault.code == "example":
        return f"In the draft {fault.what}."
    return f"The draft does not know it: {fault.what}"
