"""What fills the slots of a reply: the policy's places as links, its names, and what the ticket knows."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from django.utils import timezone

from evenhand import policy as language
from evenhand.conduct import queries as conduct
from evenhand.tickets import links
from evenhand.tickets.models import Ruling, Ticket
from evenhand.tickets.statuses import FOR_CUSTOMERS, Status
from evenhand.tickets.targets import target_due

_SLOT = re.compile(r"\{([^{}]+)\}")


def fill(ticket: Ticket, ruling: Ruling, policy: language.Policy) -> str:
    """The reply of `ruling` with everything filled in; nothing may be `lacking`."""
    return policy.render_reply(ruling.reply, _values(ticket, ruling, policy)).strip()


def lacking(ticket: Ticket, ruling: Ruling, policy: language.Policy) -> set[str]:
    """The slots that only a person can fill, such as {answer}."""
    return wanted(policy, ruling.reply) - _values(ticket, ruling, policy).keys()


def wanted(policy: language.Policy, reply: str) -> set[str]:
    """The slots that a reply of the document names."""
    return set(_SLOT.findall(policy.replies.get(reply, "")))


def names(ticket: Ticket, policy: language.Policy) -> dict[str, str]:
    """The document's own names: places as links, departments and services."""
    places = {name: _place(ticket, policy, name) for name in policy.places}
    return {**places, **policy.departments, **policy.services}


def _values(ticket: Ticket, ruling: Ruling, policy: language.Policy) -> dict[str, str]:
    values = {
        "pointers": _listed([_place(ticket, policy, name) for name in ruling.pointers]),
        "service": policy.services.get(ruling.service, ruling.service),
        "app": _known(ruling, "app") or "This app",
        "ticket": str(ticket.pk),
        "state": FOR_CUSTOMERS[Status(ticket.status)].lower(),
        **names(ticket, policy),
        **_due(ticket, ruling, policy),
    }
    if "until" in wanted(policy, ruling.reply):
        values.update(_running(ticket))
    if "state" in wanted(policy, ruling.reply):
        values.update(_asked_about(ticket))
    return {name: value for name, value in values.items() if value or name == "pointers"}


def _place(ticket: Ticket, policy: language.Policy, name: str) -> str:
    return f"{policy.places.get(name, name)} ({links.place(ticket.brand, name)})"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _known(ruling: Ruling, name: str) -> str:
    return next((f["value"] for f in ruling.facts if f["name"] == name and f["status"] == "known"), "")


def _due(ticket: Ticket, ruling: Ruling, policy: language.Policy) -> dict[str, str]:
    """{due}: the day by which the document says that its own next step follows."""
    due = target_due(ruling, policy, "quote", ticket.opened_at)
    return {"due": f"{due:%-d %B %Y}"} if due else {}


def _running(ticket: Ticket) -> dict[str, str]:
    """{until}: when the step that runs against the requester ends, by the conduct record of this moment."""
    ends = conduct.terms(ticket.requester, ticket.brand, timezone.now()).get("until")
    return {"until": f"{ends.astimezone(ZoneInfo(ticket.brand.zone)):%-d %B %Y}"} if ends else {}


def _asked_about(ticket: Ticket) -> dict[str, str]:
    """Who asks how a ticket stands means their newest other one; without one, there is nothing to say."""
    other = (
        Ticket.objects.filter(requester=ticket.requester_id, brand=ticket.brand_id)
        .exclude(pk=ticket.pk)
        .order_by("-opened_at")
        .first()
    )
    if other is None:
        return {"ticket": "", "state": ""}
    return {"ticket": str(other.pk), "state": FOR_CUSTOMERS[Status(other.status)].lower()}
