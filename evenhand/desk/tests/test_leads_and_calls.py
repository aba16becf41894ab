from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evenhand.desk.tests.scene import DESK, signed_in
from evenhand.people.models import Brand, Person
from evenhand.rulebook.models import Draft, Version
from evenhand.tickets.models import Ticket


def begin(browser: Any, **given: Any) -> Any:
    return browser.post(f"{DESK}/rulebook/drafts/new", {"title": "Spring"} | given)


def publish(browser: Any, draft: Draft, begins: dt.date, number: int = 1) -> Any:
    given = {"number": number, "from_": begins.isoformat(), "seen": "yes"}
    return browser.post(f"{DESK}/rulebook/drafts/{draft.pk}/publish", given)


def in_other_words(browser: Any, version: Version) -> Draft:
    """A draft of the version in force, with another label."""
    text = version.text.replace(f"version: {version.label}", "version: 2027-01", 1)
    begin(browser, version=version.pk)
    draft = Draft.objects.get()
    browser.post(f"{DESK}/rulebook/drafts/{draft.pk}", {"text": text, "based_on": 1})
    return draft


def test_a_lead_publishes_from_a_date_and_withdraws_before_it(
    leo_lead: Person, ac: Brand, published: dict[str, Version]
) -> None:
    leo, later = signed_in(leo_lead), timezone.now().date() + dt.timedelta(days=30)
    draft = in_other_words(leo, published["americommerce"])
    addresses = {publish(leo, draft, later, 2).url for _ in range(2)}  # a double click
    coming = Version.objects.get(brand=ac, label="2027-01")
    assert addresses == {f"{DESK}/rulebook/{coming.pk}"}
    leo.post(f"{DESK}/rulebook/{coming.pk}/withdraw")
    coming.refresh_from_db()
    assert coming.withdrawn_at


def test_an_error_stands_in_the_way_of_publishing(leo_lead: Person, published: dict[str, Version]) -> None:
    leo = signed_in(leo_lead)
    begin(leo, file=SimpleUploadedFile("p.md", b"# A part\n\n## 1 A clause\n"))
    answer = publish(leo, Draft.objects.get(), dt.date(2090, 1, 1))
    assert answer.status_code == 422
    assert "Nothing was published" in answer.content.decode()


def test_the_text_that_is_in_force_already_is_refused_in_words(
    leo_lead: Person, published: dict[str, Version]
) -> None:
    leo = signed_in(leo_lead)
    begin(leo, version=published["americommerce"].pk)
    answer = publish(leo, Draft.objects.get(), timezone.now().date() + dt.timedelta(days=2))
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


def test_publishing_asks_whether_one_has_read_what_changes(
    leo_lead: Person, published: dict[str, Version]
) -> None:
    leo = signed_in(leo_lead)
    draft = in_other_words(leo, published["americommerce"])
    answer = leo.post(f"{DESK}/rulebook/drafts/{draft.pk}/publish", {"number": 2, "from_": "2090-01-01"})
    assert answer.status_code == 422
    assert "Say that you have read what changes" in answer.content.decode()


def test_a_file_that_is_not_text_is_refused_in_words(leo_lead: Person, ac: Brand) -> None:
    answer = begin(signed_in(leo_lead), file=SimpleUploadedFile("p.md", b"\xff\xfe\x00"))
    assert "not UTF-8 text" in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_call_becomes_a_ruled_ticket_once_and_without_its_card_number(
    ana: Any, cora: Person, published: dict[str, Version]
) -> None:
    said = {
        "email": cora.email,
        "subject": "Certificate warning",
        "text": "The SSL certificate of her store has run out. Card 4111 1111 1111 1111.",
        "token": "one-form",
    }
    addresses = {ana.post(f"{DESK}/calls/new", said).url for _ in range(2)}
    ticket = Ticket.objects.get()
    assert addresses == {f"{DESK}/tickets/{ticket.pk}"}
    assert "4111" not in ticket.messages.earliest("pk").text


def test_a_call_from_nobody_is_asked_about(ana: Any) -> None:
    answer = ana.post(f"{DESK}/calls/new", {"subject": "A call", "text": "Somebody rang."})
    assert answer.status_code == 422
    assert "Whose call was it?" in answer.content.decode()


def test_what_is_too_large_is_refused_by_that_name(ana: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = ana.post(f"{DESK}/calls/new", {"text": "x" * 200})
    assert answer.status_code == 413
    assert "Nothing of it was kept" in answer.content.decode()
