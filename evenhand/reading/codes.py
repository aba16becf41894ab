"""Card security codes and social security numbers: short numbers that only the words around them give
away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CODE_WORD = (
    r"(?:card )?(?:cvv2?|cvc2?|cvn2?|cav2?|csc|cid)(?: ?(?:code|number|no|num|value|#))?|card (?:security|"
    r"verification) (?:code|number|value)|"
    r"security (?:code|number|digits)|sec(?:urity)? code|verification (?:code|value)|card code|"
    r"(?:code|number|digits|3 digits|three digits|4 digits|four digits|last three)(?: is| are)?,?(?: on|"
    r" from| at)(?: the)? (?:back|front|rear|signature strip)(?: of (?:the |my )?card)?|"
    r"code (?:on|at) the back|prüfnummer|kartenprüfnummer|prüfziffer|sicherheitscode|"
    r"cryptogramme(?: visuel)?|code de sécurité|"
    r"c[óo]digo de seguran[çc]a|c[óo]digo de seguridad|codice di sicurezza|veiligheidscode|kod cvv"
)
_JOINT = (
    r"(?:[ \t\u00a0]{0,3}(?:is|was|are|ist|est|es|é|=|:|：|#|no\.?|number|num|code|the|my|it's|its|->|→|-|–|"
    r"—|,|\(|\||\"|'|\"|&nbsp;"
    r"|\)|of|(?:on )?(?:the )?(?:front|back)(?: side)?|on|for|that|this|card|says|being|"
    r"</?[a-zA-Z][^<>]{0,200}>|\r?\n|\[|"
    r"would be)){0,8}[ \t\u00a0]{0,3}"
)
_NUMBER = (
    r"(?P<code>(?<![\d.,])\d(?:[ \u00a0\u200b.-]?\d){2,3})(?!\d)(?![ \u00a0.-]\d)"
    r"(?![.,]\d|/\d|-\d|:\d|%|[A-Za-z])"
    r"(?!\s?(?:%|px|mm|cm|kg|usd|eur|orders?|times|errors?|hours?|minutes?|days?|digits?|cards?|customers?|shoppers?|payments?|"
    r"transactions?|people|or )\b)"
)
_AFTER_WORD = re.compile(rf"(?<![A-Za-z])(?P<word>{_CODE_WORD})(?![A-Za-z]){_JOINT}{_NUMBER}")
_BEFORE_WORD = re.compile(
    rf"(?<![\w.,/$€£:-]){_NUMBER}[ \t]{{0,3}}(?:(?:is|was|=|as|\(|-|–|for)[ \t]{{0,3}})(?:the |my |our |"
    rf"its )?(?:{_CODE_WORD})(?![A-Za-z])"
)
_ON_THE_BACK = re.compile(
    rf"(?<![\w.,/$€£:-]){_NUMBER},?[ \t]{{1,3}}(?:is )?on (?:the|its) (?:back|front|reverse)"
)
_AFTER_CARD = re.compile(
    r"[^\w\n]{0,6}(?:\n[ \t>]{0,4})?(?:(?:exp(?:iry|ires|iration|\.)?|valid|thru|good|date|till?|until|"
    r"through|mm/yy|gültig bis|vence|validade)[ \t:.=-]{0,3}){0,4}"
    r"(?P<date>(?:0?[1-9]|1[0-2])\s?[/\-. |,]\s?(?:20)?\d\d|(?:0[1-9]|1[0-2])[2-4]\d)?(?!\d)"
    r"[^\w\n%$]{1,6}(?:\n[ \t>]{0,4})?(?:(?:code|sec|security|back|ver|verification|pin|cv|and|with|then|"
    r",)[ \t:.=#-]{0,4}){0,3}(?P<code>\d{3,4})(?![\w/-]|[.,:]\d)"
)
_AFTER_EXPIRY = re.compile(
    r"(?<![a-z])(?:exp(?:iry|ires|iration|\.)?(?: date)?|valid(?: thru| until)?|good thru|"
    r"gültig bis|vence|validade)"
    r"[ \t:.=-]{0,3}(?:0?[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d\d[,;/|. \t]{1,4}"
    r"(?:(?:and|with|the|security|sec|card|code|cvv2?|cvc2?)[ \t:.=#]{1,3}){0,4}(?:is )?"
    r"(?P<code>\d{3,4})(?![\w/-]|[.,:]\d)"
)
_NEEDS_CAPITALS = {"cid", "csc", "cav", "cvn"}
_WORDS_NEARBY = re.compile(r"card|visa|master|amex|exp|cvv|cvc|▮", re.IGNORECASE)
_GATE = (
    "cv",
    "cid",
    "csc",
    "cav",
    "cod",
    "cód",
    "sec",
    "veri",
    "prüf",
    "sicherh",
    "crypt",
    "back",
    "front",
    "digits",
    "strip",
)

_SSN_WORD = re.compile(
    r"\bssn\b|\bs\.s\.n|social[ -]?sec|\bsoc(?:ial)?\b(?! media| network)|\bitin\b|tax(?:payer)? id|\btin\b|"
    r"social insurance|\bsin\b(?= |:)|\bss ?#|"
    r"\bssan\b|sozialversicherung",
    re.IGNORECASE,
)
_SSN_GATE = ("ss", "s.s", "soc", "itin", "tax", "tin", "sin", "sozial")
_SSN_SHAPE = re.compile(r"\b(?<![.,/#-])(\d{3})([ \u00a0.‐-―-]?)(\d{2})\2(\d{4})(?![\w]|[.,/-]\d)")
_OTHER_NUMBER = re.compile(
    r"(?:order|part|sku|item|model|phone|tel|fax|call|ref(?:erence)?|invoice|ticket|tracking|serial|no|nr|"
    r"id|zip|account|case|upc|product|po)\b[^\n]{0,12}\Z",
    re.IGNORECASE,
)


def security_code_spans(text: str, lowered: str, cards: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Card security codes: named as such, or standing behind a card number or its expiry. `lowered` is the
    text in lower case, of the same length; `cards` are the spans of cards.

    >>> list(security_code_spans("CVV: required. My cvv is 737", "cvv: required. my cvv is 737", []))
    [(25, 28)]
    """
    if any(sign in lowered for sign in _GATE):
        for found in _AFTER_WORD.finditer(lowered):
            if _means_a_code(text, found, cards):
                yield found.span("code")
        for pattern in (_BEFORE_WORD, _ON_THE_BACK):
            for found in pattern.finditer(lowered):
                yield found.span("code")
    for found in _AFTER_EXPIRY.finditer(lowered) if "/" in lowered or "-" in lowered else ():
        if not re.fullmatch(r"20[2-4]\d", found["code"]):
            yield found.span("code")
    for _, end in cards:
        if (found_behind := _AFTER_CARD.match(text, end)) is not None and not _is_year(found_behind):
            yield found_behind.span("code")


def _is_year(found: re.Match[str]) -> bool:
    return found["date"] is None and re.fullmatch(r"20[2-4]\d", found["code"]) is not None


def _means_a_code(text: str, found: re.Match[str], cards: list[tuple[int, int]]) -> bool:
    word = found["word"]
    if word in _NEEDS_CAPITALS:
        return text[slice(*found.span("word"))].isupper() or bool(cards)
    if word.startswith(("code", "digits", "3 digits", "three digits")) and word.endswith("back"):
        return True
    if word.startswith(("verification", "security number", "security digits", "code", "number", "digits")):
        near = text[max(0, found.start() - 120) : found.end() + 60]
        return bool(cards) or bool(_WORDS_NEARBY.search(near))
    return True


def social_security_spans(text: str) -> Iterator[tuple[int, int]]:
    """Numbers of the shape 3-2-4: with the word near them, or written with dashes and valid by the
    issuing rules.

    >>> list(social_security_spans("SSN 078-05-1120, order 1234"))
    [(4, 15)]
    """
    lowered = text.lower()
    spoken_of = any(sign in lowered for sign in _SSN_GATE)
    for found in _SSN_SHAPE.finditer(text):
        near = text[max(0, found.start() - 60) : found.start()] + " … " + text[found.end() : found.end() + 30]
        if (spoken_of and _SSN_WORD.search(near)) or (
            found[2] in ("-", "‑", "–")
            and _may_be_issued(found)
            and not _OTHER_NUMBER.search(text[max(0, found.start() - 40) : found.start()])
        ):
            yield found.span()


def _may_be_issued(found: re.Match[str]) -> bool:
    """Never issued: area 000, 666 and 900–999, group 00, serial 0000 (SSA, POMS RM 10201.035)."""
    return found[1] not in ("000", "666") and found[1] < "900" and found[3] != "00" and found[4] != "0000"
