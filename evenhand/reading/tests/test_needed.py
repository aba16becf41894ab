"""What is left out because a needed word is missing would have found nothing."""

from __future__ import annotations

import re

import pytest

from evenhand.reading.needed import needed_words
from evenhand.reading.remarks import _patterns


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"old wom[ae]n", {"old wom"}),
        (r"(?:old|young) man", {" man"}),
        (r"(?:old|young)s?", {"old", "young"}),
        (r"(?:old|(?!))", {"old"}),
        (r"(?!)|(?!)", set()),
        (r"(?:accent){1,2}", {"accent"}),
        (r"(?:accent)?", None),
        (r"old|[a-z]", None),
        (r"(?i:old)", None),
        (r"(?=old)[a-z]", None),
        (r"(?<!old)", None),
    ],
)
def test_needed_words_are_those_no_match_goes_without(pattern: str, words: set[str] | None) -> None:
    assert needed_words(re.compile(pattern)) == words


def test_a_pattern_for_any_case_needs_no_word_as_it_is_spelt() -> None:
    assert needed_words(re.compile("old", re.IGNORECASE)) is None


@pytest.mark.parametrize("named", [False, True])
def test_every_pattern_of_remarks_can_be_left_out_of_a_text_without_words(named: bool) -> None:
    assert not any(pattern.may_speak_in("") for pattern in _patterns(named=named))
