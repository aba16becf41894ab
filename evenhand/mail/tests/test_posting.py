"""Posting: once for each purpose, in the caller's transaction, and no text can become a header."""

from __future__ import annotations

from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.conf import LazySettings
from django.core.mail import send_mail
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from evenhand.mail import actions
from evenhand.mail.addresses import NotAnAddress, references
from evenhand.mail.models import Letter

pytestmark = pytest.mark.django_db


def post(**told: object) -> Letter:
    letter = {
        "purpose": "message:1",
        "brand_name": "AmeriCommerce",
        "sender": "help@americommerce.example",
        "recipient": "cora@corals.example",
        "subject": "Re: My theme",
        "text": "Good day\n",
    }
    return actions.post(**{**letter, **told})  # type: ignore[arg-type]


def on_the_wire(letter: Letter) -> EmailMessage:
    return message_from_bytes(letter.as_message().as_bytes(), policy=default)


def test_the_same_purpose_is_the_same_letter_and_sent_once() -> None:
    assert post() == post(text="said differently")
    assert ProcrastinateJob.objects.filter(task_name="mail.send").count() == 1


def test_a_letter_is_posted_with_what_causes_it_or_not_at_all() -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        post()
        _ = 1 / 0
    assert not Letter.objects.exists()


def test_a_letter_has_its_headers() -> None:
    letter = post(
        in_reply_to="<a@x.example>", references="<t@d.example> <a@x.example>", reply_to="reply+1@d.example"
    )
    wire = on_the_wire(letter)
    assert {
        name: wire[name] for name in ("From", "To", "Reply-To", "Subject", "In-Reply-To", "References")
    } == {
        "From": "AmeriCommerce <help@americommerce.example>",
        "To": "cora@corals.example",
        "Reply-To": "reply+1@d.example",
        "Subject": "Re: My theme",
        "In-Reply-To": "<a@x.example>",
        "References": "<t@d.example> <a@x.example>",
    }
    assert wire["Auto-Submitted"] is None


def test_an_automatic_letter_says_so() -> None:
    assert on_the_wire(post(automatic=True))["Auto-Submitted"] == "auto-generated"
    answer = post(purpose="message:2", automatic=True, in_reply_to="a@x.example")
    assert on_the_wire(answer)["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("field", ["subject", "brand_name", "in_reply_to", "references"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85"])
def test_no_text_becomes_a_header(field: str, end: str) -> None:
    wire = on_the_wire(post(**{field: f"Hello{end}Bcc: all@x.example{end}{end}body"}))
    assert wire["Bcc"] is None
    assert wire.get_content().strip() == "Good day"


@pytest.mark.parametrize("field", ["sender", "recipient", "reply_to"])
@pytest.mark.parametrize("address", ["a@x.example\nBcc: b@x.example", "a@x.example, b@x.example", "nobody"])
def test_an_address_is_one_address(field: str, address: str) -> None:
    with pytest.raises(NotAnAddress):
        post(**{field: address})


def test_a_letter_in_any_script_arrives_as_it_was_written() -> None:
    text = "Größe 漢字 🙂\n" + "long " * 400 + "\n.\n.."
    letter = post(subject="Größe 漢字", brand_name='Ü "Shop", Ltd', text=text)
    wire = on_the_wire(letter)
    assert wire["Subject"] == "Größe 漢字"
    assert wire["From"].addresses[0].display_name == 'Ü "Shop", Ltd'
    assert wire.get_content().splitlines() == text.splitlines()
    assert letter.as_message().as_bytes().isascii()


def test_long_message_ids_are_not_broken() -> None:
    ids = [f"{'x' * 90}{n}@very-long-host-name.example" for n in range(12)]
    wire = on_the_wire(post(references=" ".join(f"<{one}>" for one in ids), in_reply_to=ids[-1]))
    assert wire["References"].split() == [f"<{one}>" for one in ids]
    assert wire["In-Reply-To"] == f"<{ids[-1]}>"


def test_of_many_references_the_first_and_the_latest_are_kept() -> None:
    kept = references(" ".join(f"<{n}@x.example>" for n in range(50))).split()
    assert (len(kept), kept[0], kept[-1]) == (20, "0@x.example", "49@x.example")


def test_djangos_own_mail_leaves_through_the_post_office(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "evenhand.mail.backend.OutboxBackend"  # which Django's test set-up had replaced
    send_mail("Your code", "1234", "Evenhand <desk@desk.example>", ["cora@corals.example"])
    letter = Letter.objects.get()
    assert (letter.sender, letter.automatic) == ("Evenhand <desk@desk.example>", True)
