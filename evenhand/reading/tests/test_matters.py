"""Two matters in one message are found; one matter told at length stays one."""

import pytest

from evenhand.reading.matters import split
from evenhand.reading.tests.test_triage import TOPICS
from evenhand.reading.triage import train


@pytest.fixture(scope="module")
def model():
    return train(TOPICS)


def topics(text, model):
    return [one.reading.first for one in split(text, model)]


TWO = [
    "The padlock has gone from my checkout. Also, you charged us twice for our plan.",
    "1. How do I point a new domain at my shop? 2. The invoice has the wrong sum, please look.",
    "a) The certificate has run out in all browsers. b) Please refund last month for our plan.",
    "You charged us twice for our plan.\n\nAnother thing: what nameservers should my registrar have?",
    "You charged us twice for our plan, and which nameservers should my registrar have?",
    "The padlock has gone from my checkout. While I've got you, please refund last month to us.",
    "Which nameservers should my registrar have? Please refund last month for our plan as well.",
]


@pytest.mark.parametrize("text", TWO)
def test_two_matters_are_two(text, model):
    assert len(topics(text, model)) == 2


def test_matters_keep_their_order_and_words(model):
    first, second = split(TWO[0], model)
    assert first.text.startswith("The padlock")
    assert second.text.endswith("our plan.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The padlock has gone from my checkout.",
        "The padlock has gone. Also, browsers say the certificate has run out.",
        "You charged us twice.\n\nThe first invoice was right.\n\nThe second invoice has the wrong sum.",
        "1. the padlock is gone 2. the certificate has run out",
        "Also, thank you.",
        "Please refund the second invoice of our plan. How do the browsers treat it, with the padlock gone?",
        "Browsers say the certificate has run out. Which refund do we get for last month of our plan?",
    ],
)
def test_one_matter_stays_one_with_all_its_words(text, model):
    (only,) = split(text, model)
    assert only.text == text


def test_the_close_of_a_letter_is_no_matter_of_its_own(model):
    told = "The padlock has gone from my checkout and browsers say the certificate has run out since noon."
    assert (
        len(
            split(
                f"{told}\n\nThank you for the refund of last month and kind wishes\nAnna Berg\nBerg Shoes",
                model,
            )
        )
        == 1
    )
