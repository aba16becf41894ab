"""The same clause by group, counted by PostgreSQL, and cautious about small numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from evenhand.people.models import Brand, Membership, Person
from evenhand.tickets import actions
from evenhand.tickets.models import Ticket
from evenhand.tickets.queries import Evenness, UnknownGrouping, evenness
from evenhand.tickets.queries.evenness import Share
from evenhand.tickets.tests.desk import SURE_SSL, open_ruled

KEPT = ("id", "turn")  # made by the database


def shown(lead: Person, brand: Brand, by: str = "channel") -> Evenness:
    return evenness(lead, brand, by, now=timezone.now() + dt.timedelta(seconds=1))


def many(brand: Brand, person: Person, version: Any, count: int, **fields: Any) -> None:
    """Tickets ruled under § 5: one made by the policy, and copied, since the counting is what is tested."""
    made = open_ruled(brand, person, version, SURE_SSL)
    ruling = made.rulings.get()
    ruling.overridden, ruling.message = fields.pop("overridden", False), None
    copied = {f.attname: getattr(made, f.attname) for f in Ticket._meta.concrete_fields if f.name not in KEPT}
    made.delete()
    for ticket in Ticket.objects.bulk_create(Ticket(**copied | fields) for _ in range(count)):
        ruling.pk, ruling.ticket = None, ticket
        ruling.save(force_insert=True)


def test_groups_of_one_clause_stand_beside_each_other(
    ac: Brand, cora: Person, leo_lead: Person, published: Any
) -> None:
    many(ac, cora, published[ac.slug], 2)
    many(ac, cora, published[ac.slug], 1, channel="form")
    (clause,) = shown(leo_lead, ac).clauses
    assert (clause.number, clause.outcome) == ("5", "help")
    assert [(group.name, group.tickets) for group in clause.groups] == [("email", 2), ("form", 1)]


def test_small_numbers_are_called_small_and_never_compared(
    ac: Brand, cora: Person, leo_lead: Person, published: Any
) -> None:
    many(ac, cora, published[ac.slug], 29)
    many(ac, cora, published[ac.slug], 29, channel="form", overridden=True)
    found = shown(leo_lead, ac)
    assert found.few
    assert all(group.is_few and not group.stands_out for group in found.clauses[0].groups)


def test_a_large_difference_of_large_groups_stands_out(
    ac: Brand, cora: Person, leo_lead: Person, published: Any
) -> None:
    many(ac, cora, published[ac.slug], 40)
    many(ac, cora, published[ac.slug], 40, channel="form", overridden=True)
    found = shown(leo_lead, ac)
    assert not found.few
    assert [group.stands_out for group in found.clauses[0].groups] == [("overridden",), ("overridden",)]


def test_customers_are_grouped_by_how_long_they_are_here(
    ac: Brand, cora: Person, carl: Person, leo_lead: Person, published: Any
) -> None:
    Membership.objects.filter(person=carl).update(since=timezone.now().date())
    for person in (cora, carl):
        many(ac, person, published[ac.slug], 1)
    names = [group.name for group in shown(leo_lead, ac, "customer").clauses[0].groups]
    assert names == ["a year or longer", "under a year"]


def test_what_was_remarked_and_let_go_is_a_group_of_tone(
    ac: Brand, cora: Person, leo_lead: Person, published: Any
) -> None:
    from evenhand.conduct.models import Proposal
    from evenhand.conduct.tests.scene import a_breach

    many(ac, cora, published[ac.slug], 1)
    proposal = a_breach(ac, cora)
    ruled = open_ruled(ac, cora, published[ac.slug], SURE_SSL)
    Proposal.objects.filter(pk=proposal.pk).update(ticket_id=ruled.pk)
    actions.dismiss_step(Proposal.objects.get(), by=leo_lead, reason="A product name.")
    names = [group.name for group in shown(leo_lead, ac, "tone").clauses[0].groups]
    assert names == ["nothing remarked", "remarked, no step"]


def test_the_first_reply_is_a_median_of_hours(
    ac: Brand, cora: Person, leo_lead: Person, published: Any
) -> None:
    opened = timezone.now() - dt.timedelta(days=1)
    for hours in (1, 2, 9):
        replied = opened + dt.timedelta(hours=hours)
        many(ac, cora, published[ac.slug], 1, opened_at=opened, first_replied_at=replied)
    assert shown(leo_lead, ac).clauses[0].groups[0].first_reply_hours == 2


def test_old_tickets_and_other_brands_are_left_out(
    ac: Brand, sp: Brand, cora: Person, sid: Person, leo_lead: Person, published: Any
) -> None:
    many(ac, cora, published[ac.slug], 1, opened_at=timezone.now() - dt.timedelta(days=91))
    many(sp, sid, published[sp.slug], 1)
    assert shown(leo_lead, ac).clauses == ()


def test_who_may_not_see_it_sees_nothing(ac: Brand, cora: Person, ana_agent: Person, published: Any) -> None:
    many(ac, cora, published[ac.slug], 1)
    assert shown(ana_agent, ac).clauses == ()
    with pytest.raises(UnknownGrouping):
        shown(ana_agent, ac, "surname")


def test_the_page_asks_once_whatever_the_size(
    ac: Brand, cora: Person, leo_lead: Person, published: Any, django_assert_max_num_queries: Any
) -> None:
    many(ac, cora, published[ac.slug], 20)
    leo_lead.held_memberships()
    with django_assert_max_num_queries(1):
        shown(leo_lead, ac)


def test_a_share_of_few_is_wide() -> None:
    assert Share(count=0, of=0).interval == (0.0, 100.0)
    assert Share(count=1, of=2).interval[1] - Share(count=1, of=2).interval[0] > 50
    assert not Share(count=0, of=29).differs_from(Share(count=1000, of=1000))
