"""Whose tickets a person sees, as filters. What hangs on a ticket is seen through its ticket."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from evenhand.people.models import Membership, Person, Team
from evenhand.people.roles import Permission

NOTHING = Q(pk__in=())


def staff_scope(person: Person | None, prefix: str = "") -> Q:
    """Tickets that `person` works on: all of a brand, or those of their teams, or assigned to them."""
    if not _is_present(person):
        return NOTHING
    assert person is not None
    scope = NOTHING
    if brands := _brands_where(person, Permission.SEE_ALL_TICKETS):
        scope |= Q(**{f"{prefix}brand__in": brands})
    if brands := _brands_where(person, Permission.SEE_TEAM_TICKETS):
        teams = Team.objects.filter(members=person).values("pk")
        theirs = Q(**{f"{prefix}team__in": teams}) | Q(**{f"{prefix}assignee": person})
        scope |= Q(**{f"{prefix}brand__in": brands}) & theirs
    return scope


def own_scope(person: Person | None, prefix: str = "") -> Q:
    """Tickets that `person` asked for as a customer."""
    if not _is_present(person):
        return NOTHING
    assert person is not None
    brands = _brands_where(person, Permission.SEE_OWN_TICKETS)
    return Q(**{f"{prefix}brand__in": brands, f"{prefix}requester": person}) if brands else NOTHING


def _is_present(person: Person | None) -> bool:
    return person is not None and person.pk is not None and person.is_active


def _brands_where(person: Person, permission: Permission) -> list[int]:
    memberships: Iterable[Membership] = person.held_memberships()
    return sorted({membership.brand_id for membership in memberships if membership.grants(permission)})
