"""The Studio in a real browser: findings as one types, two people at once, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from evenhand.desk.tests.scene import DESK, signed_in
from evenhand.desk.tests.served import served
from evenhand.desk.tests.test_browser import barriers, opened
from evenhand.look.tests.chromium import IN_CHROMIUM, chromium
from evenhand.people.models import Brand, Person
from evenhand.rulebook.drafts import company, revisions
from evenhand.rulebook.models import Version

pytestmark = IN_CHROMIUM
RULE = "when topic: ticket-status"


@pytest.fixture
def desk(
    transactional_db: None,
    ac: Brand,
    leo_lead: Person,
    root_admin: Person,
    ana_agent: Person,
    published: dict[str, Version],
) -> Iterator[dict[str, Any]]:
    """A served desk with one draft of the version in force, and two leads' sessions."""
    version = published[ac.slug]
    draft = revisions.begin(
        ac, title="Spring", text=version.text, sayings=version.sayings, by=leo_lead, based_on=version
    )
    wrong = version.text.replace(RULE, "when topic: ticket-statu")
    broken = revisions.begin(ac, title="Broken", text=wrong, sayings="", by=leo_lead)
    company.remark(draft, line=14, number=1, text="Everyone?", by=ana_agent)
    sessions = {who.name: signed_in(who).cookies["sessionid"].value for who in (leo_lead, root_admin)}
    with served() as address:
        yield {
            "address": address,
            "session": sessions["Leo Lead"],
            "other": sessions["Root Admin"],
            "draft": f"{DESK}/rulebook/drafts/{draft.pk}",
            "broken": f"{DESK}/rulebook/drafts/{broken.pk}",
            "line": version.text.split("\n").index(RULE) + 1,
        }
    connections.close_all()


@pytest.fixture
def browser(desk: dict[str, Any]) -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(desk: dict[str, Any], browser: Browser) -> Page:
    page = opened(browser, desk)
    page.goto(desk["draft"])
    return page


def at_the_rule(page: Page, desk: dict[str, Any]) -> None:
    """The caret at the end of the rule of clause 6."""
    page.evaluate(f"studio.jump({desk['line']})")
    page.keyboard.press("End")


def kept(page: Page, number: int) -> None:
    expect(page.locator("#kept")).to_contain_text(f"Revision {number}, kept")


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
)
def test_no_page_of_a_draft_has_a_barrier(
    desk: dict[str, Any], browser: Browser, width: int, scheme: str
) -> None:
    page, found = opened(browser, desk, width, scheme), []
    for path in (
        desk["broken"],
        *(desk["draft"] + part for part in ("", "/difference", "/impact", "/history", "/publish")),
    ):
        page.goto(path)
        found += [f"{path}: {problem}" for problem in barriers(page)]
    assert found == []


def test_the_studio_fits_a_screen_of_360(desk: dict[str, Any], browser: Browser) -> None:
    page = opened(browser, desk, 360)
    page.goto(desk["broken"])
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_finding_appears_at_its_line_as_one_types_and_goes_when_it_is_mended(
    page: Page, desk: dict[str, Any]
) -> None:
    at_the_rule(page, desk)
    page.keyboard.type("x")
    expect(page.locator("#tally")).to_contain_text("error")
    expect(page.locator(".l--error.l--at .l__said")).to_contain_text("ticket-statusx")
    expect(page.locator("#lens-said")).to_contain_text("Did you mean “ticket-status”?")
    page.keyboard.press("Backspace")
    expect(page.locator("#tally")).to_contain_text("No finding")
    expect(page.locator(".l--error")).to_have_count(0)


def test_f8_goes_to_the_next_finding(page: Page, desk: dict[str, Any]) -> None:
    page.goto(desk["broken"])
    page.keyboard.press("F8")
    expect(page.locator(".l--at.l--error")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.evaluate("studio.lineText()") == "when topic: ticket-statu"


def test_what_is_typed_is_kept_without_a_press(page: Page, desk: dict[str, Any]) -> None:
    at_the_rule(page, desk)
    page.keyboard.type(", ssl")
    kept(page, 2)
    page.reload()
    assert ", ssl" in page.input_value("#text")


def test_the_paint_stands_where_the_text_stands(page: Page) -> None:
    text, back = (page.locator(part).bounding_box() for part in ("#text", "#back"))
    assert text == back
    heights = page.evaluate(
        "[document.getElementById('text').scrollHeight, document.getElementById('back').offsetHeight]"
    )
    assert abs(heights[0] - heights[1]) <= 1


def test_words_that_fit_are_put_in_by_keyboard(page: Page, desk: dict[str, Any]) -> None:
    at_the_rule(page, desk)
    page.keyboard.type("; the")
    page.keyboard.press("Control+Space")
    expect(page.locator("#completion")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("studio.lineText()") == f"{RULE}; theme state: customised"


def test_a_word_is_found_and_put_in_from_the_list(page: Page, desk: dict[str, Any]) -> None:
    at_the_rule(page, desk)
    page.keyboard.type(", ")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.keyboard.type("domain-d")
    page.keyboard.press("Enter")
    assert page.evaluate("studio.lineText()") == f"{RULE}, domain-dns"


def test_two_people_write_at_once_and_neither_is_moved(
    page: Page, desk: dict[str, Any], browser: Browser
) -> None:
    other = opened(browser, desk | {"session": desk["other"]})
    other.goto(desk["draft"])
    expect(page.locator("#here")).to_contain_text("Root Admin")
    at_the_rule(page, desk)
    before = page.locator(".l--at").bounding_box()
    other.evaluate("studio.jump(8)")
    other.keyboard.press("End")
    other.keyboard.type("\nIn every case.")
    kept(other, 2)
    expect(page.locator("#text")).to_have_value(re.compile("In every case"))
    assert page.evaluate("studio.lineText()") == RULE
    assert abs(page.locator(".l--at").bounding_box()["y"] - before["y"]) < 2
    page.keyboard.type(", ssl")
    expect(other.locator("#text")).to_have_value(re.compile("ticket-status, ssl"))


def test_two_wordings_of_one_line_are_both_offered(
    page: Page, desk: dict[str, Any], browser: Browser
) -> None:
    other = opened(browser, desk | {"session": desk["other"]})
    other.goto(desk["draft"])
    other.context.set_offline(True)
    at_the_rule(page, desk)
    page.keyboard.type(", ssl")
    kept(page, 2)
    at_the_rule(other, desk)
    other.keyboard.type(", domain-dns")
    expect(other.locator("#trouble")).to_contain_text("There is no connection")
    other.context.set_offline(False)
    other.wait_for_url("**/aside/*")
    assert barriers(other) == []
    other.get_by_label("Keep yours").check()
    other.get_by_role("button", name="Join the two texts").click()
    expect(other.locator("#text")).to_have_value(re.compile("ticket-status, domain-dns"))


def test_text_that_was_not_kept_is_offered_again(page: Page, desk: dict[str, Any]) -> None:
    page.route("**/keep", lambda route: route.abort())
    at_the_rule(page, desk)
    page.keyboard.type(", ssl")
    expect(page.locator("#trouble")).to_contain_text("There is no connection")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    page.unroute("**/keep")
    page.get_by_role("button", name="Put it back").click()
    kept(page, 2)
    assert ", ssl" in page.input_value("#text")


def test_a_request_is_tried_beside_the_text(page: Page) -> None:
    page.keyboard.press("t")
    page.keyboard.type("The SSL certificate of my store has run out")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Try it").press("Enter")
    expect(page.locator("#trial")).to_contain_text("Nothing changes for this request.", timeout=60_000)
    assert barriers(page) == []


def test_without_scripts_the_form_keeps_checks_and_shows_findings_below_their_lines(
    desk: dict[str, Any], browser: Browser
) -> None:
    page = opened(browser, desk, java_script_enabled=False)
    page.goto(desk["draft"])
    page.get_by_label("The policy").fill("# Who we help\n\n## 1 Everyone\n")
    page.get_by_role("button", name="Keep and check").click()
    expect(page.locator("#toasts")).to_contain_text("Kept as revision 2.")
    expect(page.locator(".finding.is-refuse").first).to_be_visible()


def test_the_keys_are_listed(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("next, previous finding")


def test_a_draft_is_published_by_keyboard(page: Page, desk: dict[str, Any]) -> None:
    at_the_rule(page, desk)
    page.evaluate("studio.jump(3)")
    page.keyboard.press("End")
    page.keyboard.type("b")
    kept(page, 2)
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/publish")
    page.get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Publish revision 2").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("is published")
