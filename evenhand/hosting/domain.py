"""What somebody typed, as the domain name it means."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import dns.name
from dns.exception import DNSException

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
MOST_CHARACTERS = 1_000


class NotADomain(ValueError):
    """What was typed names no domain; the message says why and what to type."""


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A shop's domain. `name` is ASCII, lower case, without the last dot; `shown` is how people write it.

    `apex` is the name without a leading `www.`: both are looked at.
    """

    name: str
    shown: str

    @property
    def apex(self) -> str:
        return self.name.removeprefix("www.")

    @property
    def www(self) -> str:
        return f"www.{self.apex}"


def read_domain(text: str) -> Domain:
    """The domain in a name, an address of a page, or an email address. Raises NotADomain.

    >>> read_domain(" https://www.Shop.example/cart?id=1 ").name
    'www.shop.example'
    >>> read_domain("info@bücher.example").name
    'xn--bcher-kva.example'
    """
    typed = text.strip()
    if not typed:
        raise NotADomain("No domain was given. Type one such as shop.example.")
    if len(typed) > MOST_CHARACTERS:
        raise NotADomain("This is too long to be a domain. Type one such as shop.example.")
    host = _host_of(typed)
    _refuse_address(host)
    shown = host.rstrip(".").lower()
    try:
        name = (
            dns.name.from_unicode(shown, idna_codec=dns.name.IDNA_2003).to_text(omit_final_dot=True).lower()
        )
    except (DNSException, UnicodeError):
        raise NotADomain(f"“{_cut(host)}” is not a domain name. Type one such as shop.example.") from None
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise NotADomain(f"“{_cut(host)}” is not a domain name. Type one such as shop.example.")
    if len(labels) < 2:
        raise NotADomain(
            f"“{_cut(host)}” has no ending. Type the whole domain, such as {_cut(shown)}.example."
        )
    return Domain(name=name, shown=shown)


def _host_of(typed: str) -> str:
    if "://" in typed:
        try:
            return urlsplit(typed).hostname or ""
        except ValueError:
            return typed
    rest = re.split(r"[/?#]", typed, maxsplit=1)[0]
    host = rest.rpartition("@")[2]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and ":" not in name else host


def _refuse_address(host: str) -> None:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return
    raise NotADomain(f"{_cut(host)} is an IP address, and a shop is found by its name. Type its domain.")


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
