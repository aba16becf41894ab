"""The record is only ever added to, entries hang together, and what is personal can be erased."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from evenhand.audit import actions, queries
from evenhand.audit.models import Entry
from evenhand.people.models import Person


@pytest.mark.django_db
def test_entries_of_a_stream_are_numbered_without_holes_and_hang_together() -> None:
    first, second = (actions.record("ticket:1", by=None, kind="ticket.opened", facts={}) for _ in range(2))
    assert (first.number, second.number) == (1, 2)
    assert second.previous == first.hash


@pytest.mark.django_db
def test_streams_do_not_wait_for_one_another() -> None:
    actions.record("ticket:1", by=None, kind="ticket.opened", facts={})
    assert actions.record("ticket:2", by=None, kind="ticket.opened", facts={}).number == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        actions.record("ticket:1", by=None, kind="ticket.opened", facts={})


@pytest.mark.django_db
@pytest.mark.parametrize("tamper", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_an_entry(tamper: str) -> None:
    actions.record("ticket:1", by=None, kind="ticket.opened", facts={})
    entries = Entry.objects.all()
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        entries.update(kind="ticket.closed") if tamper == "update" else entries.delete()


@pytest.mark.django_db
def test_every_kind_of_fact_verifies_after_the_database_has_held_it() -> None:
    facts = {"b": 1.0, "a": [0.1, 1e22, -0.0, 1e-7, True, None, "ü “x”"], "c": {"z": 1, "a": {"é": []}}}
    actions.record("ticket:1", by="command", kind="ticket.ruled", facts=facts)
    assert queries.verify().is_whole


def test_what_is_personal_is_not_readable_in_the_row(cora: Person) -> None:
    entry = _said(cora, "Cora lives in Kiel")
    assert b"Kiel" not in bytes(Entry.objects.get(pk=entry.pk).sealed)
    assert queries.personal_content(entry) == "Cora lives in Kiel"


def test_after_erasure_what_is_personal_is_gone_and_the_record_verifies(cora: Person) -> None:
    entry = _said(cora, "Cora lives in Kiel")
    actions.erase(cora, by=None)
    assert queries.personal_content(entry) is None
    assert queries.verify().is_whole


def test_nothing_personal_is_kept_of_somebody_erased(cora: Person) -> None:
    actions.erase(cora, by=None)
    assert _said(cora, "once more").sealed is None


def test_one_persons_content_cannot_pass_for_anothers(cora: Person, carl: Person) -> None:
    entry = _said(cora, "Cora lives in Kiel")
    _said(carl, "Carl lives in Rome")
    entry.person_id = carl.pk
    assert queries.personal_content(entry) is None


def test_the_history_of_a_stream_reads_in_order(cora: Person) -> None:
    _said(cora, "hello")
    assert [(one.number, one.kind, one.personal) for one in queries.history("ticket:9")] == [
        (1, "ticket.said", "hello")
    ]


def _said(person: Person, text: str) -> Entry:
    return actions.record("ticket:9", by=person, kind="ticket.said", facts={}, person=person, personal=text)
