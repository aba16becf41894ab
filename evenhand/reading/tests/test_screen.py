"""Conduct is seen where it is, and nobody is flagged for who they are, what they sell or what was done to
them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evenhand.reading.lexicon import lexicon
from evenhand.reading.screen import same_matter, screen
from evenhand.reading.wordlists import rows

CASES = Path(__file__).parents[4] / "shared" / "cases" / "conduct.jsonl"
GROUPS = sorted({row["many"] for row in rows("groups.tsv")})


def labels(text: str, channel: str = "email") -> set[str]:
    return {finding.label for finding in screen(text, channel)}


@pytest.mark.parametrize(
    "text",
    [
        "What the fuck is this",
        "sh1t service",
        "f**k this",
        "f#@k",
        "s.h.i.t",
        "f u c k you",
        "fuuuuck",
        "a$$hole",
        "ƒuck",
        "f\u200bu\u200bck",
        "shіt",
        "𝐟𝐮𝐜𝐤",
        "bullsh*t",
        "this is BS",
        "kiss my ass",
        "you're a dick",
        "screw you!",
        "Das ist doch Scheiße",
        "putain de site",
        "#@$%&!",
        "FUCKING JOKE",
    ],
)
def test_curses_however_they_are_spelt(text: str) -> None:
    assert "cursing" in labels(text)


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Penistone and Cockburn Street",
        "Dick's Sporting Goods and Dick Smith",
        "Shih Tzu puppies, bitch collars for breeding dogs",
        "cocks and hens, cocktail shakers, peacocks",
        "classic bass, assassins, mass import",
        "Samsung A55, route SH1",
        "price** see below",
        "fire retardant spray",
        "kill the process, abort the import",
        "Hell, Michigan",
        "the site is stupid and useless",
        "screw you need: M4",
    ],
)
def test_names_and_products_are_no_curses(text: str) -> None:
    assert labels(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "A customer called me a fucking idiot, can I block him?",
        'A review says "fuck this shop". How do I delete it?',
        "Someone wrote 'go back to your country' under my product, can you remove it?",
        'Is the word "shit" in your profanity filter?',
    ],
)
def test_victims_may_quote(text: str) -> None:
    assert labels(text) == set()


def test_a_caller_who_curses_an_agent_is_no_victim() -> None:
    assert labels("Caller called me a stupid bitch and hung up", "phone note") == {"cursing"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Women can't understand computers", "sexist"),
        ("let me talk to a man", "sexist"),
        ("calm down sweetheart", "sexist"),
        ("lazy Mexicans", "racial"),
        ("get me someone without an accent", "racial"),
        ("I don't want to talk to an Indian", "racial"),
        ("all Muslims are terrorists", "religious"),
        ("typical liberal nonsense", "political"),
        ("go back to your country", "jingoist"),
        ("This is America, speak English", "jingoist"),
        ("ok boomer", "ageist"),
        ("she's too young to know anything", "ageist"),
    ],
)
def test_the_six_kinds_of_remark(text: str, kind: str) -> None:
    assert kind in {finding.kind for finding in screen(text, "email") if finding.label == "discriminatory"}


def test_a_word_about_disabilities_is_a_curse_since_the_policy_names_six_kinds_and_not_this_one() -> None:
    assert labels("Your support is retarded.") == {"cursing"}


def test_every_slur_is_of_one_of_the_six_kinds() -> None:
    kinds = {row["kind"] for row in rows("terms.tsv")} - {"cursing"}
    assert kinds <= {"sexist", "racial", "religious", "political", "jingoist", "ageist"}


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_may_be_named(group: str) -> None:
    for text in (
        f"We sell gifts for {group}.",
        f"Our customers are mostly {group}; the size chart is wrong.",
        f"How do I add a category for {group}?",
        f"{group.capitalize()} can't check out on my store since the update.",
        f"A banner that welcomes {group}, please.",
    ):
        assert labels(text) == set(), text


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_is_protected_alike(group: str) -> None:
    for text in (f"All {group} are stupid.", f"I hate {group}.", f"{group.capitalize()} can't be trusted."):
        assert "discriminatory" in labels(text), text


@pytest.mark.parametrize(
    "text",
    [
        "FIX MY STORE NOW PLEASE",
        "I asked before. NOW I AM TELLING YOU. FIX THE CHECKOUT. DO NOT CLOSE MY TICKET.",
    ],
)
def test_capitals(text: str) -> None:
    assert labels(text) == {"all-caps"}


@pytest.mark.parametrize(
    "text",
    [
        "It says FATAL ERROR: CONNECTION REFUSED BY HOST. RETRY LIMIT REACHED.",
        "ACME WIDGETS LLC",
        "USPS UPS FEDEX DHL",
        "The banner reads FREE SHIPPING ON ALL ORDERS NOW",
        "SSL",
        "ERROR 404: PAGE NOT FOUND",
        "my SKU LIST XL XXL",
    ],
)
def test_capitals_that_are_nobody_s_voice(text: str) -> None:
    assert labels(text) == set()


@pytest.mark.parametrize(
    "note",
    [
        "Caller yelling at agent about tax.",
        "Customer raised her voice and slammed the phone down.",
        "She screamed at me the whole time.",
    ],
)
def test_screaming(note: str) -> None:
    assert labels(note, "phone note") == {"screaming"}
    assert "screaming" not in labels(note, "email")


@pytest.mark.parametrize(
    "note",
    [
        "Her baby was screaming in the background.",
        "Never raised his voice.",
        "Noisy warehouse, he had to shout over the machines.",
        "Sells screaming goat toys.",
    ],
)
def test_noise_is_no_screaming(note: str) -> None:
    assert labels(note, "phone note") == set()


ASKED = "Please restyle my menu with CSS.\n[reply: design work is paid, here are the articles]"


@pytest.mark.parametrize(
    "again",
    [
        "Please restyle my menu with CSS, hoping for another agent",
        "Could somebody restyle the menu CSS? The last agent refused.",
    ],
)
def test_asking_until_someone_gives_in(again: str) -> None:
    assert same_matter(ASKED, again, True) is not None
    assert same_matter(ASKED, again, False) is None


@pytest.mark.parametrize(
    "again",
    [
        "Following up on my menu CSS: a screenshot is attached.",
        "My email bounced, so again: please restyle my menu with CSS.",
        "As your agent asked me to, a new ticket for the menu CSS.",
        "Now the shipping zones are wrong.",
        "Same menu CSS question, but for my second store.",
    ],
)
def test_adding_is_no_offence(again: str) -> None:
    assert same_matter(ASKED, again, True) is None


def test_every_term_bears_kind_severity_and_source() -> None:
    for row in rows("terms.tsv"):
        assert row["kind"], row["term"]
        assert row["severity"] in ("mild", "standard", "severe")
        assert row["source"], row["term"]
    assert len(lexicon().words) > 200


def test_findings_point_at_their_words() -> None:
    text = "Ünïcode ☃: this is bullshit"
    (finding,) = screen(text, "email")
    assert text[finding.start : finding.end] == finding.term == "bullshit"


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not here")
def test_figures_on_the_shared_cases() -> None:
    every = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    clear = [row for row in every if not row["ambiguous"]]
    right = sum(_labels_of(row) == set(row["labels"]) for row in clear)
    flagged = sum(bool(_labels_of(row)) for row in clear if not row["labels"])
    assert right / len(clear) >= 0.95
    assert flagged / sum(not row["labels"] for row in clear) <= 0.02


def _labels_of(row: dict[str, str]) -> set[str]:
    if "text_b" not in row:
        return labels(row["text"], row["channel"])
    repeated = same_matter(row["text"], row["text_b"], bool(row["same_sender"]))
    return {repeated.label} if repeated else set()
