"""Keys to the API: made for staff, shown once, worth nothing once revoked or once their holder has left."""

from __future__ import annotations

import pytest

from evenhand.audit.models import Entry
from evenhand.cli import main
from evenhand.people.keys import NotStaff, holder, make_key, revoke_key
from evenhand.people.models import AccessKey, Brand, Membership, Person


def key(person: Person, brand: Brand) -> str:
    return make_key(person, brand, name="platform", by=None)


def test_a_key_is_its_holders_at_one_brand(ac: Brand, ana_agent: Person) -> None:
    held = holder(key(ana_agent, ac))
    assert held is not None
    assert (held.person, held.brand, held.name) == (ana_agent, ac, "platform")


def test_the_key_itself_is_kept_nowhere(ac: Brand, ana_agent: Person) -> None:
    plain = key(ana_agent, ac)
    assert plain not in str([*AccessKey.objects.values(), *Entry.objects.values()])
    assert holder(AccessKey.objects.get().digest) is None


@pytest.mark.parametrize("made_up", ["", "eh_", "eh_made-up", "\0", "Ω"])
def test_what_is_no_key_opens_nothing(ac: Brand, ana_agent: Person, made_up: str) -> None:
    key(ana_agent, ac)
    assert holder(made_up) is None


def test_a_revoked_key_opens_nothing_and_revoking_is_on_record_once(ac: Brand, ana_agent: Person) -> None:
    plain = key(ana_agent, ac)
    for _ in range(2):
        revoke_key(AccessKey.objects.get(), by=None)
    assert holder(plain) is None
    assert [*Entry.objects.filter(kind__startswith="key.").values_list("kind", flat=True)] == [
        "key.made",
        "key.revoked",
    ]


def test_a_key_ends_with_its_holders_work(ac: Brand, ana_agent: Person) -> None:
    plain = key(ana_agent, ac)
    Membership.objects.filter(person=ana_agent).delete()
    assert holder(plain) is None


def test_a_key_ends_where_its_holder_is_no_longer_active(ac: Brand, ana_agent: Person) -> None:
    plain = key(ana_agent, ac)
    Person.objects.filter(pk=ana_agent.pk).update(is_active=False)
    assert holder(plain) is None


def test_a_customer_and_the_other_brands_staff_get_none(
    ac: Brand, sp: Brand, cora: Person, ana_agent: Person
) -> None:
    for person, brand in ((cora, ac), (ana_agent, sp)):
        with pytest.raises(NotStaff):
            key(person, brand)
    assert not AccessKey.objects.exists()


# ── The command ──


@pytest.fixture
def _desk_is_open(monkeypatch: pytest.MonkeyPatch, ac: Brand, ana_agent: Person, cora: Person) -> None:
    monkeypatch.setattr("evenhand.serving.opening.open_desk", lambda: None)


MAKE = ["key", "make", "--brand", "americommerce", "--name", "platform", "--person"]


@pytest.mark.usefixtures("_desk_is_open")
def test_a_key_is_made_listed_and_revoked_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*MAKE, "Ana@desk.example"]) == 0
    plain = capsys.readouterr().out.strip()
    held = holder(plain)
    assert held is not None
    assert main(["key", "revoke", str(held.pk)]) == main(["key", "list"]) == 0
    listed = capsys.readouterr().out
    assert "ana@desk.example\tplatform\trevoked" in listed
    assert plain not in listed


@pytest.mark.usefixtures("_desk_is_open")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*MAKE, "nobody@desk.example"], "nobody here has the address nobody@desk.example."),
        ([*MAKE, "cora@corals.example"], "cora@corals.example does not work for AmeriCommerce; add them"),
        ([*MAKE, "ana@desk.example", "--brand", "acme"], "no brand “acme”."),
        (["key", "revoke", "99999999999999999999"], "there is no key 99999999999999999999;"),
    ],
)
def test_what_cannot_be_made_or_revoked_is_one_clear_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"evenhand key: {said}")
    assert error.count("\n") == 1
    assert not error.rstrip().endswith("..")
