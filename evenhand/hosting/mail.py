"""Mail for a domain: where it is received, how it is signed, and what receivers are told to do with fakes."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ipaddress
import re
from collections.abc import Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .findings import Findings
from .network import Network
from .platform import Platform
from .spf import check_spf
from .tls import trusting
from .web import fetch

USUAL_SELECTORS = ("default", "dkim", "google", "k1", "mail", "s1", "s2", "selector1", "selector2")
SHORTEST_KEY = 1_024
"""Bits below which receivers refuse an RSA key (RFC 8301, 3.2)."""


async def check_mail(network: Network, domain: str, platform: Platform, findings: Findings) -> None:
    """Everything about mail to and from a domain. A domain that says it takes no mail is asked no more."""
    if not await _check_mx(network, domain, findings):
        return
    await asyncio.gather(
        check_spf(network, domain, platform, findings),
        _check_dkim(network, domain, platform, findings),
        _check_dmarc(network, domain, findings),
        _check_mta_sts(network, domain, findings),
        _check_tls_rpt(network, domain, findings),
    )


async def _check_mx(network: Network, domain: str, findings: Findings) -> bool:
    """Whether the domain takes mail, or at least does not say that it takes none."""
    said = await network.lookup(domain, "MX")
    if said.failure is not None or not said.exists:
        return False
    hosts = sorted(
        (int(rank), host.rstrip(".").lower()) for rank, host in (one.split() for one in said.found)
    )
    if not hosts:
        findings.add("mx-missing", domain)
        return True
    if any(host == "" for _, host in hosts):
        if len(hosts) > 1:
            findings.add("mx-null-beside-others", domain, evidence=list(said.found))
            return True
        findings.add("mx-null", domain, evidence=list(said.found))
        return False
    found = await asyncio.gather(*(_check_host(network, domain, host, findings) for _, host in hosts[:8]))
    if not any(found):
        findings.add("mx-dead", domain, evidence=[host for _, host in hosts])
    return True


async def _check_host(network: Network, domain: str, host: str, findings: Findings) -> bool:
    """Whether a mail server answers, or the fault that explains why not has been told."""
    if _is_address(host):
        findings.add("mx-address", domain, evidence=[host], host=host)
        return True
    alias = await network.lookup(host, "CNAME")
    if alias.found:
        findings.add(
            "mx-alias", domain, evidence=[f"{host} → {alias.found[0]}"], host=host, target=alias.found[0]
        )
    addresses = await network.addresses(host)
    if not addresses:
        findings.add("mx-unresolved", domain, evidence=[f"{host} has no address"], host=host)
        return True
    return any(await asyncio.gather(*(_greets(network, address) for address in addresses[:4])))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _greets(network: Network, address: str) -> bool:
    """Whether a mail server says 220 at port 25."""
    try:
        reader, writer = await network.connect(address, network.reach.smtp_port)
    except PermissionError:
        return True  # not to be reached from here, which says nothing about it
    except (OSError, ValueError):
        return False
    try:
        async with asyncio.timeout(min(network.reach.patience, network.time_left)):
            return (await reader.readline()).startswith(b"220")
    except (OSError, ValueError):
        return False
    finally:
        writer.transport.abort()


async def _check_dkim(network: Network, domain: str, platform: Platform, findings: Findings) -> None:
    """The selectors that the platform names must be there; usual ones are looked at where they are."""
    named = platform.dkim_selectors
    selectors = tuple(dict.fromkeys((*named, *USUAL_SELECTORS)))
    said = await asyncio.gather(
        *(network.lookup(f"{selector}._domainkey.{domain}", "TXT") for selector in selectors)
    )
    for selector, answer in zip(selectors, said, strict=True):
        name = f"{selector}._domainkey.{domain}"
        if answer.found:
            _judge_key(name, answer.found, findings)
        elif selector in named and answer.failure is None:
            findings.add("dkim-missing", name, selector=selector, domain=domain)


def _judge_key(name: str, records: Sequence[str], findings: Findings) -> None:
    tags = _tags(records[0])
    if len(records) > 1 or tags is None or "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        findings.add("dkim-broken", name, evidence=list(records))
        return
    if tags["p"] == "":
        findings.add("dkim-revoked", name, evidence=list(records))
        return
    if tags.get("k", "rsa") != "rsa":
        return
    try:
        key = load_der_public_key(base64.b64decode(tags["p"], validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        findings.add("dkim-broken", name, evidence=list(records))
        return
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SHORTEST_KEY:
        findings.add("dkim-short-key", name, evidence=list(records), bits=key.key_size)


def _tags(record: str) -> dict[str, str] | None:
    """`a=b; c=d` as a mapping, white space inside values removed; None where it is not of this form.

    >>> _tags("v=DKIM1; p=AB C;")
    {'v': 'DKIM1', 'p': 'ABC'}
    """
    tags: dict[str, str] = {}
    for piece in record.split(";"):
        if not piece.strip():
            continue
        name, equals, value = piece.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name.strip()) or name.strip() in tags:
            return None
        tags[name.strip()] = "".join(value.split())
    return tags


_POLICIES = ("none", "quarantine", "reject")


async def _check_dmarc(network: Network, domain: str, findings: Findings) -> None:
    name = f"_dmarc.{domain}"
    said = await network.lookup(name, "TXT")
    if said.failure is not None:
        return
    suggested = f'{name}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
    records = [one for one in said.found if re.match(r"v\s*=\s*dmarc1\s*(;|$)", one, re.IGNORECASE)]
    if len(records) > 1:
        findings.add("dmarc-two", name, evidence=records, count=len(records))
        return
    if not records:
        if any("dmarc" in one.lower() for one in said.found):
            findings.add(
                "dmarc-typo",
                name,
                evidence=list(said.found),
                record=suggested,
                why="it does not begin with v=DMARC1",
            )
        else:
            await _check_wrong_name(network, domain, suggested, findings)
        return
    tags = _tags(records[0])
    if tags is None or tags.get("v") != "DMARC1" or tags.get("p", "").lower() not in _POLICIES:
        why = (
            "it is not a list of tag=value"
            if tags is None
            else "p is none, quarantine or reject, and v is DMARC1"
        )
        findings.add("dmarc-typo", name, evidence=records, record=suggested, why=why)
        return
    await _check_reports(network, domain, tags, findings)


async def _check_wrong_name(network: Network, domain: str, suggested: str, findings: Findings) -> None:
    """A DMARC record that stands at the domain itself, or doubly named, is not found by anybody."""
    for name in (domain, f"_dmarc.{domain}.{domain}", f"dmarc.{domain}"):
        said = await network.lookup(name, "TXT")
        found = [one for one in said.found if one.lower().replace(" ", "").startswith("v=dmarc1")]
        if found:
            findings.add(
                "dmarc-wrong-name", domain, evidence=[f"{name}: {found[0]}"], found_at=name, record=suggested
            )
            return
    findings.add("dmarc-missing", domain, record=suggested)


async def _check_reports(network: Network, domain: str, tags: dict[str, str], findings: Findings) -> None:
    """Reports to another domain need its consent in DNS (RFC 7489, 7.1)."""
    for kind in ("rua", "ruf"):
        for address in filter(None, tags.get(kind, "").split(",")):
            host = address.partition("!")[0].rpartition("@")[2].rstrip(".").lower()
            if not address.lower().startswith("mailto:") or not host:
                findings.add("dmarc-report-address", domain, evidence=[f"{kind}={address}"], address=address)
            elif host != domain and not host.endswith(f".{domain}") and not domain.endswith(f".{host}"):
                consent = f"{domain}._report._dmarc.{host}"
                said = await network.lookup(consent, "TXT")
                agreed = any(one.lower().startswith("v=dmarc1") for one in said.found)
                if said.failure is None and not agreed:
                    record = f'{consent}. TXT "v=DMARC1;"'
                    findings.add(
                        "dmarc-reports-unauthorised",
                        domain,
                        evidence=[f"{kind}={address}"],
                        host=host,
                        record=record,
                    )


async def _check_mta_sts(network: Network, domain: str, findings: Findings) -> None:
    """Where MTA-STS is announced, its file must be there and name every mail server (RFC 8461)."""
    said = await network.lookup(f"_mta-sts.{domain}", "TXT")
    announced = [one for one in said.found if one.lower().startswith("v=sts")]
    if not announced:
        return
    tags = _tags(announced[0])
    if len(announced) > 1 or tags is None or tags.get("v") != "STSv1" or not tags.get("id"):
        findings.add("mta-sts-record", f"_mta-sts.{domain}", evidence=announced)
        return
    host = f"mta-sts.{domain}"
    addresses = [one for one in await network.addresses(host) if network.reach.may_reach(one)]
    if not addresses:
        findings.add("mta-sts-no-file", host, evidence=[f"{host} has no address"])
        return
    url = f"https://{host}/.well-known/mta-sts.txt"
    page = await fetch(network, url, addresses[0], trusting(network.reach.roots))
    if page.status != 200:
        findings.add("mta-sts-no-file", host, evidence=[f"{url}: {page.trouble or page.status}"])
        return
    mx = await network.lookup(domain, "MX")
    servers = [one.split()[1].rstrip(".").lower() for one in mx.found]
    _judge_sts_file(host, page.body.decode("utf-8", "replace"), servers, findings)


def _judge_sts_file(host: str, text: str, servers: list[str], findings: Findings) -> None:
    lines = [
        tuple(part.strip() for part in line.partition(":")[::2]) for line in text.splitlines() if line.strip()
    ]
    said = {name: value for name, value in lines if name != "mx"}
    allowed = [value.lower() for name, value in lines if name == "mx"]
    whole = said.get("version") == "STSv1" and said.get("mode") in ("enforce", "testing", "none")
    if not whole or not said.get("max_age", "").isdigit() or (not allowed and said.get("mode") != "none"):
        findings.add("mta-sts-file", host, evidence=[line for line in text.splitlines() if line.strip()][:6])
        return
    missing = [one for one in servers if not any(_covers(pattern, one) for pattern in allowed)]
    if missing and said["mode"] != "none":
        findings.add("mta-sts-other-servers", host, evidence=allowed, names=", ".join(missing))


def _covers(pattern: str, server: str) -> bool:
    return server.partition(".")[2] == pattern[2:] if pattern.startswith("*.") else server == pattern


async def _check_tls_rpt(network: Network, domain: str, findings: Findings) -> None:
    said = await network.lookup(f"_smtp._tls.{domain}", "TXT")
    records = [one for one in said.found if one.lower().startswith("v=tlsrpt")]
    if not records:
        return
    tags = _tags(records[0])
    goes = [one for one in (tags or {}).get("rua", "").split(",") if one.startswith(("mailto:", "https:"))]
    if len(records) > 1 or tags is None or tags.get("v") != "TLSRPTv1" or not goes:
        record = f'_smtp._tls.{domain}. TXT "v=TLSRPTv1; rua=mailto:postmaster@{domain}"'
        findings.add("tls-rpt-record", f"_smtp._tls.{domain}", evidence=records, record=record)
