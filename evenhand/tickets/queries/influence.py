"""What the policy in force turns on, in the cases that can be and in the brand's own requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from evenhand import policy as language
from evenhand.people.models import Brand
from evenhand.policy.budget import TooManyCases
from evenhand.policy.words import TOPIC, UNKNOWN
from evenhand.rulebook import queries as rulebook

LATEST = 20_000
"""So many standing rulings are looked at, the newest first: enough for a share, and read in a moment."""


@dataclass(frozen=True, kw_only=True)
class InfluenceView:
    """`standings`: best first, empty where the policy has no ladder. `kinder`: where a worse one gets more,
    each a sentence; None where that turns on too many combinations to be judged."""

    version: str
    title: str
    influence: language.Influence
    standings: tuple[str, ...]
    kinder: tuple[str, ...] | None


def influence_of(brand: Brand) -> InfluenceView:
    """For the policy in force now. Whoever asks must be allowed to publish it. Raises NoVersion."""
    version = rulebook.in_force(brand)
    policy = rulebook.policy(version)
    standing = policy.facts.get("standing")
    return InfluenceView(
        version=version.label,
        title=version.title,
        influence=language.influence(policy, recorded_facts(brand, [*policy.facts])),
        standings=standing.values if policy.ladder and standing else (),
        kinder=_kinder(policy),
    )


def _kinder(policy: language.Policy) -> tuple[str, ...] | None:
    try:
        return tuple(
            f"{finding.message} For example: {finding.witness}."
            for finding in language.worse_standings(policy)
        )
    except TooManyCases:
        return None


def recorded_facts(brand: Brand, names: list[str]) -> Iterable[tuple[dict[str, str], int]]:
    """The facts of the latest standing rulings as they were recorded, each combination with its count.

    Counted in the database, so that what comes here are combinations and not rulings. `names`: the facts
    asked for; the topic is always among them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, [names, brand.pk, LATEST])
        for topic, facts, count in cursor.fetchall():
            recorded = {name: value or UNKNOWN for name, value in facts or ()}
            yield {TOPIC: topic or UNKNOWN, **recorded}, count


_RECORDED = """
    SELECT topic, facts, count(*)
    FROM (
        SELECT ruling.topic, (
            SELECT array_agg(ARRAY[fact->>'name', fact->>'value'] ORDER BY fact->>'name')
            FROM jsonb_array_elements(ruling.facts) AS fact
            WHERE fact->>'name' = ANY(%s)
        ) AS facts
        FROM tickets_ruling AS ruling
        JOIN tickets_ticket AS ticket ON ticket.id = ruling.ticket_id
        WHERE ticket.brand_id = %s AND ruling.state <> 'superseded'
        ORDER BY ruling.id DESC
        LIMIT %s
    ) AS latest
    GROUP BY topic, facts
"""
