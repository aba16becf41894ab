"""A small internet on the loopback addresses: zones with their servers, a resolver, shops, mail servers.

`World()` is healthy; a test breaks one thing and asks what is found. Every look-up that reaches a server is
kept in `asked`, so that a test can say who was asked.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from evenhand.hosting import Diagnosis, Platform, Reach, diagnose, read_domain
from evenhand.hosting.tests.paper import Paper, between, issue, root, serving

RESOLVER = "127.0.0.1"
REGISTRY, NS1, NS2 = "127.0.0.2", "127.0.0.3", "127.0.0.4"
EDGE, ELSEWHERE, OLD_EDGE, NOBODY = "127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.99"
MAIL, STS, RDAP, ISSUER = "127.0.0.20", "127.0.0.21", "127.0.0.22", "127.0.0.23"
SHOP = "shop.example"
KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"

Respond = Callable[[str, str], bytes]


def page(
    body: str = "<html>Powered by Example Shops</html>", status: str = "200 OK", **headers: str
) -> bytes:
    """A whole HTTP answer."""
    content = body.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def redirect(to: str) -> bytes:
    return page("", "301 Moved Permanently", Location=to)


def a_shop(host: str, path: str) -> bytes:
    return page(Strict_Transport_Security="max-age=31536000")


def to_https(host: str, path: str) -> bytes:
    return redirect(f"https://{host}/")


@dataclass
class Zone:
    """Records by name and type, and the servers that hold them. `away` servers answer nothing."""

    name: str
    servers: dict[str, str]  # name → address
    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    serials: dict[str, int] = field(default_factory=dict)  # address → serial
    lame: set[str] = field(default_factory=set)  # addresses that know nothing of the zone
    delegated: list[str] | None = None  # what the parent says, where it differs


@dataclass
class World:
    """See the module."""

    zones: dict[str, Zone] = field(default_factory=dict)
    stale: dict[tuple[str, str], tuple[list[str], int]] = field(
        default_factory=dict
    )  # the resolver's older answers
    failing: dict[str, str] = field(default_factory=dict)  # name → "always" or "checked": SERVFAIL
    silent: set[str] = field(default_factory=set)  # addresses at which nothing listens
    http: dict[str, Respond] = field(default_factory=dict)  # address → what it answers
    https: dict[str, tuple[ssl.SSLContext | None, Respond]] = field(default_factory=dict)
    greeting: bytes = b"220 mail.example ESMTP\r\n"
    platform: Platform = field(default_factory=Platform)
    bootstrap: str | None = None
    allow: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    patience: float = 4.0
    deadline: float = 10.0
    hanging_up: set[str] = field(default_factory=set)  # addresses that break off at the secure port
    mute: set[str] = field(default_factory=set)  # addresses that accept there and say nothing
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # server, name, type

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="evenhand-hosting-"))
        (self.folder / "roots.pem").write_bytes(root().pem)
        _make_healthy(self)

    def set(self, name: str, type: str, *values: str) -> None:
        """Replace records; without values, remove them."""
        zone = self.zone_of(name)
        zone.records.pop((name, type), None)
        if values:
            zone.records[name, type] = list(values)

    def zone_of(self, name: str) -> Zone:
        fitting = [
            zone for zone in self.zones.values() if name == zone.name or name.endswith(f".{zone.name}")
        ]
        return max(fitting, key=lambda zone: len(zone.name))

    def show(self, own: Paper, *chain: Paper, old: str = "", answer: Respond = a_shop) -> None:
        """Let the edge show a certificate."""
        self.show_at(EDGE, own, *chain, old=old, answer=answer)

    def show_at(self, address: str, own: Paper, *chain: Paper, old: str = "", answer: Respond) -> None:
        self.https[address] = (serving(self.folder, own, *chain, old=old), answer)

    def answer(self, answer: Respond) -> None:
        """Let the edge answer otherwise, by https."""
        self.https[EDGE] = (self.https[EDGE][0], answer)

    def also_serve(self, address: str) -> None:
        """Let another address show what the edge shows, so that only the address is at fault."""
        self.https[address], self.http[address] = self.https[EDGE], self.http[EDGE]

    def platform_with(self, **changed: Any) -> Platform:
        return replace(self.platform, **changed)

    async def diagnose(self, domain: str = SHOP) -> Diagnosis:
        """Start the world, explain a domain in it, end the world."""
        async with self.running() as reach:
            return await diagnose(read_domain(domain), reach, self.platform, bootstrap=self.bootstrap)

    def codes(self, domain: str = SHOP) -> list[str]:
        """The codes found, each once, in order of the alphabet."""
        return sorted({one.code for one in asyncio.run(self.diagnose(domain)).findings})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Reach]:
        async with AsyncExitStack() as stack:
            dns_port = await self._serve_dns(stack)
            http_port = await self._serve_pages(stack, self.http.items(), None)
            https_port = await self._serve_pages(stack, (), self.https)
            for address in self.hanging_up | self.mute:
                server = await asyncio.start_server(_no_tls(address in self.mute), address, https_port)
                stack.push_async_callback(_end, server)
            smtp_port = await self._serve_mail(stack)
            yield Reach(
                resolver=(RESOLVER, dns_port),
                dns_port=dns_port,
                http_port=http_port,
                https_port=https_port,
                smtp_port=smtp_port,
                allow=self.allow,
                patience=self.patience,
                roots=str(self.folder / "roots.pem"),
                deadline=self.deadline,
            )

    async def _serve_dns(self, stack: AsyncExitStack) -> int:
        addresses = {RESOLVER, *(one for zone in self.zones.values() for one in zone.servers.values())}
        port = _free_port()
        loop = asyncio.get_running_loop()
        for address in sorted(addresses - self.silent):
            transport, _ = await loop.create_datagram_endpoint(
                lambda address=address: _Dns(self, address), local_addr=(address, port)
            )
            stack.callback(transport.close)
        return port

    async def _serve_pages(self, stack: AsyncExitStack, plain: object, secure: object) -> int:
        port = _free_port()
        served = {address: (None, answer) for address, answer in plain} if secure is None else secure
        for address, (context, answer) in served.items():
            if address not in self.silent and not (secure and address in self.hanging_up | self.mute):
                server = await asyncio.start_server(_web(answer), address, port, ssl=context)
                stack.push_async_callback(_end, server)
        return port

    async def _serve_mail(self, stack: AsyncExitStack) -> int:
        port = _free_port()
        if MAIL not in self.silent:
            server = await asyncio.start_server(_mail(self.greeting), MAIL, port)
            stack.push_async_callback(_end, server)
        return port

    def resolve(self, name: str, type: str, checking: bool) -> tuple[int, list[dns.rrset.RRset], Zone]:
        """What the resolver answers: the zones' records, aliases followed."""
        zone = self.zone_of(name)
        fails = self.failing.get(name)
        if fails == "always" or (fails == "checked" and checking):
            return dns.rcode.SERVFAIL, [], zone
        found: list[dns.rrset.RRset] = []
        for _ in range(12):
            values, ttl = self.stale.get((name, type), (zone.records.get((name, type), []), 3600))
            if values:
                return dns.rcode.NOERROR, [*found, _rrset(name, type, values, ttl)], zone
            alias = zone.records.get((name, "CNAME"))
            if not alias:
                break
            found.append(_rrset(name, "CNAME", alias, 3600))
            name = alias[0].rstrip(".")
            zone = self.zone_of(name)
        known = any(owner == name or owner.endswith(f".{name}") for owner, _ in zone.records)
        return dns.rcode.NOERROR if known or name == zone.name else dns.rcode.NXDOMAIN, found, zone


def _make_healthy(world: World) -> None:
    world.zones = {
        "example": Zone("example", {"a.nic.example": REGISTRY}, {("a.nic.example", "A"): [REGISTRY]}),
        "dns.example": Zone(
            "dns.example",
            {"ns1.dns.example": NS1, "ns2.dns.example": NS2},
            {("ns1.dns.example", "A"): [NS1], ("ns2.dns.example", "A"): [NS2]},
        ),
        "platform.example": Zone(
            "platform.example",
            {"ns1.dns.example": NS1, "ns2.dns.example": NS2},
            {
                ("edge.platform.example", "A"): [EDGE],
                ("_spf.platform.example", "TXT"): ['"v=spf1 ip4:127.0.0.10 -all"'],
                ("issuer.platform.example", "A"): [ISSUER],
                ("rdap.platform.example", "A"): [RDAP],
            },
        ),
        SHOP: Zone(SHOP, {"ns1.dns.example": NS1, "ns2.dns.example": NS2}, _shop_records()),
    }
    for zone in world.zones.values():
        zone.records[zone.name, "NS"] = [f"{name}." for name in zone.servers]
        zone.records[zone.name, "SOA"] = [_soa(zone, 1)]
    names = (SHOP, f"www.{SHOP}")
    world.show(issue(SHOP, *names, by=between()), between())
    world.http = {EDGE: to_https}
    world.platform = Platform(
        name="Example Shops",
        edge=(EDGE,),
        edge_name="edge.platform.example",
        authorities=("authority.example",),
        spf_include="_spf.platform.example",
        dkim_selectors=("shops1",),
        old_edges=(OLD_EDGE,),
        text="Powered by Example Shops",
    )


def _shop_records() -> dict[tuple[str, str], list[str]]:
    return {
        (SHOP, "A"): [EDGE],
        (f"www.{SHOP}", "CNAME"): ["edge.platform.example."],
        (SHOP, "CAA"): ['0 issue "authority.example"'],
        (SHOP, "MX"): [f"10 mail.{SHOP}."],
        (f"mail.{SHOP}", "A"): [MAIL],
        (SHOP, "TXT"): ['"v=spf1 mx include:_spf.platform.example ~all"'],
        (f"shops1._domainkey.{SHOP}", "TXT"): [f'"v=DKIM1; k=rsa; " "p={public_key(2048)}"'],
        (f"_dmarc.{SHOP}", "TXT"): [f'"v=DMARC1; p=quarantine; rua=mailto:dmarc@{SHOP}"'],
    }


def public_key(bits: int) -> str:
    """A key as DKIM publishes it, in pieces that fit into strings of a TXT record."""
    import base64

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from evenhand.hosting.tests.paper import rsa_key

    der = rsa_key(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = base64.b64encode(der).decode()
    return '" "'.join(text[at : at + 200] for at in range(0, len(text), 200))


def _soa(zone: Zone, serial: int) -> str:
    return f"{next(iter(zone.servers))}. hostmaster.{zone.name}. {serial} 7200 900 1209600 300"


def _rrset(name: str, type: str, values: list[str], ttl: int) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(f"{name}.", ttl, dns.rdataclass.IN, type, values)


class _Dns(asyncio.DatagramProtocol):
    """One DNS server: the resolver at its address, an authoritative server at every other."""

    def __init__(self, world: World, address: str) -> None:
        self.world, self.address = world, address

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, sender: tuple[str, int]) -> None:
        question = dns.message.from_wire(data)
        asked = question.question[0]
        name = asked.name.to_text(omit_final_dot=True).lower()
        type = dns.rdatatype.to_text(asked.rdtype)
        self.world.asked.append((self.address, name, type))
        answer = dns.message.make_response(question)
        if self.address == RESOLVER:
            self._resolve(answer, name, type, not question.flags & dns.flags.CD)
        else:
            self._tell(answer, name, type)
        self.transport.sendto(answer.to_wire(), sender)

    def _resolve(self, answer: dns.message.Message, name: str, type: str, checking: bool) -> None:
        rcode, found, zone = self.world.resolve(name, type, checking)
        answer.set_rcode(rcode)
        answer.flags |= dns.flags.RA
        answer.answer = found
        if rcode != dns.rcode.SERVFAIL and not (found and found[-1].rdtype != dns.rdatatype.CNAME):
            answer.authority = [_rrset(zone.name, "SOA", zone.records[zone.name, "SOA"], 300)]

    def _tell(self, answer: dns.message.Message, name: str, type: str) -> None:
        mine = [
            zone
            for zone in self.world.zones.values()
            if self.address in zone.servers.values() and (name == zone.name or name.endswith(f".{zone.name}"))
        ]
        if not mine or self.address in max(mine, key=lambda zone: len(zone.name)).lame:
            answer.set_rcode(dns.rcode.REFUSED)
            return
        zone = max(mine, key=lambda zone: len(zone.name))
        below = self.world.zone_of(name)
        if below is not zone:
            servers = below.delegated or list(below.servers)
            answer.authority = [_rrset(below.name, "NS", [f"{one}." for one in servers], 3600)]
            return
        answer.flags |= dns.flags.AA
        values = zone.records.get((name, type), [])
        if type == "SOA" and name == zone.name:
            values = [_soa(zone, zone.serials.get(self.address, 1))]
        if values:
            answer.answer = [_rrset(name, type, values, 3600)]
        elif alias := zone.records.get((name, "CNAME")):
            answer.answer = [_rrset(name, "CNAME", alias, 3600)]


def _web(answer: Respond) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError):
            head = (await reader.read(65_536)).decode("latin-1")
            if not head.startswith("GET "):
                writer.write(page("No", "400 Bad Request"))
                return
            path = head.split(" ", 2)[1]
            host = next(line[6:] for line in head.split("\r\n") if line.lower().startswith("host: "))
            writer.write(answer(host, path))
            await writer.drain()
        with suppress(OSError, ssl.SSLError):
            writer.close()

    return serve


def _no_tls(wait: bool) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.read(1)
            if wait:
                await reader.read()
        writer.transport.abort()

    return serve


def _mail(greeting: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            writer.write(greeting)
            await writer.drain()
        writer.close()

    return serve


async def _end(server: asyncio.Server) -> None:
    server.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
