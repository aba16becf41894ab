"""What is hashed and how: links of a chain, the leaves and the root of a seal. Bytes in, bytes out."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

GENESIS = bytes(32)  # what stands before the first link of a stream, and before the first seal


def link(
    *,
    stream: str,
    number: int,
    at: dt.datetime,
    actor: str,
    kind: str,
    facts: dict[str, Any],
    person_id: int | None,
    sealed: bytes | None,
    previous: bytes,
) -> bytes:
    """The hash of one entry; it covers every column, and the entry before."""
    content = [
        stream,
        number,
        at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        actor,
        kind,
        facts,
        person_id,
        None if sealed is None else sealed.hex(),
        previous.hex(),
    ]
    return hashlib.sha256(canonical(content)).digest()


def canonical(value: Any) -> bytes:
    """One spelling for each JSON value, the same before and after PostgreSQL's jsonb has held it."""
    return json.dumps(
        _settled(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _settled(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # jsonb gives 1e22 back as a whole number
    if isinstance(value, dict):
        return {str(key): _settled(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(item) for item in value]
    return value


def leaf(stream: str, number: int, hash_: bytes) -> bytes:
    """One stream's head as a leaf (RFC 6962: leaves and nodes are told apart by their first byte)."""
    return hashlib.sha256(b"\x00" + canonical([stream, number, hash_.hex()])).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over any number of leaves; memory grows with the tree's height only.

    As RFC 6962, section 2.1, has it: full subtrees of equal height are joined as they appear, the
    rest at the end.
    """
    subtrees: list[tuple[int, bytes]] = []  # (height, hash), heights falling
    for one in leaves:
        height = 0
        while subtrees and subtrees[-1][0] == height:
            one, height = _node(subtrees.pop()[1], one), height + 1
        subtrees.append((height, one))
    if not subtrees:
        return hashlib.sha256(b"").digest()
    root = subtrees.pop()[1]
    while subtrees:
        root = _node(subtrees.pop()[1], root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def seal_content(*, number: int, at: dt.datetime, streams: int, root: bytes, previous: bytes) -> bytes:
    """What a seal's signature covers, and what the next seal's `previous` is the sha256 of."""
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return canonical([number, moment, streams, root.hex(), previous.hex()])
