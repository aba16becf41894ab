"""The demo is made through the desk's own doors, once; what was cut off is finished the next time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from evenhand.cli import main
from evenhand.conduct.models import Appeal, Step
from evenhand.demo import build, conduct, post
from evenhand.intake.listener import LONGEST_LINE
from evenhand.people.models import Brand, Membership, Person
from evenhand.rulebook.models import Version
from evenhand.stores.models import App, Store


class Door:
    """An SMTP server that keeps what it takes. `breaks_at`: the message at which it says `how`."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.breaks_at, self.how = -1, ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if len(self.taken) == self.breaks_at:
            self.breaks_at = -1
            return self.how
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 OK"


class _Server(SMTP):
    line_length_limit = LONGEST_LINE


class _Listening(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, enable_SMTPUTF8=True, data_size_limit=None)


@pytest.fixture
def door(settings: Any, tmp_path: Path) -> Iterator[Door]:
    settings.HOME, settings.MAIL_HOST, settings.MAIL_PORT = tmp_path, "127.0.0.1", _free_port()
    listening = _Listening(Door(), hostname=settings.MAIL_HOST, port=settings.MAIL_PORT)
    listening.start()
    yield listening.handler
    listening.stop()


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number:04}.eml").write_text(
            f"From: a@x.example\nTo: help@americommerce.example\nSubject: {number}\n\nHello\n"
        )
    return folder


def send(letters: Path, settings: Any) -> int:
    return post.send_once(letters, host=settings.MAIL_HOST, port=settings.MAIL_PORT)


def subjects(door: Door) -> list[int]:
    return [int(raw.split(b"Subject: ")[1].split()[0]) for raw in door.taken]


def test_each_letter_is_sent_once_in_order(door: Door, letters: Path, settings: Any) -> None:
    assert [send(letters, settings), send(letters, settings)] == [6, 0]
    assert subjects(door) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("how", ["451 Not now", "421 Going away"])
def test_what_was_cut_off_goes_on_from_there(door: Door, letters: Path, settings: Any, how: str) -> None:
    door.breaks_at, door.how = 3, how
    with pytest.raises(OSError):
        send(letters, settings)
    assert subjects(door) == [0, 1, 2]
    assert send(letters, settings) == 3
    assert subjects(door) == [0, 1, 2, 3, 4, 5]


def test_killed_before_the_note_the_letter_goes_again(
    door: Door, letters: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(path: Path, text: str) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as torn:
        torn.setattr(Path, "write_text", killed)
        with pytest.raises(KeyboardInterrupt):
            send(letters, settings)
    send(letters, settings)
    assert subjects(door) == [0, 0, 1, 2, 3, 4, 5]


def test_a_letter_refused_for_good_is_left_and_the_next_goes(
    door: Door, letters: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    door.breaks_at, door.how = 3, "552 Too large"
    assert send(letters, settings) == 6
    assert subjects(door) == [0, 1, 2, 4, 5]
    assert "0003.eml was refused" in caplog.text


def test_every_example_letter_can_be_sent(door: Door, settings: Any) -> None:
    assert send(build.EXAMPLES / "mail", settings) == len(door.taken) >= 80


@pytest.mark.django_db
def test_making_it_again_changes_nothing(door: Door) -> None:
    build.ensure()
    made = _everything()
    assert all(made.values())
    build.ensure()
    assert _everything() == made


@pytest.mark.django_db
def test_the_demo_has_a_warned_customer_and_an_appeal(door: Door) -> None:
    build.furnish()
    conduct.ensure()
    conduct.ensure()
    steps = Step.objects.filter(person__email__in=conduct.SAID)
    assert [step.name for step in steps] == ["warning", "warning"]
    assert Appeal.objects.get().step.person.email == conduct.APPEALING


@pytest.mark.django_db
def test_what_was_entered_since_stays(door: Door) -> None:
    build.furnish()
    Brand.objects.filter(slug="sparkpay").update(name="Spark")
    store, member = Store.objects.all()[0], Membership.objects.all()[0]
    store.delete()
    member.delete()
    build.furnish()
    assert Brand.objects.filter(name="Spark").exists()
    assert not Store.objects.filter(domain=store.domain).exists()
    assert not Membership.objects.filter(person=member.person, brand=member.brand, role=member.role).exists()


@pytest.mark.django_db
def test_peopling_that_is_cut_off_leaves_nothing_half(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as torn:
        torn.setattr(build, "_stores", _cut_off)
        with pytest.raises(OSError, match="the power went"):
            build.furnish()
    assert not Person.objects.exists()
    build.furnish()
    assert Store.objects.exists()


@pytest.mark.django_db
def test_without_a_door_the_command_says_so(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("evenhand.serving.opening.open_desk", lambda: None)
    settings.HOME, settings.MAIL_HOST, settings.MAIL_PORT = tmp_path, "127.0.0.1", _free_port()
    assert main(["demo"]) == 2
    assert capsys.readouterr().err.startswith("evenhand demo: no SMTP door answers")


def _cut_off(brands: dict[str, Brand]) -> None:
    raise OSError("the power went")


def _everything() -> dict[str, list[Any]]:
    models = (Brand, Person, Membership, Store, App, Version)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port: int = line.getsockname()[1]
    return port
