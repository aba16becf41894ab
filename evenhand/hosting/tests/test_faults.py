"""One fault at a time in a healthy world: found with the right code, and with no other."""

from __future__ import annotations

import pytest

from evenhand.hosting.tests.faults import FAULTS, certificates, mail, names, pages, registration
from evenhand.hosting.tests.world import World

SUBJECTS = (names, certificates, pages, mail, registration)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_code_and_no_other(name: str) -> None:
    code, inject = FAULTS[name]
    world = World()
    inject(world)
    assert world.codes() == [code]


def test_a_healthy_shop_is_all_well() -> None:
    assert World().codes() == []


def test_there_are_enough_faults_to_trust_it() -> None:
    assert len(FAULTS) >= 60
    assert {inject.__module__ for _, inject in FAULTS.values()} == {subject.__name__ for subject in SUBJECTS}
