"""The API does what its own description says, whatever is sent to it (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation

from evenhand.api.tests.caller import Caller
from evenhand.people.models import Brand, Person

DESCRIPTION = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
# What is well formed may still be refused: an app that the guide lacks, a domain that another store has.
DESCRIPTION.config.checks.positive_data_acceptance.enabled = False
OPERATIONS = {found.ok().label: found.ok() for found in DESCRIPTION.get_all_operations()}
NEVER_GOOD = {"POST /api/v1/{brand_slug}/stores.csv"}  # no made-up text is a file of stores
EXAMPLES = 40


@pytest.fixture
def administrator(ac: Brand, root_admin: Person, published: dict[str, Any]) -> Iterator[Caller]:
    """Whose key opens every address; there is a ticket to ask for, `number`.

    As with Django's own test client, a request does not close the connection, which is the test's.
    """
    caller = Caller(ac, root_admin)
    caller.number = caller.request().json()["id"]
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield caller
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_address_is_described() -> None:
    assert sorted(OPERATIONS) == [
        "GET /api/v1/{brand_slug}/tickets/{ticket_id}",
        "POST /api/v1/{brand_slug}/requests",
        "POST /api/v1/{brand_slug}/stores.csv",
        "PUT /api/v1/{brand_slug}/apps/{slug}",
        "PUT /api/v1/{brand_slug}/stores/{reference}",
    ]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(
    label: str, mode: GenerationMode, administrator: Caller
) -> None:
    answered = set()

    @seed(2)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        _address(case, administrator)
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {administrator.key}"})
        answered.add(answer.status_code)

    ask()
    assert answered & {400, 404, 422} if mode.is_negative else answered & {200, 201} or label in NEVER_GOOD


def _address(case: schemathesis.Case, known: Caller) -> None:
    """Where the address was to be good, let it lead to something that exists."""
    sent = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    if sent and sent.mode.is_positive:
        case.path_parameters["brand_slug"] = "americommerce"
        if "ticket_id" in case.path_parameters:
            case.path_parameters["ticket_id"] = known.number
