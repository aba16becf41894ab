"""The conduct pages in a real browser: without a barrier that axe can find, and by keyboard alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from evenhand.conduct import actions
from evenhand.conduct.models import Step
from evenhand.conduct.tests.scene import a_breach
from evenhand.desk.tests.scene import a_ticket, signed_in
from evenhand.desk.tests.served import served
from evenhand.look.tests.chromium import IN_CHROMIUM, chromium
from evenhand.people.models import Brand, Person
from evenhand.tickets.actions import confirm_step
from evenhand.tickets.tests.desk import SURE_SSL, open_ruled

pytestmark = IN_CHROMIUM
DESK = "/desk/americommerce"
PAGES = {
    "inbox": f"{DESK}/conduct",
    "standing": f"{DESK}/conduct/people/{{cora}}",
    "evenness": f"{DESK}/evenness",
    "by tone": f"{DESK}/evenness?by=tone",
    "a repeated ticket": f"{DESK}/tickets/{{repeat}}",
}


@pytest.fixture
def desk(
    transactional_db: None,
    ac: Brand,
    cora: Person,
    carl: Person,
    leo_lead: Person,
    root_admin: Person,
    published: Any,
    settings: Any,
) -> Iterator[dict[str, Any]]:
    """A served desk where a proposal, an appeal, a review and a repeated ticket wait."""
    settings.STAFF_TOTP = "optional"
    step = confirm_step(a_breach(ac, cora), by=leo_lead)
    actions.appeal(step, by=cora, text="I quoted my supplier, whose words these are.")
    lost = confirm_step(a_breach(ac, carl), by=leo_lead, step="managers only", reason="Threats.")
    Step.objects.filter(pk=lost.pk).update(review_at=timezone.now())
    a_breach(ac, carl)
    for _ in range(3):
        ruled = open_ruled(ac, cora, published[ac.slug], SURE_SSL)
    repeat = a_ticket(ac, cora, subject="The padlock, again")
    actions.offer_merge(ac, repeat.pk, ruled.pk, likeness=0.8, at=timezone.now())
    with served() as address:
        yield {
            "address": address,
            "root": signed_in(root_admin).cookies["sessionid"].value,
            "cora's": signed_in(cora).cookies["sessionid"].value,
            "cora": cora.pk,
            "repeat": repeat.pk,
        }
    connections.close_all()


@pytest.fixture
def browser(desk: dict[str, Any]) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def opened(browser: Browser, desk: dict[str, Any], who: str = "root", **how: Any) -> Page:
    context = browser.new_context(base_url=desk["address"], **how)
    context.add_cookies([{"name": "sessionid", "value": desk[who], "url": desk["address"]}])
    return context.new_page()


def visited(browser: Browser, desk: dict[str, Any], **how: Any) -> Iterator[tuple[str, Page]]:
    page = opened(browser, desk, **how)
    for name, address in PAGES.items():
        page.goto(address.format(**desk))
        if name == "inbox":
            page.get_by_text("Another step, or none").first.click()
            page.get_by_text("Lift", exact=True).first.click()
        yield name, page
    own = opened(browser, desk, "cora's", **how)
    own.goto("/americommerce/conduct")
    yield "own standing", own


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(browser: Browser, desk: dict[str, Any], width: int, scheme: Any) -> None:
    found = {}
    view = {"width": width, "height": 900}
    for name, page in visited(browser, desk, viewport=view, color_scheme=scheme):
        if folder := os.environ.get("EVENHAND_TEST_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        results = Axe().run(page)
        if results.violations_count:
            found[name] = results.generate_report()
    assert found == {}


@pytest.mark.parametrize("width", [360, 768, 2560])
def test_nothing_runs_over_the_edge(browser: Browser, desk: dict[str, Any], width: int) -> None:
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    pages = visited(browser, desk, viewport={"width": width, "height": 800})
    assert [name for name, page in pages if page.evaluate(wider)] == []


def test_a_lead_dismisses_by_keyboard_alone(browser: Browser, desk: dict[str, Any]) -> None:
    page = opened(browser, desk)
    page.goto(f"{DESK}/conduct")
    _reach(page, "Another step, or none")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the step
    page.keyboard.press("Tab")
    page.keyboard.type("A product name.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("No proposal waits.")


def test_a_customer_follows_their_appeal_to_its_end(browser: Browser, desk: dict[str, Any]) -> None:
    root, own = opened(browser, desk), opened(browser, desk, "cora's")
    own.goto("/americommerce/conduct")
    expect(own.locator("main")).to_contain_text("It is not decided yet.")
    root.goto(f"{DESK}/conduct")
    case = root.get_by_label("Appeal of Cora Customer")
    case.get_by_label("Reason").fill("It was quoted.")
    case.get_by_role("button", name="Overturn the step").click()
    expect(root.locator("main")).to_contain_text("No appeal waits.")
    own.reload()
    expect(own.locator("main")).to_contain_text("It was granted: It was quoted.")


def test_a_repeated_ticket_is_merged_and_taken_apart(browser: Browser, desk: dict[str, Any]) -> None:
    page = opened(browser, desk)
    page.goto(PAGES["a repeated ticket"].format(**desk))
    page.get_by_role("button", name="Merge into").click()
    expect(page.locator("#context")).to_contain_text("This matter is worked on in ticket")
    page.get_by_role("button", name="Take apart").click()
    expect(page.locator("#toasts")).to_contain_text("Taken apart.")


def _reach(page: Page, text: str) -> None:
    """Press Tab until what says `text` has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == text:
            return
    raise AssertionError(f"“{text}” cannot be reached by Tab")
