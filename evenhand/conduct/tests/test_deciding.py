"""A lead decides once; an appeal is decided by somebody else; everything is on record and told once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from evenhand.audit.models import Entry
from evenhand.conduct import actions
from evenhand.conduct.models import Appeal, Proposal, Step
from evenhand.conduct.refusals import (
    DecidedAlready,
    MayNotDecide,
    NoAppeal,
    NoSuchStep,
    ReasonMissing,
    SomebodyElse,
)
from evenhand.conduct.tests.scene import a_breach
from evenhand.intake.tests.post import letters
from evenhand.mail.models import Letter
from evenhand.people.actions import add_staff
from evenhand.people.models import Brand, Person
from evenhand.tickets import actions as tickets
from evenhand.tickets.models import Event, Ticket

pytestmark = pytest.mark.usefixtures("published")


def kinds(person: Person) -> list[str]:
    entries = Entry.objects.filter(stream=f"person:{person.pk}", kind__startswith="conduct.")
    return [entry.kind.removeprefix("conduct.") for entry in entries.order_by("number")]


def appealed(brand: Brand, person: Person, lead: Person) -> Appeal:
    step = tickets.confirm_step(a_breach(brand, person), by=lead)
    return actions.appeal(step, by=person, text="I quoted somebody.")


def test_only_a_lead_decides(ac: Brand, cora: Person, ana_agent: Person, ada_accountant: Person) -> None:
    for nobody in (ana_agent, ada_accountant, cora):
        with pytest.raises(MayNotDecide):
            tickets.confirm_step(a_breach(ac, cora), by=nobody)
    assert not Step.objects.exists()
    assert letters(cora) == []


def test_another_brands_lead_does_not(ac: Brand, sp: Brand, cora: Person) -> None:
    stranger = add_staff(sp, "s@desk.example", name="S", roles=["lead"], by=None)
    with pytest.raises(MayNotDecide):
        tickets.dismiss_step(a_breach(ac, cora), by=stranger, reason="No.")
    assert not Proposal.objects.visible_to(stranger).exists()


def test_nobody_decides_about_themselves(ac: Brand, leo_lead: Person) -> None:
    from evenhand.people.actions import recognise

    recognise(ac, leo_lead.email)
    with pytest.raises(MayNotDecide, match="own conduct"):
        tickets.confirm_step(a_breach(ac, leo_lead), by=leo_lead)


def test_another_step_needs_a_reason_and_keeps_it(ac: Brand, cora: Person, leo_lead: Person) -> None:
    proposal = a_breach(ac, cora)
    with pytest.raises(ReasonMissing):
        tickets.confirm_step(proposal, by=leo_lead, step="temporary ban", reason="  ")
    tickets.confirm_step(proposal, by=leo_lead, step="temporary ban", reason="The third time this week.")
    proposal.refresh_from_db()
    assert (proposal.was_changed, proposal.reason) == (True, "The third time this week.")


def test_a_step_outside_the_ladder_is_refused(ac: Brand, cora: Person, leo_lead: Person) -> None:
    with pytest.raises(NoSuchStep, match="temporary ban"):
        tickets.confirm_step(a_breach(ac, cora), by=leo_lead, step="prison", reason="Why not.")


def test_a_dismissed_proposal_reaches_nobody(ac: Brand, cora: Person, leo_lead: Person) -> None:
    tickets.dismiss_step(a_breach(ac, cora), by=leo_lead, reason="A product name.")
    assert letters(cora) == []
    assert kinds(cora) == ["proposed", "dismissed"]


def test_a_second_press_is_refused_and_writes_no_second_letter(
    ac: Brand, cora: Person, leo_lead: Person, root_admin: Person
) -> None:
    proposal = a_breach(ac, cora)
    tickets.confirm_step(proposal, by=leo_lead)
    for again in (leo_lead, root_admin):
        with pytest.raises(DecidedAlready, match="Leo Lead"):
            tickets.confirm_step(proposal, by=again)
    assert (Step.objects.count(), len(letters(cora))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_at_once_one_decides(
    ac: Brand, cora: Person, leo_lead: Person, root_admin: Person
) -> None:
    proposal, outcomes, start = a_breach(ac, cora), [], threading.Barrier(2)

    def decide(by: Person) -> None:
        start.wait()
        try:
            outcomes.append(tickets.confirm_step(proposal, by=by))
        except DecidedAlready as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    _together(decide, leo_lead, root_admin)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DecidedAlready", "Step"]
    assert (Step.objects.count(), Letter.objects.filter(recipient=cora.email).count()) == (1, 1)


def _together(act: Callable[[Person], None], *people: Person) -> None:
    threads = [threading.Thread(target=act, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_decision_letter_and_its_job_are_one_transaction(ac: Brand, cora: Person, leo_lead: Person) -> None:
    proposal = a_breach(ac, cora)
    with transaction.atomic():
        tickets.confirm_step(proposal, by=leo_lead)
        assert (len(letters(cora)), _jobs()) == (1, 1)
        transaction.set_rollback(True)  # the process dies before it commits
    proposal.refresh_from_db()
    assert (proposal.state, letters(cora), _jobs()) == ("waiting", [], 0)


def test_a_notice_is_sent_once_however_often_its_job_runs(
    ac: Brand, cora: Person, leo_lead: Person, do_jobs: Callable[[], int]
) -> None:
    from evenhand.mail import actions as mail

    tickets.confirm_step(a_breach(ac, cora), by=leo_lead)
    do_jobs()
    mail.send(letters(cora)[0].pk)
    assert [(letter.state, letter.tries) for letter in letters(cora)] == [("sent", 1)]


def _jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mail.send'")
        return int(cursor.fetchone()[0])


# ── Appeals ──


def test_whoever_confirmed_does_not_decide_the_appeal(
    ac: Brand, cora: Person, leo_lead: Person, root_admin: Person
) -> None:
    with pytest.raises(SomebodyElse, match="Root Admin can"):
        tickets.decide_appeal(appealed(ac, cora, leo_lead), by=leo_lead, grant=False, reason="No.")


def test_a_lead_alone_is_told_whom_to_add(ac: Brand, cora: Person, leo_lead: Person) -> None:
    with pytest.raises(SomebodyElse, match="Add a second lead"):
        tickets.decide_appeal(appealed(ac, cora, leo_lead), by=leo_lead, grant=True, reason="Yes.")


def test_a_granted_appeal_ends_the_step_and_tells_why(
    ac: Brand, cora: Person, leo_lead: Person, root_admin: Person
) -> None:
    appeal = appealed(ac, cora, leo_lead)
    tickets.decide_appeal(appeal, by=root_admin, grant=True, reason="It was your supplier's word.")
    step = Step.objects.get()
    assert (step.ended_why, step.counts(step.ended_at)) == ("overturned", False)
    assert "It was your supplier's word." in letters(cora)[-1].text
    assert kinds(cora) == ["proposed", "confirmed", "appealed", "appeal granted"]


def test_a_refused_appeal_leaves_the_step_and_is_final(
    ac: Brand, cora: Person, leo_lead: Person, root_admin: Person
) -> None:
    appeal = appealed(ac, cora, leo_lead)
    tickets.decide_appeal(appeal, by=root_admin, grant=False, reason="The words are plain.")
    with pytest.raises(DecidedAlready):
        tickets.decide_appeal(appeal, by=root_admin, grant=True, reason="Or not.")
    with pytest.raises(NoAppeal):
        actions.appeal(Step.objects.get(), by=cora, text="Again.")
    assert Step.objects.get().ended_at is None


def test_nobody_appeals_for_somebody_else(ac: Brand, cora: Person, carl: Person, leo_lead: Person) -> None:
    step = tickets.confirm_step(a_breach(ac, cora), by=leo_lead)
    with pytest.raises(MayNotDecide):
        actions.appeal(step, by=carl, text="Let her.")


def test_what_was_said_is_in_the_record_for_the_person_alone(
    ac: Brand, cora: Person, leo_lead: Person
) -> None:
    tickets.confirm_step(a_breach(ac, cora), by=leo_lead, step="temporary ban", reason="Third time.")
    entries = Entry.objects.filter(stream=f"person:{cora.pk}", kind__startswith="conduct.")
    assert not any("bullshit" in str(entry.facts) or "Third" in str(entry.facts) for entry in entries)
    assert all(entry.person_id == cora.pk for entry in entries if entry.sealed)


def test_the_ticket_tells_its_readers(ac: Brand, cora: Person, leo_lead: Person) -> None:
    proposal = a_breach(ac, cora)
    tickets.confirm_step(proposal, by=leo_lead)
    event = Event.objects.get(ticket=proposal.ticket_id, kind="step confirmed")
    assert (event.actor, event.facts["step"]) == (leo_lead, "warning")
    assert Ticket.objects.get(pk=proposal.ticket_id).status == "new"
