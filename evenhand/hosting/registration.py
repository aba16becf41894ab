"""Registration: until when a domain is paid for, and whether it is on hold (RDAP, RFC 9083)."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

from .findings import Findings
from .network import Network
from .tls import trusting
from .web import fetch_named

BOOTSTRAP = "https://data.iana.org/rdap/dns.json"
KEPT = 24 * 3600.0
"""Seconds for which the bootstrap registry is kept: it changes a few times a month (RFC 9224)."""
DAYS_AHEAD = 30
_HOLDS = {
    "client hold": "reg-on-hold",
    "server hold": "reg-on-hold",
    "redemption period": "reg-redemption",
    "pending delete": "reg-redemption",
}
_kept: dict[str, tuple[float, dict[str, str]]] = {}


async def check_registration(
    network: Network, domain: str, findings: Findings, bootstrap: str = BOOTSTRAP
) -> None:
    """Ask the registry about the domain. A top-level domain without RDAP is told as a note."""
    servers = await _servers(network, bootstrap)
    if servers is None:
        findings.add("reg-no-answer", domain, evidence=[bootstrap])
        return
    server = servers.get(domain.rpartition(".")[2])
    if server is None:
        findings.add("reg-no-rdap", domain, ending=domain.rpartition(".")[2])
        return
    said = await _fetch_json(network, f"{server.rstrip('/')}/domain/{domain}")
    if said is None:
        findings.add("reg-no-answer", domain, evidence=[server])
        return
    _judge(domain, said, findings)


async def _servers(network: Network, bootstrap: str) -> dict[str, str] | None:
    """RDAP's address for each top-level domain; fetched at most once a day for each process."""
    kept = _kept.get(bootstrap)
    if kept is not None and time.monotonic() - kept[0] < KEPT:
        return kept[1]
    said = await _fetch_json(network, bootstrap)
    if said is None:
        return kept[1] if kept else None
    servers: dict[str, str] = {}
    for service in said.get("services", ()):
        if isinstance(service, list) and len(service) == 2 and service[1]:
            servers.update((str(ending).lower(), str(service[1][0])) for ending in service[0])
    _kept[bootstrap] = time.monotonic(), servers
    return servers


async def _fetch_json(network: Network, url: str) -> dict[str, Any] | None:
    page = await fetch_named(network, url, trusting(network.reach.roots))
    if page is None or page.status != 200:
        return None
    try:
        said = json.loads(page.body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _judge(domain: str, said: dict[str, Any], findings: Findings) -> None:
    states = [str(one).lower() for one in said.get("status", ()) if isinstance(one, str)]
    for state, code in _HOLDS.items():
        if state in states:
            findings.add(code, domain, evidence=states, state=state)
            return
    ends = _expiry(said)
    if ends is None:
        return
    left = ends - dt.datetime.now(dt.UTC)
    day, days = f"{ends:%-d %B %Y}", max(1, left.days)
    if left <= dt.timedelta():
        findings.add("reg-expired", domain, evidence=[f"expired {ends:%Y-%m-%d}"], ends=day)
    elif left < dt.timedelta(days=DAYS_AHEAD):
        findings.add("reg-expires-soon", domain, evidence=[f"expires {ends:%Y-%m-%d}"], ends=day, days=days)


def _expiry(said: dict[str, Any]) -> dt.datetime | None:
    for event in said.get("events", ()):
        if isinstance(event, dict) and event.get("eventAction") == "expiration":
            try:
                ends = dt.datetime.fromisoformat(str(event.get("eventDate")))
            except ValueError:
                return None
            return ends if ends.tzinfo else ends.replace(tzinfo=dt.UTC)
    return None
