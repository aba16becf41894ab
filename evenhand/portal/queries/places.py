"""The places that a policy points to, as the portal links them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from evenhand.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Place:
    slug: str  # as in its address
    says: str


def places(policy: Policy, names: Sequence[str]) -> tuple[Place, ...]:
    """Places by their names in `policy`, the policy page itself among them."""
    return named_places((name, policy.places[name]) for name in names)


def named_places(named: Iterable[tuple[str, str]]) -> tuple[Place, ...]:
    """Places given as pairs of their name and what the policy calls them."""
    return tuple(Place(slug=slugify(name), says=says[:1].upper() + says[1:]) for name, says in named)
