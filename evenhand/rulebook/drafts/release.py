"""From draft to version: approved by another where the brand wants four eyes, and published from a date."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from evenhand.audit.actions import record
from evenhand.jobs import live
from evenhand.people.models import Brand, Person
from evenhand.people.roles import Permission
from evenhand.rulebook import actions
from evenhand.rulebook.drafts.models import Approval, Draft, Rulebook
from evenhand.rulebook.drafts.refusals import ChangedSince, NeedsApproval, OwnWork, PublishedBefore
from evenhand.rulebook.drafts.revisions import held, revision
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import MayNotPublish


def four_eyes(brand: Brand) -> bool:
    """Whether somebody other than the author must approve before the brand publishes."""
    return Rulebook.objects.filter(brand=brand, four_eyes=True).exists()


@transaction.atomic
def set_four_eyes(brand: Brand, wanted: bool, *, by: Person) -> None:
    """Ask for a second pair of eyes, or no longer; on record. Raises MayNotPublish."""
    _require_publisher(by, brand)
    held_brand = Brand.objects.select_for_update().get(pk=brand.pk)
    if four_eyes(held_brand) == wanted:
        return
    Rulebook.objects.update_or_create(brand=held_brand, defaults={"four_eyes": wanted})
    facts = {"brand": brand.slug, "four_eyes": wanted}
    record(f"rulebook:{brand.pk}", by=by, kind="rulebook.four eyes", facts=facts)


@transaction.atomic
def approve(draft: Draft, *, number: int, by: Person) -> None:
    """Stand for revision `number`. Raises ChangedSince, OwnWork, MayNotPublish; again: nothing happens."""
    _require_publisher(by, draft.brand)
    draft = held(draft, by=by)
    _require_newest(draft, number)
    if revision(draft, number).by_id == by.pk:
        raise OwnWork(draft)
    _, made = Approval.objects.get_or_create(
        draft=draft, number=number, by=by, defaults={"at": timezone.now()}
    )
    if made:
        record(f"draft:{draft.pk}", by=by, kind="draft.approved", facts={"revision": number})
        live.notify("draft", draft.pk, brand_id=draft.brand_id)


def publish(draft: Draft, *, number: int, from_: dt.date | dt.datetime, by: Person) -> Version:
    """Put revision `number` in force from a date, as `rulebook.actions.publish` does, with what that raises.

    Also ChangedSince where it is no longer the newest, and NeedsApproval. A second press gives the version
    that the first one made.
    """
    _require_publisher(by, draft.brand)
    with transaction.atomic():
        fresh = Draft.objects.select_for_update(of=("self",)).select_related("brand").get(pk=draft.pk)
        if fresh.published_as:
            return _published_before(fresh, number)
        fresh = held(fresh, by=by)
        _require_newest(fresh, number)
        _require_approval(fresh)
        wanted = revision(fresh, number)
        version = actions.publish(fresh.brand, wanted.text, sayings=wanted.sayings, by=by, from_=from_)
        fresh.close(Draft.State.PUBLISHED, timezone.now(), version.pk)
        facts = {"revision": number, "version": version.pk, "approved_by": approvers(fresh)}
        record(f"draft:{fresh.pk}", by=by, kind="draft.published", facts=facts)
        live.notify("draft", fresh.pk, brand_id=fresh.brand_id)
    return version


def approvers(draft: Draft) -> list[int]:
    """The numbers of those who stand for the newest revision and did not write it."""
    author = revision(draft, draft.head).by_id
    given = draft.approvals.filter(number=draft.head).exclude(by=author)
    return list(given.order_by("pk").values_list("by_id", flat=True))


def _published_before(draft: Draft, number: int) -> Version:
    assert draft.published_as is not None
    if number == draft.head:
        return draft.published_as
    raise PublishedBefore(draft, draft.published_as)


def _require_publisher(by: Person, brand: Brand) -> None:
    if not by.may(Permission.PUBLISH, brand):
        raise MayNotPublish(brand)


def _require_newest(draft: Draft, number: int) -> None:
    if number != draft.head:
        raise ChangedSince(draft, number, str(revision(draft, draft.head).by))


def _require_approval(draft: Draft) -> None:
    if four_eyes(draft.brand) and not approvers(draft):
        raise NeedsApproval(draft)
