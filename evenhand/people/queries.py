"""Reads about people."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from evenhand.people.models import Brand, Membership, Person, Role, Team


def brand(slug: str) -> Brand | None:
    return Brand.objects.filter(slug=slug).first()


def brand_of_mailbox(address: str) -> Brand | None:
    """The brand whose customers write to this address."""
    return Brand.objects.filter(mailbox__iexact=address.strip()).first()


def standing(person: Person, brand: Brand) -> Membership | None:
    """The person's membership as a customer of the brand, with the organisation."""
    customers = Membership.objects.filter(person=person, brand=brand, role=Role.CUSTOMER)
    return customers.select_related("organisation").first()


def team(brand: Brand, department: str) -> Team | None:
    """The team that the policy's department is."""
    return Team.objects.filter(brand=brand, slug=department).first()


def staff(brand: Brand) -> list[Person]:
    """Those who work for the brand, by name."""
    return list(Person.objects.staff_of(brand).order_by("name", "email"))


def brand_slugs() -> list[str]:
    """The brands by their names in addresses."""
    return list(Brand.objects.order_by("slug").values_list("slug", flat=True))


def today(brand: Brand) -> dt.date:
    """The date where the brand is."""
    return timezone.now().astimezone(ZoneInfo(brand.zone)).date()
