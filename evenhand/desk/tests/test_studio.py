"""The Studio over HTTP: what is kept, checked, tried and refused, and who may see it."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from evenhand.desk.tests.scene import DESK, signed_in
from evenhand.people.models import Brand, Person
from evenhand.rulebook.drafts import company, revisions
from evenhand.rulebook.models import Draft, Revision, Version, Wording

STUDIO = f"{DESK}/rulebook/drafts"


@pytest.fixture
def draft(ac: Brand, leo_lead: Person, published: dict[str, Version]) -> Draft:
    version = published[ac.slug]
    return revisions.begin(
        ac, title="Spring", text=version.text, sayings=version.sayings, by=leo_lead, based_on=version
    )


@pytest.fixture
def leo(leo_lead: Person) -> Any:
    return signed_in(leo_lead)


def page_of(browser: Any, draft: Draft, path: str = "") -> str:
    return str(browser.get(f"{STUDIO}/{draft.pk}{path}").content.decode())


def keep(browser: Any, draft: Draft, text: str, based_on: int = 1, **more: str) -> Any:
    given = {"text": text, "based_on": based_on} | more
    return browser.post(f"{STUDIO}/{draft.pk}/keep", given)


def head_of(draft: Draft) -> Revision:
    draft.refresh_from_db()
    return revisions.revision(draft, draft.head)


# ── Keeping ──


def test_what_is_kept_is_answered_with_its_number(leo: Any, draft: Draft) -> None:
    answer = keep(leo, draft, "new").json()
    assert (answer["number"], answer["head"], answer["edits"], head_of(draft).text) == (2, 2, [], "new")


def test_line_ends_of_a_form_are_made_alike(leo: Any, draft: Draft) -> None:
    keep(leo, draft, "one\r\ntwo\rthree\n")
    assert head_of(draft).text == "one\ntwo\nthree\n"


def test_what_others_wrote_comes_back_as_edits(leo: Any, draft: Draft, root_admin: Person) -> None:
    text = draft.revisions.get().text
    revisions.save(draft, text="first\n" + text, sayings=None, based_on=1, by=root_admin)
    answer = keep(leo, draft, text + "last\n").json()
    assert (answer["edits"], answer["joined"], answer["head"]) == ([[0, 0, ["first"]]], True, 4)


def test_a_clash_leads_to_the_choice(leo: Any, draft: Draft, root_admin: Person) -> None:
    revisions.save(draft, text="hers", sayings=None, based_on=1, by=root_admin)
    address = keep(leo, draft, "his").json()["clash"]
    assert "Two texts for the same lines" in leo.get(address).content.decode()
    assert leo.post(address, {"head": 2, "t1": "mine"}).status_code == 302
    assert head_of(draft).text == "his"


def test_a_choice_on_an_old_page_is_asked_again(leo: Any, draft: Draft, root_admin: Person) -> None:
    revisions.save(draft, text="hers", sayings=None, based_on=1, by=root_admin)
    address = keep(leo, draft, "his").json()["clash"]
    answer = leo.post(address, {"head": 1})
    assert answer.status_code == 409
    assert "changed again before you chose" in answer.content.decode()


def test_without_scripts_the_form_keeps_and_checks(leo: Any, draft: Draft) -> None:
    leo.post(f"{STUDIO}/{draft.pk}", {"text": "# Nothing", "based_on": 1})
    assert "1 error" in page_of(leo, draft)
    assert head_of(draft).text == "# Nothing"


def test_sayings_are_kept_with_the_text(leo: Any, draft: Draft) -> None:
    assert keep(leo, draft, "new", sayings="said").json()["head"] == 2
    assert head_of(draft).sayings == "said"


@pytest.mark.parametrize(
    ("text", "said"),
    [("a\0b", "NUL"), ("x" * 1_000_001, "the most is 1,000,000")],
    ids=["NUL", "a million and one"],
)
def test_what_cannot_be_kept_is_refused_in_words(leo: Any, draft: Draft, text: str, said: str) -> None:
    answer = keep(leo, draft, text)
    assert answer.status_code == 409
    assert said in answer.json()["problem"]
    assert head_of(draft).number == 1


def test_what_was_typed_stands_on_the_page_that_refuses_it(leo: Any, draft: Draft) -> None:
    answer = leo.post(f"{STUDIO}/{draft.pk}", {"text": "typed\0", "based_on": 1})
    assert answer.status_code == 409
    assert "typed" in answer.content.decode()


def test_halves_of_characters_arrive_as_a_sign_that_something_is_missing(leo: Any, draft: Draft) -> None:
    body = b"text=a%ED%A0%80b&based_on=1"
    leo.post(f"{STUDIO}/{draft.pk}/keep", body, content_type="application/x-www-form-urlencoded")
    assert head_of(draft).text.startswith("a\ufffd")


@pytest.mark.parametrize("number", ["0", "99", "x", "", "99999999999"])
def test_a_revision_that_is_none_is_refused(leo: Any, draft: Draft, number: str) -> None:
    answer = leo.post(f"{STUDIO}/{draft.pk}/keep", {"text": "new", "based_on": number})
    assert answer.status_code in (409, 422)
    assert answer.json()["problem"]


def test_a_form_of_another_site_is_refused(leo_lead: Person, draft: Draft) -> None:
    strict = signed_in(leo_lead)
    strict.handler.enforce_csrf_checks = True
    assert keep(strict, draft, "new").status_code == 403
    assert head_of(draft).number == 1


# ── Checking ──


def check(browser: Any, draft: Draft, text: str, **more: str) -> str:
    answer = browser.post(f"{STUDIO}/{draft.pk}/check", {"text": text} | more)
    return str(answer.content.decode())


def test_findings_name_their_lines(leo: Any, draft: Draft) -> None:
    wrong = head_of(draft).text.replace("when topic: ticket-status", "when topic: ticket-statu")
    line = wrong.split("\n").index("when topic: ticket-statu") + 1
    answer = check(leo, draft, wrong)
    assert f'data-line="{line}" data-severity="error"' in answer
    assert "Did you mean “ticket-status”?" in answer


def test_sayings_that_are_not_sent_are_those_of_the_draft(leo: Any, draft: Draft) -> None:
    text = head_of(draft).text
    assert "0 errors" not in check(leo, draft, text)
    assert "nobody-knows" in check(leo, draft, text, sayings='nobody-knows:\n  "hello there"\n')


def test_words_come_along_only_where_they_changed(leo: Any, draft: Draft) -> None:
    text = head_of(draft).text
    answer = check(leo, draft, text)
    key = answer.partition('data-key="')[2].partition('"')[0]
    assert "fresh-words" in answer
    assert "fresh-words" not in check(leo, draft, text, words=key)


def test_checking_keeps_nothing(leo: Any, draft: Draft) -> None:
    before = Wording.objects.count()
    check(leo, draft, "anything at all")
    assert (Wording.objects.count(), head_of(draft).number) == (before, 1)


# ── Trying a request ──

SECRET = "The padlock of my store is gone: SSL certificate warning. My card is 4111 1111 1111 1111."


def try_it(browser: Any, draft: Draft, text: str, **facts: str) -> Any:
    given = {"request_text": text} | {
        f"fact:{name.replace('_', ' ')}": value for name, value in facts.items()
    }
    return browser.post(f"{STUDIO}/{draft.pk}/try", given, headers={"HX-Request": "true"})


def test_a_request_is_decided_by_both_and_compared(leo: Any, draft: Draft) -> None:
    page = try_it(leo, draft, SECRET).content.decode()
    assert "Nothing changes for this request." in page
    assert "5 Email, domains, DNS and certificates" in page.replace("§\u202f", "").replace("</span>", "")
    assert "what looked secret in it was taken out" in page


def test_a_request_that_the_draft_decides_otherwise_says_so(leo: Any, draft: Draft) -> None:
    text = head_of(draft).text
    clause = text.index("## 5 ")
    rule = "we help to support; reply answer; pointers help articles"
    at = text.index(rule, clause)
    lines = text[:at] + "we leave it to a person; reply human-review" + text[at + len(rule) :]
    keep(leo, draft, "\n".join(line for line in lines.split("\n") if not line.startswith("example:")))
    page = try_it(leo, draft, SECRET).content.decode()
    assert "This request would be decided differently." in page


def test_nothing_of_a_request_is_stored_or_logged(
    leo: Any, draft: Draft, caplog: pytest.LogCaptureFixture, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as asked:
        try_it(leo, draft, SECRET)
    assert not [query for query in asked.captured_queries if "padlock" in query["sql"]]
    assert "4111" not in caplog.text


def test_a_fact_that_the_lead_knows_stands_above_what_is_read(leo: Any, draft: Draft) -> None:
    page = try_it(leo, draft, SECRET, customer_status="prospect").content.decode()
    assert "known, you" in page


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"customer_status": "friend"}, "is not a value of customer status"),
        ({"colour": "blue"}, "There is no fact “colour”"),
        ({"topic": "magic"}, "There is no topic “magic”"),
    ],
)
def test_a_fact_that_does_not_fit_is_refused_in_words(
    leo: Any, draft: Draft, facts: dict[str, str], said: str
) -> None:
    answer = try_it(leo, draft, SECRET, **facts)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_draft_with_errors_decides_nothing(leo: Any, draft: Draft) -> None:
    keep(leo, draft, "# Nothing")
    answer = try_it(leo, draft, SECRET)
    assert answer.status_code == 409
    assert "Mend what the findings name first" in answer.content.decode()


def test_without_scripts_the_whole_page_shows_the_trial(leo: Any, draft: Draft) -> None:
    answer = leo.post(f"{STUDIO}/{draft.pk}/try", {"request_text": SECRET})
    page = answer.content.decode()
    assert "Nothing changes for this request." in page
    assert 'id="editor"' in page


# ── Remarks, history, tidying ──


def test_an_agent_remarks_and_the_lead_settles(ana: Any, leo: Any, draft: Draft) -> None:
    given = {"line": 3, "number": 1, "text": "Is this the year?"}
    ana.post(f"{STUDIO}/{draft.pk}/remarks", given)
    remark = draft.remarks.get()
    assert "Is this the year?" in page_of(leo, draft)
    leo.post(f"{STUDIO}/{draft.pk}/remarks/{remark.pk}", {"do": "settle"})
    assert "1 settled" in page_of(ana, draft)


def test_a_remark_on_no_line_stands_on_the_page_that_refuses_it(ana: Any, draft: Draft) -> None:
    answer = ana.post(f"{STUDIO}/{draft.pk}/remarks", {"line": 9999, "number": 1, "text": "Where?"})
    assert answer.status_code == 409
    assert "Where?" in answer.content.decode()
    assert "no line 9999" in answer.content.decode()


def test_an_agent_reads_the_draft_and_cannot_type_in_it(ana: Any, draft: Draft) -> None:
    page = page_of(ana, draft)
    assert "readonly" in page
    assert "Keep and check" not in page


def test_the_history_shows_the_difference_to_any_other_text(leo: Any, draft: Draft) -> None:
    keep(leo, draft, head_of(draft).text.replace("## 6 Tickets", "## 6 Tickets of yours"))
    page = page_of(leo, draft, f"/history?from=d{draft.pk}.1&to=d{draft.pk}.2")
    assert "## 6 Tickets of yours and where they stand" in page
    assert "Spring, revision 1 to Spring, revision 2" in page


def test_a_text_that_is_not_there_is_not_compared(leo: Any, draft: Draft) -> None:
    assert leo.get(f"{STUDIO}/{draft.pk}/history?from=v0").status_code == 404


def test_an_earlier_revision_is_made_the_text_again(leo: Any, draft: Draft) -> None:
    text = head_of(draft).text
    keep(leo, draft, "new")
    leo.post(f"{STUDIO}/{draft.pk}/restore", {"number": 1})
    assert (head_of(draft).text, head_of(draft).number) == (text, 3)


def test_a_draft_is_renamed_put_away_and_taken_up_again(leo: Any, draft: Draft) -> None:
    for given in ({"do": "rename", "title": "Summer"}, {"do": "discard"}):
        leo.post(f"{STUDIO}/{draft.pk}/tidy", given)
    assert "This draft was put away" in page_of(leo, draft)
    assert keep(leo, draft, "new").json()["closed"]
    leo.post(f"{STUDIO}/{draft.pk}/tidy", {"do": "take up"})
    assert keep(leo, draft, "new").json()["head"] == 2


def test_a_draft_of_the_other_brand_is_not_found(leo: Any, sp: Brand, draft: Draft) -> None:
    Draft.objects.filter(pk=draft.pk).update(brand=sp)
    paths = ("", "/history", "/publish", "/aside/1")
    assert {leo.get(f"{STUDIO}/{draft.pk}{path}").status_code for path in paths} == {404}
    acts = ("/keep", "/check", "/here", "/try", "/remarks", "/restore", "/tidy", "/approve")
    given = {"text": "x", "based_on": 1, "request_text": "x", "line": 1, "number": 1, "do": "discard"}
    assert {leo.post(f"{STUDIO}/{draft.pk}{path}", given).status_code for path in acts} == {404}


# ── Company ──


def test_people_who_have_the_draft_open_are_shown(ana: Any, leo: Any, draft: Draft) -> None:
    ana.post(f"{STUDIO}/{draft.pk}/here")
    assert "Also here: Ana Agent." in leo.post(f"{STUDIO}/{draft.pk}/here").content.decode()
    ana.post(f"{STUDIO}/{draft.pk}/here", {"leaving": "1"})
    assert "Also here" not in leo.post(f"{STUDIO}/{draft.pk}/here").content.decode()


# ── Four eyes ──


def test_with_four_eyes_a_colleague_approves_before_it_is_published(
    leo: Any, root_admin: Person, draft: Draft
) -> None:
    leo.post(f"{DESK}/rulebook/four-eyes", {"four_eyes": "yes"})
    keep(leo, draft, head_of(draft).text.replace("version: 2026-01", "version: 2027-01"))
    given = {"number": 2, "from_": "2090-01-01", "seen": "yes"}
    assert leo.post(f"{STUDIO}/{draft.pk}/publish", given).status_code == 409
    assert leo.post(f"{STUDIO}/{draft.pk}/approve", {"number": 2}).status_code == 409
    signed_in(root_admin).post(f"{STUDIO}/{draft.pk}/approve", {"number": 2})
    assert "is approved by Root Admin" in page_of(leo, draft, "/publish")
    assert leo.post(f"{STUDIO}/{draft.pk}/publish", given).status_code == 302


def test_remarks_and_their_lines_are_part_of_the_page(leo: Any, draft: Draft, ana_agent: Person) -> None:
    company.remark(draft, line=12, number=1, text="Everyone?", by=ana_agent)
    assert "§ 1, line 12" in page_of(leo, draft)


# ── What changes, and amendments ──


def test_the_difference_names_what_is_decided_otherwise_and_the_promises_withdrawn(
    leo: Any, draft: Draft
) -> None:
    text = head_of(draft).text
    lost = "example: topic: ticket-status => ticket-action by 6\n"
    keep(
        leo,
        draft,
        text.replace("when topic: ticket-status\nwe help", "when topic: ticket-status\nwe quote").replace(
            lost, ""
        ),
    )
    keep(leo, draft, text.replace(lost, ""), based_on=2)
    page = page_of(leo, draft, "/difference")
    assert "No longer shown" in page
    assert "Every case is decided as in version 2026-01." in page
    assert "withdraw these promises knowingly" in page_of(leo, draft, "/publish")


def test_a_clause_that_is_decided_otherwise_is_told_with_a_case(leo: Any, draft: Draft) -> None:
    text = head_of(draft).text
    rule = "when topic: store-availability\nwe help to support; reply answer; pointers status page"
    assert rule in text
    changed = text.replace(
        rule, "when topic: store-availability\nwe quote; reply paid-quote; pointers status page"
    )
    if "paid-quote" not in text:
        reply = text.partition("```replies\n")[2].partition(":")[0]
        changed = changed.replace("paid-quote", reply)
    keep(
        leo,
        draft,
        "\n".join(
            line for line in changed.split("\n") if "store-availability" not in line or "example" not in line
        ),
    )
    page = page_of(leo, draft, "/difference")
    assert "store-availability" in page
    assert "When, and one such case" in page


def test_a_draft_with_errors_says_when_its_difference_is_shown(leo: Any, draft: Draft) -> None:
    keep(leo, draft, "# Nothing")
    assert "shown once they are mended" in page_of(leo, draft, "/difference")


def test_an_amendment_is_written_as_an_amendment(sp: Brand, published: dict[str, Version]) -> None:
    from evenhand.people.actions import add_staff

    lena = add_staff(sp, "lena@desk.example", name="Lena", roles=["lead"], teams=["support"], by=None)
    browser = signed_in(lena)
    version = published[sp.slug]
    browser.post("/desk/sparkpay/rulebook/drafts/new", {"title": "Spring", "version": version.pk})
    draft = Draft.objects.get()
    assert head_of(draft).text == version.amendment
    page = browser.get(f"/desk/sparkpay/rulebook/drafts/{draft.pk}").content.decode()
    assert "are run with this amendment" in page
    assert "due--late" not in page.partition('id="tally"')[2][:60]
    wrong = version.amendment + "\n> Omit 999\n"
    told = browser.post(f"/desk/sparkpay/rulebook/drafts/{draft.pk}/check", {"text": wrong}).content.decode()
    assert "999" in told
