"""The append-only record: one hash chain per stream, sealed each minute (house.md, “Audit chains per stream”)."""

from __future__ import annotations

from django.db import models


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


class PersonKey(models.Model):
    """The key that encrypts one person's personal content in the record, wrapped by the desk's own key."""

    person_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField(null=True)  # null: destroyed on request, for ever
    destroyed_at = models.DateTimeField(null=True)


class Seal(models.Model):
    """A signed Merkle root over all stream heads, also appended to a file outside the database."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    streams = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    signature = models.BinaryField()
