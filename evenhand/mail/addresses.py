"""What may stand in a header. All that leaves passes here, so no text can start a header of its own."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST_SUBJECT = 250  # characters
MOST_REFERENCES = 20  # the first and the latest; RFC 5322 bids nobody to keep them all
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MESSAGE_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f<>\"(),;:\\\[\]]+@[^\s\x00-\x1f\x7f-\x9f<>\"(),;:\\]+")


class NotAnAddress(ValueError):
    """A letter cannot go to, or come from, this text."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(f"“{given}” is not an email address, so no letter can go there.")


def one_line(text: str) -> str:
    """The text without line breaks and control characters."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def plain_address(given: str) -> str:
    """A bare address, checked. NotAnAddress where it is none."""
    try:
        validate_email(given)
    except ValidationError:
        raise NotAnAddress(given) from None
    return given


def named_address(name: str, address: str) -> str:
    """“Spark Pay <help@sparkpay.example>”, with the name quoted where it needs to be."""
    return str(Address(one_line(name), addr_spec=plain_address(address)))


def as_header(named: str) -> Address:
    """What `named_address` made, as a header takes it (which encodes what is not ASCII)."""
    name, address = parseaddr(named)
    return Address(name, addr_spec=address)


def message_ids(text: str) -> list[str]:
    """The message ids in a header or a list of ids, without angle brackets; what is none is left out."""
    return _MESSAGE_ID.findall(text)


def references(text: str) -> str:
    """References as they are kept: ids separated by spaces, no more than 20."""
    found = message_ids(text)
    kept = found if len(found) <= MOST_REFERENCES else [found[0], *found[1 - MOST_REFERENCES :]]
    return " ".join(kept)
