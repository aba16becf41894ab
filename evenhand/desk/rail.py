"""What frames every staff page: the rail of views, the brands, and the keys that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from evenhand.desk.access import Desk
from evenhand.people.roles import Permission
from evenhand.tickets import queries

GROUPS = (("you", "You"), ("all", "Everyone"), ("teams", "Teams"))
#: After `g`, this letter goes to the view. Teams have none: their names are the brand's own.
LETTERS = {"mine": "m", "unruled": "u", "open": "o", "waiting": "w", "snoozed": "z", "solved": "d"}


@dataclass(frozen=True, kw_only=True)
class RailEntry:
    key: str
    name: str
    href: str
    count: int
    letter: str


@dataclass(frozen=True, kw_only=True)
class RailGroup:
    name: str
    entries: tuple[RailEntry, ...]


def frame(desk: Desk) -> dict[str, Any]:
    """The context that `desk/frame.html` needs, for any staff page."""
    return {
        "desk": desk,
        "brand": desk.brand,
        "zone": desk.zone,
        "home": reverse("desk:queue", args=[desk.brand.slug]),
        "sees_rulebook": desk.may(Permission.SEE_RULEBOOK),
        "takes_calls": desk.may(Permission.TAKE_CALLS),
    }


def rail(desk: Desk) -> tuple[RailGroup, ...]:
    """The views of this person with their counts, in two queries."""
    views = queries.views(desk.person, desk.brand)
    counts = queries.counts(
        desk.person, desk.brand, tuple(view.key for view in views if view.key != "solved")
    )
    home = reverse("desk:queue", args=[desk.brand.slug])
    entries = {
        view.key: RailEntry(
            key=view.key,
            name=view.name,
            href=f"{home}?view={quote(view.key)}",
            count=counts.get(view.key, 0),
            letter=LETTERS.get(view.key, ""),
        )
        for view in views
    }
    return tuple(
        RailGroup(name=name, entries=tuple(entries[view.key] for view in views if view.group == group))
        for group, name in GROUPS
    )
