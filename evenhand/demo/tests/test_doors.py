"""The demo lets anybody in as anybody: only in demo mode, only on this machine."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, reverse

import evenhand.urls
from evenhand.demo import build
from evenhand.mail.actions import post
from evenhand.people.models import Brand, Membership, Person, Role

DOORS = (("get", "/demo/"), ("post", "/demo/enter"), ("get", "/demo/outbox"))
ELSEWHERE: tuple[dict[str, str], ...] = (
    {"REMOTE_ADDR": "192.0.2.7"},
    {"REMOTE_ADDR": ""},
    {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
)


@pytest.fixture
def demo_mode(settings: Any) -> Iterator[None]:
    settings.DEMO, settings.STAFF_TOTP = True, "optional"
    _route_again()
    yield
    settings.DEMO = False
    _route_again()


def _route_again() -> None:
    importlib.reload(evenhand.urls)
    clear_url_caches()


def _asked(method: str, address: str, **environment: str) -> int:
    status: int = getattr(Client(**environment), method)(address, {"role": "agent"}).status_code
    return status


@pytest.mark.parametrize(("method", "address"), DOORS)
def test_without_demo_mode_there_is_no_such_address(ana_agent: Person, method: str, address: str) -> None:
    assert _asked(method, address) == 404
    with pytest.raises(NoReverseMatch):
        reverse("demo:roles")


@pytest.mark.usefixtures("demo_mode")
@pytest.mark.parametrize("environment", ELSEWHERE, ids=lambda e: " ".join([*e, *e.values()]))
@pytest.mark.parametrize(("method", "address"), DOORS)
def test_from_elsewhere_or_through_a_proxy_there_is_none_either(
    ana_agent: Person, method: str, address: str, environment: dict[str, str]
) -> None:
    assert _asked(method, address, **environment) == 404


@pytest.mark.usefixtures("demo_mode")
@pytest.mark.parametrize("here", ["127.0.0.1", "::1"])
def test_on_this_machine_they_open(ana_agent: Person, here: str) -> None:
    assert [_asked(method, address, REMOTE_ADDR=here) for method, address in DOORS] == [200, 302, 200]


@pytest.mark.usefixtures("demo_mode")
def test_one_button_leads_in_as_each_role(db: None) -> None:
    build.furnish()
    page = Client().get("/demo/").content.decode()
    for role in Role:
        browser = Client()
        assert f'value="{role.value}"' in page
        browser.post("/demo/enter", {"role": role.value})
        entered = Person.objects.get(pk=browser.session["_auth_user_id"])
        assert Membership.objects.filter(person=entered, role=role).exists()
        assert browser.get("/", follow=True).status_code == 200


@pytest.mark.usefixtures("demo_mode")
@pytest.mark.parametrize("role", ["", "owner", "\0"])
def test_a_role_that_there_is_none_of_leads_nowhere(ana_agent: Person, role: str) -> None:
    browser = Client()
    assert browser.post("/demo/enter", {"role": role}).status_code == 404
    assert "_auth_user_id" not in browser.session


@pytest.mark.usefixtures("demo_mode")
def test_the_outbox_shows_what_was_written(ac: Brand, cora: Person) -> None:
    post(
        purpose="test:1",
        brand_name=ac.name,
        sender=ac.mailbox,
        recipient=cora.email,
        subject="Your <padlock>",
        text="It is back.",
    )
    page = Client().get("/demo/outbox").content.decode()
    assert "Your &lt;padlock&gt;" in page
    assert cora.email in page


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "desk.example", ""])
def test_a_demo_that_others_could_reach_does_not_start(host: str) -> None:
    done = _settings_read(EVENHAND_DEMO="yes", EVENHAND_WEB_HOST=host)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("evenhand: The demo lets anybody in as anybody")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("demo", "host"), [("yes", "127.0.0.1"), ("yes", "::1"), ("yes", "localhost"), ("no", "0.0.0.0")]
)
def test_a_demo_on_this_machine_and_a_desk_for_others_do(demo: str, host: str) -> None:
    assert _settings_read(EVENHAND_DEMO=demo, EVENHAND_WEB_HOST=host).returncode == 0


def _settings_read(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import evenhand.settings"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
