"""Sending: at least once under one id, patient with a relay that is away, done with one that refuses."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from evenhand.mail import actions
from evenhand.mail.models import Letter

pytestmark = pytest.mark.django_db


class Relay:
    """A real SMTP server that answers as it is told and keeps what it took."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            self.taken.append(bytes(envelope.content or b""))
        return answer

    @property
    def message_ids(self) -> list[str]:
        return [message_from_bytes(content)["Message-ID"] for content in self.taken]


@pytest.fixture
def relay(settings: LazySettings) -> Iterator[Relay]:
    relay = Relay()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(relay, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_TRANSPORT, settings.SMTP_SECURITY = "smtp", "none"
    settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", port
    yield relay
    controller.stop()


@pytest.fixture
def letter(db: None) -> Letter:
    return actions.post(
        purpose="message:1",
        sender="help@ac.example",
        recipient="cora@corals.example",
        subject="Hello",
        text="Good day",
    )


def send(letter: Letter) -> Letter:
    actions.send(letter.pk)
    letter.refresh_from_db()
    return letter


def next_try() -> dt.datetime | None:
    return (
        ProcrastinateJob.objects.filter(task_name="mail.send")
        .order_by("-id")
        .values_list("scheduled_at", flat=True)[0]
    )


def test_a_letter_arrives_once(relay: Relay, letter: Letter) -> None:
    assert send(letter).state == Letter.State.SENT
    send(letter)
    assert relay.message_ids == [f"<{letter.message_id}>"]


def test_a_relay_that_says_later_is_asked_again_later(relay: Relay, letter: Letter) -> None:
    relay.answers = ["451 try again"]
    send(letter)
    assert (letter.state, letter.tries, letter.problem) == ("queued", 1, "451 try again")
    assert next_try() > timezone.now() + dt.timedelta(seconds=20)
    assert send(letter).state == "sent"
    assert (letter.problem, len(relay.taken)) == ("", 1)


def test_a_relay_that_is_down_is_asked_again_later(
    relay: Relay, letter: Letter, settings: LazySettings
) -> None:
    up, settings.SMTP_PORT = settings.SMTP_PORT, 1
    send(letter)
    assert letter.state == "queued"
    assert letter.problem.startswith("127.0.0.1:1:")
    settings.SMTP_PORT = up
    assert send(letter).state == "sent"


def test_a_refusal_for_good_is_not_tried_again(relay: Relay, letter: Letter) -> None:
    relay.answers = ["550 no such person"]
    assert (send(letter).state, letter.problem) == ("failed", "550 no such person")
    send(letter)
    assert relay.taken == []


def test_waits_grow_and_end(relay: Relay, letter: Letter) -> None:
    relay.answers = ["451 not now"] * 20
    waits = []
    while send(letter).state == "queued":
        waits.append(round((next_try() - timezone.now()).total_seconds() / 30))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert (letter.state, letter.tries) == ("failed", actions.MOST_TRIES)


def test_a_letter_that_was_given_up_can_be_sent_again(relay: Relay, letter: Letter) -> None:
    relay.answers = ["550 mailbox full"]
    send(letter)
    actions.send_again(letter)
    assert send(letter).state == "sent"


def test_killed_between_sending_and_noting_it_the_letter_goes_out_again_under_the_same_id(
    relay: Relay, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, suppress(SystemExit):
        patch.setattr(Letter, "mark_sent", _die)
        actions.send(letter.pk)
    assert send(letter).state == "sent"
    assert relay.message_ids == [f"<{letter.message_id}>"] * 2


def test_the_console_twin_sends_nothing_and_says_nothing_of_the_text(
    letter: Letter, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAIL_TRANSPORT = "console"
    with caplog.at_level(logging.DEBUG):
        assert send(letter).state == "sent"
    assert "cora@corals.example" in caplog.text
    assert "Good day" not in caplog.text


def _die(*_: object) -> None:
    raise SystemExit


KILLED = """
import os, django
django.setup()
from django.conf import settings
settings.MAIL_TRANSPORT, settings.SMTP_SECURITY = "smtp", "none"
settings.SMTP_HOST, settings.SMTP_PORT = "127.0.0.1", int(os.environ["RELAY"])
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
from evenhand.mail import actions
from evenhand.mail.models import Letter
Letter.mark_sent = lambda *_: (print("sent", flush=True), __import__("time").sleep(60))
actions.send(int(os.environ["LETTER"]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_by_the_kernel_leaves_the_letter_to_the_next(
    relay: Relay, letter: Letter, settings: LazySettings
) -> None:
    environment = {"RELAY": str(settings.SMTP_PORT), "LETTER": str(letter.pk)}
    environment["TEST_DATABASE"] = connection.settings_dict["NAME"]
    sender = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "evenhand.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert sender.stdout is not None
    assert sender.stdout.readline() == "sent\n"
    assert send(letter).state == "queued"  # its row is held, so nobody else sends it meanwhile
    sender.send_signal(signal.SIGKILL)
    sender.wait()
    for _ in range(100):  # PostgreSQL takes a moment to see that the sender is gone
        if send(letter).state == "sent":
            break
        time.sleep(0.1)
    assert relay.message_ids == [f"<{letter.message_id}>"] * 2
