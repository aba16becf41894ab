"""What a shopper's browser meets: the way from http to the shop, its first page, and what that page loads."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from .findings import Findings
from .names import Names
from .network import Network
from .platform import Platform
from .tls import Shown, trusting
from .web import MOST_REDIRECTS, Page, fetch

_LOADS = re.compile(
    rb"""<(?:script|img|iframe|audio|video|source|embed)\b[^>]*?\bsrc\s*=\s*["']?(http://[^"'\s>]+)"""
    rb"""|<link\b(?=[^>]*\brel\s*=\s*["']?stylesheet)[^>]*?\bhref\s*=\s*["']?(http://[^"'\s>]+)""",
    re.IGNORECASE,
)


async def check_pages(
    network: Network,
    names: Names,
    shown: dict[tuple[str, str], Shown],
    platform: Platform,
    findings: Findings,
) -> None:
    """Follow each name from http, as typed by a shopper, to the page where it ends."""
    await asyncio.gather(
        *(_check(network, name, found, shown, platform, findings) for name, found in names.reachable.items())
    )


async def _check(
    network: Network,
    name: str,
    addresses: tuple[str, ...],
    shown: dict[tuple[str, str], Shown],
    platform: Platform,
    findings: Findings,
) -> None:
    address = next((one for one in addresses if network.reach.may_reach(one)), None)
    if address is None:
        return
    first = await fetch(network, f"http://{name}/", address)
    if first.trouble in ("refused", "timeout", "unreachable"):
        findings.add(f"web-{first.trouble}", name, evidence=[f"{address}, port 80: {first.trouble}"])
    secure = next((one for (of, _), one in shown.items() if of == name and one.trusted), None)
    if first.trouble is None and first.location is None and secure is not None:
        findings.add("web-no-redirect", name, evidence=[f"http://{name}/ answers {first.status}"])
    start = first if first.location else None
    if start is None and secure is not None:
        start = await fetch(network, f"https://{name}/", secure.address, trusting(network.reach.roots))
    if start is not None:
        last = await _follow(network, start, name, shown, findings)
        if last is not None:
            _judge_page(last, name, platform, findings)


async def _follow(
    network: Network, page: Page, name: str, shown: dict[tuple[str, str], Shown], findings: Findings
) -> Page | None:
    """The page where the redirects end, or None where they end nowhere, or at a certificate found wanting."""
    seen = [page.url]
    while (there := page.location) is not None:
        if there in seen or len(seen) > MOST_REDIRECTS:
            findings.add("web-redirect-loop", name, evidence=[*seen, there])
            return None
        parts = urlsplit(there)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            findings.add("web-redirect-astray", name, evidence=[*seen, there[:200]], target=there[:200])
            return None
        if page.url.startswith("https:") and parts.scheme == "http":
            findings.add("web-redirect-insecure", name, evidence=[page.url, there])
        seen.append(there)
        addresses = await network.addresses(parts.hostname.lower())
        allowed = [address for address in addresses if network.reach.may_reach(address)]
        if not allowed:
            code = "web-redirect-private" if addresses else "web-redirect-astray"
            findings.add(code, name, evidence=[*seen, *addresses], target=parts.hostname)
            return None
        known = shown.get((parts.hostname.lower(), allowed[0]))
        if parts.scheme == "https" and known is not None and not known.trusted:
            return None
        page = await fetch(network, there, allowed[0], trusting(network.reach.roots))
    return page


def _judge_page(page: Page, name: str, platform: Platform, findings: Findings) -> None:
    if page.trouble is not None:
        return  # names and certificates have told why
    if page.status >= 400:
        code = "web-server-error" if page.status >= 500 else "web-not-found"
        findings.add(code, name, evidence=[f"{page.url}: {page.status}"], status=page.status)
        return
    if platform.text and platform.text.encode() not in page.body:
        findings.add("web-other-site", name, evidence=[f"{page.url}: {page.status}"], text=platform.text)
    if not page.url.startswith("https:"):
        return
    if "strict-transport-security" not in page.headers:
        findings.add("web-no-hsts", name, evidence=[page.url])
    loads = [(match[1] or match[2]).decode("latin-1") for match in _LOADS.finditer(page.body)]
    if loads:
        findings.add("web-mixed-content", name, evidence=loads[:5], count=len(loads))
