"""What the pages of a draft are told: findings with examples, history, differences."""

from __future__ import annotations

import pytest

from evenhand.people.models import Brand, Person
from evenhand.rulebook.drafts import queries, revisions
from evenhand.rulebook.drafts.queries import checked, difference
from evenhand.rulebook.models import Draft
from evenhand.rulebook.tests.policies import policy

EXAMPLE = "example: topic: billing => answer by 1\n"
WHOLE = policy().replace("calendar office\n```", f"calendar office\n{EXAMPLE}```", 1)


@pytest.fixture
def draft(ac: Brand, leo_lead: Person) -> Draft:
    return revisions.begin(ac, title="Autumn", text=WHOLE, sayings="s", by=leo_lead)


def states(text: str) -> list[str]:
    return [example.state for example in checked(text, "").examples]


def test_an_example_that_holds_says_so() -> None:
    assert states(WHOLE) == ["holds"]


def test_an_example_that_fails_says_why() -> None:
    found = checked(WHOLE.replace("answer by 1", "answer by 2"), "")
    assert [example.state for example in found.examples] == ["fails"]
    assert "2" in found.examples[0].message


def test_examples_wait_while_something_else_is_wrong() -> None:
    assert states(WHOLE.replace("we help to support", "we help to suport")) == ["untried"]


def test_an_example_knows_its_line_and_clause() -> None:
    (example,) = checked(WHOLE, "").examples
    assert WHOLE.split("\n")[example.line - 1] + "\n" == EXAMPLE
    assert (example.clause, example.given, example.expected) == ("1", "topic: billing", "answer by 1")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("fact", "plan"),
        ("fact", "topic"),
        ("topic", "billing"),
        ("department", "support"),
        ("reply", "answer"),
        ("calendar", "office"),
        ("clause", "1"),
        ("act", "decline"),
    ],
)
def test_the_vocabulary_is_at_hand_also_while_the_document_is_wrong(kind: str, name: str) -> None:
    words = checked(WHOLE.replace("we help to support", "we help to suport"), "").words
    assert (kind, name) in {(word.kind, word.name) for word in words}


def test_a_facts_values_are_at_hand() -> None:
    (plan,) = [word for word in checked(WHOLE, "").words if word.name == "plan"]
    assert plan.values == ("basic", "pro")


def test_the_history_says_who_wrote_what_on_which_revision(
    draft: Draft, leo_lead: Person, root_admin: Person
) -> None:
    revisions.save(draft, text="new", sayings=None, based_on=1, by=root_admin)
    draft.refresh_from_db()
    rows = [(row.number, row.kind, row.by, row.parent, row.is_head) for row in queries.history(draft)]
    assert rows == [(2, "written", "Root Admin", 1, True), (1, "begun", "Leo Lead", None, False)]


def test_the_list_of_drafts_shows_open_ones_first(ac: Brand, draft: Draft, leo_lead: Person) -> None:
    later = revisions.begin(ac, title="Later", text="x", sayings="", by=leo_lead)
    revisions.discard(later, by=leo_lead)
    assert [(row.title, row.state) for row in queries.drafts(ac)] == [
        ("Autumn", "open"),
        ("Later", "discarded"),
    ]


def test_a_difference_shows_what_went_and_what_came() -> None:
    old = "\n".join("abcdefghij")
    shown = [
        (line.sign, line.text or line.count, line.old, line.new)
        for line in difference(old, old.replace("e", "E\nEE"))
    ]
    assert shown == [
        ("…", 1, None, None),
        (" ", "b", 2, 2),
        (" ", "c", 3, 3),
        (" ", "d", 4, 4),
        ("-", "e", 5, None),
        ("+", "E", None, 5),
        ("+", "EE", None, 6),
        (" ", "f", 6, 7),
        (" ", "g", 7, 8),
        (" ", "h", 8, 9),
        ("…", 2, None, None),
    ]


def test_between_close_changes_no_line_is_left_out() -> None:
    signs = "".join(line.sign for line in difference("a\nb\nc\nd", "A\nb\nc\nD"))
    assert signs == "-+  -+"


def test_equal_texts_have_no_difference() -> None:
    assert difference("a\nb", "a\nb") == ()


@pytest.mark.parametrize("name", ["", "v", "v0", "d1", "d1.9", "dx.1", "v99999999999999", "d²..1", "x"])
def test_an_address_that_names_no_text_gives_none(ac: Brand, draft: Draft, name: str) -> None:
    assert queries.wording(ac, name) is None


def test_a_revision_is_found_by_its_address_at_its_brand_alone(ac: Brand, sp: Brand, draft: Draft) -> None:
    name = f"d{draft.pk}.1"
    assert queries.wording(ac, name) == (WHOLE, "s", "Autumn, revision 1")
    assert queries.wording(sp, name) is None
