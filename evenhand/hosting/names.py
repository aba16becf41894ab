"""The names of a shop: who serves its zone, where its names lead, and who may issue its certificates."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

import dns.flags
import dns.name
import dns.rdatatype

from .domain import Domain
from .findings import Findings
from .network import Answer, Network
from .platform import Platform


@dataclass(frozen=True, kw_only=True)
class Server:
    """One address of one name server, and what it said of the zone's SOA."""

    name: str
    address: str
    soa: Answer

    @property
    def serves(self) -> bool:
        return self.soa.failure is None and self.soa.authoritative and bool(self.soa.found)

    @property
    def serial(self) -> str:
        return self.soa.found[0].split()[2] if self.soa.found else ""


@dataclass(frozen=True, kw_only=True)
class Names:
    """What was found. `addresses`: of apex and www, as the resolver sees them."""

    exists: bool
    zone: str = ""
    servers: tuple[Server, ...] = ()
    addresses: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def reachable(self) -> dict[str, tuple[str, ...]]:
        return {name: found for name, found in self.addresses.items() if found}


async def check_names(network: Network, domain: Domain, platform: Platform, findings: Findings) -> Names:
    """Look at the zone and at apex and www; everything else builds on what this finds."""
    soa = await network.lookup(domain.apex, "SOA")
    if not await _is_answered(network, domain, soa, findings):
        return Names(exists=soa.failure is None and soa.rcode not in ("NXDOMAIN",))
    zone = _zone_of(soa)
    servers, addresses, _ = await asyncio.gather(
        _check_servers(network, zone, findings),
        _check_addresses(network, domain, platform, findings),
        _check_caa(network, domain, platform, findings),
    )
    await _check_changing(network, domain, servers, findings)
    return Names(exists=True, zone=zone, servers=servers, addresses=addresses)


async def _is_answered(network: Network, domain: Domain, soa: Answer, findings: Findings) -> bool:
    """Whether the resolver answers at all for this name; else one finding that says why not."""
    resolver = "{}:{}".format(*network.reach.resolver)
    if soa.failure is not None:
        findings.add("dns-no-answer", domain.name, evidence=[f"{resolver}: {soa.failure}"])
        return False
    if soa.rcode == "NXDOMAIN":
        findings.add("dns-no-such-domain", domain.apex, evidence=[f"{resolver}: NXDOMAIN"])
        return False
    if soa.rcode == "SERVFAIL":
        unchecked = await network.lookup(domain.apex, "SOA", check=False)
        broken = unchecked.failure is None and unchecked.rcode == "NOERROR"
        findings.add(
            "dns-dnssec-broken" if broken else "dns-fails",
            domain.apex,
            evidence=[f"{resolver}: SERVFAIL" + (", but an answer without validation" if broken else "")],
        )
        return False
    return True


def _zone_of(soa: Answer) -> str:
    """The zone that a name belongs to: the owner of the SOA that the answer holds or refers to."""
    assert soa.message is not None
    for section in (soa.message.answer, soa.message.authority):
        for rrset in section:
            if rrset.rdtype == dns.rdatatype.SOA:
                return rrset.name.to_text(omit_final_dot=True).lower()
    return soa.name


async def _check_servers(network: Network, zone: str, findings: Findings) -> tuple[Server, ...]:
    """Parent against child, and every name server at every address."""
    child = await network.lookup(zone, "NS")
    named = sorted(child.found)
    parent_named, asked = await _delegation(network, zone)
    if parent_named and named and set(parent_named) != set(named):
        findings.add(
            "dns-parent-child-differ",
            zone,
            evidence=[f"parent ({asked}): {', '.join(parent_named)}", f"zone: {', '.join(named)}"],
            parent=", ".join(parent_named),
            child=", ".join(named),
        )
    names = sorted({*named, *parent_named})
    found = await asyncio.gather(*(_servers_named(network, zone, name, findings) for name in names))
    servers = tuple(server for several in found for server in several)
    if len({server.address for server in servers}) == 1:
        findings.add("dns-one-name-server", zone, evidence=[f"{servers[0].name}: {servers[0].address}"])
    serials = {server.serial for server in servers if server.serves}
    if len(serials) > 1:
        findings.add(
            "dns-servers-differ",
            zone,
            evidence=[f"{one.name} ({one.address}): serial {one.serial}" for one in servers if one.serves],
        )
    return servers


async def _delegation(network: Network, zone: str) -> tuple[list[str], str]:
    """The name servers that the parent zone names, and who said so; nothing where it is silent."""
    above = zone.partition(".")[2]
    if not above:
        return [], ""
    soa = await network.lookup(above, "SOA")
    if soa.failure is not None or soa.message is None:
        return [], ""
    servers = await network.lookup(_zone_of(soa), "NS")
    for server in sorted(servers.found)[:3]:
        for address in (await network.addresses(server))[:2]:
            said = await network.ask(address, zone, "NS")
            named = _referred(said, zone)
            if named:
                return named, f"{server}, {address}"
    return [], ""


def _referred(said: Answer, zone: str) -> list[str]:
    if said.message is None:
        return []
    owner = dns.name.from_text(zone)
    return sorted(
        rdata.target.to_text(omit_final_dot=True).lower()
        for rrset in (*said.message.authority, *said.message.answer)
        if rrset.rdtype == dns.rdatatype.NS and rrset.name == owner
        for rdata in rrset
    )


async def _servers_named(network: Network, zone: str, name: str, findings: Findings) -> list[Server]:
    addresses = await network.addresses(name)
    if not addresses:
        findings.add("dns-name-server-unresolved", name, zone=zone, evidence=[f"{name} has no address"])
        return []
    said = await asyncio.gather(*(network.ask(address, zone, "SOA") for address in addresses))
    servers = [
        Server(name=name, address=address, soa=soa) for address, soa in zip(addresses, said, strict=True)
    ]
    for server in servers:
        if server.soa.failure is not None:
            findings.add(
                "dns-dead-server", name, zone=zone, evidence=[f"{server.address}: {server.soa.failure}"]
            )
        elif not server.serves:
            what = server.soa.rcode if server.soa.rcode != "NOERROR" else "no authority over the zone"
            findings.add("dns-lame-server", name, zone=zone, evidence=[f"{server.address}: {what}"])
    return servers


async def _check_addresses(
    network: Network, domain: Domain, platform: Platform, findings: Findings
) -> dict[str, tuple[str, ...]]:
    apex, www = await asyncio.gather(
        _check_name(network, domain.apex, platform, findings),
        _check_name(network, domain.www, platform, findings),
    )
    return {domain.apex: apex, domain.www: www}


async def _check_name(network: Network, name: str, platform: Platform, findings: Findings) -> tuple[str, ...]:
    """One of the two names: it leads somewhere, and where it should."""
    four, six = await asyncio.gather(network.lookup(name, "A"), network.lookup(name, "AAAA"))
    which = "www" if name.startswith("www.") else "apex"
    record = _record(name, platform)
    if len(four.chain) > 1 and four.chain[-1] in four.chain[:-1]:
        findings.add("dns-alias-loop", name, evidence=[" → ".join(four.chain)], record=record)
        return ()
    found = four.found + six.found
    if not found:
        if len(four.chain) > 1:
            findings.add(
                "dns-dangling", name, target=four.target, evidence=[" → ".join(four.chain)], record=record
            )
        elif four.failure is None:
            findings.add(f"dns-{which}-missing", name, record=record, evidence=[f"A and AAAA: {four.rcode}"])
        return ()
    if which == "apex" and len(four.chain) > 1:
        findings.add("dns-apex-alias", name, record=record, evidence=[" → ".join(four.chain)])
    private = [address for address in found if not network.reach.may_reach(address)]
    if private:
        findings.add("dns-private-address", name, record=record, evidence=private)
        return found
    _compare_to_edge(name, which, four.found, six.found, platform, record, findings)
    return found


def _record(name: str, platform: Platform) -> str:
    """The exact record that a name should have, as far as the platform says."""
    if name.startswith("www.") and platform.edge_name:
        return f"{name}. CNAME {platform.edge_name}."
    lines = [f"{name}. A {address}" for address in platform.edge_v4]
    lines += [f"{name}. AAAA {address}" for address in platform.edge_v6]
    return "\n".join(lines) or f"{name}. A (an address of {platform.name})"


def _compare_to_edge(
    name: str,
    which: str,
    four: tuple[str, ...],
    six: tuple[str, ...],
    platform: Platform,
    record: str,
    findings: Findings,
) -> None:
    if not platform.edge:
        return
    away = [address for address in four if address not in platform.edge]
    if away and any(address in platform.old_edges for address in away):
        findings.add("dns-old-edge", name, record=record, evidence=away)
    elif away and len(away) < len(four):
        findings.add("dns-mixed", name, record=record, evidence=list(four))
    elif away:
        findings.add(f"dns-{which}-elsewhere", name, record=record, evidence=away)
    stray = [address for address in six if address not in platform.edge]
    if stray and not (away and len(away) == len(four)):
        findings.add("dns-stray-aaaa", name, record=record, evidence=stray)
    elif stray and not four:
        findings.add(f"dns-{which}-elsewhere", name, record=record, evidence=stray)


async def _check_caa(network: Network, domain: Domain, platform: Platform, findings: Findings) -> None:
    """The nearest CAA set up the tree must let the platform's authority issue (RFC 8659, 3)."""
    if not platform.authorities:
        return
    labels = domain.apex.split(".")
    for place in range(len(labels) - 1):
        name = ".".join(labels[place:])
        said = await network.lookup(name, "CAA")
        issuers = [value for tag, value in map(_caa, said.found) if tag == "issue"]
        if said.found and not issuers:
            return
        if issuers:
            if not set(issuers) & set(platform.authorities):
                findings.add(
                    "dns-caa-forbids",
                    name,
                    record=f'{name}. CAA 0 issue "{platform.authorities[0]}"',
                    evidence=list(said.found),
                    authority=platform.authorities[0],
                )
            return


def _caa(record: str) -> tuple[str, str]:
    _, tag, value = record.split(" ", 2)
    return tag.lower(), value.strip('"').partition(";")[0].strip().lower()


async def _check_changing(
    network: Network, domain: Domain, servers: tuple[Server, ...], findings: Findings
) -> None:
    """Whether the resolver still holds an older answer than the zone's own servers give."""
    serving = next((server for server in servers if server.serves), None)
    if serving is None:
        return
    for name in (domain.apex, domain.www):
        cached, own = await asyncio.gather(network.lookup(name, "A"), network.ask(serving.address, name, "A"))
        if not own.found or not cached.found or len(own.chain) > 1 or set(own.found) == set(cached.found):
            continue
        ago = max(0, own.ttl - cached.ttl)
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=cached.ttl)
        findings.add(
            "dns-changing",
            name,
            evidence=[f"resolver: {', '.join(cached.found)}", f"{serving.name}: {', '.join(own.found)}"],
            minutes=max(1, round(ago / 60)),
            until=f"{until:%H:%M} UTC",
        )
