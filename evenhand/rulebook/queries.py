"""Which version rules, its compiled policy and its trained reader, and what a lead's page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from evenhand.people.models import Brand
from evenhand.policy import (
    Bases,
    BaseText,
    Finding,
    Policy,
    WithdrawnPromise,
    check,
    compile_policy,
    promises_withdrawn,
)
from evenhand.rulebook.compiled import policy, reader
from evenhand.rulebook.models import LONG, Version
from evenhand.rulebook.refusals import NoVersion

__all__ = [
    "VersionRow",
    "bases_or_published",
    "draft",
    "findings",
    "in_force",
    "policy",
    "published_base",
    "reader",
    "versions",
    "withdrawn_by",
]


def in_force(brand: Brand, at: dt.datetime | None = None) -> Version:
    """The version that rules what the brand receives `at` a moment (None: now). NoVersion: there is none."""
    at = at or timezone.now()
    version = Version.objects.in_force(brand, at).select_related("brand").first()
    if version is None:
        raise NoVersion(brand, at)
    return version


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One line of the list of versions."""

    id: int
    label: str
    title: str
    content_hash: str
    begins: dt.datetime
    ends: dt.datetime | None  # None: open
    published_by: str  # empty: by command
    published_at: dt.datetime
    withdrawn_at: dt.datetime | None
    state: str  # "in force", "to come", "past", "withdrawn"
    may_be_withdrawn: bool  # still to come; whether this person may is another question


def versions(brand: Brand) -> tuple[VersionRow, ...]:
    """All versions of the brand, the newest first, the withdrawn ones among them."""
    now = timezone.now()
    found = Version.objects.filter(brand=brand).select_related("published_by").defer(*LONG)
    return tuple(_row(version, now) for version in found.order_by("-period", "-published_at"))


def findings(text: str, *, sayings: str = "", file: str = "policy.md") -> tuple[Finding, ...]:
    """What the check says of a draft: errors and warnings at their lines. Never raises.

    The base of an amendment is looked for among the published versions.
    """
    return check(text, file=file, sayings=sayings or None, bases=published_base)


def published_base(name: str, label: str) -> BaseText | None:
    """The whole text and the sayings of what any brand published last under this name and version."""
    named = Version.objects.standing().filter(title=name, label=label)
    version = named.order_by("-published_at").first()
    return (version.text, version.sayings or None) if version else None


def withdrawn_by(version: Version) -> tuple[WithdrawnPromise, ...]:
    """The examples of the version before that `version` breaks or lacks (policy-spec, 33)."""
    before = (
        Version.objects.standing().filter(brand=version.brand_id, period__endswith=version.begins).first()
    )
    return promises_withdrawn(policy(before), policy(version)) if before else ()


def draft(text: str, *, sayings: str = "", file: str = "policy.md", bases: Bases | None = None) -> Policy:
    """A document compiled as publishing it would. Raises PolicyError with its findings.

    The base of an amendment is looked for with `bases`, then among the published versions.
    """
    return compile_policy(text, file=file, sayings=sayings or None, bases=bases_or_published(bases))


def bases_or_published(first: Bases | None) -> Bases:
    """Bases from `first`, else from what is published."""
    return lambda name, version: (first and first(name, version)) or published_base(name, version)


def _row(version: Version, now: dt.datetime) -> VersionRow:
    state = _state(version, now)
    return VersionRow(
        id=version.pk,
        label=version.label,
        title=version.title,
        content_hash=version.content_hash,
        begins=version.begins,
        ends=version.ends,
        published_by=str(version.published_by or ""),
        published_at=version.published_at,
        withdrawn_at=version.withdrawn_at,
        state=state,
        may_be_withdrawn=state == "to come",
    )


def _state(version: Version, now: dt.datetime) -> str:
    if version.withdrawn_at:
        return "withdrawn"
    if not version.has_begun(now):
        return "to come"
    return "in force" if version.ends is None or version.ends > now else "past"
