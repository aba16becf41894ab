"""The JSON API. A key acts as one member of staff at one brand, through the same actions as the pages."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Header, NinjaAPI, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from evenhand.api.refusals import REFUSALS, TooLarge, answer_refusals
from evenhand.api.schemas import (
    AppIn,
    AppSlug,
    Brand,
    Imported,
    Number,
    Reference,
    RequestIn,
    RulingOut,
    StoreIn,
    StoreOut,
    TicketOut,
)
from evenhand.intake import actions as intake
from evenhand.intake.incoming import from_fields
from evenhand.intake.models import Arrival
from evenhand.people import keys
from evenhand.people.actions import MayNot
from evenhand.people.models import AccessKey
from evenhand.people.roles import Permission
from evenhand.stores import actions as stores
from evenhand.tickets.models import Channel, Ruling, Ticket

CSV = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}}


class Key(HttpBearer):
    """`Authorization: Bearer eh_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> AccessKey | None:
        return keys.holder(token)


api = NinjaAPI(
    title="Evenhand",
    version="1",
    auth=Key(),
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)
answer_refusals(api)


@api.post("/{brand_slug}/requests", response={200: TicketOut, 201: TicketOut, 202: TicketOut, **REFUSALS})
def enter_request(
    request: HttpRequest,
    brand_slug: Brand,
    asked: RequestIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)],
) -> Status[Any]:
    """Enter a customer's request and have it ruled at once.

    The same Idempotency-Key again gives the same ticket (200); with another body it is refused (409). 202: it
    is kept, and is being read.
    """
    key = _key(request, brand_slug)
    if not key.person.may(Permission.TAKE_CALLS, key.brand):
        raise MayNot(Permission.TAKE_CALLS, key.brand)
    incoming = from_fields(
        brand=key.brand,
        channel=Channel.API,
        source_id=f"{key.pk}:{idempotency_key}",
        sender_address=asked.email,
        sender_name=asked.name,
        subject=asked.subject,
        text=asked.text,
        facts=asked.facts,
    )
    known = Arrival.objects.filter(channel=incoming.channel, source_id=incoming.source_id).exists()
    arrival = intake.take_in(incoming)
    if arrival.content["fingerprint"] != incoming.content.fingerprint:
        raise HttpError(409, "This Idempotency-Key was used for another request. Use a new one for this one.")
    if arrival.ticket_id is None:
        subject = incoming.content.subject
        return Status(202, {"id": None, "subject": subject, "status": "received", "rulings": []})
    return Status(200 if known else 201, _ticket(key, Ticket.objects.get(pk=arrival.ticket_id)))


@api.get("/{brand_slug}/tickets/{int:ticket_id}", response={200: TicketOut, **REFUSALS})
def read_ticket(request: HttpRequest, brand_slug: Brand, ticket_id: Number) -> dict[str, Any]:
    """One ticket with its rulings, where the key's holder may see it."""
    key = _key(request, brand_slug)
    found = Ticket.objects.visible_to(key.person).filter(brand=key.brand, pk=ticket_id).first()
    if found is None:
        raise HttpError(404, f"There is no ticket {ticket_id} here that this key may see.")
    return _ticket(key, found)


@api.put("/{brand_slug}/stores/{reference}", response={200: StoreOut, **REFUSALS})
def enter_store(
    request: HttpRequest, brand_slug: Brand, reference: Reference, told: StoreIn
) -> dict[str, Any]:
    """Enter a store or bring it up to date; the same again changes nothing."""
    key = _key(request, brand_slug)
    store = stores.save_store(key.brand, reference=reference, **told.dict(), by=key.person)
    return {"reference": store.reference, "domain": store.domain}


@api.post("/{brand_slug}/stores.csv", response={200: Imported, **REFUSALS}, openapi_extra=CSV)
def enter_stores(request: HttpRequest, brand_slug: Brand) -> dict[str, int]:
    """Enter every store of a CSV file, or none of them: each bad line is named."""
    key = _key(request, brand_slug)
    file = request.read(settings.FORM_MOST_BYTES + 1)
    if len(file) > settings.FORM_MOST_BYTES:
        raise TooLarge(settings.FORM_MOST_BYTES, "Send the file in parts.")
    return {"stores": stores.import_csv(key.brand, BytesIO(file), by=key.person)}


@api.put("/{brand_slug}/apps/{slug}", response={200: AppIn, **REFUSALS})
def enter_app(request: HttpRequest, brand_slug: Brand, slug: AppSlug, told: AppIn) -> AppIn:
    """Enter an app into the guide or bring it up to date."""
    key = _key(request, brand_slug)
    stores.save_app(key.brand, slug, **told.dict(), by=key.person)
    return told


def _key(request: HttpRequest, brand_slug: str) -> AccessKey:
    """The key, which is for one brand: at any other it finds nothing."""
    key: AccessKey = request.auth  # type: ignore[attr-defined]
    if key.brand.slug != brand_slug:
        raise HttpError(404, f"This key opens nothing under “{brand_slug}”; it is for {key.brand.slug}.")
    return key


def _ticket(key: AccessKey, ticket: Ticket) -> dict[str, Any]:
    rulings = Ruling.objects.visible_to(key.person).standing().filter(ticket=ticket).order_by("matter")
    return {
        "id": ticket.pk,
        "subject": ticket.subject,
        "status": ticket.status,
        "rulings": [_ruling(ruling) for ruling in rulings],
    }


def _ruling(ruling: Ruling) -> dict[str, Any]:
    given = {name: getattr(ruling, name) for name in RulingOut.model_fields if name != "in_force"}
    return {**given, "in_force": ruling.state == Ruling.State.IN_FORCE}
