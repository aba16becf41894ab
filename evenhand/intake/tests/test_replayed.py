"""What the desk ruled, decided again by the same policy, comes out as it did, whatever held it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from evenhand.intake.tests.post import CSS, SSL, mail, receive
from evenhand.people.models import Brand, Person
from evenhand.rulebook import queries as rulebook
from evenhand.tickets.models import Ruling
from evenhand.tickets.queries.replay import replay

pytestmark = pytest.mark.django_db

ANGRY = f"DAMN IT, YOU BLOODY IDIOTS.\n\n{SSL}"
FOREIGN = "Seit heute Morgen zeigt mein Browser, dass das Zertifikat meines Ladens abgelaufen ist."
UNCLEAR = "You are idiots. Third time I write about it, damn it."


@pytest.mark.parametrize("text", [SSL, CSS, ANGRY, FOREIGN, UNCLEAR])
def test_the_version_in_force_changes_nothing_of_what_it_ruled(
    ac: Brand, cora: Person, published: Any, text: str
) -> None:
    receive(mail(cora, text), ac)
    found = replay(ac, rulebook.policy(published[ac.slug]), timezone.now() - dt.timedelta(days=1))
    assert found.total > 0
    assert (found.changed, found.only_targets) == (0, 0)


def test_a_finding_of_conduct_holds_back_what_the_policy_would_do_alone(
    ac: Brand, cora: Person, published: Any
) -> None:
    receive(mail(cora, ANGRY), ac)
    assert Ruling.objects.get().state == Ruling.State.PROPOSED
