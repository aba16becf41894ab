"""`evenhand policy publish` and `evenhand audit verify`: one clear line where something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from evenhand.audit import actions as audit
from evenhand.audit.models import Head
from evenhand.cli import main
from evenhand.people.models import Brand, Person
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.tests.policies import policy
from evenhand.tickets.models import Ruling, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk_is_open(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    monkeypatch.setattr("evenhand.serving.opening.open_desk", lambda: None)
    settings.HOME, settings.KEYS = tmp_path, tmp_path / "keys"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "small.md"
    path.write_text(policy(), encoding="utf-8")
    return path


def publish(document: Path, brand: str = "americommerce", from_: str = "2026-01-04") -> int:
    return main(["policy", "publish", str(document), "--brand", brand, "--from", from_])


def test_a_document_is_published(ac: Brand, document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish(document) == 0
    assert "is in force at AmeriCommerce from 2026-01-04 00:00 America/Chicago" in capsys.readouterr().out
    assert rulebook.in_force(ac).label == "one"


def test_today_begins_now(ac: Brand, document: Path) -> None:
    assert publish(document, from_="today") == 0
    assert rulebook.in_force(ac)


def test_a_document_with_an_error_is_refused_at_its_line(
    ac: Brand, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document.write_text(policy().replace("we help to support", "we help to suport"), encoding="utf-8")
    assert publish(document) == 1
    assert f"{document}:11: error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"brand": "acme"}, "there is no brand “acme”. There are: americommerce."),
        ({"from_": "soon"}, "--from: “soon” is not a date."),
        ({"document": Path("nowhere.md")}, "nowhere.md: No such file or directory."),
    ],
)
def test_what_cannot_be_used_is_one_clear_line(
    ac: Brand, document: Path, told: dict[str, object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(**{"document": document, **told}) == 2  # type: ignore[arg-type]
    assert capsys.readouterr().err.startswith(f"evenhand policy: {said}")


def test_publishing_the_same_again_says_so(
    ac: Brand, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(document)
    assert publish(document, from_="today") == 2
    assert "Nothing was changed." in capsys.readouterr().err


def test_a_promise_that_the_new_version_withdraws_is_told(
    ac: Brand, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = "we help to support; reply answer\nexample: topic: billing => answer by 1"
    document.write_text(policy().replace("we help to support; reply answer", shown), encoding="utf-8")
    publish(document)
    document.write_text(policy("two"), encoding="utf-8")
    assert publish(document, from_="today") == 0
    assert "warning: Promise withdrawn: clause 1 showed “topic: billing”" in capsys.readouterr().out


def test_the_rulings_of_no_ticket_are_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "explain", "--ticket", "7"]) == 2
    assert "ticket 7 has no ruling" in capsys.readouterr().err


@pytest.fixture
def ruling(ac: Brand, cora: Person, document: Path) -> Ruling:
    """A ticket that the small policy ruled: everything is helped with by clause 1."""
    publish(document)
    now = timezone.now()
    ticket = Ticket.objects.create(
        brand=ac, requester=cora, subject="Invoice", channel="email", opened_at=now, changed_at=now
    )
    return Ruling.objects.create(
        ticket=ticket,
        version=rulebook.in_force(ac),
        state="in force",
        kind="alone",
        topics=[["billing", 1.0]],
        act="help",
        reply="answer",
        clauses=["1"],
        at=now,
    )


def test_a_ruling_is_decided_again_to_the_same_end(
    ruling: Ruling, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "explain", "--ticket", str(ruling.ticket_id)]) == 0
    assert "it comes out the same" in capsys.readouterr().out


def test_a_ruling_that_was_changed_afterwards_is_found(
    ruling: Ruling, capsys: pytest.CaptureFixture[str]
) -> None:
    Ruling.objects.update(clauses=["9.1"])
    assert main(["policy", "explain", "--ticket", str(ruling.ticket_id)]) == 1
    assert "stored is answer by 9.1" in capsys.readouterr().out


def test_a_ruling_decided_again_comes_as_json_too(ruling: Ruling, capsys: pytest.CaptureFixture[str]) -> None:
    main(["policy", "explain", "--ticket", str(ruling.ticket_id), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["same"], told["again"]["clauses"]) == (True, ["1"])


def test_a_whole_record_is_said_to_be_whole(ac: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    assert capsys.readouterr().out.startswith("The record is whole: ")


def test_what_is_wrong_with_the_record_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    audit.record("ticket:1", by=None, kind="ticket.opened", facts={})
    Head.objects.all().delete()
    assert main(["audit", "verify"]) == 1
    assert "ticket:1: has no head" in capsys.readouterr().out


def test_the_verification_comes_as_json_too(ac: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    audit.seal()
    main(["audit", "verify", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"], told["seals"], told["findings"]) == (True, 1, [])
