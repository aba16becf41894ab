"""The border to the outside: how a letter leaves. One folder per way, alike to the file.

`<way>/transport.py` has a class `Transport` with the method of the protocol below; EVENHAND_MAIL_TRANSPORT
names the folder.
"""

from __future__ import annotations

from email.message import EmailMessage
from importlib import import_module
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

WAYS = ("console", "smtp")


class NotNow(Exception):
    """The other side is away or says “later”; the text is what it said. Try again."""


class Refused(Exception):
    """The other side will never take this letter; the text is what it said."""


class Transport(Protocol):
    def send(self, message: EmailMessage, *, recipient: str) -> None:
        """Hand the message over and return once the other side answers for it. Raises NotNow or Refused."""


def chosen() -> Transport:
    """The transport that the settings name."""
    if settings.MAIL_TRANSPORT not in WAYS:
        raise ImproperlyConfigured(
            f"EVENHAND_MAIL_TRANSPORT: “{settings.MAIL_TRANSPORT}” is not one of {', '.join(WAYS)}."
        )
    transport: Transport = import_module(f"{__name__}.{settings.MAIL_TRANSPORT}.transport").Transport()
    return transport
