from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from evenhand.desk.tests.scene import DESK, signed_in
from evenhand.people.models import Brand, Person
from evenhand.rulebook.models import Version
from evenhand.tickets.models import Ticket


def in_other_words(version: Version) -> str:
    return version.text.replace(f"version: {version.label}", "version: 2027-01", 1)


def publish(browser: Any, text: str, begins: dt.date) -> Any:
    return browser.post(f"{DESK}/rulebook/new", {"text": text, "from_": begins.isoformat(), "do": "publish"})


def test_a_lead_publishes_from_a_date_and_withdraws_before_it(
    leo_lead: Person, ac: Brand, published: dict[str, Version]
) -> None:
    leo, begins = signed_in(leo_lead), timezone.now().date() + dt.timedelta(days=30)
    answer = publish(leo, in_other_words(published["americommerce"]), begins)
    coming = Version.objects.get(brand=ac, label="2027-01")
    assert answer.url == f"{DESK}/rulebook/{coming.pk}"
    leo.post(f"{DESK}/rulebook/{coming.pk}/withdraw")
    coming.refresh_from_db()
    assert coming.withdrawn_at


def test_an_error_stands_in_the_way_and_keeps_the_draft(
    leo_lead: Person, published: dict[str, Version]
) -> None:
    answer = publish(
        signed_in(leo_lead),
        "# A part\n\n## 1 A clause\n```rule\nwhen colour: blue\n```\n",
        dt.date(2090, 1, 1),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was published" in page
    assert "when colour: blue" in page


def test_the_text_that_is_in_force_already_is_refused_in_words(
    leo_lead: Person, published: dict[str, Version]
) -> None:
    version = published["americommerce"]
    tomorrow = timezone.now().date() + dt.timedelta(days=2)
    given = {"text": version.text, "sayings": version.sayings, "from_": tomorrow.isoformat(), "do": "publish"}
    answer = signed_in(leo_lead).post(f"{DESK}/rulebook/new", given)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


def test_a_file_that_is_not_text_is_refused_in_words(ana: Any, leo_lead: Person, ac: Brand) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = signed_in(leo_lead).post(
        f"{DESK}/rulebook/check", {"file": SimpleUploadedFile("p.md", b"\xff\xfe\x00")}
    )
    assert "not UTF-8 text" in answer.content.decode()


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
