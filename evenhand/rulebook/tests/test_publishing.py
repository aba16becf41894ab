"""Publishing: one version at a time, each immutable, each on record."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from evenhand.audit.models import Entry
from evenhand.people.models import Brand, Person
from evenhand.policy import PolicyError
from evenhand.rulebook import actions, queries
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import (
    AlreadyInForce,
    AlreadyWithdrawn,
    HasBegun,
    MayNotPublish,
    NoVersion,
    Overlaps,
    StartsInThePast,
)
from evenhand.rulebook.tests.policies import policy

LAST_YEAR = dt.date(2025, 1, 1)


def publish(brand: Brand, text: str, from_: dt.date | dt.datetime, by: Person | None = None) -> Version:
    return actions.publish(brand, text, by=by, from_=from_)


def in_days(days: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


@pytest.fixture
def first(ac: Brand) -> Version:
    return publish(ac, policy("one"), LAST_YEAR)


def test_a_brands_first_version_may_begin_in_the_past(ac: Brand, first: Version) -> None:
    assert queries.in_force(ac, in_days(0)) == first


def test_a_date_begins_at_midnight_where_the_brand_is(ac: Brand, first: Version) -> None:
    assert first.begins == dt.datetime(2025, 1, 1, tzinfo=ZoneInfo("America/Chicago"))


def test_a_following_version_closes_the_one_before(ac: Brand, first: Version) -> None:
    second = publish(ac, policy("two"), in_days(3))
    assert queries.in_force(ac, in_days(2)) == first
    assert queries.in_force(ac, in_days(4)) == second


def test_publishing_from_today_begins_now(ac: Brand, first: Version) -> None:
    second = publish(ac, policy("two"), timezone.now().astimezone(ZoneInfo(ac.zone)).date())
    assert queries.in_force(ac) == second


def test_two_brands_have_a_version_each(ac: Brand, sp: Brand, first: Version) -> None:
    other = publish(sp, policy("one"), LAST_YEAR)
    assert (queries.in_force(ac), queries.in_force(sp)) == (first, other)


def test_a_brand_without_a_policy_says_so(ac: Brand) -> None:
    with pytest.raises(NoVersion, match="AmeriCommerce has no policy in force"):
        queries.in_force(ac)


def test_a_document_with_an_error_is_not_published(ac: Brand) -> None:
    with pytest.raises(PolicyError) as refusal:
        publish(ac, policy().replace("we help to support", "we help to suport"), LAST_YEAR)
    assert refusal.value.findings
    assert not Version.objects.exists()


def test_a_date_that_has_passed_is_refused_once_a_policy_is_in_force(ac: Brand, first: Version) -> None:
    with pytest.raises(StartsInThePast, match="Choose today or a later date"):
        publish(ac, policy("two"), in_days(-1))


def test_a_version_may_be_backdated_by_saying_so(ac: Brand, first: Version) -> None:
    second = actions.publish(ac, policy("two"), by=None, from_=in_days(-1), backdate=True)
    assert queries.in_force(ac) == second


def test_what_would_overlap_a_version_to_come_is_refused(ac: Brand, first: Version) -> None:
    publish(ac, policy("two"), in_days(5))
    with pytest.raises(Overlaps, match="Withdraw it first"):
        publish(ac, policy("three"), in_days(4))


def test_the_text_in_force_is_not_published_again(ac: Brand, first: Version) -> None:
    with pytest.raises(AlreadyInForce):
        publish(ac, policy("one"), in_days(1))


def test_an_agent_may_not_publish_and_a_lead_may(ac: Brand, ana_agent: Person, leo_lead: Person) -> None:
    with pytest.raises(MayNotPublish):
        publish(ac, policy(), LAST_YEAR, by=ana_agent)
    assert publish(ac, policy(), LAST_YEAR, by=leo_lead).published_by == leo_lead


def test_publishing_is_on_record(first: Version) -> None:
    entry = Entry.objects.get(stream=f"version:{first.pk}")
    assert (entry.kind, entry.facts["content_hash"]) == ("version.published", first.content_hash)


# ── withdrawing ──


def test_a_withdrawn_version_lets_the_one_before_run_on(ac: Brand, first: Version) -> None:
    second = publish(ac, policy("two"), in_days(3))
    actions.withdraw(second, by=None)
    assert queries.in_force(ac, in_days(4)) == first


def test_withdrawing_one_between_leaves_no_gap(ac: Brand, first: Version) -> None:
    second = publish(ac, policy("two"), in_days(3))
    third = publish(ac, policy("three"), in_days(6))
    actions.withdraw(second, by=None)
    assert queries.in_force(ac, in_days(5)) == first
    assert queries.in_force(ac, in_days(7)) == third


def test_what_is_in_force_cannot_be_withdrawn(first: Version) -> None:
    with pytest.raises(HasBegun, match="Publish another version that follows it"):
        actions.withdraw(first, by=None)


def test_a_version_is_withdrawn_once(ac: Brand, first: Version) -> None:
    second = publish(ac, policy("two"), in_days(3))
    actions.withdraw(second, by=None)
    with pytest.raises(AlreadyWithdrawn):
        actions.withdraw(second, by=None)


def test_a_withdrawn_text_may_be_published_again(ac: Brand, first: Version) -> None:
    actions.withdraw(publish(ac, policy("two"), in_days(3)), by=None)
    assert publish(ac, policy("two"), in_days(3)).withdrawn_at is None


def test_the_list_of_versions_says_how_each_stands(ac: Brand, first: Version) -> None:
    second = publish(ac, policy("two"), in_days(3))
    actions.withdraw(publish(ac, policy("three"), in_days(6)), by=None)
    rows = [(row.id, row.state, row.may_be_withdrawn) for row in queries.versions(ac)]
    assert rows[1:] == [(second.pk, "to come", True), (first.pk, "in force", False)]
    assert rows[0][1] == "withdrawn"


# ── what the database itself refuses ──


@pytest.mark.parametrize(
    "change", [{"text": "other"}, {"sayings": "x"}, {"content_hash": "0"}, {"label": "two"}]
)
def test_the_database_refuses_to_change_a_version(first: Version, change: dict[str, str]) -> None:
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(**change)


def test_the_database_refuses_to_move_a_versions_beginning(first: Version) -> None:
    moved = DateTimeTZRange(first.begins - dt.timedelta(days=1), None)
    with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(period=moved)


def test_the_database_refuses_to_delete_a_version(first: Version) -> None:
    with pytest.raises(IntegrityError, match="cannot be deleted"), transaction.atomic():
        Version.objects.filter(pk=first.pk).delete()


def test_the_database_refuses_to_withdraw_what_has_begun(first: Version) -> None:
    with pytest.raises(IntegrityError, match="has begun"), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now())


def test_the_database_refuses_two_versions_at_one_moment(ac: Brand, first: Version) -> None:
    first.pk, first.period = None, DateTimeTZRange(in_days(1), in_days(2))
    with pytest.raises(IntegrityError, match="one_version_at_a_time"), transaction.atomic():
        first.save(force_insert=True)


def test_the_database_refuses_a_period_of_no_time(first: Version) -> None:
    now = timezone.now()
    first.pk, first.period, first.withdrawn_at = None, DateTimeTZRange(now, now), now
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)
