"""What is stored of a text."""

from __future__ import annotations

import pytest
from django.test import override_settings

from evenhand.intake.cleaning import CUT, clean, clean_with_spans, cut

CARD = "4111 1111 1111 1111"


def test_a_card_number_is_not_stored() -> None:
    assert "4111" not in clean(f"my card is {CARD}")


@pytest.mark.parametrize("bad", ["nul\0nul", "half \ud83d pair"])
def test_what_a_database_cannot_hold_is_mended(bad: str) -> None:
    mended = clean(bad)
    assert "\0" not in mended
    mended.encode()


def test_a_secret_is_removed_before_a_value_is_shortened() -> None:
    assert "4111" not in clean(f"card {CARD}", most=12)


def test_quoted_spans_move_with_what_was_removed() -> None:
    text = f"card {CARD}\n> quoted words"
    start = text.index(">")
    cleaned, quoted = clean_with_spans(text, [(start, len(text))])
    assert [cleaned[a:b] for a, b in quoted] == ["> quoted words"]


def test_a_span_that_ends_inside_a_secret_covers_its_placeholder() -> None:
    text = f"card {CARD} end"
    cleaned, quoted = clean_with_spans(text, [(0, text.index("1111 1111"))])
    assert cleaned[slice(*quoted[0])].endswith("card number")


@override_settings(TEXT_MOST_CHARACTERS=300)
def test_a_long_text_is_cut_between_words_and_says_so() -> None:
    cleaned, quoted = clean_with_spans("word " * 100 + "> tail", [(500, 506)])
    assert cleaned.endswith(CUT)
    assert cleaned.removesuffix(CUT).endswith("word")
    assert quoted == ()


def test_a_number_is_not_cut_in_two() -> None:
    assert cut("x" * 250 + "4" * 100, 300) == "x" * 250
