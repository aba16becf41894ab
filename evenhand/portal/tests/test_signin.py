"""The sign-in pages as people meet them: a code by mail, the same answer for everybody, TOTP for staff."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape

from evenhand.mail.models import Letter
from evenhand.people.models import Person

LOGIN, CONFIRM, SECOND = "/accounts/login/", "/accounts/login/code/confirm/", "/accounts/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def _letters_are_posted(settings: LazySettings) -> None:
    """As the running desk does it; Django's tests would keep mail in memory. Earlier tries do not count."""
    settings.EMAIL_BACKEND = "evenhand.mail.backend.OutboxBackend"
    cache.clear()


def ask_for_a_code(client: Client, email: str) -> Any:
    return client.post(LOGIN, {"email": email}, follow=True)


def the_code() -> str:
    found = re.search(r"^    (\S+)$", Letter.objects.get().text, re.MULTILINE)
    assert found
    return found[1]


def shown(answer: Any) -> str:
    return str(answer.content.decode())


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_code_of_the_letter_signs_in_and_leads_back(client: Client, cora: Person) -> None:
    client.post(LOGIN, {"email": cora.email, "next": "/americommerce/tickets"})
    answer = client.post(CONFIRM, {"code": the_code(), "next": "/americommerce/tickets"})
    assert answer.headers["Location"] == "/americommerce/tickets"
    assert "Sign out" in shown(client.get("/americommerce/tickets"))


def test_my_tickets_ask_for_sign_in_first(client: Client, cora: Person) -> None:
    page = client.get("/americommerce/tickets", follow=True)
    assert "Write your email address" in shown(page)
    assert 'value="/americommerce/tickets"' in shown(page)


def test_a_wrong_code_is_refused_in_words(client: Client, cora: Person) -> None:
    ask_for_a_code(client, cora.email)
    answer = client.post(CONFIRM, {"code": "WRONG1"})
    assert not is_signed_in(client)
    assert 'role="alert"' in shown(answer)


def test_an_unknown_address_gets_the_same_page_and_no_letter(client: Client, cora: Person) -> None:
    known, unknown = ask_for_a_code(client, cora.email), ask_for_a_code(Client(), "nobody@shop.example")
    assert without_what_differs(known, cora.email) == without_what_differs(unknown, "nobody@shop.example")
    assert Letter.objects.count() == 1


def without_what_differs(answer: Any, email: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown(answer))
    return page.replace(escape(email), "an address")


def test_staff_add_an_authenticator_app_and_get_recovery_codes(client: Client, ana_agent: Person) -> None:
    codes = recovery_codes(with_an_app(client, ana_agent))
    assert len(codes) == 10


def test_staff_sign_in_with_a_one_time_password_after_the_code(client: Client, ana_agent: Person) -> None:
    code = recovery_codes(with_an_app(client, ana_agent))[0]
    client.post("/accounts/logout/")
    Letter.objects.all().delete()
    ask_for_a_code(client, ana_agent.email)
    page = client.post(CONFIRM, {"code": the_code()}, follow=True)
    assert "six figures" in shown(page)
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_signed_in(client)


def with_an_app(client: Client, person: Person) -> Client:
    """The client, signed in, with an authenticator app that was added on the page for it."""
    ask_for_a_code(client, person.email)
    client.post(CONFIRM, {"code": the_code()})
    page = shown(client.get(SECOND))
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret
    code = totp.format_hotp_value(
        totp.hotp_value(secret[1], next(iter(totp.yield_hotp_counters_from_time())))
    )
    added = client.post(SECOND, {"code": code})
    assert added.status_code == 302, shown(added)
    return client


def recovery_codes(client: Client) -> list[str]:
    page = shown(client.get("/accounts/2fa/recovery-codes/"))
    found = re.search(r'aria-label="Recovery codes">(.*?)</pre>', page, re.DOTALL)
    assert found
    return found[1].split()


def test_signing_out_asks_once_and_does_it(client: Client, cora: Person) -> None:
    client.force_login(cora)
    assert cora.email in shown(client.get("/accounts/logout/"))
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
def test_there_is_no_other_way_in(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404
