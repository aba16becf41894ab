"""A mail of any bytes is read; nothing the sender wrote is lost."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.reading.mime import MOST_REFERENCES, Mail, read_mail

DANA = b"From: Dana Reyes <dana@shop.example>\r\nTo: help@desk.example\r\nSubject: Prices\r\n"
PLAIN = (
    DANA
    + b"Date: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <a1@shop.example>\r\n\r\nPrices are wrong.\r\n"
)
NESTED = (
    DANA + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n"
    b"Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain; "
    b"charset=utf-8\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ==\r\n--in\r\nContent-Type: "
    b"text/html\r\n\r\n<p>Gr&uuml;&szlig;e</p>"
    b"\r\n--in--\r\n--out\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: "
    b"base64\r\n\r\nAAEC\r\n--out--\r\n"
)


def of(headers: bytes, body: bytes = b"", before: bytes = DANA) -> Mail:
    return read_mail(before + headers + b"\r\n" + body)


def test_a_plain_mail() -> None:
    mail = read_mail(PLAIN)
    assert (mail.subject, mail.from_name, mail.from_address) == ("Prices", "Dana Reyes", "dana@shop.example")
    assert mail.to == ("help@desk.example",)
    assert mail.text == "Prices are wrong.\n"
    assert mail.date == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert mail.message_id == "<a1@shop.example>"


def test_plain_is_preferred_and_files_are_kept() -> None:
    mail = read_mail(NESTED)
    assert mail.text == "Grüße"
    assert [(file.name, file.type, file.size) for file in mail.attachments] == [("a.png", "image/png", 3)]


def test_html_is_read_where_plain_is_empty() -> None:
    mail = read_mail(NESTED.replace(b"R3LDvMOfZQ==", b""))
    assert mail.text == "Grüße"


@given(st.binary(max_size=3000))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise(raw: bytes) -> None:
    read_mail(raw)
    read_mail(DANA + raw)


@given(
    st.lists(st.tuples(st.integers(0, len(NESTED) - 1), st.integers(0, 255)), max_size=30),
    st.integers(0, len(NESTED)),
)
@settings(max_examples=200, deadline=None)
def test_no_broken_mail_raises(changes: list[tuple[int, int]], cut: int) -> None:
    broken = bytearray(NESTED)
    for place, byte in changes:
        broken[place] = byte
    mail = read_mail(bytes(broken[:cut]))
    assert "\x00" not in mail.text
    mail.text.encode("utf-8")


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("no-such-charset", "café".encode()),
        ("us-ascii", "café".encode()),
        ("iso-8859-1", b"caf\xe9"),
        ("utf-8", b"caf\xe9"),
        ("hex", b"caf\xe9"),
    ],
)
def test_charsets_that_are_unknown_or_wrong(declared: str, written: bytes) -> None:
    assert of(f"Content-Type: text/plain; charset={declared}\r\n".encode(), written).text in (
        "café",
        "caf\ufffd",
    )


def test_encoded_headers() -> None:
    mail = read_mail(
        b"From: =?utf-8?q?D=C3=A4na=2C_Inc?= <d@x.example>\nSubject: =?utf-8?b?R3LDvA==?=\n "
        b"=?utf-8?b?w59l?=\n\n"
    )
    assert (mail.from_name, mail.from_address, mail.subject) == ("Däna, Inc", "d@x.example", "Grüße")


def test_eight_bit_headers() -> None:
    assert (
        read_mail("Subject: Grüße\n\n".encode()).subject
        == read_mail("Subject: Grüße\n\n".encode("latin-1")).subject
        == "Grüße"
    )


def test_rfc_2231_file_names() -> None:
    placing = b"Content-Disposition: attachment; filename*0*=utf-8''na%C3%AF; filename*1=ve.pdf\r\n"
    assert of(b"Content-Type: application/pdf\r\n" + placing).attachments[0].name == "naïve.pdf"


def test_file_names_are_no_paths() -> None:
    mail = of(
        b'Content-Type: image/png\r\nContent-Disposition: attachment; filename="../../etc/pass\x01wd"\r\n'
    )
    assert mail.attachments[0].name == "pass_wd"


def test_a_missing_boundary_is_guessed() -> None:
    mail = of(b"Content-Type: multipart/mixed\r\n", b"--x\r\n\r\nhello\r\n--x--\r\n")
    assert mail.text.strip() == "hello"


def test_a_multipart_without_any_mark_is_text() -> None:
    assert of(b"Content-Type: multipart/mixed; boundary=b\r\n", b"hello").text == "hello"


def test_deep_nesting_and_many_parts_end() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    )
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 50_000
    started = time.process_time()
    assert read_mail(DANA + deep)
    assert len(read_mail(DANA + many).text) < 5000
    assert time.process_time() - started < 20  # seconds; the point is that it ends


def test_a_forwarded_mail_is_part_of_the_text() -> None:
    mail = of(
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"--b\r\n\r\nSee below\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + PLAIN + b"--b--",
    )
    assert "See below" in mail.text
    assert "From: Dana Reyes" in mail.text
    assert "Prices are wrong." in mail.text


def test_winmail_and_calendars_are_attachments() -> None:
    assert of(b"Content-Type: application/ms-tnef\r\n", b"x").attachments[0].name == "winmail.dat"
    assert of(b"Content-Type: text/calendar\r\n", b"BEGIN:VCALENDAR").attachments[0].name == "invitation.ics"


def test_flowed_text_is_joined() -> None:
    assert of(b"Content-Type: text/plain; format=flowed\r\n", b"one \r\ntwo\r\n").text == "one two\n"


def test_html_only() -> None:
    page = b"<style>p{}</style><p>My <a href='https://a.example/x'>shop</a></p><ul><li>one</ul><table><tr><td>a<td>b</tr></table>"
    assert of(b"Content-Type: text/html\r\n", page).text == "My shop (https://a.example/x)\n\n- one\n\na | b"


def test_hostile_html_ends() -> None:
    for piece in (b"<div>", b"<!--", b"<a '", b"<blockquote>", b"&", b"<"):
        assert of(b"Content-Type: text/html\r\n", b"hello" + piece * 100_000).text.startswith("hello")


def test_references_are_bounded_and_normal() -> None:
    many = b"".join(b" <%d@x>\r\n" % number for number in range(500))
    mail = of(b"References:" + many + b"In-Reply-To: 7@x\r\n")
    assert len(mail.references) == MOST_REFERENCES
    assert mail.references[0] == "<0@x>"
    assert mail.in_reply_to == "<7@x>"


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 99 Foo 2026", "Mon, 1 Jan 99999999999 00:00:00 +0000", "0"]
)
def test_a_date_that_is_none(date: str) -> None:
    assert of(f"Date: {date}\r\n".encode()).date is None


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: All",
        "List-Id: <x>",
        "X-Autoreply: yes",
        "Return-Path: <>",
    ],
)
def test_automatic_mail(header: str) -> None:
    assert of(header.encode() + b"\r\n").automatic


def test_a_person_is_not_automatic() -> None:
    mail = of(b"Auto-Submitted: no\r\nPrecedence: normal\r\nSubject: Out of office message for my store\r\n")
    assert not mail.automatic
    assert not mail.bounce


def test_an_away_note_needs_more_than_its_subject() -> None:
    away = b"From: d@x.example\r\nSubject: Automatic reply: your ticket\r\n"
    assert not of(b"", before=away).automatic
    assert of(b"In-Reply-To: <1@x>\r\n", before=away).automatic


def test_bounces() -> None:
    assert of(b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n").bounce
    assert read_mail(b"From: MAILER-DAEMON@x.example\r\n\r\n").bounce
    assert of(b"Return-Path: <>\r\n").bounce
    assert not of(b"Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n").bounce
