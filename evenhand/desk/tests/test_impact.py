"""What a draft would have changed, as a lead sees it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from evenhand.desk.plot import HIGH, MOST_COLUMNS, columns
from evenhand.desk.tests.scene import a_proposal, a_ticket
from evenhand.people.models import Brand, Person
from evenhand.rulebook.drafts import revisions as drafts
from evenhand.rulebook.models import Version
from evenhand.tickets.actions.rulings import choose_topic
from evenhand.tickets.queries.replayed import Day

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruled(ac: Brand, cora: Person, leo_lead: Person, published: dict[str, Version]) -> Any:
    """A ticket about search engines, which a lead said it was."""
    ticket = a_ticket(ac, cora)
    a_proposal(ticket, published[ac.slug])
    choose_topic(ticket, by=leo_lead, topic="seo-help")
    return ticket


def impact_of(ac: Brand, lead: Person, version: Version, text: str, query: str = "") -> str:
    draft = drafts.begin(ac, title="Spring", text=text, sayings=version.sayings, by=lead)
    browser = Client()
    browser.force_login(lead)
    answer = browser.get(f"/desk/{ac.slug}/rulebook/drafts/{draft.pk}/impact{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_draft_that_decides_otherwise_names_the_request(
    ac: Brand, leo_lead: Person, published: dict[str, Version], ruled: Any
) -> None:
    version = published[ac.slug]
    before, _, after = version.text.partition(
        "when topic: seo-help\nwe quote to sales; reply quote-sales; service seo support"
    )
    other = before + "when topic: seo-help\nwe decline; reply decline-self-service" + after
    other = other.replace("quote-sales by 22", "decline-self-service by 22")
    page = impact_of(ac, leo_lead, version, other)
    assert "<b>1</b> of 1 requests" in page
    assert f">{ruled.pk}</a>" in page


def test_the_same_text_changes_nothing(
    ac: Brand, leo_lead: Person, published: dict[str, Version], ruled: Any
) -> None:
    version = published[ac.slug]
    assert "<b>0</b> of 1 requests" in impact_of(ac, leo_lead, version, version.text)


def test_a_draft_with_errors_says_so(ac: Brand, leo_lead: Person, published: dict[str, Version]) -> None:
    assert "The draft has errors." in impact_of(ac, leo_lead, published[ac.slug], "# A policy")


def test_a_day_that_is_none_is_told(ac: Brand, leo_lead: Person, published: dict[str, Version]) -> None:
    version = published[ac.slug]
    assert "is not a date" in impact_of(ac, leo_lead, version, version.text, "?since=soon")


def test_the_highest_column_is_as_high_as_the_plot() -> None:
    days = [Day(day=dt.date(2027, 1, 1) + dt.timedelta(days=n), changed=n, total=2 * n) for n in range(4)]
    drawn = columns(days)
    assert [one.total for one in drawn] == [0, 30, 60, HIGH]
    assert drawn[-1].changed == HIGH / 2


def test_many_days_share_columns() -> None:
    days = [Day(day=dt.date(2020, 1, 1) + dt.timedelta(days=n), changed=1, total=1) for n in range(1000)]
    assert len(columns(days)) <= MOST_COLUMNS
    assert columns([]) == ()
