"""Where the desk's letters send people: absolute addresses of the portal."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.utils.text import slugify

from evenhand.people.models import Brand


def place(brand: Brand, name: str) -> str:
    """The page of a place that the policy points to: "theme articles" → …/places/theme-articles."""
    return f"{settings.BASE_URL}/{brand.slug}/places/{slugify(name)}"


def clause(brand: Brand, number: str) -> str:
    """A clause on the public page; a line's letter, as in "21(e)", leads to its clause."""
    return f"{settings.BASE_URL}/{brand.slug}/policy#c-{quote(number.partition('(')[0])}"


def conduct(brand: Brand) -> str:
    """Where a customer sees how they stand, and may appeal."""
    return f"{settings.BASE_URL}/{brand.slug}/conduct"


def ticket(brand: Brand, ticket_id: int) -> str:
    """The ticket in its customer's portal."""
    return f"{settings.BASE_URL}/{brand.slug}/tickets/{ticket_id}"
