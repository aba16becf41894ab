"""`make pictures`: screenshots of a running demo desk, into docs/pictures/.

Start the desk first (`make run`), then: python scripts/pictures.py [--base http://127.0.0.1:8000]
Needs chromium (EVENHAND_TEST_CHROMIUM names another one than /usr/bin/chromium).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
CHROMIUM = os.environ.get("EVENHAND_TEST_CHROMIUM", "/usr/bin/chromium")
DESK = "/desk/americommerce"
SIZES: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
    "": (1440, 900, "light"),
    "-phone": (390, 844, "dark"),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="where the demo desk answers")
    base = parser.parse_args().base.rstrip("/")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            for suffix in SIZES:
                take(browser, base, suffix)
        except Error as error:
            print(
                f"{base}: {error.message.splitlines()[0]} Is the demo running (`make run`)?", file=sys.stderr
            )
            return 2
        finally:
            browser.close()
    return 0


def take(browser: Browser, base: str, suffix: str) -> None:
    """Every picture at one size."""
    width, height, scheme = SIZES[suffix]
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=2
    )
    page = context.new_page()
    enter_as_lead(page)
    for name, address in addresses(page).items():
        page.goto(address)
        page.wait_for_load_state("load")
        page.screenshot(path=PICTURES / f"{name}{suffix}.png")
        print(f"docs/pictures/{name}{suffix}.png")
    context.close()


def enter_as_lead(page: Page) -> None:
    page.goto("/demo/")
    page.locator('button[value="lead"]').click()
    page.wait_for_load_state("load")


def addresses(page: Page) -> dict[str, str]:
    """What is shown; the ticket is one of the demo's day of mail, opened from the queue."""
    page.goto(f"{DESK}/")
    padlock = page.locator("#rows .row__title a", has_text="Padlock gone").first
    ticket = padlock.get_attribute("href") or f"{DESK}/"
    return {
        "ticket": ticket,
        "queue": f"{DESK}/",
        "rulebook": f"{DESK}/rulebook",
        "studio": studio(page),
        "policy": "/americommerce/policy",
        "ask": "/americommerce/help",
    }


def studio(page: Page) -> str:
    """A draft of the version in force, begun for the picture with one word misspelt."""
    page.goto(f"{DESK}/rulebook/drafts/new")
    page.get_by_label("What is it to change?").fill("Help with imports in the first month")
    page.get_by_role("button", name="Begin the draft").click()
    page.wait_for_url("**/drafts/*")
    page.evaluate("studio.jump(studio.text.value.split('\\n').indexOf('when topic: store-availability') + 1)")
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.wait_for_function("document.getElementById('kept').textContent.startsWith('Revision 2')")
    return page.url + f"#l{page.evaluate('studio.line()')}"


if __name__ == "__main__":
    sys.exit(main())
