"""API keys: made once, shown once, kept as a hash. A key acts as one member of staff, for one brand."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from evenhand.audit.actions import record
from evenhand.people.models import AccessKey, Brand, Person

PREFIX = "eh_"  # so that a key is recognised where it should not stand


class NotStaff(ValueError):
    """Keys are for staff: a customer signs in."""

    def __init__(self, person: Person, brand: Brand) -> None:
        super().__init__(f"{person.email} does not work for {brand}; add them to its staff first")


@transaction.atomic
def make_key(person: Person, brand: Brand, *, name: str, by: Person | None) -> str:
    """A new key for `person` at `brand`, in plain text for the only time; `name` says what it is for."""
    if not person.is_staff_of(brand):
        raise NotStaff(person, brand)
    plain = PREFIX + secrets.token_urlsafe(30)
    AccessKey.objects.create(person=person, brand=brand, name=name, digest=_digest(plain))
    record(
        f"person:{person.pk}", by=by or "command", kind="key.made", facts={"brand": brand.slug, "name": name}
    )
    return plain


@transaction.atomic
def revoke_key(key: AccessKey, *, by: Person | None) -> None:
    """From now on the key opens nothing; revoking it again changes nothing."""
    if key.revoked_at is None:
        AccessKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
        facts = {"brand": key.brand.slug, "name": key.name}
        record(f"person:{key.person_id}", by=by or "command", kind="key.revoked", facts=facts)


def holder(plain: str) -> AccessKey | None:
    """The key, if it is one of ours, not revoked, and its holder still works for the brand."""
    keys = AccessKey.objects.select_related("person", "brand").filter(revoked_at=None, person__is_active=True)
    key = keys.filter(digest=_digest(plain)).first()
    return key if key and key.person.is_staff_of(key.brand) else None


def _digest(plain: str) -> str:
    """A plain hash is enough: the key itself is 240 random bits."""
    return hashlib.sha256(plain.encode()).hexdigest()
