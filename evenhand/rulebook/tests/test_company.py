"""Remarks hold to the text they speak of, and people see who else has a draft open."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from evenhand.audit.models import Entry
from evenhand.people.models import Brand, Person
from evenhand.rulebook.drafts import company, revisions
from evenhand.rulebook.drafts.refusals import MayNotWrite, NoSuchLine, NotText
from evenhand.rulebook.models import Draft, Presence

TEXT = (
    "# What we do\n\n## 1 Help\nWe help.\n### 1.1 Except\nNot then.\n## 2 More\nWe help.\n# Schedules\nwords"
)


@pytest.fixture
def draft(ac: Brand, leo_lead: Person) -> Draft:
    return revisions.begin(ac, title="x", text=TEXT, sayings="", by=leo_lead)


def on_line(draft: Draft, line: int, by: Person, text: str = "Really?") -> int:
    return company.remark(draft, line=line, number=1, text=text, by=by).pk


def line_in(draft: Draft, text: str) -> int | None:
    (one,) = company.anchored(draft, text)
    return one.line


@pytest.mark.parametrize(("line", "clause"), [(1, ""), (4, "1"), (6, "1.1"), (8, "2"), (10, "")])
def test_a_remark_knows_its_clause(draft: Draft, ana_agent: Person, line: int, clause: str) -> None:
    on_line(draft, line, ana_agent)
    assert draft.remarks.get().clause == clause


def test_a_remark_moves_with_its_line(draft: Draft, ana_agent: Person) -> None:
    on_line(draft, 8, ana_agent)
    assert line_in(draft, "new\n" + TEXT) == 9


def test_of_two_equal_lines_it_holds_to_the_one_in_its_clause(draft: Draft, ana_agent: Person) -> None:
    on_line(draft, 8, ana_agent)
    assert line_in(draft, TEXT) == 8


def test_a_remark_follows_its_text_into_another_clause(draft: Draft, ana_agent: Person) -> None:
    on_line(draft, 6, ana_agent)
    assert line_in(draft, TEXT.replace("### 1.1", "### 1.2")) == 6


def test_where_the_line_is_gone_the_clause_is_meant(draft: Draft, ana_agent: Person) -> None:
    on_line(draft, 6, ana_agent)
    assert line_in(draft, TEXT.replace("Not then.", "Never.")) == 5


def test_where_the_clause_is_gone_too_it_stays_without_a_line(draft: Draft, ana_agent: Person) -> None:
    on_line(draft, 6, ana_agent)
    assert line_in(draft, "## 2 More") is None


def test_remarks_come_in_the_order_of_their_lines(draft: Draft, ana_agent: Person) -> None:
    for line in (8, 4):
        on_line(draft, line, ana_agent)
    assert [one.line for one in company.anchored(draft, TEXT)] == [4, 8]


def test_a_remark_is_settled_and_taken_up_again_on_record(
    draft: Draft, ana_agent: Person, leo_lead: Person
) -> None:
    remark = on_line(draft, 4, ana_agent)
    company.settle(draft, remark, by=leo_lead)
    assert draft.remarks.get().settled_by == leo_lead
    company.take_up(draft, remark, by=ana_agent)
    assert draft.remarks.get().settled_at is None
    kinds = Entry.objects.filter(stream=f"draft:{draft.pk}").order_by("number").values_list("kind", flat=True)
    assert list(kinds)[1:] == ["draft.remarked", "draft.remark settled", "draft.remark taken up"]


@pytest.mark.parametrize("text", ["", " \0 ", "x" * 4_001])
def test_a_remark_that_says_nothing_or_too_much_is_refused(
    draft: Draft, ana_agent: Person, text: str
) -> None:
    with pytest.raises(NotText, match="The remark"):
        on_line(draft, 4, ana_agent, text)


@pytest.mark.parametrize("line", [0, 11])
def test_a_line_that_is_not_there_is_refused(draft: Draft, ana_agent: Person, line: int) -> None:
    with pytest.raises(NoSuchLine, match="has 10 lines"):
        on_line(draft, line, ana_agent)


def test_a_customer_remarks_on_nothing(draft: Draft, cora: Person) -> None:
    with pytest.raises(MayNotWrite):
        on_line(draft, 4, cora)


def test_people_see_who_else_is_here_until_they_leave(
    draft: Draft, ana_agent: Person, leo_lead: Person
) -> None:
    for person in (ana_agent, leo_lead):
        company.be_here(draft, by=person)
    assert company.others_here(draft, leo_lead) == (ana_agent,)
    company.leave(draft, by=ana_agent)
    assert company.others_here(draft, leo_lead) == ()


def test_whoever_is_silent_for_a_minute_is_gone(draft: Draft, ana_agent: Person, leo_lead: Person) -> None:
    company.be_here(draft, by=ana_agent)
    Presence.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=1))
    assert company.others_here(draft, leo_lead) == ()
