"""Signing in: by a mailed code, alike for known and unknown; staff by TOTP too."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from allauth.mfa.totp.internal import auth
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client

from evenhand.people import signin
from evenhand.people.models import Person

LOGIN = "/accounts/login/code/"


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> None:
    cache.clear()


def ask_for_code(client: Client, email: str) -> HttpResponse:
    return client.post(LOGIN, {"email": email})  # type: ignore[return-value]


def mailed_code() -> str:
    found = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found is not None
    return found.group(1)


def sign_in(client: Client, person: Person) -> HttpResponse:
    ask_for_code(client, person.email)
    return client.post("/accounts/login/code/confirm/", {"code": mailed_code()})  # type: ignore[return-value]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_is_mailed_and_signs_in(client: Client, cora: Person) -> None:
    sign_in(client, cora)
    assert is_signed_in(client)
    assert mail.outbox[0].to == ["cora@corals.example"]


def test_a_wrong_code_does_not(client: Client, cora: Person) -> None:
    ask_for_code(client, cora.email)
    client.post("/accounts/login/code/confirm/", {"code": "wrong"})
    assert not is_signed_in(client)


def test_a_stranger_gets_the_same_answer_and_no_mail(client: Client, cora: Person) -> None:
    known, unknown = (ask_for_code(Client(), email) for email in (cora.email, "nobody@shop.example"))
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [letter.to for letter in mail.outbox] == [[cora.email]]
    assert not Person.objects.filter(email="nobody@shop.example").exists()


def test_nobody_signs_up(client: Client, db: None) -> None:
    client.post("/accounts/signup/", {"email": "new@shop.example"})
    assert not Person.objects.exists()


def test_somebody_who_left_gets_no_code(client: Client, cora: Person) -> None:
    Person.objects.update(is_active=False)
    ask_for_code(client, cora.email)
    assert mail.outbox == []


def test_codes_cannot_be_asked_for_without_end(client: Client, cora: Person) -> None:
    for _ in range(8):
        ask_for_code(Client(), cora.email)
    assert len(mail.outbox) == 3


@pytest.fixture
def _required(settings: LazySettings) -> None:
    settings.STAFF_TOTP = "required"


@pytest.mark.usefixtures("_required")
def test_staff_must_set_up_totp_and_customers_need_not(ana_agent: Person, cora: Person) -> None:
    assert signin.must_set_up_totp(ana_agent)
    assert not signin.must_set_up_totp(cora)


@pytest.mark.usefixtures("_required")
def test_staff_who_have_it_need_not_set_it_up(ana_agent: Person) -> None:
    auth.TOTP.activate(ana_agent, auth.generate_totp_secret())
    assert not signin.must_set_up_totp(ana_agent)


def test_where_it_is_optional_nobody_must(ana_agent: Person, settings: LazySettings) -> None:
    settings.STAFF_TOTP = "optional"
    assert not signin.must_set_up_totp(ana_agent)


def test_staff_with_totp_are_not_signed_in_by_the_code_alone(client: Client, ana_agent: Person) -> None:
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(ana_agent, secret)
    sign_in(client, ana_agent)
    assert not is_signed_in(client)
    with patch("allauth.mfa.totp.internal.auth.validate_totp_code", return_value=True):
        client.post("/accounts/2fa/authenticate/", {"code": "123456"})
    assert is_signed_in(client)


@pytest.mark.usefixtures("_required")
def test_totp_can_be_set_up_right_after_signing_in(client: Client, ana_agent: Person) -> None:
    sign_in(client, ana_agent)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_the_door_is_closed_to_whom_no_request_belongs() -> None:
    assert signin.Adapter().is_open_for_signup(HttpRequest()) is False
