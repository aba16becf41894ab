"""The page that shows what an outcome turns on: counted over cases, and over the brand's own requests."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from evenhand.desk.tests.scene import DESK, a_ticket, signed_in
from evenhand.people.models import Brand, Person
from evenhand.rulebook.actions import publish
from evenhand.rulebook.models import Version
from evenhand.tickets.models import Ruling, Ticket
from evenhand.tickets.queries import influence, influence_of

PAGE = f"{DESK}/rulebook/influence"
AMERICOMMERCE = Path(__file__).parents[3] / "examples" / "policies" / "americommerce.md"
CUSTOMISED = {"theme state": "customised", "works as intended": "no", "plan": "pro"}


def ruled(ticket: Ticket, version: Version, topic: str, facts: dict[str, str], **more: Any) -> Ruling:
    """A ruling with its facts as they are recorded; an empty value is unknown."""
    recorded = [
        {"name": name, "value": value, "status": "known", "source": "", "confidence": None}
        for name, value in facts.items()
    ]
    given = {"state": "in force", "kind": "alone", "topic": topic, "facts": recorded, "at": timezone.now()}
    return Ruling.objects.create(ticket=ticket, version=version, **given | more)


@pytest.fixture
def rulings(ac: Brand, sp: Brand, cora: Person, sid: Person, published: dict[str, Version]) -> None:
    """Three requests about a changed theme; one open, one superseded, one of another brand."""
    version = published["americommerce"]
    for facts in (CUSTOMISED, CUSTOMISED, {**CUSTOMISED, "plan": "basic"}, {"theme state": "", **OPEN}):
        ruled(a_ticket(ac, cora), version, "custom-html-css", facts)
    again = a_ticket(ac, cora)
    ruled(again, version, "ssl", {}, state="superseded")
    ruled(a_ticket(sp, sid), published["sparkpay"], "ssl", {})


OPEN = {"works as intended": "no"}


def words(browser: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", browser.get(PAGE).content.decode())
    return " ".join(html.unescape(text).split())


def test_recorded_facts_are_counted_for_one_brand_as_they_stand(ac: Brand, rulings: None) -> None:
    counted = list(influence.recorded_facts(ac, ["theme state", "works as intended"]))
    decided = {"topic": "custom-html-css", "theme state": "customised", "works as intended": "no"}
    assert sorted(counted, key=lambda row: row[1]) == [
        ({**decided, "theme state": "unknown"}, 1),
        (decided, 3),
    ]


def test_only_the_latest_rulings_are_counted(
    ac: Brand, rulings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influence, "LATEST", 1)
    assert [count for _, count in influence.recorded_facts(ac, [])] == [1]


def test_shares_are_of_the_requests_that_are_settled(ac: Brand, rulings: None) -> None:
    found = influence_of(ac).influence
    shares = {one.fact: one.share_of_requests for one in found.facts}
    assert (found.requests, found.open_requests) == (3, 1)
    assert (shares["theme state"], shares["app integrated"]) == (1.0, 0.0)


def test_the_page_tells_shares_and_turns_in_words(leo_lead: Person, rulings: None) -> None:
    page = words(signed_in(leo_lead))
    assert "theme state 1.1 % 100.0 % fresh: answer, customised: decline-kb-design (theme work)" in page
    assert "Real requests are the latest 4 of this brand" in page
    assert "1 of them, whose facts leave the outcome open, count in no share." in page


def test_the_page_says_that_no_worse_standing_gets_more(
    leo_lead: Person, published: dict[str, Version]
) -> None:
    page = words(signed_in(leo_lead))
    assert "No, in no case." in page
    assert "Standings, best first: good, warned, banned, managers only." in page
    assert "There is no request yet." in page


def test_the_page_says_where_a_worse_standing_gets_more(leo_lead: Person, ac: Brand) -> None:
    kinder = AMERICOMMERCE.read_text().replace(
        "store-availability; customer status: current", "store-availability"
    )
    publish(ac, kinder, by=leo_lead, from_=timezone.now() - dt.timedelta(days=1), backdate=True)
    page = words(signed_in(leo_lead))
    assert "In 2 places it does." in page
    assert "topic: store-availability; customer status: prospect; we point where standing is good" in page


def test_a_policy_without_a_ladder_knows_no_worse_standing(sp: Brand, published: dict[str, Version]) -> None:
    shown = influence_of(sp)
    assert (shown.standings, shown.kinder) == ((), ())


def test_a_brand_without_a_policy_is_told_so(leo_lead: Person, ac: Brand) -> None:
    assert "AmeriCommerce has no policy in force." in words(signed_in(leo_lead))


def test_the_rulebook_leads_there(leo_lead: Person, published: dict[str, Version]) -> None:
    assert f'href="{PAGE}"' in signed_in(leo_lead).get(f"{DESK}/rulebook").content.decode()
