"""Certificates and protocols as each name's servers show them, by SNI, on both families."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography import x509

from .certificate import Certificate, is_issued_by, is_trusted
from .findings import Findings
from .names import Names
from .network import Network
from .web import Trouble, fetch_named, trouble_of

DAYS_AHEAD = 14
"""A certificate that renews by itself does so thirty days ahead; two weeks before the end it did not."""
MOST_CHAIN = 10


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a server showed for a name at an address: its chain, or why there is none."""

    name: str
    address: str
    chain: tuple[Certificate, ...] = ()
    trusted: bool = False
    trouble: Trouble | None = None
    word: str = ""


async def check_tls(network: Network, names: Names, findings: Findings) -> dict[tuple[str, str], Shown]:
    """A handshake for each name at one address of each family; what it shows is judged."""
    places = [
        (name, address) for name, found in names.reachable.items() for address in _one_of_each_family(found)
    ]
    places = [place for place in places if network.reach.may_reach(place[1])]
    shown = await asyncio.gather(*(_look(network, name, address) for name, address in places))
    await asyncio.gather(*(_judge(network, one, findings) for one in shown))
    return {(one.name, one.address): one for one in shown}


def _one_of_each_family(addresses: Sequence[str]) -> list[str]:
    four = [address for address in addresses if ":" not in address]
    six = [address for address in addresses if ":" in address]
    return four[:1] + six[:1]


async def _look(network: Network, name: str, address: str) -> Shown:
    """First with verification, as a browser does; where that fails, once more to see what was shown."""
    context = trusting(network.reach.roots)
    chain, trouble, word = await _handshake(network, name, address, context)
    if trouble is None:
        return Shown(name=name, address=address, chain=chain, trusted=True)
    if trouble != "tls" or word != "CERTIFICATE_VERIFY_FAILED":
        return Shown(name=name, address=address, trouble=trouble, word=word)
    chain, trouble, word = await _handshake(network, name, address, _looking_on())
    return Shown(name=name, address=address, chain=chain, trouble=trouble, word=word)


async def _handshake(
    network: Network, name: str, address: str, context: ssl.SSLContext
) -> tuple[tuple[Certificate, ...], Trouble | None, str]:
    try:
        _, writer = await network.connect(address, network.reach.https_port, tls=context, name=name)
    except Exception as fault:  # told apart by trouble_of, which re-raises faults of ours
        trouble, word = trouble_of(fault)
        return (), trouble, word
    try:
        return _chain_of(writer.get_extra_info("ssl_object")), None, ""
    except ValueError:
        return (), "malformed", ""
    finally:
        writer.transport.abort()


def _chain_of(connection: ssl.SSLObject) -> tuple[Certificate, ...]:
    """The certificates that the server sent. Python offers them publicly from 3.13 on."""
    inner = getattr(connection, "_sslobj", connection)
    sent: Sequence[Any] = getattr(inner, "get_unverified_chain", tuple)() or ()
    return tuple(
        Certificate.read(one if isinstance(one, bytes) else ssl.PEM_cert_to_DER_cert(one.public_bytes()))
        for one in list(sent)[:MOST_CHAIN]
    )


@cache
def trusting(roots: str | None) -> ssl.SSLContext:
    """The context of a careful browser: it verifies chain, dates and name against the roots."""
    return ssl.create_default_context(cafile=roots)


def _unverifying(ciphers: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ciphers)
    return context


@cache
def _looking_on() -> ssl.SSLContext:
    """A context that verifies nothing: only for looking at what is shown, never for sending anything."""
    return _unverifying("DEFAULT@SECLEVEL=0")


@cache
def _old_only() -> ssl.SSLContext:
    """A context that offers TLS 1.0 and 1.1 alone (deprecated by RFC 8996)."""
    context = _unverifying("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@cache
def _roots(file: str | None) -> tuple[Certificate, ...]:
    ders = trusting(file).get_ca_certs(binary_form=True)
    return tuple(Certificate.read(der) for der in ders)


_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")
_OLD = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "VERSION_TOO_LOW")
_TROUBLE_CODES = {"refused": "tls-refused", "timeout": "tls-timeout", "unreachable": "tls-unreachable"}


async def _judge(network: Network, shown: Shown, findings: Findings) -> None:
    if shown.trouble is not None and shown.trouble != "tls":
        code = _TROUBLE_CODES.get(shown.trouble, "tls-handshake")
        findings.add(code, shown.name, evidence=[f"{shown.address}: {shown.trouble}"])
        return
    accepts_old = (await _handshake(network, shown.name, shown.address, _old_only()))[1] is None
    if shown.trouble == "tls":
        _judge_failure(shown, accepts_old, findings)
        return
    if accepts_old:
        findings.add("tls-old-too", shown.name, evidence=[f"{shown.address}: accepts TLS 1.0 or 1.1"])
    await _judge_chain(network, shown, findings)


def _judge_failure(shown: Shown, accepts_old: bool, findings: Findings) -> None:
    evidence = [f"{shown.address}: {shown.word.replace('_', ' ').lower()}"]
    if accepts_old and shown.word not in _NOT_TLS:
        findings.add("tls-old-only", shown.name, evidence=evidence)
    elif shown.word in _NOT_TLS:
        findings.add("tls-not-spoken", shown.name, evidence=evidence)
    elif shown.word == "TLSV1_UNRECOGNIZED_NAME":
        findings.add("tls-name-unknown", shown.name, evidence=evidence)
    else:
        findings.add("tls-handshake", shown.name, evidence=evidence)


async def _judge_chain(network: Network, shown: Shown, findings: Findings) -> None:
    """What is wrong with what was shown. One fault is enough: the others vanish with a new certificate."""
    if not shown.chain:
        findings.add("tls-handshake", shown.name, evidence=[f"{shown.address}: no certificate was shown"])
        return
    own = shown.chain[0]
    now = dt.datetime.now(dt.UTC)
    evidence = [f"{shown.address}: issued by {own.issuer}, {own.begins:%Y-%m-%d} to {own.ends:%Y-%m-%d}"]
    day = {"ends": f"{own.ends:%-d %B %Y}", "begins": f"{own.begins:%-d %B %Y}", "issuer": own.issuer}
    if own.ends <= now:
        findings.add("tls-expired", shown.name, evidence=evidence, **day)
    elif own.begins > now:
        findings.add("tls-not-yet-valid", shown.name, evidence=evidence, **day)
    elif own.issued_itself and not shown.trusted:
        findings.add("tls-self-signed", shown.name, evidence=evidence)
    elif not own.stands_for(shown.name):
        names = ", ".join(own.names[:8]) or "no name"
        findings.add(
            "tls-wrong-host", shown.name, evidence=[*evidence, f"it stands for {names}"], names=names
        )
    elif not own.may_serve:
        findings.add("tls-wrong-purpose", shown.name, evidence=evidence)
    elif own.has_weak_key:
        findings.add("tls-weak-key", shown.name, evidence=[*evidence, own.key_words], key=own.key_words)
    elif any(one.has_weak_digest and not one.issued_itself for one in shown.chain):
        weak = next(one for one in shown.chain if one.has_weak_digest and not one.issued_itself)
        findings.add("tls-weak-digest", shown.name, evidence=[*evidence, weak.digest], digest=weak.digest)
    elif not shown.trusted:
        code = "tls-incomplete-chain" if await _is_incomplete(network, shown) else "tls-untrusted-issuer"
        findings.add(code, shown.name, evidence=evidence, **day)
    elif own.ends - now < dt.timedelta(days=DAYS_AHEAD):
        days = max(1, (own.ends - now).days)
        findings.add("tls-expires-soon", shown.name, evidence=evidence, days=days, **day)


async def _is_incomplete(network: Network, shown: Shown) -> bool:
    """Whether a certificate between the server's own and a trusted root was not sent.

    Fetched from where the last one sent says its issuer lies; where it says nothing, a lone certificate that
    did not issue itself lacks its issuer.
    """
    last = shown.chain[0]
    for one in shown.chain[1:]:
        last = one if is_issued_by(last, one) else last
    if last.issued_itself:
        return False
    if last.issuer_address is None:
        return len(shown.chain) == 1
    issuer = await _issuer(network, last.issuer_address)
    return issuer is not None and is_trusted((*shown.chain, issuer), _roots(network.reach.roots))


async def _issuer(network: Network, url: str) -> Certificate | None:
    page = await fetch_named(network, url) if url.startswith("http://") else None
    if page is None or page.status != 200:
        return None
    for read in (x509.load_der_x509_certificate, x509.load_pem_x509_certificate):
        try:
            return Certificate(read(page.body))
        except ValueError:
            continue
    return None
