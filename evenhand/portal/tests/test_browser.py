"""The portal in a real browser: guided while writing, without JavaScript, by keyboard, open to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from evenhand.look.tests.chromium import IN_CHROMIUM, chromium
from evenhand.people.models import Brand, Person
from evenhand.portal import tokens
from evenhand.tickets.models import Ticket

pytestmark = IN_CHROMIUM
THEME = "My theme hides the cart on my phone since I installed it"
PADLOCK = "The padlock is gone and browsers warn that the certificate of my shop has expired."
OPEN_TO_ALL = (
    "/",
    "/americommerce/help",
    "/americommerce/policy",
    "/americommerce/apps",
    "/americommerce/places/help-articles",
    "/sparkpay/policy",
    "/accounts/login/",
    "/nowhere",
)
SIGNED_IN = ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/logout/")


@dataclass(frozen=True, kw_only=True)
class Portal:
    address: str
    session: str  # Cora's
    ticket: int


@pytest.fixture
def portal(live_server: Any, ac: Brand, sp: Brand, cora: Person, published: Any) -> Portal:
    """A served portal where Cora is signed in and has asked for something."""
    cache.clear()  # earlier tests' tries at signing in do not count
    client = Client()
    client.force_login(cora)
    client.post("/americommerce/help", {"text": PADLOCK, "token": tokens.fresh()})
    return Portal(
        address=live_server.url, session=client.cookies["sessionid"].value, ticket=Ticket.objects.get().pk
    )


@pytest.fixture
def browser(portal: Portal) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def opened(browser: Browser, portal: Portal, *, signed_in: bool = False, **how: Any) -> Page:
    context = browser.new_context(base_url=portal.address, **how)
    if signed_in:
        context.add_cookies([{"name": "sessionid", "value": portal.session, "url": portal.address}])
    return context.new_page()


def test_guidance_appears_while_a_customer_writes(browser: Browser, portal: Portal) -> None:
    page = opened(browser, portal)
    page.goto("/americommerce/help")
    page.get_by_label("What is the matter?").press_sequentially(PADLOCK)
    expect(page.locator("#guide .holding__word")).to_have_text("Covered")
    expect(page.get_by_label("What is the matter?")).to_be_focused()


def test_the_one_question_is_answered_and_its_answer_is_sent(browser: Browser, portal: Portal) -> None:
    page = opened(browser, portal)
    page.goto("/americommerce/help")
    page.get_by_label("What is the matter?").press_sequentially(THEME)
    page.get_by_label("Fresh").check()
    expect(page.locator("#guide")).to_contain_text("Covered")
    expect(page.get_by_label("Fresh")).to_be_checked()
    page.get_by_label("Your email address").fill("new@shop.example")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
    expect(page.locator("main")).to_contain_text("§ 9.1")


def test_everything_works_without_javascript(browser: Browser, portal: Portal) -> None:
    page = opened(browser, portal, java_script_enabled=False)
    page.goto("/americommerce/policy")
    page.get_by_label("Describe it in a sentence").fill(THEME)
    page.get_by_role("button", name="See what applies").click()
    page.get_by_label("Customised").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Write the address that our answer shall go to.")
    expect(page.get_by_label("Customised")).to_be_checked()
    page.get_by_label("Your email address").fill("new@shop.example")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")


def test_a_customer_asks_by_keyboard_alone(browser: Browser, portal: Portal) -> None:
    page = opened(browser, portal)
    page.goto("/americommerce/help")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    page.keyboard.press("Tab")
    page.keyboard.type(THEME)
    expect(page.get_by_label("Fresh")).to_be_visible()
    reach(page, "Fresh")
    page.keyboard.press("Space")
    expect(page.locator("#guide")).to_contain_text("Covered")
    expect(page.get_by_label("Fresh")).to_be_focused()
    reach(page, "Your email address")
    page.keyboard.type("new@shop.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")


def reach(page: Page, label: str) -> None:
    """Press Tab until what bears the label has the focus."""
    wanted = page.get_by_label(label).element_handle()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("element => element === document.activeElement", wanted):
            return
    raise AssertionError(f"{label} cannot be reached by Tab")


def test_the_contents_lead_to_their_clause(browser: Browser, portal: Portal) -> None:
    page = opened(browser, portal, viewport={"width": 1440, "height": 900})
    page.goto("/americommerce/policy")
    page.get_by_role("navigation", name="Contents").get_by_text("Lessons and guided tours").click()
    expect(page).to_have_url(f"{portal.address}/americommerce/policy#c-10")
    expect(page.locator("#c-10")).to_be_in_viewport()


def test_on_a_phone_the_contents_are_folded(browser: Browser, portal: Portal) -> None:
    page = opened(browser, portal, viewport={"width": 390, "height": 844})
    page.goto("/americommerce/policy")
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents.get_by_text("Lessons and guided tours")).to_be_hidden()
    contents.get_by_text("Contents").click()
    expect(contents.get_by_text("Lessons and guided tours")).to_be_visible()


def visited(browser: Browser, portal: Portal, **how: Any) -> Iterator[tuple[str, Page]]:
    """Every page, one after the other: first as a stranger meets it, then Cora's own."""
    page = opened(browser, portal, **how)
    for address in OPEN_TO_ALL:
        page.goto(address)
        yield address, page
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill("new@shop.example")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_label("Code from the mail")).to_be_focused()
    yield "code", page
    page.goto("/americommerce/help")
    page.get_by_label("What is the matter?").fill(THEME)
    page.get_by_label("Fresh").check()
    expect(page.locator("#guide")).to_contain_text("Covered")
    yield "question", page
    page.get_by_label("What is the matter?").fill(f"{PADLOCK} My card is 4111 1111 1111 1111.")
    expect(page.locator("#guide")).to_contain_text("There is a secret in your text.")
    yield "secret", page
    page.get_by_label("Your email address").fill("new@shop.example")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
    yield "received", page
    own = opened(browser, portal, signed_in=True, **how)
    for address in ("/americommerce/tickets", f"/americommerce/tickets/{portal.ticket}", *SIGNED_IN):
        own.goto(address)
        yield address, own


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(browser: Browser, portal: Portal, width: int, scheme: Any) -> None:
    view = {"width": width, "height": 900}
    found = {}
    for name, page in visited(browser, portal, viewport=view, color_scheme=scheme):
        results = Axe().run(page)
        if results.violations_count:
            found[name] = results.generate_report()
    assert found == {}


@pytest.mark.parametrize("width", [360, 768, 2560])
def test_nothing_runs_over_the_edge(browser: Browser, portal: Portal, width: int) -> None:
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    pages = visited(browser, portal, viewport={"width": width, "height": 800})
    assert [name for name, page in pages if page.evaluate(wider)] == []
