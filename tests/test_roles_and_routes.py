"""Every address of the product, opened as every role of both brands, and as nobody.

A new address that is missing from ROUTES fails. To add one: its name, how it is asked, and what each group of
people is answered. All of it is asked of AmeriCommerce, so Spark Pay's people are the `others`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from evenhand.desk.tests.scene import a_proposal, a_ticket, signed_in
from evenhand.people.actions import add_staff
from evenhand.people.models import Brand, Person, Role
from evenhand.portal import tokens

DEPARTMENTS = ("accountant", "sales", "designer", "developer")
GROUPS = {
    "nobody": ("nobody",),
    "requester": ("requester",),  # Cora, whose ticket is asked for
    "customers": ("customer",),  # another customer of the same brand
    "agents": ("agent",),
    "leads": ("lead", "administrator"),
    "departments": DEPARTMENTS,  # none of whose teams has the ticket
    "others": ("other customer", *(f"other {role.value}" for role in Role if role != Role.CUSTOMER)),
}
BRAND = {"brand_slug": "americommerce"}
TICKET = {**BRAND, "ticket_id": "{ticket}"}
VERSION = {**BRAND, "version_id": "{version}"}


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address: how it is asked, and the status each group gets."""

    answers: dict[str, int]
    args: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    given: dict[str, Any] = field(default_factory=dict)


def all_get(status: int) -> dict[str, int]:
    return dict.fromkeys(GROUPS, status)


def staff(agents: int, leads: int, departments: int) -> dict[str, int]:
    """A page of the desk: nobody is sent to sign in, customers and the other brand's people are refused."""
    return all_get(403) | {"nobody": 302, "agents": agents, "leads": leads, "departments": departments}


SEEN_BY_ALL_STAFF = staff(200, 200, 200)
ONE_TICKET = staff(200, 200, 404)
DONE_TO_A_TICKET = staff(302, 302, 404)
RULED = staff(302, 302, 403)
FOR_LEADS = staff(403, 200, 403)
OWN = all_get(404) | {"nobody": 302, "requester": 200}
SIGNED_IN = all_get(200) | {"nobody": 302}

ROUTES: dict[str, Route] = {
    "healthz": Route(answers=all_get(503)),  # in a test neither mail nor worker runs
    # ── The desk ──
    "desk:home": Route(answers=all_get(302) | {"requester": 403, "customers": 403, "other customer": 403}),
    "desk:pattern": Route(
        answers=all_get(200) | {"nobody": 302, "requester": 403, "customers": 403, "other customer": 403}
    ),
    "desk:queue": Route(args=BRAND, answers=SEEN_BY_ALL_STAFF),
    "desk:live": Route(args=BRAND, answers=SEEN_BY_ALL_STAFF),
    "desk:call": Route(args=BRAND, answers=staff(200, 200, 403)),
    "desk:rulebook": Route(args=BRAND, answers=SEEN_BY_ALL_STAFF),
    "desk:version": Route(args=VERSION, answers=SEEN_BY_ALL_STAFF),
    "desk:new version": Route(args=BRAND, answers=FOR_LEADS),
    "desk:check": Route(args=BRAND, method="post", given={"text": "# A policy"}, answers=FOR_LEADS),
    "desk:withdraw": Route(args=VERSION, method="post", answers=staff(403, 409, 403)),  # it has begun
    "desk:ticket": Route(args=TICKET, answers=ONE_TICKET),
    "desk:reply": Route(args=TICKET, method="post", given={"text": "Hello."}, answers=DONE_TO_A_TICKET),
    "desk:note": Route(args=TICKET, method="post", given={"text": "Hello."}, answers=DONE_TO_A_TICKET),
    "desk:assign": Route(args=TICKET, method="post", given={"assignee": "me"}, answers=DONE_TO_A_TICKET),
    "desk:status": Route(args=TICKET, method="post", given={"status": "solved"}, answers=DONE_TO_A_TICKET),
    "desk:topic": Route(args=TICKET, method="post", given={"topic": "ssl", "matter": 0}, answers=RULED),
    # The shipped policies wait for no fact, so giving one is refused with a reason (409).
    "desk:fact": Route(
        args=TICKET,
        method="post",
        given={"fact": "cause", "value": "ours", "matter": 0},
        answers=staff(409, 409, 403),
    ),
    "desk:accept": Route(args=TICKET, method="post", given={"ruling": "{ruling}"}, answers=RULED),
    "desk:override": Route(
        args=TICKET,
        method="post",
        given={"act": "decline", "reason": "Bought elsewhere.", "matter": 0},
        answers=RULED,
    ),
    "desk:file": Route(args={**TICKET, "attachment_id": "1"}, answers=staff(404, 404, 404)),
    # ── The portal ──
    "portal:home": Route(
        answers=all_get(302) | {"nobody": 200}
    ),  # staff to their desk, customers to their tickets
    "portal:front": Route(args=BRAND, answers=all_get(302)),
    "portal:policy": Route(args=BRAND, answers=all_get(200)),
    "portal:version": Route(args=VERSION, answers=all_get(200)),
    "portal:ask": Route(args=BRAND, answers=all_get(200)),
    "portal:about": Route(
        args=BRAND, method="post", given={"text": "My padlock is gone"}, answers=all_get(200)
    ),
    "portal:guidance": Route(
        args=BRAND, method="post", given={"text": "My padlock is gone"}, answers=all_get(200)
    ),
    "portal:received": Route(args={**BRAND, "receipt": "made-up"}, answers=all_get(404)),
    "portal:tickets": Route(args=BRAND, answers=SIGNED_IN),
    "portal:ticket": Route(args=TICKET, answers=OWN),
    "portal:answer": Route(
        args=TICKET,
        method="post",
        given={"text": "It works again.", "token": "{form}"},
        answers=OWN | {"requester": 302},
    ),
    "portal:attachment": Route(args={**TICKET, "attachment_id": "1"}, answers=all_get(404) | {"nobody": 302}),
    "portal:place": Route(args={**BRAND, "place_slug": "help-articles"}, answers=all_get(200)),
    "portal:apps": Route(args=BRAND, answers=all_get(200)),
    # ── Signing in ──
    "account_login": Route(answers=all_get(302) | {"nobody": 200}),
    "account_request_login_code": Route(answers=all_get(302) | {"nobody": 200}),
    "account_confirm_login_code": Route(answers=all_get(302)),
    "account_logout": Route(answers=all_get(200) | {"nobody": 302}),
    "account_inactive": Route(answers=all_get(200)),
    "mfa_index": Route(answers=SIGNED_IN),
    "mfa_authenticate": Route(answers=all_get(302)),
    "mfa_reauthenticate": Route(answers=all_get(403) | {"nobody": 302}),
    "mfa_activate_totp": Route(answers=SIGNED_IN),
    "mfa_deactivate_totp": Route(answers=all_get(404) | {"nobody": 302}),
    "mfa_view_recovery_codes": Route(answers=all_get(404) | {"nobody": 302}),
    "mfa_generate_recovery_codes": Route(answers=SIGNED_IN),
    # ── The API: a session opens none of it, a key does ──
    "api:openapi-json": Route(answers=all_get(200)),
    "api:api-root": Route(answers=all_get(404)),
    "api:nowhere": Route(args={"rest": "made/up"}, answers=all_get(404)),
    "api:enter_request": Route(args=BRAND, method="post", answers=all_get(401)),
    "api:read_ticket": Route(args=TICKET, answers=all_get(401)),
    "api:enter_store": Route(args={**BRAND, "reference": "r1"}, method="put", answers=all_get(401)),
    "api:enter_stores": Route(args=BRAND, method="post", answers=all_get(401)),
    "api:enter_app": Route(args={**BRAND, "slug": "klaviyo"}, method="put", answers=all_get(401)),
}
DOORS = ("desk:", "portal:", "api:", "")


@pytest.fixture
def everybody(
    ac: Brand,
    sp: Brand,
    cora: Person,
    carl: Person,
    sid: Person,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Client]:
    """A browser for each role of both brands, one that nobody signed in with, and three customers'."""
    settings.STAFF_TOTP = "optional"
    # A stream gives its connection back, but here it is the test's own.
    monkeypatch.setattr("evenhand.desk.views.live.connection.close", lambda: None)
    people: dict[str, Person | None] = {
        "nobody": None,
        "requester": cora,
        "customer": carl,
        "other customer": sid,
    }
    for role in Role:
        if role != Role.CUSTOMER:
            people[role.value] = _staff(ac, role, "support" if role in (Role.AGENT, Role.LEAD) else "hosting")
            people[f"other {role.value}"] = _staff(sp, role, "support")
    return {name: signed_in(person) for name, person in people.items()}


@pytest.fixture
def known(ac: Brand, cora: Person, published: dict[str, Any]) -> dict[str, Any]:
    """What addresses and forms hold: Cora's ticket, its proposal, the version in force, a form's token."""
    ticket = a_ticket(ac, cora)
    ruling = a_proposal(ticket, published[ac.slug])
    return {
        "ticket": ticket.pk,
        "ruling": ruling.pk,
        "version": published[ac.slug].pk,
        "form": tokens.fresh(),
    }


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.strip(":") or "the rest")
def test_each_role_is_answered_as_the_table_says(
    door: str, everybody: dict[str, Client], known: dict[str, Any]
) -> None:
    wrong = [
        f"{name} as {who}: {found} instead of {expected}"
        for name, route in ROUTES.items()
        if (name.startswith(door) if door else ":" not in name)
        for who, expected in _by_person(route.answers).items()
        if (found := _ask(everybody[who], name, route, known)) != expected
    ]
    assert wrong == []


def test_every_address_stands_in_the_table() -> None:
    assert set(_names(get_resolver())) - {"demo:roles", "demo:enter", "demo:outbox"} == set(ROUTES)


def _ask(browser: Client, name: str, route: Route, known: dict[str, Any]) -> int:
    """The status; what the request did is undone, so that everybody finds the same ticket."""
    address = reverse(name, kwargs={key: value.format(**known) for key, value in route.args.items()})
    given = {
        key: value.format(**known) if isinstance(value, str) else value for key, value in route.given.items()
    }
    with transaction.atomic():
        answer: HttpResponse = getattr(browser, route.method)(address, given)
        transaction.set_rollback(True)
    return answer.status_code


def _by_person(answers: dict[str, int]) -> dict[str, int]:
    """Groups spelled out; an answer for one person alone stands over that of the group."""
    spelled = {who: answers[group] for group, members in GROUPS.items() for who in members}
    return spelled | {who: status for who, status in answers.items() if who in spelled and who not in GROUPS}


def _staff(brand: Brand, role: Role, team: str) -> Person:
    return add_staff(
        brand, f"{role.value}@{brand.slug}.example", name=role.label, roles=[role], teams=[team], by=None
    )


def _names(resolver: URLResolver, inside: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, f"{inside}{pattern.namespace}:" if pattern.namespace else inside)
        elif isinstance(pattern, URLPattern):
            yield f"{inside}{pattern.name}"
