"""What frames every staff page: the rail of views, the brands, and the keys that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from evenhand.conduct import queries as conduct
from evenhand.desk.access import Desk
from evenhand.people.roles import Permission
from evenhand.tickets import queries

GROUPS = (("you", "You"), ("all", "Everyone"), ("teams", "Teams"))
#: After `g`, this letter goes to the view. Teams have none: their names are the brand's own.
LETTERS = {"mine": "m", "unruled": "u", "open": "o", "waiting": "w", "snoozed": "z", "solved": "d"}


FRESH = 3.0  # seconds
MOST_KEPT = 1000


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


_waiting: dict[int, tuple[float, int]] = {}  # by brand
_kept: dict[tuple[int, int], tuple[float, tuple[RailGroup, ...]]] = {}


def frame(desk: Desk) -> dict[str, Any]:
    """The context that `desk/frame.html` needs, for any staff page."""
    return {
        "desk": desk,
        "brand": desk.brand,
        "zone": desk.zone,
        "home": reverse("desk:queue", args=[desk.brand.slug]),
        "sees_rulebook": desk.may(Permission.SEE_RULEBOOK),
        "takes_calls": desk.may(Permission.TAKE_CALLS),
        "decides_conduct": desk.may(Permission.CONDUCT),
        "conduct_waits": _conduct_waits(desk),
        "sees_evenness": desk.may(Permission.SEE_EVENNESS),
    }


def _conduct_waits(desk: Desk) -> int:
    """Proposals and appeals that wait for this person, at most FRESH seconds old."""
    if not desk.may(Permission.CONDUCT):
        return 0
    kept, now = _waiting.get(desk.brand.pk), monotonic()
    if kept is None or now - kept[0] > FRESH:
        _waiting[desk.brand.pk] = kept = now, conduct.waiting_count(desk.person, desk.brand)
    return kept[1]


def rail(desk: Desk) -> tuple[RailGroup, ...]:
    """The views of this person with their counts, at most FRESH seconds old: counting costs most."""
    key, now = (desk.person.pk, desk.brand.pk), monotonic()
    kept = _kept.get(key)
    if kept is None or now - kept[0] > FRESH:
        if len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))  # whoever was counted first
        _kept[key] = kept = now, _counted(desk)
    return kept[1]


def count_again(desk: Desk) -> None:
    """Forget the counts of this person: they have just changed them."""
    _kept.pop((desk.person.pk, desk.brand.pk), None)
    _waiting.pop(desk.brand.pk, None)


def _counted(desk: Desk) -> tuple[RailGroup, ...]:
    """In two queries."""
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
