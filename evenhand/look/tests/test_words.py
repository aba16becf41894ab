from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from evenhand.look import words
from evenhand.look.styles import FOLDER, style_sheet


def test_a_redaction_is_shown_as_a_block_and_everything_else_is_escaped() -> None:
    shown = words.redactions("<b>card</b> ▮▮▮ card number.")
    assert '<span class="redacted"' in shown
    assert "&lt;b&gt;card&lt;/b&gt;" in shown
    assert "▮▮▮ card number</span>." in shown


def test_paragraphs_keep_single_line_breaks() -> None:
    assert words.paragraphs("one\ntwo\n\n\nthree") == "<p>one<br>two</p><p>three</p>"


@pytest.mark.parametrize(
    ("minutes", "said", "tone"),
    [
        (200, "3 h left", ""),
        (61, "1 h left", "due--soon"),
        (30, "29 min left", "due--soon"),
        (-20, "20 min late", "due--late"),
        (4000, "2 d left", ""),
    ],
)
def test_due_says_how_long_is_left(minutes: int, said: str, tone: str) -> None:
    at = timezone.now() + dt.timedelta(minutes=minutes)
    assert words.due(at) == said
    assert words.due_tone(at) == tone


def test_times_are_told_in_the_readers_zone() -> None:
    at = dt.datetime(2027, 1, 14, 15, 12, 4, tzinfo=dt.UTC)
    assert words.exact(at, "America/Chicago") == "Thursday 14 January 2027, 09:12:04 CST"


def test_raw_colours_stand_in_the_tokens_only() -> None:
    others = [file for file in FOLDER.glob("*.css") if file.name not in {"tokens.css", "icons.css"}]
    assert others
    for file in others:
        coloured = [line for line in file.read_text().splitlines() if "#" in line and "light-dark(#" in line]
        assert not coloured, file.name


def test_the_style_sheet_declares_the_order_of_its_layers_first() -> None:
    assert style_sheet().startswith("@layer tokens, base, layout, components;")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://shop.example/a?b=1&c=2.", "https://shop.example/a?b=1&amp;c=2"),
        ("the board (http://desk.example/places/board), which", "http://desk.example/places/board"),
        ('"https://shop.example/x"', "https://shop.example/x"),
    ],
)
def test_a_web_address_becomes_a_link_without_the_stop_of_its_sentence(text: str, link: str) -> None:
    assert f'<a href="{link}" rel="noreferrer nofollow">{link}</a>' in words.redactions(text)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "ftp://shop.example", "https://", "<b>http</b>"])
def test_nothing_else_becomes_a_link(text: str) -> None:
    assert "<a" not in words.redactions(text)
