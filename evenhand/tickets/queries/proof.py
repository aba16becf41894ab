"""Is a stored ruling still what its version makes of its facts? (`evenhand policy explain --ticket N`)"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from evenhand import policy as language
from evenhand.rulebook import queries as rulebook
from evenhand.tickets.models import Ruling
from evenhand.tickets.queries.rulings import RulingView, facts_of, view
from evenhand.tickets.verdicts import ASK, outcome


@dataclass(frozen=True, kw_only=True)
class Rederived:
    """A stored ruling, what its version says today of the same facts, and whether the two agree."""

    ruling: RulingView
    explanation: language.Explanation
    act: str
    reply: str
    clauses: tuple[str, ...]
    same: bool


def rederive(ticket_id: int) -> tuple[Rederived, ...]:
    """Decide every ruling of the ticket again, oldest first. What a person overrode is never `same`."""
    rulings = Ruling.objects.filter(ticket=ticket_id).select_related("version", "by").order_by("at", "matter")
    acts = groupby(rulings, key=lambda ruling: (ruling.at, ruling.version_id))
    return tuple(found for _, together in acts for found in _again(list(together)))


def _again(together: list[Ruling]) -> list[Rederived]:
    """What one act ruled is decided together, since matters of one message share one question (rule 26)."""
    policy = rulebook.policy(together[0].version)
    verdicts = policy.rule_matters([(dict(ruling.topics), facts_of(ruling)) for ruling in together])
    return [_compared(ruling, verdict, policy) for ruling, verdict in zip(together, verdicts, strict=True)]


def _compared(ruling: Ruling, verdict: language.Verdict, policy: language.Policy) -> Rederived:
    # A question that was spent, or not the desk's to ask, left the likeliest outcome to a person.
    asked = verdict.kind == "ask" and ruling.act != ASK
    came = outcome(replace(verdict, kind="person") if asked else verdict)
    return Rederived(
        ruling=view(ruling, policy),
        explanation=policy.explain_verdict(verdict),
        act=came.act,
        reply=came.reply,
        clauses=came.clauses,
        same=(came.act, came.reply, came.clauses) == (ruling.act, ruling.reply, tuple(ruling.clauses)),
    )
