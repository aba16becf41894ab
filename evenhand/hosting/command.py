"""`evenhand diagnose DOMAIN`: findings about a domain, with their fixes."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import json
import sys
from dataclasses import asdict
from pathlib import Path

import dns.exception
import dns.resolver

from .diagnose import Diagnosis, diagnose
from .domain import NotADomain, read_domain
from .findings import Finding
from .network import Reach
from .platform import Platform, PlatformError, read_platform
from .registration import BOOTSTRAP

DONE, FOUND, BAD_INPUT = 0, 1, 2
EXAMPLE = """example:
  evenhand diagnose shop.example --platform platform.toml --resolver 9.9.9.9:53"""


class BadInput(ValueError):
    """What was typed cannot be used; the message is one clear line."""


def describe(parser: argparse.ArgumentParser) -> None:
    """The options of `evenhand diagnose`."""
    parser.epilog = EXAMPLE
    parser.add_argument("domain", metavar="DOMAIN", help="a domain; an address of a page or of mail will do")
    parser.add_argument("--platform", type=Path, metavar="FILE", help="what the platform expects, as TOML")
    parser.add_argument("--resolver", metavar="IP:PORT", help="who is asked; otherwise the system's resolver")
    parser.add_argument("--json", action="store_true", help="the findings as JSON")
    parser.add_argument("--without-registration", action="store_true", help="do not ask the registry")
    parser.add_argument(
        "--allow", metavar="NETWORK", action="append", default=[], help="also reach this private network"
    )


def run(args: argparse.Namespace) -> int:
    """0 all well (notes do not count), 1 something is to be mended, 2 what was typed cannot be used."""
    try:
        domain = read_domain(args.domain)
        platform = read_platform(args.platform) if args.platform else Platform()
        reach = Reach(resolver=read_resolver(args.resolver), allow=tuple(map(read_network, args.allow)))
    except (NotADomain, PlatformError, BadInput) as refused:
        return _refuse(str(refused))
    except OSError as refused:
        return _refuse(f"{refused.filename}: {refused.strerror}. Name a file that can be read.")
    bootstrap = None if args.without_registration else BOOTSTRAP
    diagnosis = asyncio.run(diagnose(domain, reach, platform, bootstrap=bootstrap))
    print(as_json(diagnosis) if args.json else as_text(diagnosis))
    return FOUND if any(one.severity != "note" for one in diagnosis.findings) else DONE


def read_resolver(text: str | None) -> tuple[str, int]:
    """An address and a port; without text, the first resolver of the system. Raises BadInput.

    >>> read_resolver("192.0.2.1"), read_resolver("[2001:db8::1]:5353")
    (('192.0.2.1', 53), ('2001:db8::1', 5353))
    """
    if text is None:
        return _system_resolver()
    address, port = text, "53"
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or "53"
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        raise BadInput(
            f"“{text[:80]}” is not a resolver. Write an address and a port, such as 9.9.9.9:53."
        ) from None
    if not port.isdigit() or not 0 < int(port) < 65_536:
        raise BadInput(f"“{port[:20]}” is not a port. Write --resolver {known}:53.")
    return str(known), int(port)


def read_network(text: str) -> str:
    """A network in its usual spelling. Raises BadInput."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise BadInput(f"“{text[:80]}” is not a network. Write one such as 10.0.0.0/8.") from None


def _system_resolver() -> tuple[str, int]:
    try:
        servers = dns.resolver.get_default_resolver().nameservers
    except dns.exception.DNSException:
        servers = []
    if not servers:
        raise BadInput("This machine names no resolver. Say which to ask: --resolver IP:PORT.")
    return str(servers[0]), 53


def as_json(diagnosis: Diagnosis) -> str:
    """The diagnosis as one JSON object."""
    told = {
        "domain": diagnosis.domain.name,
        "all_well": diagnosis.all_well,
        "complete": diagnosis.complete,
        "seconds": round(diagnosis.seconds, 3),
        "findings": [asdict(one) for one in diagnosis.findings],
    }
    return json.dumps(told, ensure_ascii=False)


def as_text(diagnosis: Diagnosis) -> str:
    """The diagnosis as a person reads it."""
    if diagnosis.all_well:
        return f"{diagnosis.domain.shown}: all well."
    return "\n\n".join(_told(one) for one in diagnosis.findings)


def _told(finding: Finding) -> str:
    lines = [f"{finding.severity}: {finding.subject}: {finding.title}", f"  {finding.means}"]
    lines += [f"  {finding.who}: {finding.fix}"]
    lines += [f"    {line}" for line in (finding.record or "").splitlines()]
    lines += [f"  seen: {line}" for line in finding.evidence]
    lines += [f"  ({finding.code})"]
    return "\n".join(lines)


def _refuse(why: str) -> int:
    print(f"evenhand diagnose: {why}", file=sys.stderr)
    return BAD_INPUT
