"""What came in, exactly once: one arrival per channel and source id, redacted before it is written here."""

from __future__ import annotations

from django.db import models

from evenhand.people.models import Brand, Person
from evenhand.tickets.models import Channel


class Arrival(models.Model):
    class State(models.TextChoices):
        RECEIVED = "received"
        HANDLED = "handled"
        REFUSED = "refused"  # became a visible ticket that says why

    channel = models.CharField(max_length=20, choices=Channel.choices)
    source_id = models.CharField(max_length=200)  # mail: mailbox, Message-ID and body, each as a keyed hash
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="arrivals", db_index=False)
    received_at = models.DateTimeField()
    content = models.JSONField()  # the redacted reconstruction; `intake.incoming.Content` says what is in it
    claimed_by = models.ForeignKey(  # who was signed in; null: by address only
        Person, null=True, on_delete=models.PROTECT, db_index=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    ticket_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    tries = models.PositiveIntegerField(default=0)  # how often handling began
    flags = models.JSONField(default=list)  # "same Message-ID, other body", …

    class Meta:
        constraints = [
            # The pattern operators let the handler look for another body under the same Message-ID.
            models.UniqueConstraint(
                fields=["channel", "source_id"],
                name="one_arrival_per_source",
                opclasses=["varchar_ops", "varchar_pattern_ops"],
            )
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.RECEIVED
