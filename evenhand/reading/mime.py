"""A mail's bytes to what the desk needs of it: who, when, what, which thread, which files.

`read_mail` never raises, whatever the bytes. What cannot be read is kept as an attachment, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from evenhand.reading import automatic, charsets
from evenhand.reading.flowed import unflow
from evenhand.reading.html import text_of_html
from evenhand.reading.parts import Part, parse
from evenhand.reading.quoting import Span, quoted_spans

MOST_BYTES = 30_000_000
MOST_TEXT = 1_000_000  # characters kept of the body; more is no message to a support desk
MOST_REFERENCES = 100
_DEEPEST_FORWARD = 8
_MOST_RECIPIENTS = 200
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,990})\s*>")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']{1,200}@[^\s<>()\[\],;:\"']{1,250}")
_ONLY_HTML_NOTICE = re.compile(
    r"\b(?:html|view (?:it|this|the) (?:e-?mail|message|in)|(?:e-?mail|mail) (?:client|reader|program))\b",
    re.IGNORECASE,
)
_UNSAFE_IN_NAME = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+")
_EXTENSIONS = {
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
    "application/ms-tnef": ".dat",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/csv": ".csv",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A part that is not the text. `name` is safe to show, not to use as a path; `size` counts bytes of
    `content`.
    """

    name: str
    type: str
    size: int
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What the desk needs of a mail. Message ids stand in angle brackets; `date` is aware UTC; spans
    index `text`.
    """

    subject: str
    from_name: str
    from_address: str
    to: tuple[str, ...]
    date: datetime | None
    message_id: str
    references: tuple[str, ...]
    in_reply_to: str | None
    text: str
    quoted: tuple[Span, ...]
    attachments: tuple[Attachment, ...]
    automatic: bool
    bounce: bool


@dataclass(frozen=True, slots=True)
class _Content:
    """What a part contributes: pieces of text (and whether one came from HTML), and files."""

    texts: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()
    plain: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text.strip())


def read_mail(raw: bytes, *, most_bytes: int = MOST_BYTES) -> Mail:
    """Read a mail of any bytes; never raises. Only the first `most_bytes` are looked at."""
    root = parse(raw[:most_bytes])
    content = _content(root)
    text = content.text[:MOST_TEXT]
    from_name, from_address = _sender(root)
    return Mail(
        subject=root.first("subject")[:2000],
        from_name=from_name,
        from_address=from_address,
        to=_recipients(root),
        date=_date(root),
        message_id=next(_message_ids(root, "message-id"), ""),
        references=_references(root),
        in_reply_to=next(_message_ids(root, "in-reply-to"), None),
        text=text,
        quoted=quoted_spans(text),
        attachments=content.files,
        automatic=automatic.is_automatic(root, from_address),
        bounce=automatic.is_bounce(root, from_address),
    )


def _content(part: Part) -> _Content:
    kind = part.type
    if part.parts:
        return _alternative(part) if kind == "multipart/alternative" else _mixed(part)
    if kind == "message/rfc822" or kind == "message/global":
        return _forwarded(part)
    if kind.startswith("multipart/"):  # no boundary to be found: the sender's words are still in there
        return _Content(texts=(part.text(),), plain=True)
    if _is_file(part):
        return _Content(files=(_attachment(part),))
    if kind == "text/html":
        return _Content(texts=(text_of_html(part.text()),))
    flowed = part.parameters.get("format", "").lower() == "flowed"
    text = (
        unflow(part.text(), delete_space=part.parameters.get("delsp", "").lower() == "yes")
        if flowed
        else part.text()
    )
    return _Content(texts=(text,), plain=True)


def _is_file(part: Part) -> bool:
    if part.disposition == "attachment" or part.filename:
        return True
    return part.type not in ("text/plain", "text/html", "text/enriched", "text/markdown", "text/x-amp-html")


def _mixed(part: Part) -> _Content:
    report = part.type == "multipart/report"
    read = [
        _Content(files=(_attachment(child),))
        if report and child.type.startswith("message/")
        else _content(child)
        for child in part.parts
    ]
    texts = tuple(text for found in read for text in found.texts)
    files = tuple(file for found in read for file in found.files)
    if not any(text.strip() for text in texts):
        texts, files = _text_among_files(part, files)
    return _Content(texts=texts, files=files, plain=all(found.plain for found in read if found.texts))


def _text_among_files(
    part: Part, files: tuple[Attachment, ...]
) -> tuple[tuple[str, ...], tuple[Attachment, ...]]:
    """Some senders name the body itself: the first inline text part with a name is the text where there
    is no other.
    """
    for child in part.parts:
        if child.type in ("text/plain", "text/html") and child.disposition != "attachment":
            body = _attachment(child)
            text = _content(replace(child, filename="")).text
            return (text,), tuple(file for file in files if file != body)
    return (), files


def _alternative(part: Part) -> _Content:
    """The plain version unless it is empty or only says to look at the other; files of every version are
    kept.
    """
    read = [_content(child) for child in part.parts]
    files = tuple(file for found in read for file in found.files)
    spoken = [found for found in read if found.text.strip()]
    plain = [found for found in spoken if found.plain]
    rich = [found for found in spoken if not found.plain]
    chosen = (plain or spoken or [_Content()])[0]
    if (
        plain
        and rich
        and len(chosen.text) < 300 < len(rich[-1].text)
        and _ONLY_HTML_NOTICE.search(chosen.text)
    ) or (not plain and rich):
        chosen = rich[-1]
    return _Content(texts=chosen.texts, files=files, plain=chosen.plain)


def _forwarded(part: Part) -> _Content:
    """A mail inside the mail: its words are part of what the sender says, its files are files of this
    mail.
    """
    if part.level > _DEEPEST_FORWARD:
        return _Content(files=(_attachment(part),))
    inner = parse(part.content(), depth=part.level + 1, budget=part.budget)
    read = _content(inner)
    names = (("From", "from"), ("Date", "date"), ("Subject", "subject"), ("To", "to"))
    head = [f"{shown}: {inner.first(name)}" for shown, name in names if inner.first(name)]
    text = "\n".join(["---------- Forwarded message ----------", *head, "", read.text])
    return _Content(texts=(text,), files=read.files, plain=True)


def _attachment(part: Part) -> Attachment:
    content = part.content() if not part.parts else part.body
    name = _UNSAFE_IN_NAME.sub("_", " ".join(part.filename.split()).rpartition("/")[2]).strip(" .")
    if not name:
        name = (
            "winmail"
            if part.type == "application/ms-tnef"
            else "invitation"
            if part.type == "text/calendar"
            else "file"
        )
        name += _EXTENSIONS.get(part.type, "")
    return Attachment(name=name[-200:], type=part.type, size=len(content), content=content)


def _sender(root: Part) -> tuple[str, str]:
    for name in ("from", "sender", "reply-to"):
        for shown, address in _addresses(root, name):
            if address:
                return shown, address
    return (root.first("from")[:200] if "from" in root.headers else ""), ""


def _recipients(root: Part) -> tuple[str, ...]:
    found = (address for name in ("to", "cc") for _, address in _addresses(root, name) if address)
    return tuple(dict.fromkeys(found))[:_MOST_RECIPIENTS]


def _addresses(root: Part, name: str) -> list[tuple[str, str]]:
    """(name, address) pairs. Addresses are taken apart before names are decoded: a decoded name may hold
    a comma.
    """
    found: list[tuple[str, str]] = []
    for value in root.headers.get(name, [])[:5]:
        value = value[:20_000]
        try:
            pairs = getaddresses([value]) if value.count("(") < 50 else []
        except (ValueError, IndexError, RecursionError, TypeError):
            pairs = []
        pairs = [(shown, address) for shown, address in pairs if "@" in address]
        if not pairs:
            pairs = [(value[: place.start()].strip(" <\"'"), place[0]) for place in _ADDRESS.finditer(value)]
        found += [(_one_line(shown), _one_line(address)) for shown, address in pairs]
    return found


def _one_line(value: str) -> str:
    return " ".join(charsets.header_text(value).split()).strip("\"'")[:500]


def _date(root: Part) -> datetime | None:
    written = root.first("date")[:200]
    if not written:
        return None
    try:
        date = parsedate_to_datetime(written)
        # "-0000" and a missing zone both mean: the time is UTC, the sender's zone is not known (RFC 5322,
        # 3.3).
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _message_ids(root: Part, name: str) -> Iterator[str]:
    value = " ".join(root.headers.get(name, [])[:5])[:100_000]
    found = False
    for each in _MESSAGE_ID.finditer(value):
        found = True
        yield f"<{each[1]}>"
    if not found and (bare := value.strip("<> \t").split()):
        yield f"<{bare[0][:990]}>"


def _references(root: Part) -> tuple[str, ...]:
    """The first mail of the thread and the latest ones: a very long thread loses its middle."""
    every = tuple(dict.fromkeys(_message_ids(root, "references")))
    return every if len(every) <= MOST_REFERENCES else (every[0], *every[-(MOST_REFERENCES - 1) :])
