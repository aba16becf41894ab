"""What a replay found, as a page and the command show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Group:
    """Requests that were decided one way and would be decided another; `samples` are tickets, newest first.

    Empty clauses: left to a question or a person. `old_how`, `new_how`: alone, proposed, open, by a person.
    """

    old_clauses: tuple[str, ...]
    new_clauses: tuple[str, ...]
    old_outcome: str
    new_outcome: str
    old_how: str
    new_how: str
    count: int
    samples: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class QueueMove:
    """How many requests a department got, and how many it would have got."""

    department: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class TargetMove:
    """How many requests would have had `after` in place of `before` (empty: no such target).

    `direction`: sooner, later, as soon (only the calendar or the unit differs), new, gone.
    """

    target: str
    before: str
    after: str
    direction: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many, with tickets for example."""

    count: int = 0
    samples: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day where the brand is."""

    day: dt.date
    changed: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Rulings of a version whose text can no longer be compiled, and why."""

    version: str
    count: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Undeclared:
    """A recorded value that the draft does not declare; there the fact counts as unknown."""

    fact: str
    value: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ReplayReport:
    """`total` = `same` + `changed`: the rulings of the period that stand and were the policy's to decide.

    `only_targets` of the same ones would have had another target. `overridden`, `too_many_topics` and
    `unreadable` are counted apart; those in `never` are among the total.
    """

    since: dt.datetime
    until: dt.datetime
    total: int
    same: int
    changed: int
    only_targets: int
    groups: tuple[Group, ...]
    queues: tuple[QueueMove, ...]
    targets: tuple[TargetMove, ...]
    never: Counted
    overridden: Counted
    too_many_topics: Counted
    unreadable: tuple[Unreadable, ...]
    undeclared: tuple[Undeclared, ...]
    by_day: tuple[Day, ...]
