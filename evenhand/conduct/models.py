"""What somebody did against the rules, the step that was proposed and decided, and the appeal against it.

Tickets stand a floor above and are known here by number (docs/decisions/0020).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from evenhand.conduct.sight import own, seen_by_staff
from evenhand.people.models import Brand, Person
from evenhand.rulebook.models import Version


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, person: Person) -> ProposalQuerySet:
        """For staff who may see conduct, the brand's. A customer sees steps, and no mere proposal."""
        return self.filter(seen_by_staff(person))

    def waiting(self) -> ProposalQuerySet:
        return self.filter(state=Proposal.State.WAITING)


class Proposal(models.Model):
    """One message's breach and the step that the policy's ladder proposes for it; a lead decides."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"  # as proposed, or with another step
        DISMISSED = "dismissed"

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="proposals", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals")
    ticket_id = models.BigIntegerField()
    message_id = models.BigIntegerField(unique=True)  # a message is proposed about once
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=20)
    breach = models.CharField(max_length=60)  # of the version's ladder
    standing = models.CharField(max_length=60)  # of the person, when the message was received
    step = models.CharField(max_length=60)  # proposed
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    taken = models.CharField(max_length=60, blank=True)  # the step that was confirmed
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("brand", "received_at", name="proposal_waiting", condition=Q(state="waiting")),
            models.Index("ticket_id", name="proposal_ticket"),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def was_changed(self) -> bool:
        """True where a lead confirmed another step than the one proposed."""
        return self.state == self.State.CONFIRMED and self.taken != self.step

    def decide(self, state: str, *, by: Person, at: dt.datetime, reason: str, taken: str = "") -> None:
        self.state, self.taken, self.reason = state, taken, reason
        self.decided_by, self.decided_at = by, at


class Finding(models.Model):
    """One passage that the screening found: [start, end) of the message's redacted text or its subject."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="findings")
    label = models.CharField(max_length=30)  # cursing, discriminatory, all-caps, screaming, duplicate-tickets
    kind = models.CharField(max_length=30, blank=True)  # which of the six kinds of remark
    severity = models.CharField(max_length=12)
    passage = models.CharField(max_length=500)
    place = models.CharField(max_length=10)  # "text" or "subject"
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    earlier_ticket = models.BigIntegerField(null=True)  # of a duplicate: what it repeats


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, person: Person) -> StepQuerySet:
        """For staff who may see conduct, the brand's; for customers their own and nobody else's."""
        return self.filter(seen_by_staff(person) | own(person))

    def counting(self, at: dt.datetime) -> StepQuerySet:
        """The steps that stand on the record at a moment: begun, not lapsed, not ended by a person."""
        begun = self.filter(begins_at__lte=at)
        return begun.filter(Q(ended_at=None) | Q(ended_at__gt=at)).filter(
            Q(lapses_at=None) | Q(lapses_at__gt=at)
        )


class Step(models.Model):
    """A confirmed step: it counts from its beginning until it lapses, is overturned, or is lifted."""

    class Ended(models.TextChoices):
        OVERTURNED = "overturned"  # by an appeal
        LIFTED = "lifted"  # at a review

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="confirmed")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="steps", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="steps", db_index=False)
    name = models.CharField(max_length=60)
    standing = models.CharField(max_length=60)  # while it runs
    after = models.CharField(max_length=60)  # from then until it lapses; the same where it has no run
    begins_at = models.DateTimeField()
    runs_until = models.DateTimeField(null=True)  # null: it does not run out, it lapses
    lapses_at = models.DateTimeField(null=True)  # null: never by itself
    review_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, blank=True, choices=Ended.choices)
    ended_reason = models.TextField(blank=True)
    announced_at = models.DateTimeField(null=True)  # when its lapse was written into the record
    notice_id = models.CharField(max_length=250, blank=True)  # Message-ID of the letter that told of it

    objects = StepQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("person", "brand", "begins_at", name="step_person"),
            models.Index("brand", "begins_at", name="step_brand"),
            models.Index("notice_id", name="step_notice", condition=~Q(notice_id="")),
            models.Index("lapses_at", name="step_lapses", condition=Q(announced_at=None, ended_at=None)),
        ]

    def counts(self, at: dt.datetime) -> bool:
        ended = self.ended_at is not None and self.ended_at <= at
        lapsed = self.lapses_at is not None and self.lapses_at <= at
        return self.begins_at <= at and not ended and not lapsed

    def runs(self, at: dt.datetime) -> bool:
        return self.counts(at) and (self.runs_until is None or self.runs_until > at)

    def standing_at(self, at: dt.datetime) -> str:
        """The standing that it gives at a moment at which it counts."""
        return self.standing if self.runs(at) else self.after

    def end(self, why: str, *, at: dt.datetime, reason: str) -> None:
        self.ended_at, self.ended_why, self.ended_reason = at, why, reason


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, person: Person) -> AppealQuerySet:
        return self.filter(seen_by_staff(person, "step__") | own(person, "step__"))


class Appeal(models.Model):
    """What a customer says against a step; somebody decides who did not confirm it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        GRANTED = "granted"  # the step is overturned
        REFUSED = "refused"  # the step stands

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField()
    message_id = models.BigIntegerField(null=True)  # the message that made it; null: from the portal's page
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step"], condition=Q(state="waiting"), name="one_waiting_appeal_per_step"
            )
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    def decide(self, state: str, *, by: Person, at: dt.datetime, reason: str) -> None:
        self.state, self.reason, self.decided_by, self.decided_at = state, reason, by, at


class Repeat(models.Model):
    """A ticket that brings the matter of an earlier one again: merging them is offered to its agent."""

    class State(models.TextChoices):
        OFFERED = "offered"
        MERGED = "merged"
        APART = "kept apart"

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="repeats", db_index=False)
    ticket_id = models.BigIntegerField(unique=True)
    earlier_id = models.BigIntegerField()
    likeness = models.FloatField()  # 0 to 1
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    joined: Any = models.JSONField(default=list)  # the numbers of the messages that a merge moved

    class Meta:
        indexes = [models.Index("earlier_id", name="repeat_earlier")]
