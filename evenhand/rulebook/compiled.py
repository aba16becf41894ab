"""What is made of a version's text: the compiled policy and the trained reader of topics, each made once.

Both are costly and never change for one version, so each process keeps the latest of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from django.utils import timezone

from evenhand.policy import Policy, compile_policy
from evenhand.reading.triage import Model, ModelError, fingerprint
from evenhand.reading.triage import train as fit
from evenhand.rulebook.models import LONG, Reader, Version

T = TypeVar("T")
KEPT_POLICIES = 16
KEPT_READERS = 8
KEPT_DRAFT_READERS = 2


class _Kept(Generic[T]):
    """The most recently used of something costly; made once, however many threads ask at a time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key not in self._held:
                self._held[key] = make()
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
            return self._held[key]


_policies: _Kept[Policy] = _Kept(KEPT_POLICIES)
_readers: _Kept[Model] = _Kept(KEPT_READERS)
_draft_readers: _Kept[Model] = _Kept(KEPT_DRAFT_READERS)


def policy(version: Version) -> Policy:
    """The compiled policy, once per process and content; the text is fetched only then."""
    return _policies.get(version.content_hash, lambda: _compile(version))


def _compile(version: Version) -> Policy:
    if version.get_deferred_fields():
        version.refresh_from_db(fields=LONG)
    return compile_policy(version.text, sayings=version.sayings or None)


def reader(version: Version) -> Model:
    """The version's reader of topics; where none is stored yet, it is trained and stored now (about 2 s).

    Versions that teach the same share one.
    """
    return _readers.get(version.content_hash, lambda: _stored(version) or learn(version))


def learn(version: Version) -> Model:
    """Train the version's reader and store it; the stored one where it learnt from the same."""
    topics = lessons(policy(version))
    held = _stored(version)
    if held is not None and held.version == fingerprint(topics):
        return held
    model = fit(topics)
    told = {"arrays": model.to_bytes(), "trained_on": model.version, "trained_at": timezone.now()}
    Reader.objects.update_or_create(version=version, defaults=told)
    return model


def reader_for(policy: Policy) -> Model:
    """A reader of a policy that is no version: trained now (about 2 s), kept in memory alone."""
    topics = lessons(policy)
    return _draft_readers.get(fingerprint(topics), lambda: fit(topics))


def lessons(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """For each topic what customers say: its description and its sayings."""
    return {
        name: tuple(said for said in (topic.description, *topic.sayings) if said)
        for name, topic in policy.topics.items()
    }


def _stored(version: Version) -> Model | None:
    held = Reader.objects.filter(version=version).first()
    try:
        return Model.from_bytes(bytes(held.arrays)) if held else None
    except ModelError:  # stored by an Evenhand that kept them in another format
        return None
