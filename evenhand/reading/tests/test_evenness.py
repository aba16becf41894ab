"""Who writes, how politely and how carefully, does not change what is read."""

import pytest

from evenhand.reading.language import detect
from evenhand.reading.spelling import mended
from evenhand.reading.tests.test_triage import TOPICS
from evenhand.reading.triage import train
from evenhand.reading.wording import without_courtesies

MATTER = "The padlock has gone from my checkout in all browsers."


@pytest.fixture(scope="module")
def model():
    return train(TOPICS)


@pytest.mark.parametrize(
    "told",
    [
        f"Hello, my name is Ngozi Okonkwo. {MATTER}\n\nRegards,\nNgozi",
        f"This is outrageous!! {MATTER} I am sick and tired of this.",
        f"I'm really worried about this and hope it isn't my fault. {MATTER} Sorry to trouble you.",
        f"Hiiii team!!! {MATTER} Love you guys!!!",
    ],
)
def test_names_and_tones_are_not_read(model, told):
    assert model.read(told) == model.read(MATTER)


def test_a_message_of_nothing_but_tone_keeps_all_its_words():
    assert without_courtesies("Thank you so much!") == "Thank you so much!"


def test_a_slip_of_the_keyboard_changes_nothing(model):
    assert model.read(MATTER.replace("checkout", "chekcout")).first == model.read(MATTER).first


def test_known_and_short_words_are_left_as_they_are():
    assert mended("a prize in the prise", {"price": 9}, {"prize": 1}) == "a prize in the price"
    assert mended("the cat sits", {"cart": 9, "sites": 9}, {}) == "the cat sits"


def test_the_commonest_known_word_is_meant():
    assert mended("the ordrr", {"order": 3, "ordr": 9}, {}) == "the ordr"
    assert mended("paper", {"taper": 9}, {}) == "paper"  # the first letter is never a slip


def test_many_unknown_words_are_not_all_mended():
    assert mended("ordrr " * 13, {"order": 1}, {}).split().count("order") == 12


def test_a_foreign_letter_with_an_english_greeting_is_foreign():
    assert detect("Good morning, I hope you are all well. Wo finde ich meine Rechnung?") == "de"
