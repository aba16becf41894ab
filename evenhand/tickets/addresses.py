"""The signed token by which a reply finds its ticket: in the address it goes to, and in its References.

A subject is never looked at: anybody can write one. A token is an HMAC over brand and ticket, so it can
neither be guessed nor moved to another ticket. It names a ticket and admits nobody: `Ticket.belongs_to` does.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from evenhand.people.models import Brand

_TOKEN = re.compile(r"([1-9][0-9]{0,18})-([a-z2-7]{26})")
_THREAD = re.compile(r"ticket\.([0-9]+-[a-z2-7]+)@", re.IGNORECASE)


def token(brand_id: int, ticket_id: int) -> str:
    """The ticket's token, lower case, since mail servers may fold the local part: "10482-…26 characters…"."""
    return f"{ticket_id}-{_signature(brand_id, ticket_id)}"


def ticket_named(brand_id: int, given: str) -> int | None:
    """The ticket that `given` was signed for in this brand; None for anything else."""
    read = _TOKEN.fullmatch(given.strip().lower())
    if read is None:
        return None
    ticket_id = int(read[1])
    return ticket_id if hmac.compare_digest(read[2], _signature(brand_id, ticket_id)) else None


def reply_address(brand: Brand, ticket_id: int) -> str:
    """Where an answer to this ticket is written: help+TOKEN@brand.example."""
    local, _, domain = brand.mailbox.rpartition("@")
    return f"{local}+{token(brand.pk, ticket_id)}@{domain}"


def thread_id(brand_id: int, ticket_id: int) -> str:
    """A Message-ID that stands for the whole ticket: our letters refer to it, and so do their answers."""
    return f"<ticket.{token(brand_id, ticket_id)}@{settings.MAIL_DOMAIN}>"


def tokens_in(references: Iterable[str]) -> list[str]:
    """The tokens that stand in References or In-Reply-To, the newest last as mail has it."""
    return [found for reference in references for found in _THREAD.findall(reference)]


def _signature(brand_id: int, ticket_id: int) -> str:
    digest = salted_hmac("evenhand.reply", f"{brand_id}:{ticket_id}", algorithm="sha256").digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
