"""Send the example mail, as mail servers would: by SMTP, each once, in the order of their names."""

from __future__ import annotations

import email.utils
import logging
import smtplib
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)
FOR_GOOD = 500  # SMTP codes from here on mean: do not try again


def send_once(folder: Path, *, host: str, port: int) -> int:
    """Send what was not sent yet; how many were. A note in EVENHAND_HOME says how far the last time came.

    A message that the door refuses for good is part of the demo: that is logged, and the next one goes. Where
    it refuses for now, or is gone, that is raised (OSError), and the next time goes on from there.
    """
    files = sorted(folder.glob("*.eml"))
    note = settings.HOME / "demo-mail-sent"
    last = note.read_text().strip() if note.exists() else ""
    waiting = [file for file in files if file.name > last]
    if not waiting:
        return 0
    with smtplib.SMTP(host, port, timeout=60) as line:
        for file in waiting:
            _send(line, file)
            # Only now: a message sent twice is one arrival, one that was noted and not sent would be lost.
            note.write_text(file.name)
    return len(waiting)


def _send(line: smtplib.SMTP, file: Path) -> None:
    raw = file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    headers = message_from_bytes(raw)
    try:
        line.sendmail(_sender(headers), [_recipient(headers)], raw)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
        if _code(refusal) < FOR_GOOD:
            raise
        log.warning("%s was refused: %s", file.name, refusal)


def _code(refusal: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> int:
    if isinstance(refusal, smtplib.SMTPResponseException):
        return int(refusal.smtp_code)
    return min(code for code, _ in refusal.recipients.values())


def _sender(headers: Message) -> str:
    """The envelope's sender; empty for a bounce, whose Return-Path is <>."""
    given = headers["Return-Path"] if "Return-Path" in headers else headers["From"]
    return email.utils.parseaddr(str(given or ""))[1]


def _recipient(headers: Message) -> str:
    return email.utils.parseaddr(str(headers["Delivered-To"] or headers["To"] or ""))[1]
