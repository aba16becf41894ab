"""The sealer: follows every chain from the link it sealed last, then signs one root over all of them.

It never seals what it could not follow. A stream whose past was changed keeps the leaf it had, so that
`verify` keeps finding it, however much is written to the stream afterwards.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from itertools import chain as chain_rows
from itertools import groupby, islice
from typing import LiteralString

from django.db import connection, transaction
from django.utils import timezone

from evenhand.audit import chain, keys, sealfile
from evenhand.audit.models import Seal, SealedHead
from evenhand.audit.rows import CHUNK, ENTRY_COLUMNS, Row, rows

log = logging.getLogger(__name__)
SEALING = 0x5EA1  # advisory lock: one sealer at a time

# Put together from constants alone, as LiteralString holds it to.
NEW_ENTRIES: LiteralString = f"""
    SELECT {ENTRY_COLUMNS}, coalesce(sealed.number, 0), sealed.hash, head.number, head.hash
    FROM audit_head head
    LEFT JOIN audit_sealedhead sealed USING (stream)
    JOIN audit_entry entry ON entry.stream = head.stream
         AND entry.number > coalesce(sealed.number, 0) AND entry.number <= head.number
    WHERE sealed.number IS NULL OR head.number > sealed.number
    ORDER BY entry.stream, entry.number
"""  # noqa: S608


class RecordBroken(Exception):
    """What was sealed is no longer there, so nothing may be sealed on top of it; `verify` says what."""


def seal() -> Seal | None:
    """Seal what was written since the last time; None where nothing was. RecordBroken where seals are amiss.

    The row is committed first and the file follows: what a crash keeps out of the file is appended next time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])
        last = Seal.objects.order_by("number").last()
        _refuse_unless_whole(last)
        made = _sign(last) if _take_up_new_links() else None
    sealfile.append_missing()
    return made


def root() -> tuple[bytes, int]:
    """The Merkle root over the sealed heads, and how many there are."""
    count = 0

    def leaves() -> Iterator[bytes]:
        nonlocal count
        heads = SealedHead.objects.order_by("stream").values_list("stream", "number", "hash")
        for stream, number, hash_ in heads.iterator(CHUNK):
            count += 1
            yield chain.leaf(stream, number, bytes(hash_))

    return chain.merkle_root(leaves()), count


def _refuse_unless_whole(last: Seal | None) -> None:
    line = sealfile.last_line()
    if line is not None and not Seal.objects.filter(number=sealfile.number_of(line) or 0).exists():
        raise RecordBroken("The file of seals holds a seal that the database no longer has.")
    if last is None and SealedHead.objects.exists():
        raise RecordBroken("The seals are gone from the database.")
    if last is not None and root() != (bytes(last.root), last.streams):
        raise RecordBroken(f"The sealed heads are no longer those of seal {last.number}.")


def _take_up_new_links() -> int:
    """Move each sealed head to the newest link of its stream; the number of streams that moved."""
    moved, taken = _moved_heads(), 0
    while some := list(islice(moved, CHUNK)):
        SealedHead.objects.bulk_create(
            some, update_conflicts=True, unique_fields=["stream"], update_fields=["number", "hash"]
        )
        taken += len(some)
    return taken


def _moved_heads() -> Iterator[SealedHead]:
    """The new head of each stream whose new entries continue from the sealed link and end at the head."""
    for stream, new in groupby(rows(NEW_ENTRIES), lambda row: row.entry.stream if row.entry else ""):
        if head := _followed(new):
            yield head
        else:
            log.error("The record of %s does not continue from what was sealed; it is left unsealed.", stream)


def _followed(new: Iterator[Row]) -> SealedHead | None:
    """The head that these entries lead to from the sealed link; None where the chain breaks on the way."""
    first = next(new)
    number, hash_, *head = first.beside
    for row in chain_rows([first], new):
        entry = row.entry
        if entry is None or not entry.follows(number, hash_ or chain.GENESIS):
            return None
        number, hash_ = entry.number, bytes(entry.hash)
    if [number, hash_] != head or entry is None:
        return None
    return SealedHead(stream=entry.stream, number=number, hash=hash_)


def _sign(last: Seal | None) -> Seal:
    over, streams = root()
    made = Seal(
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        streams=streams,
        root=over,
        previous=hashlib.sha256(last.content()).digest() if last else chain.GENESIS,
    )
    made.signature = keys.sign(made.content())
    made.save(force_insert=True)
    return made
