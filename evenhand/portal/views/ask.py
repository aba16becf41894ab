"""Ask for help: a text box, the policy's word beside it while one writes, and sending in any case."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.intake import actions as intake
from evenhand.intake.incoming import Incoming, from_fields
from evenhand.intake.models import Arrival
from evenhand.people.models import Brand
from evenhand.portal import queries, tokens
from evenhand.portal.forms import AskForm, answers_in
from evenhand.portal.readers import reader, zone
from evenhand.tickets.models import Channel

SENT_BEFORE = "This page was sent before, as ticket {ticket}. Press Send to send it as another."


@require_safe
def front(request: HttpRequest, brand_slug: str) -> HttpResponse:
    return redirect("portal:ask", get_object_or_404(Brand, slug=brand_slug).slug)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, brand_slug: str) -> HttpResponse:
    brand = get_object_or_404(Brand, slug=brand_slug)
    if request.method == "POST":
        return _send(request, brand)
    return _form_page(request, brand, AskForm(signed_in=request.user.is_authenticated))


@require_POST
def about(request: HttpRequest, brand_slug: str) -> HttpResponse:
    """“Ask about your case” on the policy page: the form, with what was written there and what applies."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    form = AskForm(initial={"text": request.POST.get("text", "")}, signed_in=request.user.is_authenticated)
    return _form_page(request, brand, form)


@require_POST
def guidance(request: HttpRequest, brand_slug: str) -> HttpResponse:
    """What the policy says about a text as it is written. POST, so that no log of addresses holds it."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    said = queries.guidance(
        brand, text=request.POST.get("text", ""), person=reader(request), answers=answers_in(request.POST)
    )
    return render(request, "portal/_guidance.html", {"brand": brand, "guidance": said})


@require_safe
def received(request: HttpRequest, brand_slug: str, receipt: str) -> HttpResponse:
    """What became of a request that was just sent, for whoever holds its receipt."""
    brand = get_object_or_404(Brand, slug=brand_slug)
    arrival = Arrival.objects.filter(pk=tokens.arrival_of(receipt) or 0, brand=brand).first()
    if arrival is None:
        raise Http404
    shown = {"brand": brand, "zone": zone(request, brand), "sent": queries.sent(arrival)}
    return render(request, "portal/received.html", shown)


def _send(request: HttpRequest, brand: Brand) -> HttpResponse:
    form = AskForm(request.POST, signed_in=request.user.is_authenticated)
    if not form.is_valid():
        return _form_page(request, brand, form, status=422)
    incoming = _incoming(request, brand, form)
    arrival = intake.take_in(incoming)
    if arrival.content["fingerprint"] != incoming.content.fingerprint:
        form.add_error(None, SENT_BEFORE.format(ticket=arrival.ticket_id))
        return _form_page(request, brand, form, status=409)
    return redirect("portal:received", brand.slug, tokens.receipt(arrival.pk))


def _incoming(request: HttpRequest, brand: Brand, form: AskForm) -> Incoming:
    person = reader(request)
    sent = form.cleaned_data
    return from_fields(
        brand=brand,
        channel=Channel.FORM,
        source_id=sent["token"],
        sender_address=person.email if person else sent["email"],
        sender_name=person.name if person else sent["name"],
        text=sent["text"],
        facts=queries.facts_of(form.answers()),
        files=_files(request),
        claimed_by=person,
    )


def _files(request: HttpRequest) -> list[tuple[str, str, bytes]]:
    sent = request.FILES.getlist("files")
    return [(file.name or "file", file.content_type or "", file.read()) for file in sent]


def _form_page(request: HttpRequest, brand: Brand, form: AskForm, status: int = 200) -> HttpResponse:
    text = form["text"].value() or ""
    shown = {
        "brand": brand,
        "form": form,
        "token": tokens.fresh(),
        "guidance": queries.guidance(brand, text=text, person=reader(request), answers=answers_in(form.data)),
    }
    return render(request, "portal/ask.html", shown, status=status)
