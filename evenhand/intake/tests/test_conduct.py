"""From a message that breaks the rules to the lead's decision, and what it means for the next message."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from evenhand.conduct.models import Appeal, Proposal, Repeat, Step
from evenhand.conduct.queries import standing
from evenhand.intake import actions
from evenhand.intake.incoming import Content, from_fields
from evenhand.intake.tests.post import CSS, SSL, answer, letters, mail, receive
from evenhand.people.models import Brand, Person
from evenhand.rulebook import queries as rulebook
from evenhand.tickets import actions as tickets
from evenhand.tickets import notices
from evenhand.tickets.models import Ruling, Ticket

CURSE = "My certificate has run out again. This is complete bullshit and I want it repaired today."

pytestmark = pytest.mark.usefixtures("published")


def stand(person: Person, brand: Brand, *, at: dt.datetime | None = None) -> str:
    at = at or timezone.now()
    return standing(person, brand, at, rulebook.policy(rulebook.in_force(brand)))


def banned(person: Person, brand: Brand, lead: Person) -> Step:
    """A ban, confirmed in place of the warning that was proposed."""
    receive(mail(person, CURSE, subject="Certificate"), brand)
    proposal = Proposal.objects.latest("pk")
    return tickets.confirm_step(proposal, by=lead, step="temporary ban", reason="The third time.")


def test_a_breach_is_proposed_with_its_passage_and_nobody_is_told(ac: Brand, cora: Person) -> None:
    ticket = receive(mail(cora, CURSE, subject="Certificate"), ac)
    proposal = Proposal.objects.get(ticket_id=ticket.pk)
    assert (proposal.breach, proposal.standing, proposal.step) == ("cursing", "good", "warning")
    finding = proposal.findings.get()
    assert ticket.messages.earliest("pk").text[finding.start : finding.end] == finding.passage == "bullshit"
    assert "warning" not in letters(cora)[-1].text
    assert stand(cora, ac) == "good"


def test_a_curse_in_the_subject_is_found_there(ac: Brand, cora: Person) -> None:
    receive(mail(cora, SSL, subject="This bullshit again"), ac)
    finding = Proposal.objects.get().findings.get()
    assert (finding.place, finding.passage) == ("subject", "bullshit")


def test_a_passage_after_a_quotation_is_found_where_it_stands() -> None:
    content = Content(
        sender_name="", sender_address="", subject="", text="Hi.\n> so you said\nNo way.", quoted=((4, 18),)
    )
    assert [content.text[content.place_of(content.said.index(c))] for c in "HNw"] == ["H", "N", "w"]


def test_a_brand_without_a_ladder_takes_no_step(sp: Brand, sid: Person) -> None:
    raw = mail(sid, CURSE).replace(b"help@americommerce.example", b"help@sparkpay.example")
    receive(raw, sp)
    assert not Proposal.objects.exists()


def test_a_curse_said_later_in_the_ticket_is_proposed_too(ac: Brand, cora: Person) -> None:
    ticket = receive(mail(cora, SSL), ac)
    answer(ticket, cora, "You useless bunch of assholes.")
    assert Proposal.objects.get().ticket_id == ticket.pk


def test_an_automatic_reply_is_not_held_to_account(ac: Brand, cora: Person) -> None:
    receive(mail(cora, CURSE, headers={"Auto-Submitted": "auto-replied"}), ac)
    assert not Proposal.objects.exists()


def test_a_confirmed_warning_is_told_with_words_term_and_appeal(
    ac: Brand, cora: Person, leo_lead: Person
) -> None:
    receive(mail(cora, CURSE), ac)
    step = tickets.confirm_step(Proposal.objects.get(), by=leo_lead)
    told = letters(cora)[-1].text
    assert "“bullshit”" in told
    assert f"lapses on {notices.day(step.lapses_at, Ticket.objects.get())}" in " ".join(told.split())
    assert "appeal" in told
    assert "/americommerce/conduct" in told
    assert stand(cora, ac) == "warned"


def test_the_next_step_is_proposed_from_the_standing(ac: Brand, cora: Person, leo_lead: Person) -> None:
    receive(mail(cora, CURSE), ac)
    tickets.confirm_step(Proposal.objects.get(), by=leo_lead)
    receive(mail(cora, f"{CURSE} Still."), ac)
    proposal = Proposal.objects.latest("pk")
    assert (proposal.standing, proposal.step) == ("warned", "temporary ban")


def test_a_banned_customers_message_is_kept_and_answered_with_the_notice(
    ac: Brand, cora: Person, leo_lead: Person
) -> None:
    step = banned(cora, ac, leo_lead)
    ticket = receive(mail(cora, CSS, subject="My menu"), ac)
    ruling = ticket.rulings.get()
    assert (ruling.act, ruling.clauses, ruling.state) == ("refuse", ["25"], Ruling.State.PROPOSED)
    told = letters(cora)[-1].text
    assert "A temporary ban applies to you until" in told
    assert f"{step.runs_until:%B %Y}" in told
    assert ticket.messages.filter(text__contains="sticks to the top").exists()


def test_accepting_the_refusal_writes_no_second_letter(
    ac: Brand, cora: Person, leo_lead: Person, ana_agent: Person
) -> None:
    banned(cora, ac, leo_lead)
    ticket = receive(mail(cora, CSS), ac)
    before = len(letters(cora))
    tickets.accept(ticket.rulings.get(), by=ana_agent)
    ticket.refresh_from_db()
    assert (len(letters(cora)), ticket.status) == (before, "solved")


def test_money_still_reaches_people_while_a_ban_runs(ac: Brand, cora: Person, leo_lead: Person) -> None:
    banned(cora, ac, leo_lead)
    ticket = receive(mail(cora, "I want a refund of the charge of October, please."), ac)
    assert (ticket.rulings.get().clauses, ticket.team.slug) == (["25.1(b)"], "accounting")


def test_a_store_that_is_down_still_reaches_people(ac: Brand, cora: Person, leo_lead: Person) -> None:
    banned(cora, ac, leo_lead)
    ticket = receive(mail(cora, "My store cannot be reached by anybody since noon."), ac)
    assert (ticket.rulings.get().clauses, ticket.team.slug) == (["25.1(a)"], "support")


def test_who_lost_basic_support_waits_in_the_managers_queue(
    ac: Brand, cora: Person, leo_lead: Person
) -> None:
    receive(mail(cora, CURSE), ac)
    tickets.confirm_step(
        Proposal.objects.get(), by=leo_lead, step="managers only", reason="Threats by phone."
    )
    ticket = receive(mail(cora, CSS), ac)
    assert (ticket.team.slug, ticket.priority, ticket.due_at) == ("managers", "low", None)


def by_form(brand: Brand, person: Person, **facts: str) -> Ticket:
    sent = from_fields(
        brand=brand, channel="form", source_id="one", sender_address=person.email, text=CSS, facts=facts
    )
    return Ticket.objects.get(pk=actions.take_in(sent).ticket_id)


def test_a_form_cannot_lift_a_ban(ac: Brand, cora: Person, leo_lead: Person) -> None:
    banned(cora, ac, leo_lead)
    assert by_form(ac, cora, standing="good").rulings.get().act == "refuse"


def test_a_form_sets_no_fact_of_the_record(ac: Brand, cora: Person) -> None:
    ruling = by_form(ac, cora, standing="banned", breach="cursing").rulings.get()
    held = {fact["name"]: (fact["value"], fact["status"]) for fact in ruling.facts}
    assert (held["standing"], held["breach"]) == (("good", "presumed"), ("none", "presumed"))


def test_a_ruling_stands_as_it_was_received(ac: Brand, cora: Person, leo_lead: Person) -> None:
    ticket = receive(mail(cora, SSL), ac)
    before = list(ticket.rulings.values_list("facts", "act"))
    step = banned(cora, ac, leo_lead)
    assert list(ticket.rulings.values_list("facts", "act")) == before
    assert stand(cora, ac, at=step.begins_at - dt.timedelta(seconds=1)) == "good"


def test_answering_the_notice_is_the_appeal(ac: Brand, cora: Person, leo_lead: Person) -> None:
    step = banned(cora, ac, leo_lead)
    notice = letters(cora)[-1]
    ticket = Ticket.objects.get(pk=step.proposal.ticket_id)
    answer(ticket, cora, "I quoted my supplier there.", references=f"<{notice.message_id}>")
    appeal = Appeal.objects.get(step=step)
    assert (appeal.text, appeal.state) == ("I quoted my supplier there.", "waiting")


def test_an_answer_to_another_letter_is_no_appeal(ac: Brand, cora: Person, leo_lead: Person) -> None:
    step = banned(cora, ac, leo_lead)
    ticket = Ticket.objects.get(pk=step.proposal.ticket_id)
    answer(ticket, cora, "Here is more.", references=f"<{letters(cora)[0].message_id}>")
    assert not Appeal.objects.exists()


def test_an_answer_to_what_came_after_the_notice_is_no_appeal(
    ac: Brand, cora: Person, leo_lead: Person
) -> None:
    step = banned(cora, ac, leo_lead)
    notice, ticket = letters(cora)[-1], Ticket.objects.get(pk=step.proposal.ticket_id)
    tickets.reply(ticket, by=leo_lead, text="Your certificate is renewed.")
    thread = f"<{notice.message_id}> <{letters(cora)[-1].message_id}>"
    answer(ticket, cora, "Thank you.", references=thread)
    assert not Appeal.objects.exists()


# ── The same matter again ──

AGAIN = f"{CSS} The last agent refused, so I try again."


def test_a_repeated_matter_is_offered_for_merging(ac: Brand, cora: Person) -> None:
    earlier = receive(mail(cora, CSS, subject="Sticky menu"), ac)
    later = receive(
        mail(cora, "The menu of my theme must stick to the top: please change its CSS.", subject="Menu CSS"),
        ac,
    )
    assert Repeat.objects.get(ticket_id=later.pk).earlier_id == earlier.pk


def test_another_matter_is_not(ac: Brand, cora: Person) -> None:
    receive(mail(cora, CSS, subject="Sticky menu"), ac)
    receive(mail(cora, SSL, subject="Certificate"), ac)
    assert not Repeat.objects.exists()


def test_somebody_elses_ticket_is_not(ac: Brand, cora: Person, carl: Person) -> None:
    receive(mail(carl, CSS), ac)
    receive(mail(cora, CSS), ac)
    assert not Repeat.objects.exists()


def test_seeking_another_agent_after_a_no_is_proposed(ac: Brand, cora: Person) -> None:
    earlier = receive(mail(cora, CSS, subject="Sticky menu"), ac)  # declined at once
    receive(mail(cora, AGAIN, subject="Sticky menu"), ac)
    proposal = Proposal.objects.get()
    assert (proposal.breach, proposal.findings.get().earlier_ticket) == ("shopping around", earlier.pk)


def test_asking_again_before_any_answer_is_no_offence(ac: Brand, cora: Person) -> None:
    said = "The widget of the start page shows twice since Monday, and I do not see why."
    receive(mail(cora, said, subject="Widget"), ac)
    receive(mail(cora, f"{said} The last agent refused, so I try again.", subject="Widget"), ac)
    assert Repeat.objects.exists()
    assert not Proposal.objects.exists()


def test_a_ticket_that_is_named_by_its_number_is_the_one_that_is_meant(ac: Brand, cora: Person) -> None:
    meant = receive(mail(cora, CSS, subject="Sticky menu"), ac)  # declined at once
    receive(mail(cora, "The colours of my certificates page are wrong.", subject="Colours"), ac)
    said = f"The first agent refused in ticket {meant.pk}, so I ask for somebody else."
    receive(mail(cora, said, subject="Again"), ac)
    assert Proposal.objects.get().findings.get().earlier_ticket == meant.pk


def test_adding_facts_is_no_offence(ac: Brand, cora: Person) -> None:
    receive(mail(cora, CSS, subject="Sticky menu"), ac)  # declined at once
    receive(mail(cora, f"{CSS} As you asked, here is the page: /sale.", subject="Sticky menu"), ac)
    assert not Proposal.objects.exists()


def test_an_old_ticket_is_out_of_the_window(ac: Brand, cora: Person) -> None:
    earlier = receive(mail(cora, CSS, subject="Sticky menu"), ac)
    long_ago = timezone.now() - dt.timedelta(days=31)
    Ticket.objects.filter(pk=earlier.pk).update(opened_at=long_ago, changed_at=long_ago)
    receive(mail(cora, CSS, subject="Sticky menu"), ac)
    assert not Repeat.objects.exists()
