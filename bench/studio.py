"""How soon the Studio answers while somebody types: the check of the shipped policy, sayings included.

Measured through `evenhand serve` at its defaults, as a lead's browser asks: one letter more each time,
the sayings not sent again. Nothing is checked twice, since no two texts are alike.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx

from bench.figure import Figure, percentile
from bench.pages import client
from bench.server import Served

POLICIES = Path(__file__).resolve().parents[1] / "examples" / "policies"
DESK = "/desk/americommerce"
KEYS = 200
TARGET = 150  # ms
TYPED = "What we do about it depends on what you tell us, so please tell us all. "


def studio_figures(served: Served, cookie: str) -> list[Figure]:
    """The check as one types, in prose and in a rule, and keeping; 95 of 100 within the target."""
    with client(served, cookie) as browser:
        draft = begun(browser)
        text = (POLICIES / "americommerce.md").read_text(encoding="utf-8")
        prose = text.index("Hosting questions are welcome")
        rule = text.index("when topic: ticket-status") + len("when topic: ticket-status")
        figures = []
        for name, place, typed in (("in prose", prose, TYPED), ("in a rule", rule, "; theme state: fresh")):
            samples = [asked(browser, draft, one) for one in as_typed(text, place, typed, KEYS)]
            figures += told(f"findings while typing {name}", samples[10:])
        kept = [
            keeping(browser, draft, one, number)
            for number, one in enumerate(as_typed(text, prose, TYPED, 50), 1)
        ]
        return figures + told("keeping what was typed", kept[5:])


def as_typed(text: str, place: int, typed: str, keys: int) -> list[str]:
    """The text after each key: `typed` grows letter by letter, on a new line once it is all there."""
    found, grown = [], ""
    for key in range(keys):
        grown += typed[key % len(typed)] if key % len(typed) or not key else f"\n{typed[0]}"
        found.append(text[:place] + grown + text[place:])
    return found


def begun(browser: httpx.Client) -> str:
    """The address of a new draft of the version in force, sayings included."""
    page = browser.get(f"{DESK}/rulebook/drafts/new")
    page.raise_for_status()
    version = re.search(r'<option value="(\d+)"', page.text)
    given = {"title": "Measured", "version": version[1] if version else "", **token(browser)}
    answer = browser.post(
        f"{DESK}/rulebook/drafts/new", data=given, headers={"Referer": str(browser.base_url)}
    )
    if answer.status_code != 302:
        raise SystemExit(f"No draft was begun: {answer.status_code}.")
    return answer.headers["Location"]


def asked(browser: httpx.Client, draft: str, text: str) -> float:
    """Milliseconds until the findings are there."""
    start = time.perf_counter()
    answer = browser.post(f"{draft}/check", files=form({"text": text, **token(browser)}))
    spent = (time.perf_counter() - start) * 1000
    if answer.status_code != 200 or "fresh-findings" not in answer.text:
        raise SystemExit(f"The check answered {answer.status_code}; what is not answered is not measured.")
    return spent


def keeping(browser: httpx.Client, draft: str, text: str, number: int) -> float:
    """Milliseconds until a revision is committed."""
    start = time.perf_counter()
    given = {"text": text, "based_on": str(number), **token(browser)}
    answer = browser.post(f"{draft}/keep", files=form(given))
    spent = (time.perf_counter() - start) * 1000
    if answer.status_code != 200 or answer.json()["head"] != number + 1:
        raise SystemExit(f"Revision {number + 1} was not kept: {answer.status_code}.")
    return spent


def form(given: dict[str, str]) -> dict[str, tuple[None, str]]:
    """As a browser's FormData: one part for each field."""
    return {name: (None, value) for name, value in given.items()}


def token(browser: httpx.Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": browser.cookies.get("csrftoken") or ""}


def told(name: str, samples: list[float]) -> list[Figure]:
    return [
        Figure(
            name=f"{name}, {label}",
            value=percentile(samples, share),
            unit="ms",
            target=TARGET,
            at_least=False,
            samples=samples,
        )
        for label, share in (("median", 0.5), ("95 of 100", 0.95))
    ]
