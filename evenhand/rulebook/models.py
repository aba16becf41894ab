"""Published policies: immutable versions, each in force for a period that overlaps no other of its brand."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from evenhand.people.models import Brand, Person

LONG = (
    "text",
    "sayings",
    "amendment",
)  # fetched only by who reads them: deciding needs neither, once the policy is compiled


class VersionQuerySet(models.QuerySet["Version"]):
    def standing(self) -> VersionQuerySet:
        return self.filter(withdrawn_at=None)

    def in_force(self, brand: Brand, at: dt.datetime) -> VersionQuerySet:
        return self.standing().filter(brand=brand, period__contains=at).defer(*LONG)


class Version(models.Model):
    """One published document. A trigger refuses all but ending its period, or withdrawing it in time.

    `text` and `sayings` are whole, those of an amendment's base included, so that this row alone decides
    again, whatever becomes of the base. `amendment` is what was written, where that is an amendment.
    """

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(max_length=60)  # the document's own `version`
    title = models.CharField(max_length=200)
    text = models.TextField()
    sayings = models.TextField(blank=True)
    amendment = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64)  # sha256 over document and sayings
    period = DateTimeRangeField()  # [from, until)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)  # null: by command
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["brand", "-period"]

    def __str__(self) -> str:
        return f"{self.title}, version {self.label}"

    @property
    def begins(self) -> dt.datetime:
        lower: dt.datetime = self.period.lower
        return lower

    @property
    def ends(self) -> dt.datetime | None:
        """The first moment at which it is no longer in force; None: open."""
        upper: dt.datetime | None = self.period.upper
        return upper

    @property
    def written(self) -> str:
        """The document as it was handed in."""
        return self.amendment or self.text

    def has_begun(self, now: dt.datetime) -> bool:
        return self.begins <= now

    def run_until(self, end: dt.datetime | None) -> None:
        """Set the end of the period. The database refuses an overlap with another version."""
        self.period = DateTimeTZRange(self.begins, end)
        self.save(update_fields=["period"])

    def withdraw(self, now: dt.datetime) -> None:
        """Take it back for good. The database refuses it once the version has begun."""
        self.withdrawn_at = now
        self.save(update_fields=["withdrawn_at"])


class Reader(models.Model):
    """The triage model trained for one version, stored as arrays (never a pickle)."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="reader")
    arrays = models.BinaryField()
    trained_on = models.CharField(max_length=64)  # sha256 of what it learnt from
    trained_at = models.DateTimeField()
