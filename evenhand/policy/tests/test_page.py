"""The public page and its pieces: what is printed, what is linked, what is escaped."""

from __future__ import annotations

import pytest

from evenhand.policy import Policy, compile_policy

from .cast import clause, part, policy_of

HELPED = "always\nwe help to support; reply answer"
DECLINED = "when topic: theme-code\nwe decline; reply decline-design\nover 1"


@pytest.fixture(scope="module")
def policy() -> Policy:
    text = policy_of(
        part(clause("1", HELPED), clause("2", DECLINED, prose="Read {articles}; {sales} is not about this."))
    )
    return compile_policy(text.replace("Conduct > ", ""))


def test_the_prose_of_a_clause_is_what_the_page_prints_of_it(policy: Policy) -> None:
    prose = policy.prose_html("2")
    assert prose.startswith("<p>")
    assert prose in policy.page()


def test_places_are_linked_where_they_have_an_address(policy: Policy) -> None:
    page = policy.page(lambda name: f"/at/{name}" if name == "articles" else None)
    assert '<a href="/at/articles">the help centre</a>' in page
    assert "/at/sales" not in page


def test_an_unknown_clause_has_no_prose(policy: Policy) -> None:
    with pytest.raises(KeyError):
        policy.prose_html("99")
