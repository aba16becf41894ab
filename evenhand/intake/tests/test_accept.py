"""What is kept of a message, and that it is kept once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from evenhand.intake import actions, attachments
from evenhand.intake.incoming import from_fields
from evenhand.intake.models import Arrival
from evenhand.intake.tests.post import accept, mail
from evenhand.people.models import Brand, Person
from evenhand.tickets.models import Channel

CARD = "4111 1111 1111 1111"
pytestmark = pytest.mark.django_db


def jobs_for(arrival: Arrival) -> int:
    return ProcrastinateJob.objects.filter(task_name="intake.handle", args__arrival_id=arrival.pk).count()


def test_a_mail_is_kept_with_its_job(ac: Brand, cora: Person) -> None:
    arrival = accept(mail(cora, "Hello"), ac)
    assert (arrival.is_waiting, jobs_for(arrival)) == (True, 1)


def test_the_same_mail_again_is_the_same_arrival(ac: Brand, cora: Person) -> None:
    raw = mail(cora, "Hello")
    first, second = accept(raw, ac), accept(raw, ac)
    assert (first.pk, jobs_for(first)) == (second.pk, 1)


def test_the_same_mail_to_another_brand_is_another_arrival(ac: Brand, sp: Brand, cora: Person) -> None:
    raw = mail(cora, "Hello")
    assert accept(raw, ac).pk != accept(raw, sp).pk


def test_a_forged_message_id_swallows_nothing(ac: Brand, cora: Person) -> None:
    first = accept(mail(cora, "One", message_id="<same@shop.example>"), ac)
    second = accept(mail("Mallory <m@evil.example>", "Two", message_id="<same@shop.example>"), ac)
    assert first.pk != second.pk


def test_a_mail_without_an_id_is_known_by_all_of_it(ac: Brand) -> None:
    raw = b"From: a@shop.example\r\nSubject: no id\r\n\r\nHello"
    assert accept(raw, ac).pk == accept(raw, ac).pk
    assert accept(raw, ac).pk != accept(raw + b"!", ac).pk


def test_mails_of_one_transaction_are_kept_each_once(ac: Brand, cora: Person) -> None:
    from evenhand.intake.incoming import from_mail

    same = from_mail(mail(cora, "Hello"), brand=ac)
    other = from_mail(mail(cora, "Another"), brand=ac)
    kept = actions.accept_all([same, other, same])
    assert [arrival.pk for arrival in kept] == [kept[0].pk, kept[1].pk, kept[0].pk]
    assert Arrival.objects.count() == 2


@pytest.mark.parametrize(
    "where",
    [
        {"subject": f"card {CARD}"},
        {"text": f"card {CARD}"},
        {"sender": f'"card {CARD}" <cora@corals.example>'},
        {"message_id": "<4111111111111111@shop.example>"},
        {"files": (("4111 1111 1111 1111.txt", "text/plain", b"x"),)},
        {"files": (("notes.txt", "text/plain", b"card 4111 1111 1111 1111"),)},
    ],
)
def test_no_card_number_is_stored_queued_or_readable(ac: Brand, where: dict[str, Any]) -> None:
    given = {"sender": "cora@corals.example", "text": "Hello"} | where
    arrival = accept(mail(**given), ac)
    arrival.refresh_from_db()
    stored = json.dumps(arrival.content) + arrival.source_id
    stored += json.dumps(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    stored += "".join(str(attachments.fetch(file["place"])) for file in arrival.content["files"])
    assert "4111 1111" not in stored
    assert "41111111" not in stored


def test_a_text_file_is_redacted_and_screened(ac: Brand, cora: Person) -> None:
    arrival = accept(mail(cora, "see file", files=(("a.txt", "text/plain", b"pin: none"),)), ac)
    arrival.refresh_from_db()
    assert [file["screened"] for file in arrival.content["files"]] == [True]


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "application/pdf", "text/html"])
def test_what_cannot_be_read_is_kept_unscreened(ac: Brand, cora: Person, kind: str) -> None:
    arrival = accept(mail(cora, "see file", files=(("a.bin", kind, b"\x89PNG"),)), ac)
    arrival.refresh_from_db()
    [file] = arrival.content["files"]
    assert (file["screened"], attachments.fetch(file["place"])) == (False, b"\x89PNG")


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 50, b"\xff\xfe" * 40, b"From: =?x?q?=\r\n\r\n\0 body \xed\xa0\x80"]
)
def test_any_bytes_are_kept(ac: Brand, raw: bytes) -> None:
    assert accept(raw, ac).is_waiting


def test_a_form_sent_twice_is_one_arrival(ac: Brand, cora: Person) -> None:
    form = {"brand": ac, "channel": Channel.FORM, "source_id": "token", "sender_address": cora.email}
    first = actions.accept(from_fields(**form, text="Hello"))
    second = actions.accept(from_fields(**form, text="Hello"))
    assert first.pk == second.pk


def test_another_request_under_a_used_key_can_be_told(ac: Brand, cora: Person) -> None:
    form = {"brand": ac, "channel": Channel.API, "source_id": "key", "sender_address": cora.email}
    first, second = from_fields(**form, text="Hello"), from_fields(**form, text="Something else")
    assert first.content.fingerprint != second.content.fingerprint
