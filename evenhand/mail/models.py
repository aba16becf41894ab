"""The post office: letters that leave. It knows no ticket."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.db import models

from evenhand.mail import addresses

# 998 is the most that a line may have (RFC 5322, 2.1.1): shorter limits make Python break long message ids.
# 7bit: not every relay takes 8bit bodies.
WIRE = SMTP.clone(max_line_length=998, cte_type="7bit")


class Letter(models.Model):
    """One outgoing mail, sent at least once under one stable Message-ID; posted once for each `purpose`."""

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

    def as_message(self) -> EmailMessage:
        """The letter as it goes over the wire, the same at every try."""
        message = EmailMessage(WIRE)
        message["From"] = addresses.as_header(self.sender)
        message["To"] = self.recipient
        if self.reply_to:
            message["Reply-To"] = self.reply_to
        message["Subject"] = self.subject
        message["Date"] = format_datetime(self.queued_at)
        message["Message-ID"] = f"<{self.message_id}>"
        if self.in_reply_to:
            message["In-Reply-To"] = f"<{self.in_reply_to}>"
        if self.references:
            message["References"] = " ".join(f"<{one}>" for one in self.references.split(" "))
        if self.automatic:
            message["Auto-Submitted"] = "auto-replied" if self.in_reply_to else "auto-generated"
            message["X-Auto-Response-Suppress"] = "All"
        message.set_content(self.text)
        return message

    def mark_sent(self, at: dt.datetime) -> None:
        self.state, self.sent_at, self.problem = self.State.SENT, at, ""
        self.tries += 1

    def note_failed_try(self, problem: str) -> None:
        self.tries += 1
        self.problem = problem

    def give_up(self) -> None:
        self.state = self.State.FAILED
