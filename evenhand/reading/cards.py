"""Card numbers in text, however they are broken up, and the security codes beside them.

Rule: 13 to 19 digits that pass Luhn (ISO/IEC 7812-1, annex B) and begin with an issuer's range, in one
run or in groups joined by anything a person, a form or a mailer may put between them. Numbers that only
look so (IBAN, IMEI, EAN, tracking numbers, counts in a row) are told apart by their own check digits,
their neighbours and the word before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_RUN = re.compile(r"\d+")
# What may stand between two groups: blanks, zero-width characters, any dash, dots, tags, entities, quote
# marks.
_JOINT = re.compile(
    r"(?:[\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff.,\-\u2010-\u2015\u2212\u2043\uff0d_·•∙*/\\|>+~'\"]"
    r"|%20|%2[dD]|%[cC]2%[aA]0|&(?:nbsp|ensp|emsp|thinsp|zwnj|zwj|shy|ndash|mdash|#\d{1,6}|"
    r"#[xX][0-9a-fA-F]{1,5});"
    r"|<[^<>]{0,300}>|=\r?\n){1,12}"
)
_PLAIN_JOINT = re.compile(
    r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff.,\-\u2010-\u2015\u2212\u2043\uff0d_·•∙*/\\|+>~'\"]{1,12}"
)
_CODED = re.compile("[<&%=]")
_PAID_WITH = re.compile(
    r"\b(?:pay|paid|pays|charge|charged|declined|payment|zahlung|bezahl\w*|pagar|pago|paiement)\b[^\d\n.]{0,25}\Z",
    re.IGNORECASE,
)
_CARD_WORD = re.compile(
    r"card|visa|master|amex|american express|discover|diners|jcb|maestro|unionpay|\bcc\b|\bccn\b|\bpan\b|"
    r"credit|debit|"
    r"cvv|cvc|\bexp|carte|tarjeta|karte|cart[aã]o|carta|kaart|kort|karta",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    r"(?:imei(?:sv)?|iban|ean|upc|gtin|isbn|barcodes?|tracking|waybill|consignment|parcel|shipment|serial|"
    r"asin|sscc|meid|iccid)"
    r"\b[^\d\n.;]{0,25}\Z",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])([A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]{1,4}){3,8})(?![A-Za-z0-9])", re.IGNORECASE
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LONG_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{20,}(?![A-Za-z0-9])")
_OWN_GROUPS = ([4, 6, 5], [4, 6, 4], [4, 3, 3, 3])
"""Groups in which nothing but cards are written: American Express, Diners Club, the old Visa."""

_NEAR = 60  # characters in which a word speaks for or against a number


class _Run(NamedTuple):
    start: int
    end: int
    digits: str


def card_spans(text: str) -> list[tuple[int, int]]:
    """[start, end) of each card number, first digit to last.

    >>> card_spans("Amex 3782 822463 10005, order 4111111111111112")
    [(5, 22)]
    """
    return [
        (start, end)
        for chain in _chains(text)
        for start, end in _cards_of(text, chain)
        if not _is_in_another_number(text, start, end)
    ]


def passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1.

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _chains(text: str) -> Iterator[list[_Run]]:
    """Runs of digits with nothing between them but joints."""
    if sum(map(len, _RUN.findall(text))) < 13:
        return
    chain: list[_Run] = []
    for found in _RUN.finditer(text):
        digits = found[0] if found[0].isascii() else "".join(str(int(digit)) for digit in found[0])
        start, end = found.span()
        if chain and not _is_joint(text, chain[-1].end, start):
            if _is_long(chain):
                yield chain
            chain = []
        chain.append(_Run(start, end, digits))
    if _is_long(chain):
        yield chain


def _is_long(chain: list[_Run]) -> bool:
    """Whether the runs have as many digits as the shortest card."""
    return sum([len(run.digits) for run in chain]) >= 13


def _is_joint(text: str, start: int, end: int) -> bool:
    """Whether only a joint stands between two groups; the plain ones are looked for first, for speed."""
    if text[start].isalpha():
        return False
    if _PLAIN_JOINT.fullmatch(text, start, end):
        return True
    return (
        end - start <= 700
        and _CODED.search(text, start, end) is not None
        and _JOINT.fullmatch(text, start, end) is not None
    )


def _cards_of(text: str, chain: list[_Run]) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(chain):
        last = _last_of_card(text, chain, first)
        if last is None:
            first += 1
            continue
        yield chain[first].start, chain[last].end
        first = last + 1


def _last_of_card(text: str, chain: list[_Run], first: int) -> int | None:
    """The run that ends the card beginning at `first`; the longest usual length wins."""
    if _goes_on_from_before(text, chain, first):
        return None
    digits = ""
    ends: list[tuple[int, str]] = []
    for last in range(first, min(len(chain), first + 19)):
        digits += chain[last].digits
        if len(digits) > 19:
            break
        if len(digits) >= 13 and passes_luhn(digits):
            ends.append((last, digits))
    for last, digits in sorted(ends, key=lambda end: (not _has_usual_length(end[1]), -end[0])):
        if _is_card(text, chain, first, last, digits):
            return last
    return None


def _is_card(text: str, chain: list[_Run], first: int, last: int, digits: str) -> bool:
    if not _stops(text, chain, first, last):
        return False
    if not _issuer_allows(digits, True):
        return False
    start, end = chain[first].start, chain[last].end
    spoken_of = bool(
        _CARD_WORD.search(text, max(0, start - _NEAR), start)
        or _CARD_WORD.search(text, end, end + 25)
        or _PAID_WITH.search(text[max(0, start - _NEAR) : start])
        or [len(run.digits) for run in chain[first : last + 1]] in _OWN_GROUPS
    )
    if not _issuer_allows(digits, spoken_of):
        return False
    if _OTHER_NUMBER.search(text[max(0, start - _NEAR) : start]) and not _CARD_WORD.search(
        text, max(0, start - 15), start
    ):
        return False
    if _is_fraction(text, chain, first, last) and not spoken_of:
        return False
    return spoken_of or _is_grouped_like_a_card(chain[first : last + 1])


def _issuer_allows(digits: str, spoken_of: bool) -> bool:
    """Whether an issuer gives such numbers. Lengths that are rare, or those of bar codes, need a word
    beside them.
    """
    length = len(digits)
    two, three, four = int(digits[:2]), int(digits[:3]), int(digits[:4])
    if length in (13, 14) and _is_bar_code(digits) and not spoken_of:
        return False
    if digits[0] == "4":
        return length in (13, 16, 19) or (spoken_of and length in (14, 15, 17, 18))
    if 51 <= two <= 55 or 2221 <= four <= 2720 or 2200 <= four <= 2204:
        return length == 16 or (2200 <= four <= 2204 and length <= 19 and length > 16)
    if two in (34, 37):
        return length == 15
    if four == 6011 or 644 <= three <= 649 or two in (62, 65, 60, 81, 82) or 3528 <= four <= 3589:
        return 16 <= length <= 19
    if 300 <= three <= 305 or four == 3095 or two in (36, 38, 39):
        return length in (14, 16) or (spoken_of and 14 <= length <= 19)
    if four == 9792:
        return length == 16
    if two in (50, 56, 57, 58, 63, 67, 61, 64, 66, 68, 69):
        return length in (16, 18, 19) or (spoken_of and length >= 13)
    return False


def _has_usual_length(digits: str) -> bool:
    if digits[:2] in ("50", "56", "57", "58", "63", "67"):
        return True  # Maestro has them all, so the longest that passes is meant
    usual = {"3": (15, 14, 16), "4": (16,), "5": (16,), "2": (16,), "6": (16, 19)}
    return len(digits) in usual.get(digits[0], (16,))


def _is_bar_code(digits: str) -> bool:
    """The check digit of GTIN-13 and GTIN-14 (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def _is_grouped_like_a_card(runs: list[_Run]) -> bool:
    """One run, equal groups (the last may be shorter or longer), 4-6-5, 4-6-4; and no counting such as
    4001 4002 4003.
    """
    sizes = [len(run.digits) for run in runs]
    if len(runs) == 1 or sizes in (*_OWN_GROUPS, [6, 13], [8, 8], [6, 10], [4, 12], [12, 4], [8, 11]):
        return True
    numbers = [int(run.digits) for run in runs]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    if len(steps) == 1 and steps != {0} and max(sizes) > 1:
        return False
    return len(set(sizes[:-1])) == 1 or all(size % 4 == 0 for size in sizes)


def _goes_on_from_before(text: str, chain: list[_Run], first: int) -> bool:
    """True in the middle of a row of equal groups, unless a card has just ended there."""
    if first == 0 or first + 1 >= len(chain):
        return False
    before, run, after = chain[first - 1 : first + 2]
    if len(before.digits) != len(run.digits) or len(run.digits) > 8:
        return False
    same_joint = text[before.end : run.start] == text[run.end : after.start]
    return same_joint and not _ends_a_card(chain, first - 1)


def _stops(text: str, chain: list[_Run], first: int, last: int) -> bool:
    """False where the same grouping goes on after: a longer number, such as a parcel's, or a row of
    counts.
    """
    runs, after = chain[first : last + 1], chain[last + 1 : last + 3]
    if len(runs) == 1 or not after:
        return True
    size, joint = len(runs[0].digits), text[runs[0].end : runs[1].start]
    going_on = [run for run in after if len(run.digits) == size]
    if not going_on or text[runs[-1].end : after[0].start] != joint:
        return True
    if size < 4:
        return False
    return len(going_on) < 2 or _ends_a_card(chain, last + 4)


def _ends_a_card(chain: list[_Run], last: int) -> bool:
    digits = "".join(run.digits for run in chain[max(0, last - 3) : last + 1])
    return len(digits) == 16 and passes_luhn(digits) and _issuer_allows(digits, False)


def _is_fraction(text: str, chain: list[_Run], first: int, last: int) -> bool:
    """0.4000000000000001: the digits behind a decimal point."""
    start = chain[first].start
    return first == last and first > 0 and text[chain[first - 1].end : start] in (".", ",")


def _is_in_another_number(text: str, start: int, end: int) -> bool:
    """True inside an IBAN (ISO 13616 check), a UUID or a long code of letters and digits."""
    begin = max(0, start - _NEAR)
    near = text[begin : end + _NEAR]
    spans = [found.span() for found in _UUID.finditer(near)]
    for found in _IBAN.finditer(near):
        if length := _iban_length(found[1]):
            spans.append((found.start(), found.start() + length))
        elif re.search(
            r"iban\W{0,5}(?:is|:)?\W{0,5}\Z", near[max(0, found.start() - 20) : found.start()], re.IGNORECASE
        ):
            spans.append(found.span())
    spans += [
        found.span() for found in _LONG_TOKEN.finditer(near) if len(re.findall(r"[A-Za-z]+", found[0])) >= 4
    ]
    return any(start < begin + stop and begin + first < end for first, stop in spans)


def _iban_length(candidate: str) -> int:
    """How many characters of the candidate are an IBAN: its groups are tried from the whole to the
    shortest; else 0.
    """
    ends = [place.end() for place in re.finditer(r"[A-Za-z0-9]+", candidate)]
    for end in reversed(ends):
        compact = re.sub(r"[^A-Za-z0-9]", "", candidate[:end]).upper()
        if (
            15 <= len(compact) <= 34
            and int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1
        ):
            return end
    return 0
