"""Writing to the desk in tests: a mail as a program sends it, through the real door, handled at once."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid

from evenhand.intake import actions
from evenhand.intake.incoming import from_mail
from evenhand.intake.models import Arrival
from evenhand.mail.models import Letter
from evenhand.people.models import Brand, Person
from evenhand.tickets import addresses
from evenhand.tickets.models import Ticket

SSL = "My certificate has run out and visitors are warned that my store is not secure. The padlock is gone."
CSS = "Please change the CSS of my theme so that the menu sticks to the top, I cannot write the code myself."


def mail(
    sender: Person | str,
    text: str,
    *,
    subject: str = "A question",
    message_id: str = "",
    references: str = "",
    headers: dict[str, str] | None = None,
    files: tuple[tuple[str, str, bytes], ...] = (),
) -> bytes:
    """The bytes of a mail; `files`: (name, type, content)."""
    message = EmailMessage()
    message["From"] = sender if isinstance(sender, str) else f"{sender.name} <{sender.email}>"
    message["To"] = "help@americommerce.example"
    message["Subject"] = subject
    message["Message-ID"] = message_id or make_msgid(domain="shop.example")
    if references:
        message["References"] = references
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    for name, kind, content in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def receive(raw: bytes, brand: Brand, *, to: str = "") -> Ticket:
    """Take a mail in and handle it; the ticket it became part of."""
    arrival = accept(raw, brand, to=to)
    actions.handle(arrival.pk)
    arrival.refresh_from_db()
    return Ticket.objects.get(pk=arrival.ticket_id)


def accept(raw: bytes, brand: Brand, *, to: str = "") -> Arrival:
    return actions.accept(from_mail(raw, brand=brand, recipient=to or brand.mailbox))


def answer(ticket: Ticket, sender: Person | str, text: str, **more: object) -> Ticket:
    """An answer to the ticket's letters, at the address that they give."""
    raw = mail(sender, text, subject="Re: your answer", **more)  # type: ignore[arg-type]
    return receive(raw, ticket.brand, to=addresses.reply_address(ticket.brand, ticket.pk))


def letters(to: Person | str) -> list[Letter]:
    address = to if isinstance(to, str) else to.email
    return list(Letter.objects.filter(recipient=address).order_by("pk"))
