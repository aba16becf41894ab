"""The desk in a real browser: by keyboard, live, and without a barrier that axe can find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from evenhand.desk.tests.scene import DESK, a_proposal, a_ticket, signed_in
from evenhand.desk.tests.served import served
from evenhand.look.tests.chromium import IN_CHROMIUM, chromium
from evenhand.people.models import Brand, Person
from evenhand.rulebook.models import Version

pytestmark = IN_CHROMIUM
PAGES = {
    "queue": "/",
    "empty view": "/?view=snoozed",
    "ticket": "/tickets/{ticket}",
    "call note": "/calls/new",
    "rulebook": "/rulebook",
    "influence": "/rulebook/influence",
    "version": "/rulebook/{version}",
    "new draft": "/rulebook/drafts/new",
    "pattern": "/../pattern",
    "nothing there": "/?view=nonsense",
}


@pytest.fixture
def desk(
    transactional_db: None, ac: Brand, cora: Person, leo_lead: Person, published: dict[str, Version]
) -> Iterator[dict[str, Any]]:
    """A served desk with two tickets, one of them proposed, and Leo's session."""
    ticket, other = a_ticket(ac, cora), a_ticket(ac, cora, subject="Charged twice in October")
    a_proposal(ticket, published[ac.slug])
    session = signed_in(leo_lead).cookies["sessionid"].value
    with served() as address:
        yield {
            "address": address,
            "session": session,
            "ticket": ticket.pk,
            "other": other.pk,
            "version": published[ac.slug].pk,
        }
    connections.close_all()


@pytest.fixture
def browser(desk: dict[str, Any]) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(desk: dict[str, Any], browser: Browser) -> Page:
    return opened(browser, desk)


def opened(
    browser: Browser, desk: dict[str, Any], width: int = 1440, scheme: Any = "light", **more: Any
) -> Page:
    context = browser.new_context(
        base_url=desk["address"], viewport={"width": width, "height": 900}, color_scheme=scheme, **more
    )
    context.add_cookies([{"name": "sessionid", "value": desk["session"], "url": desk["address"]}])
    return context.new_page()


def test_no_page_has_a_barrier_or_runs_over_its_edge(desk: dict[str, Any], browser: Browser) -> None:
    found = []
    for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")):
        page = opened(browser, desk, width, scheme)
        for name, path in PAGES.items():
            page.goto(DESK + path.format(**desk))
            found += [f"{name} {width} {scheme}: {problem}" for problem in barriers(page)]
    assert found == []


def barriers(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    told = [
        f"{v['id']}: {node['target']} {node['failureSummary']}" for v in violations for node in v["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return told + ["wider than the screen"] * wide


def test_a_ticket_is_found_opened_and_answered_by_keyboard(desk: dict[str, Any], page: Page) -> None:
    page.goto(f"{DESK}/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/tickets/\d+"))
    page.keyboard.press("r")
    page.keyboard.type("Please set the www record back.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg--reply")).to_contain_text("Please set the www record back.")
    expect(page.locator("#status-menu > summary")).to_contain_text("Waiting on customer")


def test_g_then_a_letter_goes_to_a_view_and_a_question_mark_lists_the_keys(
    desk: dict[str, Any], page: Page
) -> None:
    page.goto(f"{DESK}/")
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/?view=unruled")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_what_a_colleague_does_appears_and_moves_nothing(desk: dict[str, Any], browser: Browser) -> None:
    reading, writing = opened(browser, desk), opened(browser, desk)
    for page in (reading, writing):
        page.goto(f"{DESK}/tickets/{desk['ticket']}")
    reading.locator("#reply").fill("Half an answer")
    before = reading.locator("#talk .msg").first.bounding_box()
    writing.keyboard.press("n")
    writing.keyboard.type("Looked at it: the www record was moved.")
    writing.keyboard.press("Control+Enter")
    expect(reading.locator(".msg--note")).to_contain_text("the www record was moved")
    assert reading.locator("#talk .msg").first.bounding_box() == before
    expect(reading.locator("#reply")).to_have_value("Half an answer")


def test_a_proposal_is_accepted_without_any_script(desk: dict[str, Any], browser: Browser) -> None:
    page = opened(browser, desk, java_script_enabled=False)
    page.goto(f"{DESK}/tickets/{desk['ticket']}")
    page.get_by_role("button", name="Accept: support").click()
    expect(page.get_by_role("heading", name="Ruling", exact=True)).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Accepted: support.")


def test_a_ticket_page_still_shows_what_was_typed_when_it_cannot_be_sent(
    desk: dict[str, Any], page: Page
) -> None:
    page.goto(f"{DESK}/tickets/{desk['ticket']}")
    page.locator("#reply").fill("Half an answer")
    page.evaluate("document.querySelector('[name=then]').value = 'closed'")
    page.get_by_role("button", name="Send and wait").click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    expect(page.locator("#reply")).to_have_value("Half an answer")


def test_a_stranger_to_the_desk_is_asked_to_sign_in(desk: dict[str, Any], browser: Browser) -> None:
    page = browser.new_context(base_url=desk["address"]).new_page()
    page.goto(f"{DESK}/tickets/{desk['ticket']}")
    expect(page).to_have_url(re.compile("/accounts/login/"))
