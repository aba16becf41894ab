"""What the platform expects of a shop's domain: its edge, its authority for certificates, its mail.

Read from a TOML file; every entry may be left out, and what is not there is not judged.

    name = "Example Shops"
    edge = ["192.0.2.10", "2001:db8::10"]      # where shops' names must lead
    edge_name = "shops.platform.example"        # the name that www is an alias of
    authorities = ["letsencrypt.org"]           # who issues certificates, as CAA spells them
    spf_include = "_spf.platform.example"       # what SPF must include, where the platform sends mail
    dkim_selectors = ["shops1", "shops2"]
    old_edges = ["198.51.100.7"]                # addresses given up, so that an old record is recognised
    text = "Powered by Example Shops"           # a page of a shop contains it
"""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


class PlatformError(ValueError):
    """The platform file cannot be used; the message names the entry and what it should be."""


@dataclass(frozen=True, kw_only=True)
class Platform:
    """See the module. Addresses are canonical text; names are lower case without the last dot."""

    name: str = "the platform"
    edge: tuple[str, ...] = ()
    edge_name: str = ""
    authorities: tuple[str, ...] = ()
    spf_include: str = ""
    dkim_selectors: tuple[str, ...] = ()
    old_edges: tuple[str, ...] = ()
    text: str = ""

    @property
    def edge_v4(self) -> tuple[str, ...]:
        return tuple(one for one in self.edge if ":" not in one)

    @property
    def edge_v6(self) -> tuple[str, ...]:
        return tuple(one for one in self.edge if ":" in one)


def read_platform(path: Path) -> Platform:
    """The platform of a file. Raises PlatformError; OSError where it cannot be read."""
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise PlatformError(f"{path}: not a TOML file: {fault}.") from None
    known = {entry.name for entry in fields(Platform)}
    for name in said:
        if name not in known:
            raise PlatformError(f"{path}: there is no entry “{name}”. There are: {', '.join(sorted(known))}.")
    return Platform(**{name: _read(path, name, value) for name, value in said.items()})


def _read(path: Path, name: str, value: Any) -> Any:
    if name in ("name", "text"):
        return _text(path, name, value)
    if name in ("edge_name", "spf_include"):
        return _text(path, name, value).rstrip(".").lower()
    if not isinstance(value, list):
        raise PlatformError(f'{path}: {name} is a list of texts, such as {name} = ["…"].')
    texts = [_text(path, name, one) for one in value]
    if name in ("edge", "old_edges"):
        return tuple(_address(path, name, one) for one in texts)
    return tuple(one.rstrip(".").lower() for one in texts)


def _text(path: Path, name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise PlatformError(f'{path}: {name} holds a text, such as {name} = "…".')
    return value.strip()


def _address(path: Path, name: str, text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise PlatformError(f"{path}: “{text}” in {name} is not an IP address.") from None
