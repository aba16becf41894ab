"""The public page: readable, linked, escaped, and silent about what is internal."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evenhand.policy import GlanceRow, MissingSlot, Policy, compile_policy

from .cast import SCHEDULES, clause, part, policy_of

GOOD = (Path(__file__).parent / "good" / "every-kind-of-rule.md").read_text()


@pytest.fixture(scope="module")
def policy() -> Policy:
    return compile_policy(GOOD)


class Ids(HTMLParser):
    """Collects ids and links, and whether every element that opens is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.crossed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.crossed = self.crossed or self.open.pop() != tag


def read(html: str) -> Ids:
    found = Ids()
    found.feed(html)
    return found


def test_every_clause_has_its_own_place_and_stands_in_the_contents(policy: Policy) -> None:
    page = read(policy.page())
    assert {f"c-{number}" for number in policy.clauses} == set(page.ids)
    assert {f"#{anchor}" for anchor in page.ids} == set(page.links)


def test_elements_close_in_order(policy: Policy) -> None:
    page = read(policy.page())
    assert (page.crossed, page.open) == (False, [])


def test_exceptions_stand_inside_their_clause(policy: Policy) -> None:
    page = policy.page()
    outer = page.index('id="c-1"')
    assert outer < page.index('id="c-1.1"') < page.index('id="c-2"')
    assert '<section class="clause clause--except" id="c-1.1"><h4>' in page


def test_what_is_set_is_never_printed_and_what_is_promised_is(policy: Policy) -> None:
    page = policy.page()
    assert "priority" not in page
    assert "We promise a first reply in 1 hour." in page
    assert "We aim for first reply: 8 business hours." in page
    assert not re.search(r"\b(7|90|180) days", page)


def test_examples_and_sayings_are_never_printed(policy: Policy) -> None:
    assert "example:" not in policy.page()
    assert "padlock" not in policy.page()


def test_what_never_occurs_is_printed_as_a_definition(policy: Policy) -> None:
    assert "It is never so that cause is ours and topic is a dark admin." in policy.page()


def test_places_and_services_are_links_where_there_is_an_address(policy: Policy) -> None:
    page = policy.page(lambda name: f"/places/{name}" if name == "articles" else None)
    assert '<a href="/places/articles">the help centre</a>' in page
    assert "<li>25 USD each</li>" in page


def test_what_the_document_says_is_escaped() -> None:
    text = policy_of(
        part(
            clause(
                "1",
                "always\nwe help; reply answer; pointers articles",
                prose="<script>x</script> [a](javascript:x)",
            ),
            title="A <b> & more",
        ),
        schedules=SCHEDULES.replace("articles: the help centre", "articles: the <i>help</i> centre"),
    ).replace("precedence: Conduct > What we help with\n", "")
    page = compile_policy(text).page(lambda name: '/"><script>')
    assert "<script>" not in page
    assert "javascript:" not in page.replace("(javascript:x)", "")
    assert "A &lt;b&gt; &amp; more" in page
    assert "the &lt;i&gt;help&lt;/i&gt; centre" in page


def test_at_a_glance_tells_each_clause_and_act(policy: Policy) -> None:
    rows = policy.at_a_glance()
    assert rows[0] == GlanceRow(number="1", title="Everything about your shop", act="help")
    assert [row.act for row in rows if row.number == "5"] == ["decline"]
    assert "8" not in {row.number for row in rows}


def test_clauses_carry_their_prose_with_slots_filled(policy: Policy) -> None:
    assert policy.clauses["2"].prose.startswith(
        "On basic you have three questions a month; after that Sales quotes."
    )
    assert policy.clauses["5"].cases[1].cite == "5(b)"
    assert policy.clauses["1.1"].parent == "1"


def test_a_reply_is_filled_with_what_is_given_and_with_the_documents_own_words(policy: Policy) -> None:
    assert policy.render_reply("answer", {"answer": "Renewed."}) == "Renewed. the help centre"
    assert (
        policy.render_reply("answer", {"answer": "Renewed.", "articles": "See a.example."})
        == "Renewed. See a.example."
    )
    assert policy.slots_of("quote") == ("service", "due")


def test_a_slot_of_the_moment_that_is_missing_is_told(policy: Policy) -> None:
    with pytest.raises(MissingSlot) as told:
        policy.render_reply("quote", {"service": "An hour."})
    assert told.value.name == "due"


def test_the_ladder_says_what_follows(policy: Policy) -> None:
    ladder = policy.ladder
    assert ladder is not None
    step = ladder.step("warned", "cursing")
    assert step is not None
    assert (step.name, step.lasts_days, step.lapses_days, step.reply) == ("ban", 7, 180, "banned")
    assert ladder.step("good", "none") is None
    decision = policy.decide({"topic": "ssl", "standing": "warned", "breach": "shouting"})
    assert (decision.act, decision.step) == ("help", "warning")


def test_calendars_are_read_into_hours(policy: Policy) -> None:
    office = policy.calendars["office"]
    assert (office.zone, office.hours[3], office.hours[4], office.hours[5]) == (
        "America/Chicago",
        ((480, 1080),),
        ((480, 960),),
        (),
    )
    assert [day.isoformat() for day in office.closed] == ["2027-01-01", "2027-12-24"]
    assert policy.calendars["always"].always_open
