"""How every act begins and ends: the ticket locked and allowed, then recorded, told and saved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone

from evenhand.audit import actions as audit
from evenhand.jobs import live
from evenhand.people.models import Person
from evenhand.people.roles import Permission
from evenhand.tickets.models import Event, Ticket
from evenhand.tickets.refusals import NotPermitted, TextRefused


def held(ticket: Ticket, *, by: Person | None, permission: Permission | None = None) -> Ticket:
    """`ticket` read afresh under its lock, until the transaction ends.

    `by` None is the desk itself. Raises Ticket.DoesNotExist where the person may not see it,
    NotPermitted where their role in its brand lacks `permission`.
    """
    tickets = Ticket.objects.visible_to(by) if by else Ticket.objects.all()
    fresh = tickets.select_related("brand", "requester").select_for_update(of=("self",)).get(pk=ticket.pk)
    if by and permission and not by.may(permission, fresh.brand):
        raise NotPermitted(permission=permission.value, brand=fresh.brand.name)
    return fresh


def hold(ticket: Ticket) -> Ticket:
    """The desk itself takes the ticket's lock: what `rule` and `answer_question` want."""
    return held(ticket, by=None)


def tell(
    ticket: Ticket,
    kind: str,
    *,
    by: Person | None,
    at: dt.datetime,
    public: bool = False,
    personal: str | None = None,
    shown: dict[str, Any] | None = None,
    **facts: Any,
) -> Event:
    """Write one line of the ticket's history, record it for proof, and tell open pages.

    `facts` name nobody, for they stay in the record for ever; names go into `shown`, which only the history
    keeps, or into `personal`, which only the requester's key opens.
    """
    event = Event.objects.create(
        ticket=ticket, at=at, actor=by, kind=kind, facts=facts | (shown or {}), public=public
    )
    audit.record(
        f"ticket:{ticket.pk}",
        by=by or "desk",
        kind=f"ticket.{kind}",
        facts=facts,
        person=ticket.requester if personal is not None else None,
        personal=personal,
    )
    live.notify("ticket", ticket.pk, brand_id=ticket.brand_id)
    return event


def spoken(text: str) -> str:
    """`text` as it may be stored: something, not too much, and nothing PostgreSQL cannot hold."""
    clean = text.replace("\0", "").strip()
    if not clean:
        raise TextRefused("Nothing was written. Write what should be kept, then send it.")
    if len(clean) > settings.TEXT_MOST_CHARACTERS:
        raise TextRefused(
            f"The text has {len(clean):,} characters; a message holds {settings.TEXT_MOST_CHARACTERS:,}. "
            "Send the rest as a file."
        )
    return clean


def now() -> dt.datetime:
    return timezone.now()
