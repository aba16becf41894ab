"""One page fetched from one address: bounded in size and time, with what stood in the way told apart."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

import httptools

from .network import HandshakeBroken, Network

MOST_BODY = 256 * 1024
MOST_HEADERS = 64 * 1024
MOST_REDIRECTS = 8
Trouble = Literal["refused", "timeout", "unreachable", "not allowed", "tls", "malformed"]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came back. `trouble` is set where nothing usable did; `tls_error` is OpenSSL's own word then."""

    url: str
    address: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: Trouble | None = None
    tls_error: str = ""

    @property
    def location(self) -> str | None:
        """Where it redirects to, as a whole address."""
        said = self.headers.get("location")
        return urljoin(self.url, said) if said and self.status in (301, 302, 303, 307, 308) else None


async def fetch(network: Network, url: str, address: str, tls: ssl.SSLContext | None = None) -> Page:
    """GET a page from an address. Never raises for what the network does."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host = parts.hostname or ""
    usual = network.reach.https_port if secure else network.reach.http_port
    writer = None
    try:
        reader, writer = await network.connect(
            address, parts.port or usual, tls=tls if secure else None, name=host if secure else None
        )
        async with asyncio.timeout(min(network.reach.patience, network.time_left)):
            return await _exchange(reader, writer, url, address, host)
    except Exception as fault:  # told apart below, and told to the reader
        trouble, word = trouble_of(fault)
        return Page(url=url, address=address, trouble=trouble, tls_error=word)
    finally:
        if writer is not None:
            writer.transport.abort()


async def fetch_named(network: Network, url: str, tls: ssl.SSLContext | None = None) -> Page | None:
    """GET a page by its name, from the first two addresses until one says 200; None without an address."""
    page = None
    for address in (await network.addresses(urlsplit(url).hostname or ""))[:2]:
        page = await fetch(network, url, address, tls)
        if page.status == 200:
            break
    return page


def trouble_of(fault: Exception) -> tuple[Trouble, str]:
    """Why a connection came to nothing, and OpenSSL's word where it was TLS. Re-raises faults of ours."""
    if isinstance(fault, ssl.SSLError):
        return "tls", str(fault.reason or fault.args[-1] if fault.args else "")
    if isinstance(fault, HandshakeBroken):
        return "tls", "broken off"
    for kind, trouble in _TROUBLES:
        if isinstance(fault, kind):
            return trouble, ""
    raise fault


_TROUBLES: tuple[tuple[type[Exception], Trouble], ...] = (
    (PermissionError, "not allowed"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "refused"),
    (ConnectionError, "unreachable"),
    (httptools.HttpParserError, "malformed"),
    (asyncio.IncompleteReadError, "malformed"),
    (OSError, "unreachable"),
    (ValueError, "malformed"),
)


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str, address: str, host: str
) -> Page:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: evenhand-diagnose\r\n"
        "Accept: text/html\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n".encode(
            "latin-1", "replace"
        )
    )
    await writer.drain()
    answer = _Answer()
    parser = httptools.HttpResponseParser(answer)
    while not answer.complete and len(answer.body) < MOST_BODY and answer.header_bytes < MOST_HEADERS:
        piece = await reader.read(16_384)
        if not piece:
            break
        parser.feed_data(piece)
    if not answer.headers_complete:
        return Page(url=url, address=address, trouble="malformed")
    return Page(
        url=url,
        address=address,
        status=parser.get_status_code(),
        headers=answer.headers,
        body=bytes(answer.body[:MOST_BODY]),
    )


class _Answer:
    """What httptools calls while it reads."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.header_bytes = 0
        self.headers_complete = self.complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.header_bytes += len(name) + len(value)
        self.headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        self.headers_complete = True

    def on_body(self, piece: bytes) -> None:
        self.body += piece

    def on_message_complete(self) -> None:
        self.complete = True
