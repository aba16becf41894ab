"""The ticket, what was said in it, what happened to it, and the rulings that decided it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from evenhand.people.models import Brand, Organisation, Person, Role, Team
from evenhand.rulebook.models import Version
from evenhand.stores.models import Store


class Status(models.TextChoices):
    NEW = "new", "New"
    OPEN = "open", "Open"
    WAITING_ON_CUSTOMER = "waiting on customer", "Waiting on customer"
    WAITING_ON_US = "waiting on us", "Waiting on us"  # on another department
    SNOOZED = "snoozed", "Snoozed"
    SOLVED = "solved", "Solved"
    CLOSED = "closed", "Closed"


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    FORM = "form", "Form"
    API = "api", "API"
    PHONE_NOTE = "phone note", "Phone note"


class Ticket(models.Model):
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="tickets")
    subject = models.CharField(max_length=250)
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requested_tickets")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="tickets")
    store = models.ForeignKey(Store, null=True, on_delete=models.SET_NULL, related_name="tickets")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NEW)
    priority = models.CharField(max_length=20, default="normal")  # low, normal, high, urgent
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="tickets")
    assignee = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="assigned_tickets")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    first_reply_due = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    unread = models.BooleanField(default=True)  # the newest word is the customer's, and no agent has opened it
    problem = models.TextField(blank=True)  # what the desk could not handle, in plain words
    # The ruling in force, repeated here so that a list needs one table.
    outcome = models.CharField(max_length=40, blank=True)  # the act: help, decline, quote, assign, point, refuse, ask, close, leave it to a person
    clause = models.CharField(max_length=40, blank=True)  # "9.1"
    ruled = models.BooleanField(default=False)  # False: a proposal waits for an agent


class Message(models.Model):
    """Something that was said. `text` is the redacted reconstruction; the original is not kept anywhere."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        REPLY = "reply"  # to the customer
        NOTE = "note"  # staff only

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)  # null: the desk itself
    channel = models.CharField(max_length=20, choices=Channel.choices)
    text = models.TextField()
    quoted = models.JSONField(default=list)  # [[start, end], …] of `text`, folded on the screen
    at = models.DateTimeField()
    mail_id = models.CharField(max_length=998, blank=True)  # Message-ID, without angle brackets
    letter_id = models.BigIntegerField(null=True)  # mail.Letter that carries a reply


class Attachment(models.Model):
    """A file that came with a message. Its bytes lie encrypted under EVENHAND_HOME/attachments/."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=250)
    type = models.CharField(max_length=120)
    size = models.BigIntegerField()  # bytes, as it arrived
    screened = models.BooleanField()  # False: could not be read, so secrets in it were not removed
    place = models.CharField(max_length=80)  # file name below ATTACHMENTS


class Event(models.Model):
    """One line of a ticket's history, for people; the audit record is for proof."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)  # null: the desk
    kind = models.CharField(max_length=40)  # "ruled", "assigned", "status", "proposed", "overridden", …
    facts = models.JSONField(default=dict)
    public = models.BooleanField(default=False)  # shown to the customer too


class Ruling(models.Model):
    """What the policy decided about one matter: everything that went in, everything that came out."""

    class State(models.TextChoices):
        PROPOSED = "proposed"  # an agent decides
        IN_FORCE = "in force"
        SUPERSEDED = "superseded"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rulings")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="rulings")
    matter = models.PositiveIntegerField(default=0)  # which matter of the message, from 0
    matter_text = models.TextField(blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rulings")
    state = models.CharField(max_length=12, choices=State.choices)
    kind = models.CharField(max_length=10)  # verdict: alone, propose, ask, person; or "agent" where a person chose
    topics = models.JSONField(default=list)  # [[topic, probability], …] as read
    facts = models.JSONField(default=list)  # [{name, value, status, source, confidence}, …]
    topic = models.CharField(max_length=60, blank=True)
    act = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=60, blank=True)
    reply = models.CharField(max_length=60, blank=True)
    service = models.CharField(max_length=60, blank=True)
    pointers = ArrayField(models.CharField(max_length=80), default=list)
    clauses = ArrayField(models.CharField(max_length=20), default=list)
    gave_way = ArrayField(models.CharField(max_length=20), default=list)
    limits = models.JSONField(default=list)  # [{text, clause}, …]
    targets = models.JSONField(default=dict)  # {"first reply": "8 business hours"}
    question = models.JSONField(null=True)  # {fact, text, answers}
    belief = models.FloatField(default=0.0)
    plausibility = models.FloatField(default=0.0)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)  # null: the desk
    reason = models.TextField(blank=True)  # why a person overrode
    overridden = models.BooleanField(default=False)  # a person set an outcome that the policy does not give
    at = models.DateTimeField()
