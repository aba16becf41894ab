"""The append-only record: one hash chain per stream, and a seal over all of them each minute."""

from __future__ import annotations

import datetime as dt
import json

from django.db import models

from evenhand.audit import chain


class Head(models.Model):
    """The newest link of one stream; its row lock orders the writers of that stream and of no other."""

    stream = models.CharField(max_length=80, primary_key=True)  # "ticket:10482", "person:7", "version:3"
    number = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=bytes)


class Entry(models.Model):
    """One act. `facts` names nobody; what is personal stands in `sealed`, encrypted under that person's key.

    The hash covers the ciphertext, so destroying the key erases the content while the chain still verifies.
    A database trigger refuses UPDATE and DELETE.
    """

    stream = models.CharField(max_length=80)
    number = models.BigIntegerField()  # 1-based, without holes
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)  # "person:7", "desk", "command"
    kind = models.CharField(max_length=60)  # a verb in the past: "ticket.replied"
    facts = models.JSONField(default=dict)
    person_id = models.BigIntegerField(null=True)  # whose key encrypts `sealed`
    sealed = models.BinaryField(null=True)
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="one_entry_per_link")]

    def follows(self, number: int, hash_: bytes) -> bool:
        """True where this entry is the next link after (`number`, `hash_`), and unchanged."""
        return (
            self.number == number + 1
            and bytes(self.previous) == hash_
            and bytes(self.hash) == self.true_hash()
        )

    def true_hash(self) -> bytes:
        """The hash that an entry with this content must bear."""
        return chain.link(
            stream=self.stream,
            number=self.number,
            at=self.at,
            actor=self.actor,
            kind=self.kind,
            facts=self.facts,
            person_id=self.person_id,
            sealed=None if self.sealed is None else bytes(self.sealed),
            previous=bytes(self.previous),
        )


class PersonKey(models.Model):
    """The key that encrypts one person's personal content in the record, wrapped by the desk's own key."""

    person_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField(null=True)  # null: destroyed on request, for ever
    destroyed_at = models.DateTimeField(null=True)


class SealedHead(models.Model):
    """A stream's newest link as the latest seal saw it: a leaf of that seal's Merkle tree.

    Entries written since then stand behind it in the chain and are covered by the next seal.
    """

    stream = models.CharField(max_length=80, primary_key=True)
    number = models.BigIntegerField()
    hash = models.BinaryField()


class Seal(models.Model):
    """A signed Merkle root over all stream heads, also appended to a file outside the database."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    streams = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()  # sha256 of the seal before, so that none can be taken out
    signature = models.BinaryField()  # Ed25519

    def content(self) -> bytes:
        """What the signature covers."""
        return chain.seal_content(
            number=self.number,
            at=self.at,
            streams=self.streams,
            root=bytes(self.root),
            previous=bytes(self.previous),
        )

    def line(self) -> str:
        """This seal as one line of the file outside the database."""
        shown = {
            "number": self.number,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "streams": self.streams,
            "root": bytes(self.root).hex(),
            "previous": bytes(self.previous).hex(),
            "signature": bytes(self.signature).hex(),
        }
        return json.dumps(shown, separators=(",", ":"))
