"""Whatever somebody with all rights on the database does to the record, `verify` finds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from evenhand.audit import actions, queries, sealfile
from evenhand.audit.models import Entry, Seal
from evenhand.audit.sealing import RecordBroken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME, settings.KEYS = tmp_path, tmp_path / "keys"


@pytest.fixture
def sealed(_own_home: None) -> None:
    """Three streams of five entries, sealed."""
    write("ticket:1", "ticket:2", "ticket:3")
    actions.seal()


def write(*streams: str, times: int = 5) -> None:
    for stream in streams:
        for number in range(times):
            actions.record(stream, by="command", kind="ticket.replied", facts={"n": number})


def tamper(statement: str, *values: object) -> None:
    """As somebody may who owns the tables: the triggers are off for a moment."""
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(statement, values or None)
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


def findings() -> str:
    return "\n".join(str(finding) for finding in queries.verify().findings)


def rewrite(stream: str, *, kind: str) -> None:
    """Change a stream's every entry and compute all hashes anew, head included, as a careful forger would."""
    previous = bytes(32)
    for entry in Entry.objects.filter(stream=stream).order_by("number"):
        entry.kind, entry.previous = kind, previous
        previous = entry.hash = entry.true_hash()
        tamper(
            "UPDATE audit_entry SET kind=%s, previous=%s, hash=%s WHERE id=%s",
            kind,
            entry.previous,
            entry.hash,
            entry.pk,
        )
    tamper("UPDATE audit_head SET hash=%s WHERE stream=%s", previous, stream)


def test_an_untouched_record_is_whole(sealed: None) -> None:
    verification = queries.verify()
    assert verification.is_whole
    assert (verification.entries, verification.streams, verification.seals) == (15, 3, 1)


def test_what_is_written_after_the_seal_is_whole_too(sealed: None) -> None:
    write("ticket:2", "ticket:4")
    assert findings() == ""


@pytest.mark.parametrize(
    "change",
    [
        "kind='ticket.closed'",
        "facts='{\"n\": 7}'",
        "actor='person:9'",
        "at=at + interval '1 second'",
        "person_id=4",
        "sealed='x'",
    ],
)
def test_a_changed_row_is_found(sealed: None, change: str) -> None:
    tamper(f"UPDATE audit_entry SET {change} WHERE stream='ticket:2' AND number=3")
    assert findings() == "ticket:2 no. 3: is not what was written; it was changed"


def test_a_row_removed_from_the_middle_is_found(sealed: None) -> None:
    tamper("DELETE FROM audit_entry WHERE stream='ticket:2' AND number=3")
    assert findings() == "ticket:2 no. 3: is missing; it was removed"


def test_a_row_inserted_in_the_middle_is_found(sealed: None) -> None:
    tamper("UPDATE audit_entry SET number=number+10 WHERE stream='ticket:2' AND number>2")
    tamper("UPDATE audit_entry SET number=number-9 WHERE stream='ticket:2' AND number>2")
    tamper(
        "INSERT INTO audit_entry (stream, number, at, actor, kind, facts, previous, hash)"
        " SELECT stream, 3, at, actor, 'ticket.solved', facts, previous, hash FROM audit_entry"
        " WHERE stream='ticket:2' AND number=4"
    )
    assert "ticket:2 no. 3: is not what was written; it was changed" in findings()


def test_a_row_inserted_at_the_tail_is_found(sealed: None) -> None:
    last = Entry.objects.get(stream="ticket:2", number=5)
    last.number, last.previous = 6, last.hash
    tamper(
        "INSERT INTO audit_entry (stream, number, at, actor, kind, facts, previous, hash)"
        " SELECT stream, 6, at, actor, kind, facts, hash, %s FROM audit_entry WHERE id=%s",
        last.true_hash(),
        last.pk,
    )
    assert findings() == "ticket:2 no. 6: stands beyond the head of its stream; it was inserted"


def test_a_tail_that_was_cut_is_found(sealed: None) -> None:
    tamper("DELETE FROM audit_entry WHERE stream='ticket:2' AND number>3")
    assert findings() == "ticket:2: ends at no. 3, though 5 entries were written; it was cut"


def test_a_tail_that_was_cut_with_its_head_is_found(sealed: None) -> None:
    tamper("DELETE FROM audit_entry WHERE stream='ticket:2' AND number>3")
    tamper(
        "UPDATE audit_head SET number=3, hash=(SELECT hash FROM audit_entry e WHERE e.stream='ticket:2'"
        " AND e.number=3) WHERE stream='ticket:2'"
    )
    assert "ticket:2: ends at no. 3, though 5 entries were written; it was cut" in findings()


@pytest.mark.parametrize("tables", [["entry"], ["entry", "head"], ["entry", "head", "sealedhead"]])
def test_a_stream_that_was_removed_is_found(sealed: None, tables: list[str]) -> None:
    for table in tables:
        tamper(f"DELETE FROM audit_{table} WHERE stream='ticket:2'")
    assert findings() != ""


def test_a_stream_that_was_put_in_without_a_head_is_found(sealed: None) -> None:
    tamper("UPDATE audit_entry SET stream='ticket:0' WHERE stream='ticket:2' AND number=1")
    assert "ticket:0: has no head" in findings()


def test_a_stream_rewritten_with_all_its_hashes_is_found(sealed: None) -> None:
    rewrite("ticket:2", kind="ticket.solved")
    assert "ticket:2 no. 5: is not what was sealed; it was rewritten" in findings()


def test_a_stream_rewritten_and_continued_is_not_sealed_and_still_found(sealed: None) -> None:
    rewrite("ticket:2", kind="ticket.solved")
    write("ticket:2")
    actions.seal()
    assert "ticket:2 no. 5: is not what was sealed; it was rewritten" in findings()


def test_a_rewritten_leaf_of_the_seal_is_found_and_stops_the_sealer(sealed: None) -> None:
    rewrite("ticket:2", kind="ticket.solved")
    tamper(
        "UPDATE audit_sealedhead s SET hash=h.hash FROM audit_head h"
        " WHERE h.stream=s.stream AND s.stream='ticket:2'"
    )
    assert "seal 1: does not match the streams it sealed" in findings()
    with pytest.raises(RecordBroken):
        actions.seal()


def test_nothing_new_makes_no_seal(sealed: None) -> None:
    assert actions.seal() is None
    assert Seal.objects.count() == 1


@pytest.fixture
def three_seals(sealed: None) -> None:
    for _ in range(2):
        write("ticket:1", times=1)
        actions.seal()


def test_a_removed_seal_is_found(three_seals: None) -> None:
    tamper("DELETE FROM audit_seal WHERE number=2")
    assert "seal 2: is missing; it was removed" in findings()
    assert "seal 2: stands in the file of seals but not in the database" in findings()


def test_the_newest_seal_removed_is_found_and_stops_the_sealer(three_seals: None) -> None:
    tamper("DELETE FROM audit_seal WHERE number=3")
    assert "seal 3: stands in the file of seals but not in the database" in findings()
    with pytest.raises(RecordBroken):
        actions.seal()


def test_a_changed_seal_is_found(three_seals: None) -> None:
    tamper("UPDATE audit_seal SET at=at - interval '1 hour' WHERE number=2")
    assert "seal 2: does not bear this desk's signature" in findings()
    assert "seal 2: differs from the line in the file of seals" in findings()


def test_all_seals_removed_are_found(three_seals: None) -> None:
    tamper("DELETE FROM audit_seal")
    assert "the seals: are gone, though streams were sealed" in findings()


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda lines: lines[:1] + lines[2:], "seal 2: is missing from the file of seals"),
        (lambda lines: lines[:1], "seal 2: is missing from the file of seals"),
        (lambda lines: ["{}", *lines[1:]], "the file of seals: holds a line that is not a seal"),
        (
            lambda lines: [lines[0].replace('"streams":3', '"streams":2'), *lines[1:]],
            "seal 1: differs from the line",
        ),
    ],
)
def test_a_changed_file_of_seals_is_found(
    three_seals: None, edit: Callable[[list[str]], list[str]], expected: str
) -> None:
    lines = sealfile.path().read_text().splitlines()
    sealfile.path().write_text("".join(line + "\n" for line in edit(lines)))
    assert expected in findings()


def test_a_seal_that_a_crash_kept_out_of_the_file_is_appended_by_the_next(three_seals: None) -> None:
    whole = sealfile.path().read_text()
    sealfile.path().write_text("".join(whole.splitlines(keepends=True)[:2]) + '{"number":3,"at"')
    assert findings() == ""
    actions.seal()
    assert sealfile.path().read_text() == whole


def test_a_forged_seal_is_found(sealed: None) -> None:
    tamper("UPDATE audit_seal SET signature=%s", bytes(64))
    assert "seal 1: does not bear this desk's signature" in findings()


def test_findings_beyond_the_first_are_counted(sealed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_LISTED", 2)
    tamper("UPDATE audit_entry SET kind='x'")
    verification = queries.verify()
    assert (len(verification.findings), verification.more) == (2, 13)


def test_chunks_join_without_a_seam(sealed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.audit.rows.CHUNK", 2)
    monkeypatch.setattr("evenhand.audit.sealing.CHUNK", 2)
    write("ticket:1", "ticket:4", "ticket:5", "ticket:6", times=3)
    actions.seal()
    assert findings() == ""
