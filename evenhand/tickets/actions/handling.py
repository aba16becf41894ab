"""Who works on a ticket, and where it stands."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from evenhand.people.models import Person, Team
from evenhand.people.roles import Permission
from evenhand.tickets.actions.locks import held, now, tell
from evenhand.tickets.models import Ticket
from evenhand.tickets.refusals import Refused, UnknownChoice
from evenhand.tickets.statuses import Status

KEEP = object()  # “leave this as it is”, since None means “nobody”


@transaction.atomic
def assign(
    ticket: Ticket, *, by: Person, team: Team | object | None = KEEP, assignee: Person | object | None = KEEP
) -> None:
    """Give the ticket to a team, a person, both or nobody. Raises UnknownChoice for another brand's."""
    ticket = held(ticket, by=by, permission=Permission.ANSWER)
    at = now()
    if team is not KEEP:
        ticket.team = _of_brand(ticket, team)
    if assignee is not KEEP:
        ticket.assignee = _of_staff(ticket, assignee)
    ticket.changed_at = at
    ticket.save(update_fields=["team", "assignee", "changed_at"])
    tell(
        ticket,
        "assigned",
        by=by,
        at=at,
        team=ticket.team.slug if ticket.team else "",
        person=ticket.assignee_id,
        shown={
            "team_name": ticket.team.name if ticket.team else "",
            "assignee": str(ticket.assignee) if ticket.assignee else "",
        },
    )


@transaction.atomic
def change_status(ticket: Ticket, *, by: Person, status: Status) -> None:
    """Move the ticket. Raises MoveRefused, which names what is possible; snoozing has its own act."""
    ticket = held(ticket, by=by, permission=Permission.ANSWER)
    if status == Status.SNOOZED:
        raise Refused("Say until when the ticket should sleep.")
    at = now()
    before = ticket.status
    ticket.move(status, at=at)
    ticket.save()
    tell(ticket, "status", by=by, at=at, public=True, before=before, status=ticket.status)


@transaction.atomic
def snooze(ticket: Ticket, *, by: Person, until: dt.datetime) -> None:
    """Let the ticket sleep until a time (aware) that lies ahead."""
    ticket = held(ticket, by=by, permission=Permission.ANSWER)
    at = now()
    if until <= at:
        raise Refused("That time has passed. Choose one that lies ahead.")
    ticket.snooze(until, at=at)
    ticket.save()
    tell(ticket, "snoozed", by=by, at=at, until=until.isoformat())


def wake_snoozed() -> int:
    """Open every ticket whose time has come, each in its own transaction; how many woke."""
    due = Ticket.objects.to_be_woken(now()).order_by("snoozed_until").values_list("pk", flat=True)[:500]
    return sum(_wake(pk) for pk in list(due))


@transaction.atomic
def _wake(pk: int) -> bool:
    ticket = held(Ticket(pk=pk), by=None)
    at = now()
    if ticket.snoozed_until is None or ticket.snoozed_until > at:
        return False  # woken or put off by somebody since we looked
    ticket.move(Status.OPEN, at=at)
    ticket.due_at = at
    ticket.save()
    tell(ticket, "woke", by=None, at=at)
    return True


def _of_brand(ticket: Ticket, team: object) -> Team | None:
    if team is None or (isinstance(team, Team) and team.brand_id == ticket.brand_id):
        return team
    raise UnknownChoice(what="team", given=str(team))


def _of_staff(ticket: Ticket, person: object) -> Person | None:
    if person is None or (isinstance(person, Person) and person.is_staff_of(ticket.brand)):
        return person
    raise UnknownChoice(what="colleague", given=str(person))
