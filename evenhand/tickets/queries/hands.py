"""To whom a ticket may be given: the brand's teams and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from evenhand.people.models import Team

FRESH = 3.0  # seconds: teams change once a month, and every ticket page lists them


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An entry of a select: what is sent, and what is read."""

    value: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Hands:
    teams: tuple[Choice, ...]  # by slug
    colleagues: tuple[Choice, ...]  # by number


_kept: dict[int, tuple[float, Hands]] = {}


def hands(brand_id: int) -> Hands:
    """The brand's teams and their active members, by name, at most FRESH seconds old."""
    kept, now = _kept.get(brand_id), monotonic()
    if kept is None or now - kept[0] > FRESH:
        _kept[brand_id] = kept = now, _hands(brand_id)
    return kept[1]


def _hands(brand_id: int) -> Hands:
    teams = list(Team.objects.filter(brand=brand_id).order_by("name").prefetch_related("members"))
    members = {member.pk: member for team in teams for member in team.members.all() if member.is_active}
    return Hands(
        teams=tuple(Choice(value=team.slug, name=team.name) for team in teams),
        colleagues=tuple(Choice(value=str(m.pk), name=str(m)) for m in sorted(members.values(), key=str)),
    )
