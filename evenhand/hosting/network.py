"""The border to the network: every look-up and every connection of a diagnosis passes here.

Look-ups go to the resolver given and to nobody else; authoritative servers are asked only at addresses that
this resolver named. Nothing private or link-local is reached unless it is allowed, and everything ends at one
deadline, whatever the network does.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from dataclasses import dataclass, field
from typing import Literal

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

Failure = Literal["timeout", "refused", "unreachable", "malformed", "not allowed"]

DEADLINE = 10.0
DNS_TIMEOUT = 3.0
PATIENCE = 4.0
UDP_PAYLOAD = 1_232
"""Bytes of one UDP answer that pass everywhere (DNS flag day 2020); longer answers come by TCP."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Where a diagnosis may go. Ports differ from the usual ones only in tests.

    `resolver`: address and port. `roots`: a PEM file of trusted roots instead of the system's.
    `allow`: networks, such as 10.0.0.0/8, that may be reached though they are not public. `patience` is for
    one connection, `deadline` for all, in seconds.
    """

    resolver: tuple[str, int]
    dns_port: int = 53
    http_port: int = 80
    https_port: int = 443
    smtp_port: int = 25
    allow: tuple[str, ...] = ()
    roots: str | None = None
    patience: float = PATIENCE
    deadline: float = DEADLINE

    def may_reach(self, address: str) -> bool:
        """Whether an address is one of the public network, or is allowed all the same."""
        try:
            known = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(known, ipaddress.IPv6Address):
            known = known.ipv4_mapped or known.sixtofour or known
        allowed = any(known in ipaddress.ip_network(network) for network in self.allow)
        return allowed or (known.is_global and not known.is_multicast)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one DNS server said. `failure` is set where it said nothing usable; then all else is empty.

    `found` holds the records of the type asked for, at the end of any chain; `chain` the names that aliases
    led through, the one asked for first.
    """

    name: str
    type: str
    rcode: str = ""
    found: tuple[str, ...] = ()
    ttl: int = 0
    chain: tuple[str, ...] = ()
    authoritative: bool = False
    failure: Failure | None = None
    message: dns.message.Message | None = field(default=None, repr=False, compare=False)

    @property
    def exists(self) -> bool:
        """The name exists, whether or not it has records of this type."""
        return self.rcode == "NOERROR"

    @property
    def target(self) -> str:
        """The name at the end of the chain of aliases."""
        return self.chain[-1] if self.chain else self.name


class HandshakeBroken(ConnectionError):
    """The connection was accepted, and broken off before both sides agreed on TLS."""


async def _start_tls(writer: asyncio.StreamWriter, tls: ssl.SSLContext, name: str | None) -> None:
    try:
        await writer.start_tls(tls, server_hostname=name)
    except ConnectionError as fault:
        raise HandshakeBroken(str(fault)) from None
    except (OSError, TimeoutError, asyncio.CancelledError):
        writer.transport.abort()
        raise


class Network:
    """One diagnosis's way to the network. Each question is asked once; all of them share the deadline."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._ends = time.monotonic() + reach.deadline
        self._asked: dict[tuple[str, str, str, bool], asyncio.Task[Answer]] = {}

    @property
    def time_left(self) -> float:
        """Seconds until the deadline, 0 where it has passed."""
        return max(0.0, self._ends - time.monotonic())

    async def lookup(self, name: str, type: str, *, check: bool = True) -> Answer:
        """Ask the resolver. `check` False asks it not to validate (the CD flag)."""
        return await self._once(self.reach.resolver, name, type, recurse=True, check=check)

    async def ask(self, address: str, name: str, type: str) -> Answer:
        """Ask an authoritative server at an address, without recursion."""
        if not self.reach.may_reach(address):
            return Answer(name=name, type=type, failure="not allowed")
        return await self._once((address, self.reach.dns_port), name, type, recurse=False, check=True)

    async def addresses(self, name: str) -> tuple[str, ...]:
        """Every address of a name, IPv4 first."""
        four, six = await asyncio.gather(self.lookup(name, "A"), self.lookup(name, "AAAA"))
        return four.found + six.found

    async def connect(
        self, address: str, port: int, *, tls: ssl.SSLContext | None = None, name: str | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to an address, with TLS where a context is given.

        Raises ConnectionError (HandshakeBroken), TimeoutError, ssl.SSLError, OSError; PermissionError where
        the address is not public and not allowed.
        """
        if not self.reach.may_reach(address):
            raise PermissionError(f"{address} is not an address of the public network.")
        timeout = min(self.reach.patience, self.time_left)
        if timeout <= 0:
            raise TimeoutError("The time for this diagnosis is over.")
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(address, port)
            if tls is not None:
                await _start_tls(writer, tls, name)
            return reader, writer

    async def close(self) -> None:
        """End the questions that nobody waits for any more."""
        waiting = [task for task in self._asked.values() if not task.done()]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _once(
        self, server: tuple[str, int], name: str, type: str, *, recurse: bool, check: bool
    ) -> Answer:
        key = (f"{server[0]}:{server[1]}", name.lower(), type, check)
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.create_task(self._query(server, name, type, recurse, check))
        return await asyncio.shield(task)

    async def _query(
        self, server: tuple[str, int], name: str, type: str, recurse: bool, check: bool
    ) -> Answer:
        try:
            question = dns.message.make_query(name, type, use_edns=0, payload=UDP_PAYLOAD, want_dnssec=True)
        except (dns.exception.DNSException, UnicodeError):
            return Answer(name=name, type=type, failure="malformed")
        if not recurse:
            question.flags &= ~dns.flags.RD
        if not check:
            question.flags |= dns.flags.CD
        return read_answer(name, type, await self._send(question, server))

    async def _send(
        self, question: dns.message.Message, server: tuple[str, int]
    ) -> dns.message.Message | Failure:
        """The answer, or why there is none. UDP twice, since packets are lost; TCP where it was cut."""
        said: dns.message.Message | Failure = "timeout"
        for timeout in (DNS_TIMEOUT / 3, DNS_TIMEOUT):
            timeout = min(timeout, self.time_left)
            if timeout <= 0:
                return "timeout"
            try:
                said, _ = await dns.asyncquery.udp_with_fallback(
                    question, server[0], timeout=timeout, port=server[1], ignore_unexpected=True
                )
                return said
            except (dns.exception.Timeout, TimeoutError):
                said = "timeout"
            except ConnectionRefusedError:
                return "refused"
            except OSError:
                return "unreachable"
            except (dns.exception.DNSException, EOFError, ValueError):
                return "malformed"
        return said


def read_answer(name: str, type: str, said: dns.message.Message | Failure) -> Answer:
    """A message as an Answer: aliases followed, records as text, names without the last dot."""
    if isinstance(said, str):
        return Answer(name=name, type=type, failure=said)
    wanted = dns.rdatatype.from_text(type)
    at = dns.name.from_text(name)
    chain = [_plain(at)]
    while True:
        rrset = said.get_rrset(said.answer, at, dns.rdataclass.IN, wanted)
        alias = said.get_rrset(said.answer, at, dns.rdataclass.IN, dns.rdatatype.CNAME)
        if rrset is not None or alias is None or wanted == dns.rdatatype.CNAME:
            break
        at = alias[0].target
        if _plain(at) in chain or len(chain) > 16:
            chain.append(_plain(at))
            break
        chain.append(_plain(at))
    return Answer(
        name=_plain(dns.name.from_text(name)),
        type=type,
        rcode=dns.rcode.to_text(said.rcode()),
        found=tuple(_text(rdata) for rdata in rrset) if rrset is not None else (),
        ttl=rrset.ttl if rrset is not None else 0,
        chain=tuple(chain),
        authoritative=bool(said.flags & dns.flags.AA),
        message=said,
    )


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _text(rdata: dns.rdata.Rdata) -> str:
    if rdata.rdtype == dns.rdatatype.TXT:  # its pieces belong together without a gap (RFC 7208, 3.3)
        return b"".join(getattr(rdata, "strings", ())).decode("utf-8", errors="replace")
    if rdata.rdtype in (dns.rdatatype.NS, dns.rdatatype.CNAME, dns.rdatatype.PTR):
        return _plain(getattr(rdata, "target", dns.name.root))
    return rdata.to_text()
