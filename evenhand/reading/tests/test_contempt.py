"""A group, the desk and contempt in one sentence are a remark; two of the three are not."""

import pytest

from evenhand.reading.screen import screen
from evenhand.reading.wordlists import rows

ONE = [row["one"] for row in rows("groups.tsv")]


def kinds(text):
    return {found.kind for found in screen(text, "email") if found.label == "discriminatory"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Your Kenyan or Nigerian agent had no idea, typical.", "racial"),
        ("A Hindu in accounting, no wonder nothing adds up.", "religious"),
        ("This update of yours was surely made by Democrats.", "political"),
        ("Is everyone on your phones a foreigner now?", "jingoist"),
        ("A man of your age can't understand it.", "ageist"),
        ("She's busy with her nails, not answering.", "sexist"),
    ],
)
def test_a_group_the_desk_and_contempt_are_a_remark_of_its_kind(text, kind):
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "Your agent had no idea, typical.",
        "I spoke with your Kenyan agent, a Sikh, on Monday.",
        "The Kenyan coffee is hopeless, it never sells.",
        "I'm a Hindu and I can't see the calendar that you show.",
        "You never answer, and our Kenyan customers can't pay.",
        "Your Polish agent was great; typical of your team.",
    ],
)
def test_two_of_the_three_are_not(text):
    assert kinds(text) == set()


def test_every_group_is_the_same_to_it():
    said = {one: bool(kinds(f"Is everybody in your call center {one}? No wonder.")) for one in ONE}
    assert [one for one, found in said.items() if not found] == []
