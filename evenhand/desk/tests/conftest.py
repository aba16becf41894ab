from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # this file is read before Django is set up
    from evenhand.people.models import Brand, Person
    from evenhand.tickets.models import Ruling, Ticket


@pytest.fixture(autouse=True)
def _code_is_enough(settings: Any) -> None:
    """These tests are not about the second factor; the one that is sets it back."""
    settings.STAFF_TOTP = "optional"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    from evenhand.desk import access, rail

    rail._kept.clear()
    rail._waiting.clear()
    access._complete.clear()


@pytest.fixture
def ticket(ac: Brand, cora: Person, published: dict[str, Any]) -> Ticket:
    from evenhand.desk.tests.scene import a_ticket

    return a_ticket(ac, cora)


@pytest.fixture
def proposal(ticket: Ticket, published: dict[str, Any]) -> Ruling:
    from evenhand.desk.tests.scene import a_proposal

    return a_proposal(ticket, published["americommerce"])


@pytest.fixture
def ana(ana_agent: Person) -> Any:
    """Ana's browser."""
    from evenhand.desk.tests.scene import signed_in

    return signed_in(ana_agent)
