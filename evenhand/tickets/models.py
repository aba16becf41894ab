"""The ticket, what was said in it, what happened to it, and the rulings that decided it."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from evenhand.people.models import Brand, Organisation, Person, Team
from evenhand.rulebook.models import Version
from evenhand.stores.models import Store
from evenhand.tickets.sight import own_scope, staff_scope
from evenhand.tickets.statuses import DONE, OURS, UNDER_WAY, WAITING, Status, check_move

__all__ = ["Attachment", "Channel", "Event", "Message", "Ruling", "RulingRecord", "Status", "Ticket"]

NEVER_DUE = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    FORM = "form", "Form"
    API = "api", "API"
    PHONE_NOTE = "phone note", "Phone note"


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, person: Person | None) -> TicketQuerySet:
        """The tickets `person` may see: the brand's, their teams' or their own, by role."""
        return self.filter(staff_scope(person) | own_scope(person))

    def worked_by(self, person: Person) -> TicketQuerySet:
        """The tickets that `person` may see as staff."""
        return self.filter(staff_scope(person))

    def under_way(self) -> TicketQuerySet:
        return self.filter(status__in=UNDER_WAY)

    def to_be_woken(self, now: dt.datetime) -> TicketQuerySet:
        return self.filter(status=Status.SNOOZED, snoozed_until__lte=now)


class Ticket(models.Model):
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    subject = models.CharField(max_length=250)
    requester = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="requested_tickets", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    store = models.ForeignKey(Store, null=True, on_delete=models.SET_NULL, related_name="tickets")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NEW)
    priority = models.CharField(max_length=20, default="normal")  # low, normal, high, urgent
    team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    assignee = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="assigned_tickets", db_index=False
    )
    follows = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="followed_by")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    first_reply_due = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(
        null=True
    )  # when staff must next have said something; null: nothing is awaited
    snoozed_until = models.DateTimeField(null=True)
    unread = models.BooleanField(
        default=True
    )  # the newest word is the customer's, and no agent has opened it
    problem = models.TextField(blank=True)  # what the desk could not handle, in plain words
    findable = models.TextField(
        blank=True
    )  # subject, requester, organisation, store: what a search finds it by
    # The ruling in force, repeated here so that a list needs one table.
    outcome = models.CharField(max_length=40, blank=True)  # the act: help, decline, quote, assign, point, …
    clause = models.CharField(max_length=40, blank=True)  # "9.1"
    ruled = models.BooleanField(default=False)  # False: a proposal waits for an agent
    # Its place in the queue: by due time, those without one last.
    turn = models.GeneratedField(
        expression=Coalesce("due_at", Value(NEVER_DUE)), output_field=models.DateTimeField(), db_persist=True
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        # One index for each view of the queue, in its order, so that a page costs the same at any size.
        indexes = [
            models.Index("brand", "turn", "id", name="ticket_open", condition=Q(status__in=OURS)),
            models.Index("brand", "turn", "id", name="ticket_waiting", condition=Q(status__in=WAITING)),
            models.Index(
                "brand", "turn", "id", name="ticket_unruled", condition=Q(status__in=UNDER_WAY, ruled=False)
            ),
            models.Index("assignee", "turn", "id", name="ticket_mine", condition=Q(status__in=UNDER_WAY)),
            models.Index("team", "turn", "id", name="ticket_team", condition=Q(status__in=UNDER_WAY)),
            models.Index(
                "brand", "outcome", "turn", "id", name="ticket_outcome", condition=Q(status__in=UNDER_WAY)
            ),
            models.Index(
                "brand", "clause", "turn", "id", name="ticket_clause", condition=Q(status__in=UNDER_WAY)
            ),
            models.Index(
                "brand", "snoozed_until", "id", name="ticket_snoozed", condition=Q(status=Status.SNOOZED)
            ),
            models.Index(
                "brand",
                F("changed_at").desc(),
                F("id").desc(),
                name="ticket_done",
                condition=Q(status__in=DONE),
            ),
            models.Index("requester", F("opened_at").desc(), name="ticket_requester"),
            GinIndex(SearchVector("findable", config="simple"), name="ticket_findable"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} · {self.subject}"

    # ── What is true of it ──

    @property
    def is_done(self) -> bool:
        return self.status in DONE

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def waits_for_first_reply(self) -> bool:
        return self.first_replied_at is None

    def belongs_to(self, person: Person) -> bool:
        """True for the requester and for the brand's staff: whose mail may join this ticket."""
        return self.requester_id == person.pk or person.is_staff_of(self.brand)

    # ── Its moves: each checks the table, none saves ──

    def move(self, to: Status, *, at: dt.datetime) -> None:
        check_move(self.status, to)
        self.status, self.changed_at = to, at
        if to != Status.SNOOZED:
            self.snoozed_until = None
        if to not in OURS:
            self.due_at = None

    def snooze(self, until: dt.datetime, *, at: dt.datetime) -> None:
        self.move(Status.SNOOZED, at=at)
        self.snoozed_until = until

    def hear(self, *, at: dt.datetime, due: dt.datetime | None) -> None:
        """The customer said something: staff is next, by `due`."""
        if self.status not in (Status.NEW, Status.WAITING_ON_US):
            self.move(Status.OPEN, at=at)
        self.unread, self.changed_at, self.due_at = True, at, due

    def answer(self, *, at: dt.datetime, then: Status) -> None:
        """Staff replied to the customer, and the ticket moves on to `then`."""
        self.move(then, at=at)
        self.first_replied_at = self.first_replied_at or at
        self.unread, self.due_at = False, None

    def set_target(self, *, priority: str, first_reply_due: dt.datetime | None) -> None:
        """Take the policy's targets: they drive the clock until the first reply."""
        self.priority = priority
        if self.waits_for_first_reply:
            self.first_reply_due = first_reply_due
            self.due_at = first_reply_due if self.status in OURS else None


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, person: Person | None) -> MessageQuerySet:
        """What was said in the tickets `person` may see; notes only where they may see it as staff."""
        return self.filter(Message.seen_by(person))


class Message(models.Model):
    """Something that was said. `text` is the redacted reconstruction; the original is not kept anywhere."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        REPLY = "reply"  # to the customer
        NOTE = "note"  # staff only

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, db_index=False
    )  # null: the desk itself
    channel = models.CharField(max_length=20, choices=Channel.choices)
    text = models.TextField()
    quoted = models.JSONField(default=list)  # [[start, end], …] of `text`, folded on the screen
    at = models.DateTimeField()
    mail_id = models.CharField(max_length=998, blank=True)  # Message-ID, without angle brackets
    letter_id = models.BigIntegerField(null=True)  # mail.Letter that carries a reply

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("ticket", "at", name="message_ticket"),
            models.Index("mail_id", name="message_mail", condition=~Q(mail_id="")),
            models.Index("letter_id", name="message_letter", condition=Q(letter_id__isnull=False)),
            GinIndex(SearchVector("text", config="simple"), name="message_words"),
        ]

    @staticmethod
    def seen_by(person: Person | None) -> Q:
        """The filter of `visible_to`, for a question that is composed once."""
        said = ~Q(kind=Message.Kind.NOTE)
        return staff_scope(person, "ticket__") | (own_scope(person, "ticket__") & said)

    @property
    def is_note(self) -> bool:
        return self.kind == self.Kind.NOTE


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: Person | None) -> AttachmentQuerySet:
        """Staff of the ticket: every file. Its customer: those that could be read, outside notes."""
        theirs = (
            own_scope(person, "message__ticket__") & Q(screened=True) & ~Q(message__kind=Message.Kind.NOTE)
        )
        return self.filter(staff_scope(person, "message__ticket__") | theirs)


class Attachment(models.Model):
    """A file that came with a message. Its bytes lie encrypted under EVENHAND_HOME/attachments/."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=250)
    type = models.CharField(max_length=120)
    size = models.BigIntegerField()  # bytes, as it arrived
    screened = models.BooleanField()  # False: could not be read, so secrets in it were not removed
    place = models.CharField(max_length=80)  # file name below ATTACHMENTS

    objects = AttachmentQuerySet.as_manager()


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, person: Person | None) -> EventQuerySet:
        return self.filter(staff_scope(person, "ticket__") | (own_scope(person, "ticket__") & Q(public=True)))


class Event(models.Model):
    """One line of a ticket's history, for people; the audit record is for proof."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, db_index=False)  # null: the desk
    kind = models.CharField(max_length=40)  # "ruled", "assigned", "status", "proposed", "overridden", …
    facts = models.JSONField(default=dict)
    public = models.BooleanField(default=False)  # shown to the customer too

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("ticket", "at", name="event_ticket")]


class RulingQuerySet(models.QuerySet["Ruling"]):
    def visible_to(self, person: Person | None) -> RulingQuerySet:
        """Staff of the ticket: every ruling. Its customer: what is in force."""
        theirs = own_scope(person, "ticket__") & Q(state=Ruling.State.IN_FORCE)
        return self.filter(staff_scope(person, "ticket__") | theirs)

    def standing(self) -> RulingQuerySet:
        return self.exclude(state=Ruling.State.SUPERSEDED)

    def supersede(self) -> None:
        """They stand no longer: others take their place, and their records for replay go."""
        RulingRecord.objects.filter(ruling__in=self).delete()
        self.update(state=Ruling.State.SUPERSEDED)


class Ruling(models.Model):
    """What the policy decided about one matter: everything that went in, everything that came out."""

    class State(models.TextChoices):
        PROPOSED = "proposed"  # an agent decides
        IN_FORCE = "in force"
        SUPERSEDED = "superseded"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rulings", db_index=False)
    message = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="rulings", db_index=False
    )
    matter = models.PositiveIntegerField(default=0)  # which matter of the message, from 0
    matter_text = models.TextField(blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rulings")
    state = models.CharField(max_length=12, choices=State.choices)
    kind = models.CharField(
        max_length=10
    )  # verdict: alone, propose, ask, person; or "agent" where a person chose
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
    calendars = models.JSONField(default=dict)  # {"first reply": "office"}
    promised = ArrayField(models.CharField(max_length=20), default=list)  # the targets that are public
    question = models.JSONField(null=True)  # {fact, text, answers, meanings}
    belief = models.FloatField(default=0.0)
    plausibility = models.FloatField(default=0.0)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, db_index=False)  # null: the desk
    reason = models.TextField(blank=True)  # why a person overrode
    overridden = models.BooleanField(default=False)  # a person set an outcome that the policy does not give
    at = models.DateTimeField()

    objects = RulingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("ticket", "matter", "at", name="ruling_ticket")]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "matter"],
                condition=~Q(state="superseded"),
                name="one_standing_ruling_per_matter",
            )
        ]

    @property
    def is_settled(self) -> bool:
        return self.state == self.State.IN_FORCE


class RulingRecord(models.Model):
    """A ruling that stands, packed for replay: tickets/records.py says how. Narrow, so that a million of
    them are read in well under a second."""

    ruling = models.OneToOneField(Ruling, primary_key=True, on_delete=models.CASCADE, related_name="record")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    packed = models.BinaryField()

    class Meta:
        indexes = [models.Index("version", "at", "ruling", name="record_replay")]
