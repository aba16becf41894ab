"""Publishing a policy, withdrawing it before it begins, and training its reader."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from evenhand.audit.actions import record
from evenhand.jobs import later
from evenhand.people.models import Brand, Person
from evenhand.people.roles import Permission
from evenhand.policy import Bases, Policy, compile_policy, is_amendment
from evenhand.rulebook.compiled import learn
from evenhand.rulebook.models import LONG, Version
from evenhand.rulebook.queries import bases_or_published
from evenhand.rulebook.refusals import (
    AlreadyInForce,
    AlreadyWithdrawn,
    HasBegun,
    MayNotPublish,
    Overlaps,
    StartsInThePast,
)


def publish(
    brand: Brand,
    text: str,
    *,
    sayings: str = "",
    by: Person | None,
    from_: dt.date | dt.datetime,
    backdate: bool = False,
    file: str = "policy.md",
    bases: Bases | None = None,
) -> Version:
    """Put a policy in force from a date (midnight in the brand's zone; today: from now) or an aware moment.

    It follows the version that was in force without end, whose period closes there. `by` None: by command.
    The base of an amendment is looked for with `bases`, then among the published versions of all brands.
    PolicyError with its findings where the document does not pass its check; NotPublished (refusals.py) where
    the date has passed (a brand's first version may begin in the past, as may one with `backdate`), where
    another version is still to come, or where the text is already in force.
    """
    _require_publisher(by, brand)
    policy = compile_policy(text, file=file, sayings=sayings or None, bases=bases_or_published(bases))
    now = timezone.now()
    begins = _moment(brand, from_, now)
    with transaction.atomic():
        _hold(brand)
        _refuse_clash(brand, policy, begins, now, backdate)
        _close_predecessor(brand, begins)
        version = Version.objects.create(
            brand=brand,
            label=policy.version[:60],
            title=policy.title[:200],
            text=policy.text,
            sayings=policy.sayings or "",
            amendment=text if is_amendment(text) else "",
            content_hash=policy.hash,
            period=DateTimeTZRange(begins, None),
            published_by=by,
            published_at=now,
        )
        _record(version, by, "version.published")
        later("rulebook.train", version_id=version.pk)
    return version


@transaction.atomic
def withdraw(version: Version, *, by: Person | None) -> None:
    """Take back a version that has not begun; the one before runs on. HasBegun, AlreadyWithdrawn."""
    _require_publisher(by, version.brand)
    _hold(version.brand)
    now = timezone.now()
    version.refresh_from_db()
    if version.withdrawn_at is not None:
        raise AlreadyWithdrawn(version)
    if version.has_begun(now):
        raise HasBegun(version)
    version.withdraw(now)
    before = Version.objects.standing().filter(brand=version.brand, period__endswith=version.begins).first()
    if before:
        before.run_until(version.ends)
    _record(version, by, "version.withdrawn")


def train(version_id: int) -> None:
    """Train the version's reader and store it; nothing where it is there and learnt from the same."""
    learn(Version.objects.get(pk=version_id))


def _require_publisher(by: Person | None, brand: Brand) -> None:
    if by is not None and not by.may(Permission.PUBLISH, brand):
        raise MayNotPublish(brand)


def _moment(brand: Brand, from_: dt.date | dt.datetime, now: dt.datetime) -> dt.datetime:
    if isinstance(from_, dt.datetime):
        return from_
    today = now.astimezone(ZoneInfo(brand.zone)).date()
    return now if from_ == today else brand.midnight(from_)


def _hold(brand: Brand) -> None:
    """One publisher at a time for each brand."""
    Brand.objects.select_for_update().get(pk=brand.pk)


def _refuse_clash(
    brand: Brand, policy: Policy, begins: dt.datetime, now: dt.datetime, backdate: bool
) -> None:
    standing = Version.objects.standing().filter(brand=brand).defer(*LONG)
    to_come = standing.filter(period__startswith__gte=begins).order_by("period").first()
    if to_come:
        raise Overlaps(brand, to_come)
    running = standing.filter(period__contains=begins).first()
    if running and running.content_hash == policy.hash:
        raise AlreadyInForce(brand, running)
    if begins < now and not backdate and standing.exists():
        raise StartsInThePast(brand, begins)


def _close_predecessor(brand: Brand, end: dt.datetime) -> None:
    running = Version.objects.in_force(brand, end).first()
    if running:
        running.run_until(end)


def _record(version: Version, by: Person | None, kind: str) -> None:
    facts = {
        "brand": version.brand.slug,
        "label": version.label,
        "content_hash": version.content_hash,
        "from": version.begins.isoformat(),
    }
    record(f"version:{version.pk}", by=by or "command", kind=kind, facts=facts)
