"""The post office: letters that leave. It knows no ticket."""

from __future__ import annotations

from django.db import models


class Letter(models.Model):
    """One outgoing mail, sent at least once under one stable Message-ID; `purpose` makes posting idempotent."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"  # given up after the last try; shown to staff

    purpose = models.CharField(max_length=120, unique=True)  # "message:812"
    sender = models.CharField(max_length=320)
    recipient = models.EmailField(max_length=254)
    reply_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    message_id = models.CharField(max_length=250, unique=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = models.TextField(blank=True)
    automatic = models.BooleanField(default=False)  # says so in Auto-Submitted
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)  # the last refusal, as the other side worded it
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
