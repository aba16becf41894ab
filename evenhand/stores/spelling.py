"""How a store's domain is written, in the books and in what customers say."""

from __future__ import annotations

import re

_DOMAIN = re.compile(
    r"(?<![\w@.-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62})\b", re.IGNORECASE
)


def tidy_domain(given: str) -> str:
    """“https://WWW.Shop.example/cart” is shop.example; what is no domain comes back empty."""
    found = _DOMAIN.search(given.strip())
    return found.group(1).lower().removeprefix("www.") if found else ""


def domains_in(text: str) -> frozenset[str]:
    """The domains that a text names; those of email addresses are not among them."""
    return frozenset(match.group(1).lower().removeprefix("www.") for match in _DOMAIN.finditer(text))
