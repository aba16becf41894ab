"""A ruling as a record of fixed width, so that a million of them are read, and decided again, in a second.

A record keeps values and not cells, so that the cut points of any other version can be laid over it. How it
is laid out follows from the facts and topics that the version declares, and from nothing else: whoever has
the version's text can read its records.

Little-endian, without gaps: the mark of what was decided (8 bytes), how (1 byte), one code for each declared
fact in the document's order, and for each of the likeliest topics its place and its probability.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from operator import itemgetter
from typing import Any

import numpy as np

from .decide import MOST_REMEMBERED, Decision
from .facts import Fact, FactValue
from .findings import shorten
from .policy import Policy
from .words import TOPIC, UNKNOWN

MOST_TOPICS = 8
"""How many topics a record holds, the likeliest; the others count as something else."""

PARTS = 1_000_000
"""Probabilities are kept in millionths, as the reader of topics gives them."""

_MASS_BITS = 20  # a million is below 2 ** 20
_MASS = (1 << _MASS_BITS) - 1


class How(IntEnum):
    """Who decided, as a record keeps it. OPEN: the customer was asked, or a person had to decide."""

    OPEN = 0
    PROPOSED = 1
    ALONE = 2
    BY_PERSON = 3  # a person chose the topic or accepted the proposal
    OVERRIDDEN = 4  # a person set an outcome that the policy does not give
    TOO_MANY_TOPICS = 5  # more topics were considered than a record holds, so it cannot be decided again


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What was decided, as a ruling keeps it: an empty string for none. `mark` tells it from all others."""

    act: str = ""
    department: str = ""
    reply: str = ""
    service: str = ""
    clauses: tuple[str, ...] = ()
    targets: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, decision: Decision) -> Decided:
        return cls(
            act=decision.act,
            department=decision.department or "",
            reply=decision.reply or "",
            service=decision.service or "",
            clauses=decision.clauses,
            targets=decision.targets,
            calendars=decision.calendars,
        )

    @property
    def outcome(self) -> tuple[str, str, str, str]:
        return self.act, self.department, self.reply, self.service

    @property
    def mark(self) -> int:
        """Eight bytes of a hash: a version has at most some thousand decisions, so they tell them apart."""
        told = [*self.outcome, self.clauses, sorted(self.targets.items()), sorted(self.calendars.items())]
        return int.from_bytes(hashlib.blake2b(json.dumps(told).encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, kw_only=True)
class Unpacked:
    """A record in words. Facts come back with value and status; where they came from is not in a record."""

    decision: int
    how: How
    facts: Mapping[str, FactValue]
    topics: Mapping[str, float]


class Packing:
    """How the rulings of one version are packed. The same text gives the same packing, now and later."""

    def __init__(self, policy: Policy) -> None:
        self.facts: tuple[Fact, ...] = tuple(policy.facts.values())
        self.topics: tuple[str, ...] = tuple(policy.topics)
        self.columns = tuple(f"fact {place}" for place in range(len(self.facts)))
        self.entry = np.dtype("<u4" if len(self.topics) < 1 << 12 else "<u8")
        self.most_topics = min(MOST_TOPICS, len(self.topics))
        self.dtype = self._dtype()
        self._place_of_topic = {topic: place for place, topic in enumerate(self.topics)}
        self._codes = [_Codes(fact) for fact in self.facts]
        self._topic_bytes = {topic: self._topics_packed({topic: 1.0}) for topic in self.topics}
        names = (*([TOPIC] if self.topics else []), *(fact.name for fact in self.facts))
        self._pick: Callable[[Mapping[str, str]], object] = itemgetter(*names) if names else len
        self._bodies: dict[object, bytes] = {}
        self._marks: dict[int, tuple[Decision, bytes]] = {}

    def _dtype(self) -> np.dtype[Any]:
        layout: list[tuple[Any, ...]] = [("decision", "<u8"), ("how", "u1")]
        layout += [(column, _code_type(fact)) for column, fact in zip(self.columns, self.facts, strict=True)]
        if self.topics:
            layout.append(("topics", self.entry, (self.most_topics,)))
        return np.dtype(layout)

    @property
    def width(self) -> int:
        """The length of a record in bytes."""
        return int(self.dtype.itemsize)

    def pack(
        self, decided: Decided, how: How, facts: Mapping[str, FactValue], topics: Mapping[str, float]
    ) -> bytes:
        """The record of one ruling. A fact not given is unknown. ValueError for a value or a topic that the
        version does not declare."""
        codes = b"".join(
            column.packed(facts.get(fact.name)) for column, fact in zip(self._codes, self.facts, strict=True)
        )
        return struct.pack("<QB", decided.mark, how) + codes + self._topics_packed(topics)

    def pack_decision(self, facts: Mapping[str, str], decision: Decision) -> bytes:
        """The record of what `Policy.decide` made of facts, given as it takes them."""
        try:
            body = self._bodies[self._pick(facts)]
        except KeyError:
            body = self._body(facts)
        held = self._marks.get(id(decision))
        if held is None or held[0] is not decision:
            held = self._marked(decision)
        return held[1] + body

    def _body(self, facts: Mapping[str, str]) -> bytes:
        codes = [column[facts.get(column.fact.name)] for column in self._codes]
        topic = facts.get(TOPIC, UNKNOWN)
        topics = self._topic_bytes[topic] if topic != UNKNOWN else self._topics_packed({})
        body = b"".join([bytes([How.ALONE]), *codes, topics])
        if all(fact.name in facts for fact in self.facts) and (TOPIC in facts or not self.topics):
            if len(self._bodies) >= MOST_REMEMBERED:
                self._bodies.clear()
            self._bodies[self._pick(facts)] = body
        return body

    def _marked(self, decision: Decision) -> tuple[Decision, bytes]:
        """The mark of a decision, kept beside it: while it is kept, nothing else bears its identity."""
        if len(self._marks) >= MOST_REMEMBERED:
            self._marks.clear()
        held = self._marks[id(decision)] = decision, struct.pack("<Q", Decided.of(decision).mark)
        return held

    def recorded(self, topics: Mapping[str, float]) -> dict[str, float]:
        """What a record keeps of probabilities: the likeliest, likeliest first, to the millionth."""
        kept = sorted(topics.items(), key=lambda read: -read[1])[: self.most_topics]
        return {topic: parts / PARTS for topic, mass in kept if (parts := round(mass * PARTS)) > 0}

    def _topics_packed(self, topics: Mapping[str, float]) -> bytes:
        entries = np.zeros(self.most_topics, self.entry)
        for place, (topic, mass) in enumerate(self.recorded(topics).items()):
            if topic not in self._place_of_topic:
                raise ValueError(f"There is no topic “{shorten(topic)}” in this version.")
            entries[place] = self._place_of_topic[topic] << _MASS_BITS | round(mass * PARTS)
        return entries.tobytes()

    def unpack(self, record: bytes) -> Unpacked:
        """What a record says. ValueError where it is none of this version's."""
        if len(record) != self.width:
            raise ValueError(f"A record of this version has {self.width} bytes; this has {len(record)}.")
        row = np.frombuffer(record, self.dtype)[0]
        entries = row["topics"].tolist() if self.topics else []
        return Unpacked(
            decision=int(row["decision"]),
            how=How(row["how"]),
            facts={
                fact.name: _unpacked(fact, int(row[column]))
                for fact, column in zip(self.facts, self.columns, strict=True)
            },
            topics={self.topics[entry >> _MASS_BITS]: (entry & _MASS) / PARTS for entry in entries if entry},
        )


def places_and_masses(entries: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The topics' places and their millionths; 0 millionths where there is no further topic."""
    return (entries >> _MASS_BITS).astype(np.int64), (entries & _MASS).astype(np.int64)


class _Codes(dict[str | None, bytes]):
    """The code of each value of a fact: 0 unknown, then an odd one where known and the next where presumed.

    Looked up by a value as `Policy.decide` takes it: absent is as the document presumes.
    """

    def __init__(self, fact: Fact) -> None:
        super().__init__()
        self.fact = fact
        self._size = np.dtype(_code_type(fact)).itemsize
        self[UNKNOWN] = self._bytes(0)
        presumed = fact.presumed
        self[None] = self._bytes(0 if presumed is None else self._code(presumed) + 1)

    def __missing__(self, value: str | None) -> bytes:
        assert value is not None
        code = self._bytes(self._code(value))
        if len(self) < MOST_REMEMBERED:
            self[value] = code
        return code

    def packed(self, given: FactValue | None) -> bytes:
        if given is None or given.value is None or given.status == "unknown":
            return self[UNKNOWN]
        if given.status == "presumed":
            return self._bytes(self._code(given.value) + 1)
        return self[given.value]

    def _code(self, value: str) -> int:
        return 1 + 2 * (self.fact.place_of(value) - self.fact.span[0])

    def _bytes(self, code: int) -> bytes:
        return code.to_bytes(self._size, "little")


def _code_type(fact: Fact) -> str:
    low, high = fact.span
    greatest = 2 * (high - low + 1)
    return next(f"<u{size}" for size in (1, 2, 4, 8) if greatest < 1 << 8 * size)


def _unpacked(fact: Fact, code: int) -> FactValue:
    if code == 0:
        return FactValue(value=None, status="unknown")
    value = fact.spell((code - 1) // 2 + fact.span[0])
    return FactValue(value=value, status="known" if code % 2 else "presumed")
