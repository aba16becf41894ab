"""Reading the record: whether it is whole, and what it says of one stream."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, LiteralString

from django.db import connection, transaction

from evenhand.audit import chain, keys, sealfile, sealing
from evenhand.audit.models import Entry, PersonKey, Seal
from evenhand.audit.rows import ENTRY_COLUMNS, Row, rows

MOST_LISTED = 200  # findings in full; the rest are counted

# Put together from constants alone, as LiteralString holds it to.
EVERYTHING: LiteralString = f"""
    SELECT {ENTRY_COLUMNS}, stream AS whose, head.number, head.hash, sealed.number, sealed.hash
    FROM audit_head head
    FULL JOIN audit_sealedhead sealed USING (stream)
    FULL JOIN audit_entry entry USING (stream)
    ORDER BY whose, entry.number
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One place where the record is not as it was written."""

    place: str  # "ticket:10482 no. 3", "seal 17"
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was read, and what is wrong with it; `findings` lists the first 200."""

    entries: int
    streams: int
    seals: int
    findings: tuple[Finding, ...]
    more: int  # findings beyond those listed

    @property
    def is_whole(self) -> bool:
        return not self.findings


@dataclass(frozen=True, kw_only=True)
class Account:
    """One entry as a person may read it; `personal` is None where there is none or its key was destroyed."""

    number: int
    at: dt.datetime
    actor: str
    kind: str
    facts: dict[str, Any]
    personal: str | None


def history(stream: str) -> Iterator[Account]:
    """What the record holds of one stream, oldest first."""
    for entry in Entry.objects.filter(stream=stream).order_by("number").iterator():
        yield Account(
            number=entry.number,
            at=entry.at,
            actor=entry.actor,
            kind=entry.kind,
            facts=entry.facts,
            personal=personal_content(entry),
        )


def personal_content(entry: Entry) -> str | None:
    """The personal content of an entry, while the key of that person exists."""
    if entry.sealed is None or entry.person_id is None:
        return None
    held = PersonKey.objects.filter(person_id=entry.person_id).first()
    key = keys.unwrap(held.person_id, bytes(held.wrapped)) if held and held.wrapped else None
    plain = keys.decrypt(key, bytes(entry.sealed), f"{entry.stream}:{entry.number}") if key else None
    return plain.decode() if plain is not None else None


def verify() -> Verification:
    """Read the whole record and the file of seals, and find whatever was changed, removed, inserted or cut.

    Cost grows with the number of entries; memory does not. Entries of the last minute, which no seal
    covers yet, are held by their chains alone.
    """
    reading = _Reading()
    lines = sealfile.lines()  # as long as it is now: the database is then never behind it
    with _one_moment():
        for finding in reading.streams_in_order():
            reading.note(finding)
        for finding in reading.seals_in_order(lines):
            reading.note(finding)
    return reading.verification()


@contextmanager
def _one_moment() -> Iterator[None]:
    """One snapshot for all queries (inside another transaction: that one's)."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


class _Reading:
    """One reading of the record: what was counted and found so far."""

    def __init__(self) -> None:
        self.entries = self.streams = self.seals = self.more = 0
        self.listed: list[Finding] = []

    def note(self, finding: Finding) -> None:
        if len(self.listed) < MOST_LISTED:
            self.listed.append(finding)
        else:
            self.more += 1

    def verification(self) -> Verification:
        return Verification(
            entries=self.entries,
            streams=self.streams,
            seals=self.seals,
            findings=tuple(self.listed),
            more=self.more,
        )

    def streams_in_order(self) -> Iterator[Finding]:
        for stream, found in groupby(rows(EVERYTHING), lambda row: str(row.beside[0])):
            self.streams += 1
            yield from self._stream(stream, found)

    def _stream(self, stream: str, found: Iterator[Row]) -> Iterator[Finding]:
        number, hash_ = 0, chain.GENESIS
        head_number = sealed_number = None
        for row in found:
            _, head_number, head_hash, sealed_number, sealed_hash = row.beside
            if row.entry is None:
                break
            self.entries += 1
            yield from _broken_link(row.entry, number, hash_)
            number, hash_ = row.entry.number, bytes(row.entry.hash)
            if number == sealed_number and hash_ != sealed_hash:
                yield Finding(place=f"{stream} no. {number}", what="is not what was sealed; it was rewritten")
            if number == head_number and hash_ != head_hash:
                yield Finding(place=f"{stream} no. {number}", what="does not match the head of its stream")
        yield from _wrong_end(stream, number, head_number, sealed_number)

    def seals_in_order(self, lines: Iterator[str]) -> Iterator[Finding]:
        before: Seal | None = None
        filed = _Filed(lines)
        missing_in_file: list[int] = []
        for seal in Seal.objects.order_by("number").iterator():
            self.seals += 1
            yield from _broken_seal(seal, before)
            line, strangers = filed.line_of(seal.number)
            yield from strangers
            if line is None:
                missing_in_file.append(seal.number)
            elif line != seal.line():
                yield Finding(place=f"seal {seal.number}", what="differs from the line in the file of seals")
            before = seal
        yield from filed.rest()
        # The newest alone may be missing: a crash came between row and file, and the next seal mends it.
        for number in missing_in_file:
            if before is None or number != before.number:
                yield Finding(place=f"seal {number}", what="is missing from the file of seals")
        yield from _wrong_root(before)


class _Filed:
    """The file of seals, read in step with the rows."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._line = next(lines, None)

    def line_of(self, number: int) -> tuple[str | None, list[Finding]]:
        """The file's line for this seal, and what stood before it that the database does not know."""
        strangers = []
        while self._line is not None and (sealfile.number_of(self._line) or 0) < number:
            strangers.append(_stranger(self._line))
            self._line = next(self._lines, None)
        if self._line is None or sealfile.number_of(self._line) != number:
            return None, strangers
        line, self._line = self._line, next(self._lines, None)
        return line, strangers

    def rest(self) -> Iterator[Finding]:
        while self._line is not None:
            yield _stranger(self._line)
            self._line = next(self._lines, None)


def _stranger(line: str) -> Finding:
    number = sealfile.number_of(line)
    if number is None:
        return Finding(place="the file of seals", what="holds a line that is not a seal")
    return Finding(place=f"seal {number}", what="stands in the file of seals but not in the database")


def _broken_link(entry: Entry, number: int, hash_: bytes) -> Iterator[Finding]:
    """What is wrong between an entry and the one before, which is (`number`, `hash_`)."""
    place = f"{entry.stream} no. {entry.number}"
    if entry.number > number + 1:
        gone = (
            f"no. {number + 1}" if entry.number == number + 2 else f"nos. {number + 1} to {entry.number - 1}"
        )
        yield Finding(place=f"{entry.stream} {gone}", what="is missing; it was removed")
    elif entry.number <= number:
        yield Finding(place=place, what="does not belong there; it was inserted")
    elif bytes(entry.previous) != hash_:
        yield Finding(place=place, what="does not continue from the entry before it")
    if bytes(entry.hash) != entry.true_hash():
        yield Finding(place=place, what="is not what was written; it was changed")


def _wrong_end(stream: str, last: int, head: int | None, sealed: int | None) -> Iterator[Finding]:
    """What is wrong with where a stream ends, by its head and by the latest seal."""
    written = max(head or 0, sealed or 0)
    if last == 0:
        yield Finding(place=stream, what=f"is missing; {written} entries were written")
    elif last < written:
        yield Finding(
            place=stream, what=f"ends at no. {last}, though {written} entries were written; it was cut"
        )
    elif head is None:
        yield Finding(place=stream, what="has no head; it was inserted, or its head was removed")
    elif last > head:
        yield Finding(
            place=f"{stream} no. {last}", what="stands beyond the head of its stream; it was inserted"
        )
    elif sealed is not None and head < sealed:
        yield Finding(place=stream, what="has a head older than the latest seal")


def _broken_seal(seal: Seal, before: Seal | None) -> Iterator[Finding]:
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        yield Finding(place=f"seal {expected}", what="is missing; it was removed")
    elif bytes(seal.previous) != (hashlib.sha256(before.content()).digest() if before else chain.GENESIS):
        yield Finding(place=f"seal {seal.number}", what="does not continue from the seal before it")
    if not keys.is_signed(seal.content(), bytes(seal.signature)):
        yield Finding(place=f"seal {seal.number}", what="does not bear this desk's signature")


def _wrong_root(last: Seal | None) -> Iterator[Finding]:
    root, streams = sealing.root()
    if last is None and streams:
        yield Finding(place="the seals", what="are gone, though streams were sealed")
    if last is not None and (bytes(last.root), last.streams) != (root, streams):
        yield Finding(
            place=f"seal {last.number}",
            what="does not match the streams it sealed; a whole stream was removed, inserted or rewritten",
        )
