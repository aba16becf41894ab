"""How well secrets are taken out: on the shared cases, and on thousands of lines made by rule.

Every number is drawn anew by a fixed seed: cards of each issuer and length, separated in each way, in
sentences as customers write them; and harmless numbers that look like cards.  None is of a real card.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time

from bench.figure import Figure, median
from bench.unseen import lines_by_topic
from evenhand.reading.cards import passes_luhn
from evenhand.reading.redact import redact

SHARED = Path("../shared/cases/secrets.jsonl")
SAYINGS = Path("bench/unseen/secrets.txt")
EACH = 1_500
"""How many lines of each kind are made."""

ISSUERS = (
    ("4", 16), ("4", 16), ("4", 16), ("4", 13), ("4", 19), ("51", 16), ("53", 16), ("55", 16), ("2221", 16),
    ("2720", 16), ("34", 15), ("37", 15), ("36", 14), ("300", 14), ("38", 14), ("6011", 16), ("65", 16),
    ("644", 16), ("3528", 16), ("3589", 16), ("62", 16), ("62", 19), ("5018", 16), ("6304", 16), ("6759", 18),
)  # fmt: skip
GROUPS = {13: ((4, 3, 3, 3), (13,)), 14: ((4, 6, 4), (14,)), 15: ((4, 6, 5), (15,)),
          16: ((4, 4, 4, 4), (16,), (8, 8)), 18: ((4, 4, 4, 4, 2), (18,)),
          19: ((4, 4, 4, 4, 3), (19,), (6, 13))}  # fmt: skip
JOINTS = (
    " ", " ", "-", ".", "\u00a0", "\u200b", "\u2009", " - ", "–", "—", "  ", "/", "_", "\u2011", ", ", "\n",
    "&nbsp;",
    "<wbr>", "</span> <span>", "<br>", "\n> ", "\u202f", " \u200b", "=\n", "\t", "\u00ad",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """A text and the secret in it that must go, as `start` and `end`; none where start is negative."""

    text: str
    start: int
    end: int

    @property
    def gone(self) -> bool:
        return any(span.start <= self.start and span.end >= self.end for span in redact(self.text).spans)


@cache
def sayings(kind: str) -> tuple[str, ...]:
    """The sentences of one kind, from the data file beside this module."""
    return tuple(line for topic, line in lines_by_topic(SAYINGS) if topic == kind)


def figures() -> Iterable[Figure]:
    """Recall by kind, false alarms, and speed."""
    chance = random.Random(20260105)
    for name, lines, target in (
        ("cards", [card_line(chance) for _ in range(EACH)], 99),
        ("security codes", [code_line(chance) for _ in range(EACH)], 95),
        ("passwords", [_said(chance, sayings("passwords"), password(chance)) for _ in range(EACH)], 90),
        ("keys", [_said(chance, sayings("keys"), key(chance)) for _ in range(EACH)], 90),
    ):
        found = 100 * sum(line.gone for line in lines) / len(lines)
        yield Figure(
            name=f"redaction, made lines: {name}", value=found, unit="%", target=target, at_least=True
        )
    harmless = [harmless_line(chance) for _ in range(3 * EACH)]
    touched = 100 * sum(bool(redact(text).spans) for text in harmless) / len(harmless)
    yield Figure(
        name="redaction, made lines: harmless ones touched", value=touched, unit="%", target=2, at_least=False
    )
    yield from on_shared()
    yield from speed(chance)


def on_shared() -> Iterator[Figure]:
    """The same on the shared cases, by kind of secret."""
    cases = [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()]
    for kind, target in (("card", 99), ("cvv", 95), ("password", 90), ("api_key", 90)):
        lines = [
            Line(text=case["text"], start=span["start"], end=span["end"])
            for case in cases
            for span in case["spans"]
            if span["type"] == kind
        ]
        value = 100 * sum(line.gone for line in lines) / len(lines)
        yield Figure(name=f"redaction, shared: {kind}", value=value, unit="%", target=target, at_least=True)
    harmless = [case["text"] for case in cases if case["negative"]]
    touched = 100 * sum(bool(redact(text).spans) for text in harmless) / len(harmless)
    yield Figure(
        name="redaction, shared: harmless touched", value=touched, unit="%", target=2, at_least=False
    )


def speed(chance: random.Random) -> Iterator[Figure]:
    """Milliseconds of the processor for each kilobyte: plain prose, and prose with something to look at in
    every 200 bytes."""
    plain = " ".join(chance.choice(_PROSE) for _ in range(400))
    busy = "\n".join(
        " ".join(chance.choice(_PROSE) for _ in range(30)) + "\n" + harmless_line(chance) for _ in range(100)
    )
    yield from (
        Figure(
            name=f"redaction, {of}",
            value=median(times := _per_kilobyte(text)),
            unit="ms/kB",
            target=target,
            at_least=False,
            samples=times,
        )
        for of, text, target in (("no candidate", plain, 0.1), ("a candidate in each second line", busy, 1.0))
    )


def _per_kilobyte(text: str) -> list[float]:
    kilobytes = len(text.encode()) / 1024
    times = []
    for _ in range(15):
        began = process_time()
        redact(text)
        times.append((process_time() - began) * 1e3 / kilobytes)
    return times


def card(chance: random.Random, issuer: str, length: int) -> str:
    """A number of an issuer's range that passes Luhn."""
    body = issuer + digits(chance, length - len(issuer) - 1)
    return next(body + last for last in string.digits if passes_luhn(body + last))


def card_line(chance: random.Random) -> Line:
    issuer, length = chance.choice(ISSUERS)
    number = card(chance, issuer, length)
    sizes = chance.choice(GROUPS[length])
    joint = chance.choice(JOINTS)
    pieces, at = [], 0
    for size in sizes:
        pieces.append(number[at : at + size])
        at += size
    return _said(chance, sayings("cards"), joint.join(pieces))


def code_line(chance: random.Random) -> Line:
    return _said(chance, sayings("codes"), digits(chance, chance.choice((3, 3, 3, 4))))


def password(chance: random.Random) -> str:
    """A password as people make them: a word with a year or a sign, or drawn by a machine."""
    word = chance.choice(
        ("tulip", "Harbor", "candle", "Ravioli", "shop", "Blue", "dragon", "qwerty", "Melrose")
    )
    return chance.choice(
        (
            f"{word}{chance.randint(1, 2030)}",
            f"{word}{chance.choice('!#$%&*')}{chance.randint(10, 99)}",
            f"{word.capitalize()}{chance.randint(100, 999)}!",
            f"{word}-{chance.choice(('river', 'stone', 'lamp'))}-{chance.randint(1, 99)}",
            "".join(chance.choice(string.ascii_letters + string.digits) for _ in range(12)) + "7a",
            "".join(chance.choice(string.ascii_letters + string.digits + "!#$%*") for _ in range(12)) + "x9",
        )
    )


def key(chance: random.Random) -> str:
    letters = string.ascii_letters + string.digits
    drawn = "".join(chance.choice(letters) for _ in range(chance.choice((24, 32, 40)))) + "4f"
    mixed = _hexadecimal(chance, 32)
    return chance.choice(
        (
            drawn,
            mixed,
            f"sk_live_{drawn}",
            f"ghp_{drawn}",
            f"AKIA{drawn[:16].upper()}",
            f"{mixed[:8]}-{mixed[8:12]}-FAKE-{mixed[12:24]}",
            f"xoxb-{mixed[:12]}-{drawn}",
        )
    )


def harmless_line(chance: random.Random) -> str:
    return chance.choice(sayings("harmless")).format_map(_Drawn(chance))


def digits(chance: random.Random, many: int) -> str:
    return "".join(chance.choice(string.digits) for _ in range(many))


def _hexadecimal(chance: random.Random, many: int) -> str:
    return "".join(chance.choice("0123456789abcdef") for _ in range(many))


def _said(chance: random.Random, sayings: Sequence[str], value: str) -> Line:
    before, _, after = chance.choice(sayings).partition("{}")
    return Line(text=f"{before}{value}{after}", start=len(before), end=len(before) + len(value))


class _Drawn(dict[str, str]):
    """Harmless numbers by name, each drawn when it is asked for."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def __missing__(self, name: str) -> str:
        return _KINDS[name](self.chance)


def _iban(chance: random.Random) -> str:
    land, length = chance.choice((("DE", 18), ("NL", 14), ("FR", 23), ("GB", 18), ("AT", 16), ("ES", 20)))
    body = digits(chance, length) if land in ("DE", "FR", "AT", "ES") else "ABNA" + digits(chance, length - 4)
    number = "".join(str(int(each, 36)) for each in body + land + "00")
    return f"{land}{98 - int(number) % 97:02d}{body}"


def _grouped(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _luhned(body: str) -> str:
    return next(body + last for last in string.digits if passes_luhn(body + last))


def _gtin(chance: random.Random, length: int, start: str = "") -> str:
    body = start + digits(chance, length - 1 - len(start))
    total = sum(int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


_KINDS: dict[str, Callable[[random.Random], str]] = {
    "order": lambda c: digits(c, c.choice((4, 5, 6, 8, 10))),
    "order2": lambda c: digits(c, 7),
    "ups": lambda c: "1Z" + "".join(c.choice(string.ascii_uppercase + string.digits) for _ in range(16)),
    "usps": lambda c: _grouped("94" + digits(c, 20)) if c.random() < 0.5 else "92" + digits(c, 20),
    "fedex": lambda c: digits(c, c.choice((12, 15))),
    "dhl": lambda c: digits(c, 10),
    "canada": lambda c: c.choice("1278") + digits(c, 15),
    "imei": lambda c: _luhned("35" + digits(c, 12)),
    "iban": lambda c: _grouped(_iban(c)),
    "iban_plain": _iban,
    "phone": lambda c: c.choice(
        (
            "+1 (312) 555-01{}",
            "312-555-01{}",
            "+49 30 901820{}",
            "0044 20 7946 09{}",
            "555.010.01{}",
            "+44 20 7946 09{}",
        )
    ).format(digits(c, 2)),
    "ean": lambda c: _gtin(c, 13, c.choice(("40", "50", "87", "97", "69", "00"))),
    "ean2": lambda c: _gtin(c, 13, "40"),
    "ean3": lambda c: _gtin(c, 13, "50"),
    "gtin": lambda c: _gtin(c, 14, "1"),
    "upc": lambda c: _gtin(c, 12),
    "stamp": lambda c: "17" + digits(c, c.choice((8, 11, 14, 17))),
    "iso": lambda c: f"2026-{c.randint(1, 12):02d}-11T{c.randint(10, 23)}:20:33.{digits(c, 6)}Z",
    "date": lambda c: f"{c.randint(1, 28):02d}/{c.randint(1, 12):02d}/2026",
    "four": lambda c: digits(c, 4),
    "small": lambda c: str(c.randint(1, 99)),
    "sku": lambda c: f"AB-{digits(c, 6)}-{digits(c, 2)}",
    "uuid": lambda c: "-".join(_hexadecimal(c, many) for many in (8, 4, 4, 4, 12)),
    "sha": lambda c: _hexadecimal(c, 40),
    "nine": lambda c: digits(c, 9),
    "isbn": lambda c: _gtin(c, 13, "978"),
    "ref": lambda c: f"{digits(c, 4)}-{digits(c, 4)}-{digits(c, 3)}",
}

_PROSE = [
    "We",
    "sell",
    "candles",
    "and",
    "the",
    "shop",
    "has",
    "been",
    "slow",
    "since",
    "Monday",
    "so",
    "please",
    "tell",
    "me",
    "where",
    "I",
    "can",
    "see",
    "what",
    "happens",
    "with",
    "our",
    "orders",
    "and",
    "parcels.",
]
