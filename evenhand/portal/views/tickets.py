"""My tickets: what a customer asked, what was answered, what decided."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from evenhand.intake import actions as intake
from evenhand.intake import attachments
from evenhand.intake.incoming import from_fields
from evenhand.people.models import Brand
from evenhand.portal import queries, tokens
from evenhand.portal.forms import AnswerForm
from evenhand.portal.readers import reader, zone
from evenhand.tickets import addresses
from evenhand.tickets import queries as tickets
from evenhand.tickets.models import Attachment, Channel, Ticket


@login_required
@require_safe
def own_tickets(request: HttpRequest, brand_slug: str) -> HttpResponse:
    brand = get_object_or_404(Brand, slug=brand_slug)
    person = reader(request)
    assert person is not None
    shown = {"brand": brand, "zone": zone(request, brand), "tickets": queries.own_tickets(person, brand)}
    return render(request, "portal/tickets.html", shown)


@login_required
@require_safe
def own_ticket(request: HttpRequest, brand_slug: str, ticket_id: int) -> HttpResponse:
    return _ticket_page(request, get_object_or_404(Brand, slug=brand_slug), ticket_id, AnswerForm())


@login_required
@require_POST
def answer(request: HttpRequest, brand_slug: str, ticket_id: int) -> HttpResponse:
    """Add to an own ticket; an answer to the desk's question is ruled again at once."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    person = reader(request)
    ticket = _own(request, brand, ticket_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _ticket_page(request, brand, ticket_id, form, status=422)
    answered = queries.answered(ticket, form.cleaned_data["answer"])
    intake.take_in(
        from_fields(
            brand=brand,
            channel=Channel.FORM,
            source_id=form.cleaned_data["token"],
            sender_address=request.user.get_username(),
            text="\n\n".join(said for said in (answered.words, form.cleaned_data["text"]) if said),
            claimed_by=person,
            ticket_token=addresses.token(brand.pk, ticket.pk),
            facts=answered.facts,
        )
    )
    messages.success(request, "It was added to your ticket.")
    return redirect("portal:ticket", brand.slug, ticket.pk)


@login_required
@require_safe
def file(request: HttpRequest, brand_slug: str, ticket_id: int, attachment_id: int) -> HttpResponse:
    """A file of an own ticket. What could not be screened is for staff only and is not found here."""
    ticket = _own(request, get_object_or_404(Brand, slug=brand_slug), ticket_id)
    try:
        attached = Attachment.objects.visible_to(reader(request)).get(
            pk=attachment_id, message__ticket=ticket
        )
    except Attachment.DoesNotExist:
        raise Http404 from None
    download = HttpResponse(attachments.fetch(attached.place), content_type="application/octet-stream")
    download.headers["Content-Disposition"] = content_disposition_header(True, attached.name) or "attachment"
    return download


def _own(request: HttpRequest, brand: Brand, ticket_id: int) -> Ticket:
    """Their own ticket of this brand; anybody else's is not found, like one that does not exist."""
    person = reader(request)
    return get_object_or_404(Ticket.objects.visible_to(person), pk=ticket_id, brand=brand, requester=person)


def _ticket_page(
    request: HttpRequest, brand: Brand, ticket_id: int, form: AnswerForm, status: int = 200
) -> HttpResponse:
    person = reader(request)
    assert person is not None
    _own(request, brand, ticket_id)
    shown = {
        "brand": brand,
        "zone": zone(request, brand),
        "ticket": queries.own_ticket(tickets.customer_ticket_page(person, ticket_id), brand),
        "form": form,
        "token": form["token"].value() or tokens.fresh(),
    }
    return render(request, "portal/ticket.html", shown, status=status)
