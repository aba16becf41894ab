"""Who calls. Imports wait, since this file is read before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from evenhand.api.tests.caller import Caller
    from evenhand.people.models import Brand, Person


@pytest.fixture
def agent(ac: Brand, ana_agent: Person, published: dict[str, Any]) -> Caller:
    """Calls as Ana, where a policy is in force."""
    from evenhand.api.tests.caller import Caller

    return Caller(ac, ana_agent)


@pytest.fixture
def administrator(ac: Brand, root_admin: Person) -> Caller:
    from evenhand.api.tests.caller import Caller

    return Caller(ac, root_admin)
