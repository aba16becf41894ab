"""Who reads a page, and in which time zone."""

from __future__ import annotations

from django.http import HttpRequest

from evenhand.people.models import Brand, Person


def reader(request: HttpRequest) -> Person | None:
    """The signed-in person, or None."""
    return request.user if isinstance(request.user, Person) else None


def zone(request: HttpRequest, brand: Brand) -> str:
    person = reader(request)
    return (person.zone if person else "") or brand.zone
