"""A draft is written by several people at once, and nothing that was typed is lost."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from evenhand.audit.models import Entry
from evenhand.people.models import Brand, Person
from evenhand.rulebook.drafts import queries, revisions
from evenhand.rulebook.drafts.refusals import MayNotWrite, NoSuchRevision, NotOpen, NotText
from evenhand.rulebook.models import Draft, Wording

TEXT = "one\ntwo\nthree\nfour\nfive"


@pytest.fixture
def draft(ac: Brand, leo_lead: Person) -> Draft:
    return revisions.begin(ac, title="Autumn", text=TEXT, sayings="s", by=leo_lead)


def save(draft: Draft, text: str, based_on: int, by: Person, sayings: str | None = None) -> revisions.Saved:
    return revisions.save(draft, text=text, sayings=sayings, based_on=based_on, by=by)


def texts(draft: Draft) -> list[str]:
    return [one.text for one in draft.revisions.select_related("words").order_by("number")]


def test_a_save_is_the_next_revision(draft: Draft, leo_lead: Person) -> None:
    saved = save(draft, "new", 1, leo_lead)
    assert (saved.number, saved.head, texts(draft)) == (2, 2, [TEXT, "new"])


def test_saving_what_stands_writes_nothing(draft: Draft, leo_lead: Person) -> None:
    assert save(draft, TEXT, 1, leo_lead).head == 1
    assert texts(draft) == [TEXT]


def test_sayings_that_were_not_touched_stay_and_are_kept_once(draft: Draft, leo_lead: Person) -> None:
    assert save(draft, "new", 1, leo_lead).sayings == "s"
    assert Wording.objects.filter(text="s").count() == 1


def test_what_two_people_saved_in_different_lines_is_joined(
    draft: Draft, leo_lead: Person, root_admin: Person
) -> None:
    save(draft, TEXT.replace("one", "ONE"), 1, root_admin)
    saved = save(draft, TEXT.replace("five", "FIVE"), 1, leo_lead)
    assert (saved.text, saved.joined, saved.clash) == ("ONE\ntwo\nthree\nfour\nFIVE", True, False)


def test_what_was_typed_on_after_a_join_is_joined_again(
    draft: Draft, leo_lead: Person, root_admin: Person
) -> None:
    save(draft, TEXT.replace("one", "ONE"), 1, root_admin)
    typed = save(draft, TEXT.replace("five", "FIVE"), 1, leo_lead)
    more = save(draft, TEXT.replace("five", "FIVE or six"), typed.number, leo_lead)
    assert (more.text, more.clash) == ("ONE\ntwo\nthree\nfour\nFIVE or six", False)


def test_a_page_without_changes_of_its_own_is_given_what_others_saved(
    draft: Draft, leo_lead: Person, root_admin: Person
) -> None:
    save(draft, "hers", 1, root_admin)
    seen = save(draft, TEXT, 1, leo_lead)
    assert (seen.number, seen.head, seen.text, len(texts(draft))) == (1, 2, "hers", 2)


def test_two_wordings_of_one_line_are_both_kept_until_somebody_chooses(
    draft: Draft, leo_lead: Person, root_admin: Person
) -> None:
    save(draft, TEXT.replace("two", "hers"), 1, root_admin)
    saved = save(draft, TEXT.replace("two", "his"), 1, leo_lead)
    assert saved.clash
    assert queries.history(draft)[0].open
    assert (texts(draft)[-1], revisions.revision(draft, saved.head).text) == (
        TEXT.replace("two", "his"),
        TEXT.replace("two", "hers"),
    )


@pytest.mark.parametrize(
    ("choice", "lines"), [("mine", "his"), ("theirs", "hers"), ("both", "his\nhers"), ("", "his\nhers")]
)
def test_a_choice_joins_them(
    draft: Draft, leo_lead: Person, root_admin: Person, choice: str, lines: str
) -> None:
    save(draft, TEXT.replace("two", "hers"), 1, root_admin)
    saved = save(draft, TEXT.replace("two", "his").replace("five", "V"), 1, leo_lead)
    draft.refresh_from_db()
    clash = revisions.clash(draft, saved.number)
    (name,) = [name for name, one in clash.stretches if one.clash]
    assert revisions.choose(draft, saved.number, head=clash.head, choices={name: choice}, by=leo_lead)
    assert texts(draft)[-1] == TEXT.replace("two", lines).replace("five", "V")
    assert not any(row.open for row in queries.history(draft))


def test_a_choice_on_what_no_longer_stands_changes_nothing(
    draft: Draft, leo_lead: Person, root_admin: Person
) -> None:
    save(draft, "hers", 1, root_admin)
    saved = save(draft, "his", 1, leo_lead)
    save(draft, "hers again", 2, root_admin)
    assert not revisions.choose(draft, saved.number, head=2, choices={}, by=leo_lead)
    assert texts(draft)[-1] == "hers again"


def test_what_is_set_aside_twice_is_kept_once(draft: Draft, leo_lead: Person, root_admin: Person) -> None:
    save(draft, "hers", 1, root_admin)
    assert {save(draft, "his", 1, leo_lead).number for _ in range(2)} == {3}


def test_clashing_sayings_are_kept_too(draft: Draft, leo_lead: Person, root_admin: Person) -> None:
    save(draft, TEXT, 1, root_admin, sayings="hers")
    saved = save(draft, TEXT, 1, leo_lead, sayings="his")
    draft.refresh_from_db()
    clash = revisions.clash(draft, saved.number)
    revisions.choose(draft, saved.number, head=clash.head, choices={}, by=leo_lead)
    assert revisions.revision(draft, 4).sayings == "his\nhers"


def test_an_earlier_revision_is_restored_as_a_new_one(draft: Draft, leo_lead: Person) -> None:
    save(draft, "new", 1, leo_lead)
    revisions.restore(draft, 1, by=leo_lead)
    assert texts(draft) == [TEXT, "new", TEXT]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 1_000_001], ids=["NUL", "surrogate", "too long"])
def test_what_cannot_be_kept_is_refused_in_words(draft: Draft, leo_lead: Person, text: str) -> None:
    with pytest.raises(NotText, match="The policy"):
        save(draft, text, 1, leo_lead)
    assert texts(draft) == [TEXT]


def test_a_choice_that_would_be_too_long_is_refused(
    draft: Draft, leo_lead: Person, root_admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(draft, "hers" * 10, 1, root_admin)
    saved = save(draft, "his" * 10, 1, leo_lead)
    monkeypatch.setattr(revisions, "MOST_CHARACTERS", 50)
    with pytest.raises(NotText, match="the most is 50"):
        revisions.choose(draft, saved.number, head=2, choices={}, by=leo_lead)


def test_an_agent_reads_drafts_and_does_not_write_them(draft: Draft, ana_agent: Person) -> None:
    with pytest.raises(MayNotWrite, match="A lead can"):
        save(draft, "hers", 1, ana_agent)


def test_a_lead_of_another_brand_does_not_write_here(draft: Draft, sid: Person) -> None:
    with pytest.raises(MayNotWrite):
        save(draft, "his", 1, sid)


def test_a_revision_that_never_was_is_refused(draft: Draft, leo_lead: Person) -> None:
    with pytest.raises(NoSuchRevision, match="no revision 9"):
        save(draft, "new", 9, leo_lead)


def test_a_discarded_draft_is_not_written_until_it_is_taken_up_again(draft: Draft, leo_lead: Person) -> None:
    revisions.discard(draft, by=leo_lead)
    with pytest.raises(NotOpen, match="Take it up again"):
        save(draft, "new", 1, leo_lead)
    revisions.take_up_again(draft, by=leo_lead)
    assert save(draft, "new", 1, leo_lead).head == 2
    kinds = Entry.objects.filter(stream=f"draft:{draft.pk}").order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["draft.begun", "draft.discarded", "draft.taken up again"]


@pytest.mark.parametrize("table", ["rulebook_revision", "rulebook_wording"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_forget_what_was_typed(draft: Draft, table: str, act: str) -> None:
    change = "kind = 'aside'" if table == "rulebook_revision" else "text = ''"
    with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
        connection.cursor().execute(act.format(table, change))


@pytest.mark.django_db(transaction=True)
def test_eight_people_saving_at_once_lose_no_line(ac: Brand, leo_lead: Person) -> None:
    base = "\n\n".join(f"clause {number}" for number in range(8))
    draft = revisions.begin(ac, title="Autumn", text=base, sayings="", by=leo_lead)

    def write(number: int) -> None:
        save(draft, base.replace(f"clause {number}", f"written by {number}"), 1, leo_lead)
        connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    draft.refresh_from_db()
    text = revisions.revision(draft, draft.head).text
    assert text == "\n\n".join(f"written by {number}" for number in range(8))
