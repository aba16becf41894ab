"""API keys, tokens and private keys in text: by their own shape, or by the word before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evenhand.reading.values import is_stand_in, leads, looks_like_key, value_after

_HEAD = re.compile(
    r"(?:key|token|secret|signature|apikey|transkey|api[- ]schlüssel|clé (?:d')?api|chave (?:de |"
    r"da )?api)s?(?:[ _-]?(?:key|id|value))?(?![a-zà-ÿ])"
)
_QUALIFIED = re.compile(
    r"(?:api|secret|private|access|transaction|tran|consumer|client|auth(?:entication|orization)?|"
    r"encryption|shared|signing|"
    r"signature|webhook|bearer|security|merchant|app(?:lication)?|integration|live|production|sandbox|"
    r"refresh|oauth|gateway|"
    r"stripe|paypal|mailchimp|sendgrid|publishable|restricted|account|license|master|admin|storage|rest|"
    r"soap|hmac|test|service|"
    r"integrator|developer|partner|user|site|shop|store|personal|google|maps|aws|azure|twilio|shipstation|"
    r"square|klarna)"
    r"[ _-]?(?:api[ _-]?|access[ _-]?)?\Z"
)
_OF_AN_API = re.compile(r" (?:for|to|of) (?:the |our |my |your )?(?:\w{1,20} )?api\b")
_ALONE = ("token", "apikey", "transkey", "signature")
_GATE = ("key", "token", "secret", "signature", "schlüssel", "clé", "chave")
_SHAPE_GATE = (
    "sk_", "rk_", "pk_", "sk-", "whsec_", "AKIA", "ASIA", "AIza", "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
    "github_pat_", "glpat-", "xox", "SG.", "shp", "npm_", "pypi-", "ya29.", "sq0", "hf_", "live_", "test_",
    "prod_", "ck_", "cs_", "key-", "-us", "eyJ",
)  # fmt: skip
_SHAPE = re.compile(
    r"(?<![A-Za-z0-9_])(?:(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9_]{8,250}|sk-(?:ant-|"
    r"proj-)?[A-Za-z0-9_-]{16,200}"
    r"|whsec_[A-Za-z0-9+/=]{16,100}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,45}|"
    r"gh[pousr]_[A-Za-z0-9]{20,255}"
    r"|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,100}|xox[abprs]-[A-Za-z0-9-]{10,200}"
    r"|SG\.[A-Za-z0-9_-]{10,40}\.[A-Za-z0-9_-]{10,80}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{16,64}|"
    r"npm_[A-Za-z0-9]{20,60}"
    r"|pypi-[A-Za-z0-9_-]{30,250}|ya29\.[A-Za-z0-9_-]{20,300}|sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{16,60}|"
    r"hf_[A-Za-z0-9]{20,60}"
    r"|(?:live|test|rzp_live|rzp_test|prod)_[A-Za-z0-9_]{16,120}|c[ks]_[0-9a-f]{20,64}|key-[0-9a-f]{24,40}"
    r"|[0-9a-f]{32}-us\d{1,2}|eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{4,2000})?)"
)
_BARE = re.compile(
    r"(?<![a-z_/.-])key[ \t]{0,2}(?:is[ \t]|[:=])?[ \t\"']{1,3}"
    r"(?P<value>[a-z0-9][a-z0-9_+/=-]{23,199})(?![\w.])"
)
_KEY_AFTER = re.compile(
    r"(?<![\w/.=-])(?P<value>[a-z0-9][a-z0-9_+/=-]{23,199})[\"'`]? (?:is|as|for|was) "
    r"(?:the|my|our|an?|your) (?:\w{1,20} ){0,2}(?:key|token|secret)\b"
)
_STAND_IN_INSIDE = re.compile(r"x{6}|\.{3}|▮", re.IGNORECASE)
_AUTHORISATION = re.compile(r"(?:bearer|basic|token)[ \t:=]{1,3}[\"']?([a-z0-9._~+/=-]{12,2000})")
_PEM_HEAD = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_TAIL = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")


def key_spans(text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, type) of each key. `lowered` is the text in lower case, of the same length."""
    yield from _blocks(text)
    if any(sign in text for sign in _SHAPE_GATE):
        for found in _SHAPE.finditer(text):
            if not _STAND_IN_INSIDE.search(found[0]):
                yield found.start(), found.end(), "api_key"
    if "bearer" in lowered or "basic " in lowered or "token" in lowered:
        for found in _AUTHORISATION.finditer(lowered):
            if looks_like_key(text[slice(*found.span(1))]):
                yield found.start(1), found.end(1), "api_key"
    if any(sign in lowered for sign in _GATE):
        yield from _named(text, lowered)
        for pattern in (_BARE, _KEY_AFTER):
            for found in pattern.finditer(lowered):
                start, end = found.span("value")
                if looks_like_key(text[start:end]) and not is_stand_in(text[start:end]):
                    yield start, end, "api_key"


def _blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """PEM blocks (RFC 7468); one that is cut off reaches to the end."""
    at = 0
    while (at := text.find("-----BEGIN ", at)) >= 0:
        head = _PEM_HEAD.match(text, at)
        if head is None:
            at += 1
            continue
        tail = _PEM_TAIL.search(text, head.end())
        end = tail.end() if tail else len(text)
        yield at, end, "api_key"
        at = end


def _named(text: str, lowered: str) -> Iterator[tuple[int, int, str]]:
    for head in _HEAD.finditer(lowered):
        before = lowered[max(0, head.start() - 30) : head.start()]
        if before.endswith(("▮ ", "▮")) or (before[-1:].isalpha() and not _QUALIFIED.search(before)):
            continue
        after = _OF_AN_API.match(lowered, head.end())
        alone = head[0].startswith(_ALONE)
        if not (alone or after or _QUALIFIED.search(before)):
            continue
        for lead in leads(text, after.end() if after else head.end()):
            start, end = value_after(text, head.start(), lead)
            if _is_key(text[start:end], lead, alone=alone and not _QUALIFIED.search(before)):
                yield start, end, "api_key"
                break


def _is_key(value: str, lead: re.Match[str], *, alone: bool) -> bool:
    if is_stand_in(value) or (alone and len(value) < 16):
        return False
    return looks_like_key(value, short=bool(lead["joint"].strip()) and not lead["filling"])
