"""A request through the API: kept once, ruled at once, and nobody else's business."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from evenhand.api.tests.caller import ASKED, Caller, said
from evenhand.intake import actions as intake
from evenhand.intake.models import Arrival
from evenhand.people.models import Brand, Person
from evenhand.tickets.models import Ticket

CARD = "4111 1111 1111 1111"


def test_a_request_is_ruled_at_once(agent: Caller, cora: Person) -> None:
    answer = agent.request()
    entered = answer.json()
    assert (answer.status_code, entered["rulings"][0]["topic"]) == (201, "ssl")
    assert entered["rulings"][0]["clauses"]
    assert Ticket.objects.get(pk=entered["id"]).requester == cora


def test_the_same_key_again_gives_the_same_ticket(agent: Caller) -> None:
    first, again = agent.request(), agent.request()
    assert (again.status_code, again.json()) == (200, first.json())
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"text": "Something else."}, {"name": "Corinna"}, {"facts": {"plan": "pro"}}],
    ids=["text", "name", "facts"],
)
def test_the_same_key_for_another_request_is_refused(agent: Caller, changed: dict[str, Any]) -> None:
    agent.request()
    assert said(agent.request(**changed)) == (
        409,
        "This Idempotency-Key was used for another request. Use a new one for this one.",
    )
    assert Arrival.objects.count() == 1


def test_two_callers_may_use_the_same_key(agent: Caller, ac: Brand, leo_lead: Person) -> None:
    assert agent.request().json()["id"] != Caller(ac, leo_lead).request().json()["id"]


def test_a_request_that_is_not_handled_yet_is_kept(agent: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(arrival_id: int) -> None:
        raise OSError("the disk is away")

    monkeypatch.setattr(intake, "handle", interrupted)
    answer = agent.request()
    assert (answer.status_code, answer.json()["status"]) == (202, "received")
    monkeypatch.undo()
    assert intake.handle(Arrival.objects.get().pk) is not None
    assert agent.request().status_code == 200


def test_no_secret_is_stored_or_answered(agent: Caller) -> None:
    answer = agent.request(
        text=f"My card {CARD} was declined.", subject=f"Card {CARD}", name=CARD, facts={"plan": CARD}
    )
    assert answer.status_code == 201
    assert "4111" not in answer.content.decode() + _everything_stored()


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"email": "nobody"}, "email: "),
        ({"email": "0@0"}, "email: "),
        ({"text": ""}, "text: String should have at least 1 character"),
        ({"text": "x" * 100_001}, "text: String should have at most 100000 characters"),
        ({"text": None}, "text: Input should be a valid string"),
        ({"subject": "a\0b"}, "subject: "),
        ({"facts": {"plan": 5}}, "facts.plan: Input should be a valid string"),
        ({"priority": "high"}, "priority: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_stored(agent: Caller, sent: dict[str, Any], wrong: str) -> None:
    status, words = said(agent.request(**sent))
    assert (status, words[: len(wrong)]) == (422, wrong)
    assert not Arrival.objects.exists()


def test_everything_that_is_wrong_is_named_at_once(agent: Caller) -> None:
    status, words = said(agent.call("post", "/requests", {}))
    named = {line.partition(":")[0] for line in words.splitlines()}
    assert (status, named) == (422, {"Idempotency-Key", "email", "text"})


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'"\\ud800"'], ids=range(4))
def test_what_is_no_json_is_refused(agent: Caller, body: bytes) -> None:
    answer = agent.call("post", "/requests", body, idempotency_key="r-1")
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_a_body_too_large_is_refused_in_words(agent: Caller) -> None:
    status, words = said(agent.request(text="x" * 3_000_000))
    assert (status, words) == (
        413,
        "This is larger than the 2,097,152 bytes that are taken here. Send less text.",
    )


def test_without_a_good_key_nothing_opens(ac: Brand) -> None:
    for caller in (Caller(ac), Caller(ac, key="eh_made-up"), Caller(ac, key="Ωmega")):
        status, words = said(caller.request())
        assert (status, "Authorization: Bearer" in words) == (401, True)


def test_only_who_may_take_requests_enters_them(ac: Brand, ada_accountant: Person) -> None:
    assert said(Caller(ac, ada_accountant).request()) == (
        403,
        "Your roles at AmeriCommerce do not let you write call notes.",
    )


def test_a_key_opens_nothing_at_another_brand(agent: Caller, sp: Brand) -> None:
    elsewhere = Caller(sp, key=agent.key)
    assert said(elsewhere.request())[0] == said(elsewhere.ticket(1))[0] == 404
    assert not Arrival.objects.exists()


def test_a_ticket_is_read_by_who_may_see_it(agent: Caller, ac: Brand, leo_lead: Person) -> None:
    entered = agent.request().json()
    assert Caller(ac, leo_lead).ticket(entered["id"]).json() == entered


def test_a_ticket_of_other_teams_or_brands_is_not_there(
    agent: Caller, ac: Brand, sp: Brand, ada_accountant: Person, ana_agent: Person, sid: Person
) -> None:
    ticket = agent.request().json()["id"]
    theirs = Ticket.objects.create(brand=sp, subject="Theirs", requester=sid, channel="api", **_now())
    for caller, number in ((Caller(ac, ada_accountant), ticket), (agent, theirs.pk), (agent, 10**15)):
        assert said(caller.ticket(number)) == (
            404,
            f"There is no ticket {number} here that this key may see.",
        )


@pytest.mark.parametrize("address", ["/tickets/one", "/tickets/-1", "/nothing", "/requests/1"])
def test_an_address_that_does_not_exist_says_so_in_json(agent: Caller, address: str) -> None:
    status, words = said(agent.call("get", address))
    assert (status, "openapi.json" in words) == (404, True)


def _everything_stored() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [text for (text,) in cursor.fetchall()]
    assert any(ASKED["email"] in row for row in rows)
    return "\n".join(rows)


def _now() -> dict[str, Any]:
    from django.utils import timezone

    return {"opened_at": timezone.now(), "changed_at": timezone.now()}
