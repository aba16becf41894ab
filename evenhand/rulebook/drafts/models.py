"""Drafts of a policy, every revision of them, what colleagues say about them, and who has one open."""

from __future__ import annotations

import datetime as dt

from django.db import models

from evenhand.people.models import Brand, Person


class Rulebook(models.Model):
    """How a brand publishes. A brand without a row publishes with one pair of eyes."""

    brand = models.OneToOneField(Brand, on_delete=models.PROTECT, related_name="rulebook")
    four_eyes = models.BooleanField(default=False)


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, brand: Brand) -> DraftQuerySet:
        """The brand's drafts, the one that was worked on last first."""
        return self.filter(brand=brand).order_by("-changed_at")


class Draft(models.Model):
    """A policy that is being written. `head` is the number of the revision that counts."""

    class State(models.TextChoices):
        OPEN = "open"
        PUBLISHED = "published"
        DISCARDED = "discarded"

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="drafts")
    title = models.CharField(max_length=200)
    based_on = models.ForeignKey(
        "rulebook.Version", null=True, on_delete=models.PROTECT, related_name="drafts_from"
    )
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    head = models.PositiveIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)  # the newest number given, to a set-aside revision too
    published_as = models.ForeignKey(
        "rulebook.Version", null=True, on_delete=models.PROTECT, related_name="drafts_as"
    )
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def next_number(self, at: dt.datetime, *, moves_head: bool) -> int:
        """Count one revision more; `moves_head`: it is the draft's text from now on."""
        self.last += 1
        self.changed_at = at
        if moves_head:
            self.head = self.last
        self.save(update_fields=["last", "head", "changed_at"])
        return self.last

    def close(self, state: State, at: dt.datetime, version_id: int | None = None) -> None:
        self.state, self.changed_at, self.published_as_id = state, at, version_id
        self.save(update_fields=["state", "changed_at", "published_as"])

    def open_again(self, at: dt.datetime) -> None:
        self.close(self.State.OPEN, at)

    def rename(self, title: str) -> None:
        self.title = title
        self.save(update_fields=["title"])


class Wording(models.Model):
    """A text, kept once for each content: most revisions leave the sayings as they were."""

    digest = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()


class Revision(models.Model):
    """One state of a draft. A trigger refuses every change and deletion: nothing anyone typed is lost."""

    class Kind(models.TextChoices):
        BEGUN = "begun"
        WRITTEN = "written"
        ASIDE = "aside"  # what was typed while somebody else saved; the merged text follows, or a choice
        MERGED = "merged"
        RESTORED = "restored"

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.PositiveIntegerField(
        null=True
    )  # the revision it was written on; merged: what was set aside
    words = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    said = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="one_revision_per_number")]

    @property
    def text(self) -> str:
        return str(self.words.text)

    @property
    def sayings(self) -> str:
        return str(self.said.text)


class Approval(models.Model):
    """Somebody other than its author has read this revision and stands for it."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="approvals")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "number", "by"], name="one_approval_per_person")
        ]


class Remark(models.Model):
    """What a colleague says about a line. It holds to clause and quotation, so it survives edits."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="remarks")
    clause = models.CharField(max_length=40, blank=True)  # empty: it stands before the first clause
    quote = models.CharField(max_length=500, blank=True)  # the line as it was; empty: the clause as a whole
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    def settle(self, by: Person, at: dt.datetime) -> None:
        self.settled_by, self.settled_at = by, at
        self.save(update_fields=["settled_by", "settled_at"])

    def take_up_again(self) -> None:
        self.settled_by, self.settled_at = None, None
        self.save(update_fields=["settled_by", "settled_at"])


class Presence(models.Model):
    """Who has a draft open: said again every few seconds, and forgotten soon after."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="present")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "person"], name="present_once")]
