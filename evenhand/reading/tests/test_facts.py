"""Facts are read where the text says them, with the words that said it, and nowhere else."""

import pytest

from evenhand.reading.facts import read_facts
from evenhand.reading.guide import App, named_apps

DECLARED = {
    "theme state": ("fresh", "customised"),
    "works as intended": ("yes", "no"),
    "customer status": ("current", "prospect"),
    "app integrated": ("yes", "no"),
}
APPS = (
    App(name="Parcel Heron", aliases=("ParcelHeron Plus",), integrated=True),
    App(name="LedgerFinch", integrated=False),
    App(name="Inkwell", integrated=True),
)


def value(fact, text):
    reading = read_facts(text, declared=DECLARED, apps=APPS).get(fact)
    return reading and reading.value


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("The untouched theme shows no prices.", "fresh"),
        ("We haven't changed anything in the template and the menu stays shut.", "fresh"),
        ("I installed this theme today, no custom code.", "fresh"),
        ("The theme is straight out of the box", "fresh"),
        ("Our developer has rewritten half the CSS of the theme.", "customised"),
        ("We’ve edited the footer template ourselves.", "customised"),
        ("No developer has ever touched this theme.", "fresh"),
        ("Which theme suits a bakery?", None),
        ("I have not changed anything, but my order list is empty.", None),
        ("The theme is unmodified, though our designer edited the header.", None),
    ],
)
def test_theme_state(text, state):
    assert value("theme state", text) == state


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("The menu does not open on phones.", "no"),
        ("The second picture is missing", "no"),
        ("My theme shows no prices", "no"),
        ("I'd like the header to be in blue", "yes"),
        ("How do I make the logo bigger?", "yes"),
        ("I'd like it to work again: the slider is broken.", "no"),
        ("Thank you for everything.", None),
    ],
)
def test_broken_or_wished_for(text, works):
    assert value("works as intended", text) == works


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Before I buy: do you have a phone line?", "prospect"),
        ("I am not a customer yet.", "prospect"),
        ("We are evaluating three platforms.", "prospect"),
        ("This is not a customer's card but ours.", None),
        ("My customers cannot sign up.", None),
    ],
)
def test_whether_it_is_a_customer(text, status):
    assert value("customer status", text) == status


@pytest.mark.parametrize(
    ("text", "integrated"),
    [
        ("Parcel Heron prints no labels", "yes"),
        ("parcelheron prints no labels", "yes"),
        ("How do I set up parcelheron plus?", "yes"),
        ("LegderFinch does not take our orders", "no"),
        ("Inkwell and LedgerFinch quarrel", None),
        ("We use a till that is not in your guide.", "no"),
        ("Is there a manual for the printer? You list it.", "yes"),
        ("The parcel has a heron on it.", None),
    ],
)
def test_app_in_the_guide(text, integrated):
    assert value("app integrated", text) == integrated


def test_the_guide_stands_above_what_the_writer_thinks():
    reading = read_facts("Parcel Heron is not listed", declared=DECLARED, apps=APPS)["app integrated"]
    assert (reading.value, reading.source) == ("yes", 'app guide: Parcel Heron, read: "Parcel Heron"')


def test_the_source_quotes_the_words():
    reading = read_facts("It is an Untouched theme", declared=DECLARED)["theme state"]
    assert reading.source == 'read: "Untouched"'
    assert 0 < reading.confidence <= 1


def test_only_declared_facts_and_values_are_read():
    assert read_facts("an untouched theme, before I buy", declared={"theme state": ("new", "old")}) == {}


def test_a_misspelt_name_is_less_sure_than_the_name():
    exact, near = (named_apps(text, APPS)[0].confidence for text in ("LedgerFinch", "LedgerFinhc"))
    assert near < exact


def test_a_short_word_is_never_taken_for_a_slip():
    assert named_apps("Paypol", (App(name="PayPal", integrated=True),)) == ()
