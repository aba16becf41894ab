"""Getting to know people, and saying what each may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from evenhand.audit.actions import record
from evenhand.people.models import Brand, Membership, Organisation, Person, Role, Team
from evenhand.people.roles import Permission

MOST_NAME = 120  # characters kept of a name that somebody gives themselves


class NotAnAddress(ValueError):
    """The text is no email address; say so and ask for one."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(f"“{given}” is not an email address. It looks like name@shop.example.")


class MayNot(Exception):
    """The acting person lacks the permission in this brand."""

    def __init__(self, permission: Permission, brand: Brand) -> None:
        self.permission, self.brand = permission, brand
        super().__init__(f"Your roles at {brand} do not let you {permission}.")


def address(given: str) -> str:
    """An address as it is kept: without surrounding space, in lower case. NotAnAddress where it is none."""
    tidy = given.strip().lower()
    try:
        validate_email(tidy)
    except ValidationError:
        raise NotAnAddress(given) from None
    return tidy


def recognise(brand: Brand, email: str, name: str = "") -> Person:
    """The person who writes from `email`, made known where they are new, as a customer of the brand.

    A name is taken once and not changed by what a later mail claims. NotAnAddress where `email` is none.
    """
    customers = Membership.objects.filter(brand=brand, role=Role.CUSTOMER).select_related("person")
    known = customers.filter(person__email=address(email)).first()
    if known and (known.person.name or not name.strip()):
        return known.person
    return _make_known(brand, email, name)


@transaction.atomic
def _make_known(brand: Brand, email: str, name: str) -> Person:
    person = _person(email, name)
    _, new = Membership.objects.get_or_create(person=person, brand=brand, role=Role.CUSTOMER)
    if new:
        record(
            f"person:{person.pk}",
            by=None,
            kind="person.recognised",
            facts={"brand": brand.slug},
            person=person,
            personal=f"{person.name} <{person.email}>",
        )
    return person


@transaction.atomic
def save_customer(
    brand: Brand,
    email: str,
    *,
    name: str = "",
    organisation: str = "",
    status: str = "",
    since: dt.date | None = None,
    by: Person | None,
) -> Person:
    """Enter what the brand's books say of a customer; the same again changes nothing.

    `status`: "current", "prospect" or "" where it is not known.
    """
    person = recognise(brand, email, name)
    told = {
        "organisation": save_organisation(brand, organisation) if organisation else None,
        "customer_status": status,
        "since": since,
    }
    standing = Membership.objects.get(person=person, brand=brand, role=Role.CUSTOMER)
    if any(getattr(standing, field) != value for field, value in told.items()):
        Membership.objects.filter(pk=standing.pk).update(**told)
        facts = {"brand": brand.slug, "status": status}
        record(f"person:{person.pk}", by=by or "command", kind="person.standing set", facts=facts)
    return person


def save_organisation(brand: Brand, name: str) -> Organisation:
    return Organisation.objects.get_or_create(brand=brand, name=name)[0]


@transaction.atomic
def save_brand(slug: str, *, name: str, mailbox: str, zone: str) -> Brand:
    """Enter a brand, or change its name, mailbox or time zone; by command only."""
    told = {"name": name, "mailbox": address(mailbox), "zone": zone}
    brand, new = Brand.objects.get_or_create(slug=slug, defaults=told)
    if new or any(getattr(brand, field) != value for field, value in told.items()):
        Brand.objects.filter(pk=brand.pk).update(**told)
        brand.refresh_from_db()
        record(f"brand:{brand.pk}", by="command", kind="brand.saved", facts={"slug": slug, **told})
    return brand


@transaction.atomic
def save_team(brand: Brand, slug: str, *, name: str) -> Team:
    """Enter a team; `slug` is the department's name in the policy."""
    team, new = Team.objects.update_or_create(brand=brand, slug=slug, defaults={"name": name})
    if new:
        record(f"brand:{brand.pk}", by="command", kind="team.added", facts={"team": slug})
    return team


@transaction.atomic
def add_staff(
    brand: Brand,
    email: str,
    *,
    name: str,
    roles: Iterable[Role | str],
    teams: Iterable[str] = (),
    by: Person | None,
) -> Person:
    """Let somebody work for the brand in these roles and teams (slugs), beside those they have.

    `by`: who adds them, with the permission to manage people (MayNot); None: by command.
    """
    _require_management(by, brand)
    wanted = {Role(role) for role in roles} - {Role.CUSTOMER}
    person = _person(email, name)
    for role in wanted:
        Membership.objects.get_or_create(person=person, brand=brand, role=role)
    for team in Team.objects.filter(brand=brand, slug__in=list(teams)):
        team.members.add(person)
    facts = {"brand": brand.slug, "roles": sorted(wanted), "teams": sorted(teams)}
    record(f"person:{person.pk}", by=by or "command", kind="person.added to staff", facts=facts)
    return person


@transaction.atomic
def remove_staff(brand: Brand, person: Person, *, by: Person | None) -> None:
    """Take every role and team at the brand from somebody. What they wrote stays; a customer stays one."""
    _require_management(by, brand)
    held = Membership.objects.filter(person=person, brand=brand).exclude(role=Role.CUSTOMER)
    roles = sorted(held.values_list("role", flat=True))
    held.delete()
    for team in Team.objects.filter(brand=brand, members=person):
        team.members.remove(person)
    facts = {"brand": brand.slug, "roles": roles}
    record(f"person:{person.pk}", by=by or "command", kind="person.removed from staff", facts=facts)


def _require_management(by: Person | None, brand: Brand) -> None:
    if by is not None and not by.may(Permission.MANAGE_PEOPLE, brand):
        raise MayNot(Permission.MANAGE_PEOPLE, brand)


def _person(email: str, name: str) -> Person:
    """The one person with this address, also when two messages of theirs arrive at once."""
    tidy = " ".join(name.split())[:MOST_NAME]
    person: Person
    person, _ = Person.objects.get_or_create(email=address(email), defaults={"name": tidy, "password": "!"})
    if tidy and not person.name:
        person.name = tidy
        person.save(update_fields=["name"])
    return person
