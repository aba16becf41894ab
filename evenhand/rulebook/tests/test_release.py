"""From draft to version: the newest revision only, approved by another where the brand wants it, once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from evenhand.audit.models import Entry
from evenhand.people.models import Brand, Person
from evenhand.policy import PolicyError
from evenhand.rulebook.drafts import queries, release, revisions
from evenhand.rulebook.drafts.refusals import ChangedSince, NeedsApproval, NotOpen, OwnWork, PublishedBefore
from evenhand.rulebook.models import Draft, Version
from evenhand.rulebook.refusals import MayNotPublish
from evenhand.rulebook.tests.policies import policy

LAST_YEAR = dt.date(2025, 1, 1)


@pytest.fixture
def draft(ac: Brand, leo_lead: Person) -> Draft:
    return revisions.begin(ac, title="First", text=policy("one"), sayings="", by=leo_lead)


@pytest.fixture
def four_eyes(ac: Brand, leo_lead: Person) -> None:
    release.set_four_eyes(ac, True, by=leo_lead)


def publish(draft: Draft, by: Person, number: int = 1) -> Version:
    return release.publish(draft, number=number, from_=LAST_YEAR, by=by)


def test_a_draft_becomes_a_version_and_is_closed(draft: Draft, leo_lead: Person) -> None:
    version = publish(draft, leo_lead)
    draft.refresh_from_db()
    assert (version.text, draft.state, draft.published_as) == (policy("one"), "published", version)
    with pytest.raises(NotOpen, match="Begin another draft"):
        revisions.save(draft, text="new", sayings=None, based_on=1, by=leo_lead)


def test_a_second_press_gives_the_same_version(draft: Draft, leo_lead: Person) -> None:
    assert publish(draft, leo_lead) == publish(draft, leo_lead)
    assert Version.objects.count() == 1


def test_another_revision_of_a_published_draft_is_refused(draft: Draft, leo_lead: Person) -> None:
    publish(draft, leo_lead)
    with pytest.raises(PublishedBefore):
        publish(draft, leo_lead, number=2)


def test_what_was_changed_since_it_was_looked_at_is_not_published(draft: Draft, leo_lead: Person) -> None:
    revisions.save(draft, text=policy("two"), sayings=None, based_on=1, by=leo_lead)
    with pytest.raises(ChangedSince, match="revision 1, and 2 stands now"):
        publish(draft, leo_lead)


def test_a_draft_with_an_error_stays_open(ac: Brand, leo_lead: Person) -> None:
    draft = revisions.begin(ac, title="x", text="# Nothing", sayings="", by=leo_lead)
    with pytest.raises(PolicyError):
        publish(draft, leo_lead)
    draft.refresh_from_db()
    assert draft.is_open


def test_publishing_is_on_record_with_who_approved(
    draft: Draft, leo_lead: Person, root_admin: Person, four_eyes: None
) -> None:
    release.approve(draft, number=1, by=root_admin)
    version = publish(draft, leo_lead)
    entry = Entry.objects.get(stream=f"draft:{draft.pk}", kind="draft.published")
    assert entry.facts == {"revision": 1, "version": version.pk, "approved_by": [root_admin.pk]}


@pytest.mark.usefixtures("four_eyes")
class TestFourEyes:
    def test_nobody_publishes_alone(self, draft: Draft, leo_lead: Person) -> None:
        with pytest.raises(NeedsApproval, match="publishes with four eyes"):
            publish(draft, leo_lead)

    def test_the_author_does_not_approve(self, draft: Draft, leo_lead: Person) -> None:
        with pytest.raises(OwnWork):
            release.approve(draft, number=1, by=leo_lead)

    def test_who_may_not_publish_does_not_approve(self, draft: Draft, ana_agent: Person) -> None:
        with pytest.raises(MayNotPublish):
            release.approve(draft, number=1, by=ana_agent)

    def test_approving_what_has_changed_since_is_refused(
        self, draft: Draft, leo_lead: Person, root_admin: Person
    ) -> None:
        revisions.save(draft, text=policy("two"), sayings=None, based_on=1, by=leo_lead)
        with pytest.raises(ChangedSince):
            release.approve(draft, number=1, by=root_admin)

    def test_a_change_takes_the_approval_back(
        self, draft: Draft, leo_lead: Person, root_admin: Person
    ) -> None:
        release.approve(draft, number=1, by=root_admin)
        revisions.save(draft, text=policy("two"), sayings=None, based_on=1, by=leo_lead)
        with pytest.raises(NeedsApproval):
            publish(draft, leo_lead, number=2)

    def test_an_approver_who_then_writes_has_approved_nothing(
        self, draft: Draft, leo_lead: Person, root_admin: Person
    ) -> None:
        revisions.save(draft, text=policy("two"), sayings=None, based_on=1, by=root_admin)
        draft.refresh_from_db()
        assert release.approvers(draft) == []
        release.approve(draft, number=2, by=leo_lead)
        assert release.approvers(draft) == [leo_lead.pk]

    def test_approving_twice_is_approving_once(
        self, draft: Draft, leo_lead: Person, root_admin: Person
    ) -> None:
        for _ in range(2):
            release.approve(draft, number=1, by=root_admin)
        assert Entry.objects.filter(stream=f"draft:{draft.pk}", kind="draft.approved").count() == 1
        assert queries.release(draft, leo_lead).approved_by == ("Root Admin",)

    def test_the_other_brand_publishes_as_before(self, sp: Brand) -> None:
        assert not release.four_eyes(sp)


def test_asking_for_four_eyes_is_on_record_once(ac: Brand, leo_lead: Person) -> None:
    for wanted in (True, True, False):
        release.set_four_eyes(ac, wanted, by=leo_lead)
    told = [
        entry.facts["four_eyes"]
        for entry in Entry.objects.filter(stream=f"rulebook:{ac.pk}").order_by("number")
    ]
    assert told == [True, False]


def test_an_agent_does_not_say_how_the_brand_publishes(ac: Brand, ana_agent: Person) -> None:
    with pytest.raises(MayNotPublish):
        release.set_four_eyes(ac, True, by=ana_agent)


def test_a_draft_from_tomorrow_leaves_today_as_it_is(ac: Brand, draft: Draft, leo_lead: Person) -> None:
    first = publish(draft, leo_lead)
    second = revisions.begin(ac, title="x", text=policy("two"), sayings="", by=leo_lead, based_on=first)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    made = release.publish(second, number=1, from_=tomorrow, by=leo_lead)
    assert (made.begins, Version.objects.in_force(ac, timezone.now()).get()) == (tomorrow, first)
