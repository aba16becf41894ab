"""Why a policy is not published or withdrawn: facts, worded for whoever reads them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from evenhand.people.models import Brand
from evenhand.people.roles import Permission
from evenhand.rulebook.models import Version


def moment(brand: Brand, at: dt.datetime) -> str:
    """“2027-01-04 00:00 America/Chicago”"""
    return f"{at.astimezone(ZoneInfo(brand.zone)):%Y-%m-%d %H:%M} {brand.zone}"


class NotPublished(Exception):
    """Nothing was changed; the message says what stands in the way and what to do."""


class StartsInThePast(NotPublished):
    def __init__(self, brand: Brand, from_: dt.datetime) -> None:
        self.from_ = from_
        super().__init__(
            f"{moment(brand, from_)} has passed, and requests since then were ruled by the version in force. "
            "Choose today or a later date."
        )


class Overlaps(NotPublished):
    def __init__(self, brand: Brand, other: Version) -> None:
        self.other = other
        super().__init__(
            f"{other} is to be in force from {moment(brand, other.begins)}. "
            "Withdraw it first, or choose a date after that."
        )


class AlreadyInForce(NotPublished):
    def __init__(self, brand: Brand, same: Version) -> None:
        self.same = same
        super().__init__(
            f"This text is {same}, in force from {moment(brand, same.begins)}. Nothing was changed."
        )


class HasBegun(NotPublished):
    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(
            f"{version} has been in force since {moment(version.brand, version.begins)}, "
            "so it cannot be withdrawn. "
            "Publish another version that follows it."
        )


class AlreadyWithdrawn(NotPublished):
    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(f"{version} was withdrawn before.")


class MayNotPublish(NotPublished):
    def __init__(self, brand: Brand) -> None:
        super().__init__(f"Your roles at {brand} do not let you {Permission.PUBLISH}. A lead can.")


class NoVersion(LookupError):
    """The brand has no policy in force at that moment."""

    def __init__(self, brand: Brand, at: dt.datetime) -> None:
        self.brand, self.at = brand, at
        super().__init__(f"{brand} has no policy in force at {moment(brand, at)}. Publish one.")
