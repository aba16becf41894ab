"""Whose conduct a person sees, as filters."""

from __future__ import annotations

from django.db.models import Q

from evenhand.people.models import Person
from evenhand.people.roles import Permission

NOTHING = Q(pk__in=())


def seen_by_staff(person: Person, prefix: str = "") -> Q:
    """What concerns the customers of the brands where `person` may see conduct."""
    return _brands(person, Permission.SEE_CONDUCT, prefix)


def own(person: Person, prefix: str = "") -> Q:
    """What concerns `person` as a customer."""
    return _brands(person, Permission.SEE_OWN_TICKETS, prefix) & Q(**{f"{prefix}person": person})


def _brands(person: Person, permission: Permission, prefix: str) -> Q:
    if not person.is_active:
        return NOTHING
    brands = sorted({m.brand_id for m in person.held_memberships() if m.grants(permission)})
    return Q(**{f"{prefix}brand__in": brands}) if brands else NOTHING
