"""What came in, rebuilt and redacted: the only form in which a message is stored, queued or logged."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from evenhand.intake import attachments
from evenhand.intake.cleaning import clean, clean_with_spans
from evenhand.people.models import Brand, Person
from evenhand.reading import mime
from evenhand.tickets import addresses
from evenhand.tickets.models import Channel

# What can be read as text, and so be redacted. HTML and SVG are not: markup can stand between the digits.
READABLE = (
    "text/plain",
    "text/csv",
    "text/tab-separated-values",
    "text/markdown",
    "application/json",
    "text/x-log",
)
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/delivery-status")
MOST_FILES = 50
MOST_MESSAGE_ID = 600  # an index entry of PostgreSQL holds 2,700 bytes


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file in the encrypted store. `screened` False: it could not be read, so it is for staff only."""

    name: str
    type: str
    size: int
    screened: bool
    place: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """One message, redacted. Kept as JSON in `Arrival.content`; `quoted` spans index `text`."""

    sender_name: str
    sender_address: str
    subject: str
    text: str
    quoted: tuple[tuple[int, int], ...] = ()
    files: tuple[StoredFile, ...] = ()
    message_id: str = ""  # without angle brackets
    references: tuple[str, ...] = ()  # oldest first, In-Reply-To last
    token: str = ""  # of the address it was sent to, not yet verified
    automatic: bool = False
    bounce: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)  # answers given with a form: fact → value
    fingerprint: str = ""  # keyed hash of what was sent, to tell a repetition from another request

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Content:
        """Read back what `as_json` wrote."""
        given = dict(stored)
        given["quoted"] = tuple((start, end) for start, end in given["quoted"])
        given["files"] = tuple(StoredFile(**file) for file in given["files"])
        given["references"] = tuple(given["references"])
        return cls(**given)

    @property
    def said(self) -> str:
        """The sender's own words: the text without what they quote; all of it where nothing else is left."""
        own = "".join(self.text[start:end] for start, end in self._own()).strip()
        return own or self.text.strip()

    def place_of(self, offset: int) -> int:
        """Where in `text` the character stands that stands at `offset` of `said`."""
        own = self._own()
        words = "".join(self.text[start:end] for start, end in own)
        if not words.strip():
            own, words = [(0, len(self.text))], self.text
        offset += len(words) - len(words.lstrip())
        for start, end in own:
            if offset < end - start:
                return start + offset
            offset -= end - start
        return len(self.text)

    def _own(self) -> list[tuple[int, int]]:
        """The spans of `text` that quote nobody."""
        starts = [0, *(end for _, end in self.quoted)]
        ends = [*(start for start, _ in self.quoted), len(self.text)]
        return [(start, end) for start, end in zip(starts, ends, strict=True) if end > start]


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A message at the door: redacted, its files stored, ready to be accepted."""

    brand_id: int
    channel: str
    source_id: str
    received_at: dt.datetime
    content: Content
    claimed_by_id: int | None = None


def from_mail(raw: bytes, *, brand: Brand, recipient: str = "", automatic: bool = False) -> Incoming:
    """A mail's bytes, whatever they are. `recipient` is the address it was sent to, which may carry a token.

    `automatic`: the envelope had no sender, so no person waits for an answer. Stores its files.
    """
    mail = mime.read_mail(raw, most_bytes=settings.MAIL_MOST_BYTES)
    text, quoted = clean_with_spans(mail.text, [(span.start, span.end) for span in mail.quoted])
    references = [*mail.references, *([mail.in_reply_to] if mail.in_reply_to else [])]
    if mail.bounce:
        references += _returned_threads(mail)
    return Incoming(
        brand_id=brand.pk,
        channel=Channel.EMAIL,
        source_id=_mail_source(brand, mail.message_id, raw),
        received_at=timezone.now(),
        content=Content(
            sender_name=clean(mail.from_name, most=120),
            sender_address=clean(mail.from_address, most=254),
            subject=clean(mail.subject, most=250),
            text=text,
            quoted=quoted,
            files=tuple(
                _stored(file.name, file.type, file.content) for file in mail.attachments[:MOST_FILES]
            ),
            message_id=clean(mail.message_id.strip("<>"), most=MOST_MESSAGE_ID),
            references=tuple(clean(reference, most=MOST_MESSAGE_ID) for reference in references),
            token=_token_in(recipient),
            automatic=automatic or mail.automatic,
            bounce=mail.bounce,
        ),
    )


def from_fields(
    *,
    brand: Brand,
    channel: str,
    source_id: str,
    sender_address: str,
    text: str,
    sender_name: str = "",
    subject: str = "",
    facts: Mapping[str, str] | None = None,
    files: Sequence[tuple[str, str, bytes]] = (),
    claimed_by: Person | None = None,
    ticket_token: str = "",
) -> Incoming:
    """A form, an API request or a call note.

    `source_id` makes it one arrival however often it is sent: the form's one-time token, the Idempotency-Key
    with the caller's number, the note's token. `facts`: answers to the policy's question. `files`: (name,
    type, bytes). `claimed_by`: who was signed in; for a call note, who took the call. Stores its files.
    """
    redacted, _ = clean_with_spans(text, ())
    return Incoming(
        brand_id=brand.pk,
        channel=channel,
        source_id=f"{brand.slug}:{_keyed(source_id)}",
        received_at=timezone.now(),
        content=Content(
            sender_name=clean(sender_name, most=120),
            sender_address=clean(sender_address, most=254),
            subject=clean(subject, most=250) or first_line(redacted),
            text=redacted,
            files=tuple(_stored(name, kind, content) for name, kind, content in files[:MOST_FILES]),
            token=ticket_token,
            facts={clean(fact, most=60): clean(value, most=120) for fact, value in (facts or {}).items()},
            fingerprint=_keyed(
                json.dumps([sender_address, sender_name, subject, text, sorted((facts or {}).items())])
            ),
        ),
        claimed_by_id=claimed_by.pk if claimed_by else None,
    )


def first_line(text: str, most: int = 80) -> str:
    """A subject for what came without one: its first words."""
    line = " ".join(text.split())[: most + 1]
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"


def _mail_source(brand: Brand, message_id: str, raw: bytes) -> str:
    """Mailbox, Message-ID and body: another body under a forged Message-ID is another message."""
    if not message_id:
        return f"{brand.slug}::{_keyed(raw)}"
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return f"{mail_prefix(brand, message_id)}{_keyed(body)}"


def mail_prefix(brand: Brand, message_id: str) -> str:
    """What the source ids of all mails under one Message-ID begin with."""
    return f"{brand.slug}:{_keyed(message_id.strip('<>'))}:"


def _keyed(said: str | bytes) -> str:
    """A keyed hash: a plain one would let whoever reads it confirm a guess at what was said."""
    return salted_hmac("evenhand.intake.source", said, algorithm="sha256").hexdigest()[:40]


def _returned_threads(mail: mime.Mail) -> list[str]:
    """Our own threads that a delivery report speaks of: it carries the returned letter, or its head."""
    returned = [file.content.decode("ascii", "replace") for file in mail.attachments if file.type in RETURNED]
    return [f"<ticket.{token}@>" for token in addresses.tokens_in(returned)]


def _token_in(recipient: str) -> str:
    return recipient.rpartition("@")[0].partition("+")[2]


def _stored(name: str, kind: str, content: bytes) -> StoredFile:
    text = _readable(kind, content)
    kept = content if text is None else text.encode()
    return StoredFile(
        name=clean(name, most=250) or "file",
        type=clean(kind, most=120) or "application/octet-stream",
        size=len(content),
        screened=text is not None,
        place=attachments.store(kept),
    )


def _readable(kind: str, content: bytes) -> str | None:
    """The file's text, redacted; None where it is not text that can be read for certain."""
    if kind not in READABLE or len(content) > settings.TEXT_MOST_CHARACTERS * 4 or b"\0" in content:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return clean(text) if len(text) <= settings.TEXT_MOST_CHARACTERS else None
