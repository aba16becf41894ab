"""How long a step counts, and how somebody stands meanwhile. Time is given, never waited for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from evenhand.audit.models import Entry
from evenhand.conduct import actions
from evenhand.conduct.models import Step
from evenhand.conduct.queries import facts_for, standing, terms
from evenhand.conduct.tests.scene import a_breach
from evenhand.people.models import Brand, Person
from evenhand.rulebook import queries as rulebook

pytestmark = pytest.mark.usefixtures("published")
DAY = dt.timedelta(days=1)


def taken(brand: Brand, person: Person, lead: Person, step: str) -> Step:
    return actions.confirm(a_breach(brand, person), by=lead, step=step, reason="As it was.")


def stand(step: Step, after: dt.timedelta) -> str:
    policy = rulebook.policy(rulebook.in_force(step.brand))
    return standing(step.person, step.brand, step.begins_at + after, policy)


def test_a_warning_lapses_by_itself(ac: Brand, cora: Person, leo_lead: Person) -> None:
    warning = taken(ac, cora, leo_lead, "warning")
    assert [stand(warning, days * DAY) for days in (0, 89, 90)] == ["warned", "warned", "good"]


def test_a_ban_ends_and_then_counts_as_a_warning(ac: Brand, cora: Person, leo_lead: Person) -> None:
    ban = taken(ac, cora, leo_lead, "temporary ban")
    assert [stand(ban, days * DAY) for days in (6, 7, 179, 180)] == ["banned", "warned", "warned", "good"]


def test_lost_support_stays_until_somebody_lifts_it(ac: Brand, cora: Person, leo_lead: Person) -> None:
    lost = taken(ac, cora, leo_lead, "managers only")
    assert stand(lost, 3000 * DAY) == "managers only"
    assert lost.review_at == lost.begins_at + 365 * DAY
    actions.lift(lost, by=leo_lead, reason="A good year.")
    assert stand(lost, 1 * DAY) == "good"


def test_the_worst_of_several_counts(ac: Brand, cora: Person, leo_lead: Person) -> None:
    taken(ac, cora, leo_lead, "temporary ban")
    assert stand(taken(ac, cora, leo_lead, "warning"), 1 * DAY) == "banned"


def test_nothing_counts_before_it_was_confirmed(ac: Brand, cora: Person, leo_lead: Person) -> None:
    assert stand(taken(ac, cora, leo_lead, "warning"), -dt.timedelta(seconds=1)) == "good"


def test_a_colleague_and_another_brand_are_not_touched(
    ac: Brand, sp: Brand, cora: Person, carl: Person, leo_lead: Person
) -> None:
    taken(ac, cora, leo_lead, "temporary ban")
    policy, now = rulebook.policy(rulebook.in_force(ac)), timezone.now()
    assert facts_for(carl, ac, now, policy) == {}
    assert facts_for(cora, sp, now, policy) == {}
    assert facts_for(cora, ac, now, policy)["standing"].value == "banned"


def test_a_policy_without_the_fact_is_given_none(
    ac: Brand, sp: Brand, cora: Person, leo_lead: Person
) -> None:
    taken(ac, cora, leo_lead, "warning")
    without = rulebook.policy(rulebook.in_force(sp))
    assert facts_for(cora, ac, timezone.now(), without) == {}


def test_the_end_of_a_ban_is_known_while_it_runs(ac: Brand, cora: Person, leo_lead: Person) -> None:
    ban = taken(ac, cora, leo_lead, "temporary ban")
    assert terms(cora, ac, ban.begins_at + DAY) == {"until": ban.runs_until}
    assert terms(cora, ac, ban.begins_at + 8 * DAY) == {}


def test_a_lapse_is_announced_once(ac: Brand, cora: Person, leo_lead: Person) -> None:
    warning = taken(ac, cora, leo_lead, "warning")
    assert actions.announce_lapsed() == 0
    Step.objects.filter(pk=warning.pk).update(lapses_at=timezone.now())
    assert [actions.announce_lapsed(), actions.announce_lapsed()] == [1, 0]
    assert Entry.objects.filter(kind="conduct.lapsed", stream=f"person:{cora.pk}").count() == 1
