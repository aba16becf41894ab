"""Writing the record: an entry in the caller's transaction, a seal each minute, the erasure of a person."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import Jsonb
from django.utils import timezone

from evenhand.audit import chain, keys
from evenhand.audit.models import Entry, PersonKey
from evenhand.audit.sealing import seal

__all__ = ["Somebody", "erase", "record", "seal"]


class Somebody(Protocol):
    """Whoever has a number of their own: people stand a floor above."""

    @property
    def pk(self) -> Any: ...


def record(
    stream: str,
    *,
    by: str | Somebody | None,
    kind: str,
    facts: dict[str, Any],
    person: Somebody | None = None,
    personal: str | None = None,
) -> Entry:
    """Append one act to its stream, in the caller's transaction; the stream stays locked until that ends.

    `by`: a person, a word ("command"), or None for the desk itself. `facts`: JSON that names nobody.
    `personal`: text about `person`, encrypted under that person's key; of an erased person nothing is kept.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An act and its record belong in one transaction.")
    number, previous = _next_link(stream)
    entry = Entry(
        stream=stream,
        number=number,
        at=timezone.now(),
        actor=_actor(by),
        kind=kind,
        facts=facts,
        person_id=person.pk if person else None,
        sealed=_sealed(person, personal, f"{stream}:{number}"),
        previous=previous,
    )
    entry.hash = entry.true_hash()
    _append(entry)
    return entry


def _next_link(stream: str) -> tuple[int, bytes]:
    """Lock the stream's head, and give the number to come and the hash that stands before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_head AS head (stream, number, hash) VALUES (%s, 1, %s)"
            " ON CONFLICT (stream) DO UPDATE SET number = head.number + 1 RETURNING number, hash",
            [stream, chain.GENESIS],
        )
        number, hash_ = cursor.fetchone()
    return number, bytes(hash_)


def _append(entry: Entry) -> None:
    """Write the entry and its hash into the head, in one round trip: every act of the desk waits for this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH link AS (INSERT INTO audit_entry"
            " (stream, number, at, actor, kind, facts, person_id, sealed, previous, hash)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id, stream, hash)"
            " UPDATE audit_head SET hash = link.hash FROM link"
            " WHERE audit_head.stream = link.stream RETURNING link.id",
            [
                entry.stream,
                entry.number,
                entry.at,
                entry.actor,
                entry.kind,
                Jsonb(entry.facts),
                entry.person_id,
                None if entry.sealed is None else bytes(entry.sealed),
                bytes(entry.previous),
                bytes(entry.hash),
            ],
        )
        entry.pk = cursor.fetchone()[0]


def _actor(by: str | Somebody | None) -> str:
    if by is None:
        return "desk"
    return by if isinstance(by, str) else f"person:{by.pk}"


def _sealed(person: Somebody | None, personal: str | None, place: str) -> bytes | None:
    if personal is None:
        return None
    if person is None:
        raise ValueError("Personal content needs the person whose it is.")
    key = _key_of(person.pk)
    return None if key is None else keys.encrypt(key, personal.encode(), place)


def _key_of(person_id: int) -> bytes | None:
    """The person's key, made at first use; None once it is destroyed."""
    held = PersonKey.objects.filter(person_id=person_id).first()
    if held is None:
        key, wrapped = keys.new_wrapped_key(person_id)
        _, made = PersonKey.objects.get_or_create(person_id=person_id, defaults={"wrapped": wrapped})
        return key if made else _key_of(person_id)
    return None if held.wrapped is None else keys.unwrap(person_id, bytes(held.wrapped))


@transaction.atomic
def erase(person: Somebody, *, by: str | Somebody | None) -> None:
    """Destroy the person's key: what is personal can never be read again, and the chains still verify."""
    now = timezone.now()
    PersonKey.objects.update_or_create(person_id=person.pk, defaults={"wrapped": None, "destroyed_at": now})
    record(f"person:{person.pk}", by=by, kind="person.erased", facts={})
