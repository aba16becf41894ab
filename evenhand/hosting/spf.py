"""SPF: who may send mail for a domain (RFC 7208). The record is read as a receiver reads it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from .findings import Findings
from .network import Network
from .platform import Platform

MOST_LOOKUPS = 10
MOST_VOID = 2
_TERM = re.compile(
    r"(?P<qualifier>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)"
    r"(?::(?P<value>[^/\s]+|[0-9a-f:.]+(?:/\d+)?))?(?P<length>(?:/\d{1,3})?(?://\d{1,3})?)",
    re.IGNORECASE,
)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)=(?P<value>\S*)", re.IGNORECASE)
_LOOKS_UP = ("include", "a", "mx", "ptr", "exists")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One mechanism or modifier, lower case, as written in `text`."""

    text: str
    name: str
    value: str
    qualifier: str = "+"


@dataclass
class _Walk:
    """What the whole tree of a record comes to."""

    lookups: int = 0
    void: int = 0
    path: list[str] = field(default_factory=list)
    loop: str = ""
    broken: list[str] = field(default_factory=list)
    includes: set[str] = field(default_factory=set)


def read_terms(record: str) -> tuple[list[Term], list[str]]:
    """The terms of a record after `v=spf1`, and those that are no terms.

    >>> [term.name for term in read_terms("v=spf1 mx include:_spf.shop.example -all")[0]]
    ['mx', 'include', 'all']
    """
    terms, wrong = [], []
    for word in record.split()[1:]:
        if (
            word[:4].lower() in ("ip4:", "+ip4", "-ip4", "~ip4", "?ip4")
            or word.lstrip("+-~?")[:4].lower() == "ip6:"
        ):
            term = _address_term(word)
        elif match := _TERM.fullmatch(word):
            name, value = match["name"].lower(), (match["value"] or "").lower()
            needs_value = name in ("include", "exists", "ip4", "ip6")
            takes_none = name == "all" and (value or match["length"])
            term = (
                None
                if takes_none or (needs_value and not value)
                else Term(text=word, name=name, value=value, qualifier=match["qualifier"] or "+")
            )
        elif match := _MODIFIER.fullmatch(word):
            term = Term(text=word, name=match["name"].lower(), value=match["value"].lower())
        else:
            term = None
        terms.append(term) if term is not None else wrong.append(word)
    return terms, wrong


def _address_term(word: str) -> Term | None:
    qualifier = word[0] if word[0] in "+-~?" else "+"
    name, _, value = word.lstrip("+-~?").partition(":")
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None
    right = network.version == (4 if name.lower() == "ip4" else 6)
    return Term(text=word, name=name.lower(), value=value, qualifier=qualifier) if right else None


def spf_records(texts: tuple[str, ...]) -> list[str]:
    """Those of a name's TXT records that are SPF (RFC 7208, 4.5)."""
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


async def check_spf(network: Network, domain: str, platform: Platform, findings: Findings) -> None:
    """The SPF record of a domain that sends mail."""
    said = await network.lookup(domain, "TXT")
    if said.failure is not None:
        return
    records = spf_records(said.found)
    wanted = f"include:{platform.spf_include} " if platform.spf_include else ""
    suggested = f'{domain}. TXT "v=spf1 mx {wanted}~all"'
    if not records:
        findings.add("spf-missing", domain, record=suggested)
        return
    if len(records) > 1:
        findings.add("spf-two", domain, evidence=records, count=len(records))
        return
    terms, wrong = read_terms(records[0])
    if wrong:
        findings.add("spf-syntax", domain, evidence=[records[0]], wrong=" ".join(wrong))
        return
    if any(term.name == "all" and term.qualifier == "+" for term in terms):
        findings.add("spf-lets-all", domain, evidence=[records[0]])
    walk = _Walk()
    await _walk(network, domain, terms, walk)
    if walk.loop:
        findings.add("spf-loop", domain, evidence=[records[0], walk.loop], loop=walk.loop)
    elif walk.broken:
        findings.add("spf-broken-include", domain, evidence=walk.broken, names=", ".join(walk.broken))
    elif walk.lookups > MOST_LOOKUPS or walk.void > MOST_VOID:
        findings.add("spf-too-many-lookups", domain, evidence=[records[0]], count=walk.lookups)
    if platform.spf_include and platform.spf_include not in walk.includes and not walk.loop:
        findings.add(
            "spf-without-platform", domain, evidence=[records[0]], include=f"include:{platform.spf_include}"
        )


async def _walk(network: Network, domain: str, terms: list[Term], walk: _Walk) -> None:
    """Count the look-ups of a record and of all that it includes; stops where the limit is far passed."""
    walk.path.append(domain)
    has_all = any(term.name == "all" for term in terms)
    for term in terms:
        follows = term.name == "include" or (term.name == "redirect" and not has_all)
        if term.name in _LOOKS_UP or follows:
            walk.lookups += 1
        if not follows or walk.lookups > 3 * MOST_LOOKUPS or "%" in term.value:
            continue
        name = term.value.rstrip(".")
        walk.includes.add(name)
        if name in walk.path:
            walk.loop = " → ".join([*walk.path[walk.path.index(name) :], name])
            break
        said = await network.lookup(name, "TXT")
        records = spf_records(said.found)
        if said.failure is None and not said.found:
            walk.void += 1
        if len(records) != 1:
            walk.broken.append(name)
            continue
        inner, wrong = read_terms(records[0])
        if wrong:
            walk.broken.append(name)
        await _walk(network, name, inner, walk)
        if walk.loop:
            break
    walk.path.pop()
