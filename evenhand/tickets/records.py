"""Rulings packed for replay: one record of fixed width for each ruling that stands.

A record begins with the ruling's number (8 bytes) and its moment (seconds since 1970, 4 bytes), so that a
record read in bulk needs no other column; the rest is the version's `Packing`.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from evenhand import policy as language
from evenhand.policy.packed import Decided, How, Packing
from evenhand.policy.replay import kind_of
from evenhand.tickets.models import Ruling, RulingRecord
from evenhand.tickets.verdicts import ASK

_HEAD = struct.Struct("<QI")
KEPT_PACKINGS = 16
_packings: OrderedDict[str, Packing] = OrderedDict()


def packing(policy: language.Policy) -> Packing:
    """The packing of a policy, made once for each content."""
    found = _packings.get(policy.hash)
    if found is None:
        found = _packings[policy.hash] = Packing(policy)
        while len(_packings) > KEPT_PACKINGS:
            _packings.popitem(last=False)
    return found


def layout(packing: Packing) -> np.dtype[Any]:
    """A stored record: `ruling`, `at`, and the packing's own `record`."""
    return np.dtype([("ruling", "<u8"), ("at", "<u4"), ("record", packing.dtype)])


def keep(rulings: Iterable[Ruling], policy: language.Policy) -> None:
    """Keep the record of each saved ruling of this policy's version, in place of the one it may have."""
    RulingRecord.objects.bulk_create(
        [record(ruling, policy) for ruling in rulings],
        update_conflicts=True,
        unique_fields=["ruling"],
        update_fields=["at", "packed"],
    )


def record(ruling: Ruling, policy: language.Policy) -> RulingRecord:
    """The unsaved record of a saved ruling."""
    packed = pack(ruling, policy)
    return RulingRecord(ruling_id=ruling.pk, version_id=ruling.version_id, at=ruling.at, packed=packed)


def pack(ruling: Any, policy: language.Policy) -> bytes:
    """A ruling in bytes. ValueError where its facts or topics are none of the policy's.

    Takes whatever has a ruling's fields, since a migration has no model of its own.
    """
    facts = _facts(ruling.facts)
    topics = {topic: mass for topic, mass in ruling.topics if policy.topics}
    how = _how(ruling, policy, topics, facts)
    if how == How.BY_PERSON and ruling.topic:
        topics = {ruling.topic: 1.0}
    body = packing(policy).pack(decided(ruling), how, facts, topics)
    return _HEAD.pack(ruling.pk, int(ruling.at.timestamp())) + body


def renumbered(packed: bytes, number: int, at: dt.datetime) -> bytes:
    """The same request, recorded for another ruling at another moment."""
    return _HEAD.pack(number, int(at.timestamp())) + packed[_HEAD.size :]


def decided(ruling: Any) -> Decided:
    """What a ruling says, as its record's mark stands for it."""
    return Decided(
        act=ruling.act,
        department=ruling.department,
        reply=ruling.reply,
        service=ruling.service,
        clauses=tuple(ruling.clauses),
        targets=ruling.targets,
        calendars=ruling.calendars,
    )


def _how(
    ruling: Any,
    policy: language.Policy,
    topics: Mapping[str, float],
    facts: Mapping[str, language.FactValue],
) -> How:
    if ruling.overridden:
        return How.OVERRIDDEN
    if ruling.by_id is not None:
        return How.OPEN if ruling.act == ASK and ruling.question else How.BY_PERSON
    least = policy.desk.considers_down_to
    if sum(mass > 0 and mass >= least for mass in topics.values()) > packing(policy).most_topics:
        return How.TOO_MANY_TOPICS
    certain = ruling.kind == "person" and ruling.act and ruling.belief >= _least_belief(policy)
    if certain or ruling.kind == "propose":
        # It may be the desk that held it back (another language, a finding of conduct), and no clause.
        return kind_of(policy, topics, facts)
    return How.ALONE if ruling.kind == "alone" else How.OPEN


def _least_belief(policy: language.Policy) -> float:
    """Below it, the desk does nothing alone."""
    return min(policy.desk.alone_from, *policy.desk.alone_from_by.values(), 1.0)


def _facts(held: Iterable[Mapping[str, Any]]) -> dict[str, language.FactValue]:
    return {
        fact["name"]: language.FactValue(value=fact["value"] or None, status=fact["status"]) for fact in held
    }
