"""Is a stored ruling still what its version makes of its facts? (`evenhand policy explain --ticket N`)"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    return tuple(_again(ruling) for ruling in rulings)


def _again(ruling: Ruling) -> Rederived:
    policy = rulebook.policy(ruling.version)
    topics = dict(ruling.topics)
    verdict = policy.rule(topics, facts_of(ruling))
    # A question that was spent, or not the desk's to ask, left the likeliest outcome to a person.
    asked = verdict.kind == "ask" and ruling.act != ASK
    came = outcome(replace(verdict, kind="person") if asked else verdict)
    return Rederived(
        ruling=view(ruling, policy),
        explanation=policy.explain(topics, facts_of(ruling)),
        act=came.act,
        reply=came.reply,
        clauses=came.clauses,
        same=(came.act, came.reply, came.clauses) == (ruling.act, ruling.reply, tuple(ruling.clauses)),
    )
