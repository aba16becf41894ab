"""What a step of the policy's ladder comes to: how long, and which standing it gives. Terms are days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from evenhand.policy import Policy
from evenhand.policy.ladder import STANDING, LadderStep


@dataclass(frozen=True, kw_only=True)
class Term:
    """When a step stops running, lapses, and is to be reviewed; None where the ladder is silent."""

    runs_until: dt.datetime | None
    lapses_at: dt.datetime | None
    review_at: dt.datetime | None


def term(step: LadderStep, begins: dt.datetime) -> Term:
    """A step that runs out and says nothing of lapsing lapses when it has run out.

    >>> from evenhand.policy.ladder import LadderStep
    >>> ban = LadderStep(name="ban", terms=(), closes="", lasts_days=7)
    >>> term(ban, dt.datetime(2027, 1, 1, tzinfo=dt.UTC)).lapses_at.date()
    datetime.date(2027, 1, 8)
    """
    runs_until = _after(begins, step.lasts_days)
    return Term(
        runs_until=runs_until,
        lapses_at=_after(begins, step.lapses_days) or runs_until,
        review_at=_after(begins, step.reviewed_days),
    )


def standings(policy: Policy) -> tuple[str, ...]:
    """The values of the fact `standing`, best first; empty where the policy has none."""
    fact = policy.facts.get(STANDING)
    return tuple(fact.values) if fact else ()


def standing_by(policy: Policy, step: str) -> tuple[str, str]:
    """The standing that a step gives while it runs, and the one after it ran out, until it lapses.

    Steps stand mildest first and standings best first, so the first step leads to the second standing. Once a
    ban has run out nobody is banned any more, but what earned it counts on, as the mildest of the standings
    that a step gives.
    """
    names = standings(policy)
    assert policy.ladder is not None
    place = min(list(policy.ladder.steps).index(step) + 1, len(names) - 1)
    return names[place], names[min(place, 1)]


def is_internal(step: LadderStep) -> bool:
    """True where the ladder marks a term of the step as internal: ours, and not in the public text."""
    return any(said.startswith("internal ") for said in step.terms)


def _after(begins: dt.datetime, days: int | None) -> dt.datetime | None:
    return None if days is None else begins + dt.timedelta(days=days)
