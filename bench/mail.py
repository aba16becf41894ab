"""Mail through the running desk: how fast it is kept for good, and how fast tickets are ruled.

Twenty connections, on the machine that also runs the desk and its database; 3 kB mails; the worker works.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator

from bench.figure import Figure
from bench.server import Served

CONNECTIONS = 20
CUSTOMERS = 1000
MAILS = 3000
SIZE = 3000  # bytes
RULED_MAILS = 600
SAMPLE_SECONDS = 1.0
PATIENCE = 120.0  # seconds for the first ticket
SENTENCES = (
    "Since this morning visitors are told that our store is not secure, and the padlock is gone.",
    "We have not changed anything on our side in the last two weeks.",
    "Could you tell me where I can see which certificate is in use and when it expires?",
    "Two customers have written to us about it and one of them gave up on the order.",
    "My colleague sees the same on another computer and on her phone.",
    "I have looked through the admin and did not find a setting for it.",
)


def mail_figures(served: Served) -> list[Figure]:
    """Both figures, one after the other; Django is set up on the same home, to count what was really kept."""
    rates = asyncio.run(sent(served, MAILS))
    kept = arrivals()
    if kept < MAILS:
        raise SystemExit(f"{MAILS} mails were answered with 250 and only {kept} are in the database.")
    ruled = ruled_rates()
    return [
        Figure(
            name="accept mail durably, 3 kB, 20 connections",
            value=sum(rates) / len(rates),
            unit="/s",
            target=200,
            at_least=True,
            samples=rates,
        ),
        Figure(
            name="handle mail to a ruled ticket and its letter",
            value=sum(ruled) / len(ruled),
            unit="/s",
            target=40,
            at_least=True,
            samples=ruled,
        ),
    ]


async def sent(served: Served, count: int) -> list[float]:
    """Send `count` mails over CONNECTIONS lines; 250s counted for each second but the first and the last."""
    mails = iter(range(count))
    answered: list[float] = []
    await asyncio.gather(*(conversation(served.mail_port, mails, answered) for _ in range(CONNECTIONS)))
    begun, ended = answered[0], answered[-1]
    whole = int((ended - begun) / SAMPLE_SECONDS)
    if whole < 3:
        return [len(answered) / (ended - begun)]
    counts = [0] * whole
    for at in answered:
        if at - begun < whole * SAMPLE_SECONDS:
            counts[int((at - begun) / SAMPLE_SECONDS)] += 1
    return [counted / SAMPLE_SECONDS for counted in counts[1:]]


async def conversation(port: int, mails: Iterator[int], answered: list[float]) -> None:
    """One line that sends mail after mail until none is left."""
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    await expect(reading, 220)
    await say(reading, writing, b"EHLO bench.example\r\n", 250)
    for number in mails:
        await say(reading, writing, f"MAIL FROM:<{sender(number)}>\r\n".encode(), 250)
        await say(reading, writing, b"RCPT TO:<help@americommerce.example>\r\n", 250)
        await say(reading, writing, b"DATA\r\n", 354)
        await say(reading, writing, mail(number) + b"\r\n.\r\n", 250)
        answered.append(time.perf_counter())
    await say(reading, writing, b"QUIT\r\n", 221)
    writing.close()


def sender(number: int) -> str:
    """One of the load data's customers, who has a store; each writes a few times."""
    return f"americommerce-{number % CUSTOMERS}@load.example"


def mail(number: int) -> bytes:
    """A mail of about SIZE bytes; no two are alike."""
    draw = random.Random(number)
    head = (
        f"From: Customer {number} <{sender(number)}>\r\n"
        "To: help@americommerce.example\r\n"
        f"Subject: Certificate of shop {number}\r\n"
        f"Message-ID: <{number}.{draw.getrandbits(48):x}@bench.example>\r\n"
        "Date: Mon, 04 Jan 2027 09:12:00 -0600\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    lines: list[str] = []
    while sum(map(len, lines)) + len(head) < SIZE:
        lines.append(draw.choice(SENTENCES) + "\r\n")
    return (head + "".join(lines)).encode()


async def say(reading: asyncio.StreamReader, writing: asyncio.StreamWriter, words: bytes, code: int) -> None:
    writing.write(words)
    await expect(reading, code)


async def expect(reading: asyncio.StreamReader, code: int) -> None:
    while True:
        line = await reading.readline()
        if line[3:4] != b"-":
            break
    if not line.startswith(str(code).encode()):
        raise SystemExit(
            f"the door answered {line.decode(errors='replace').strip()} where {code} was expected."
        )


def arrivals() -> int:
    from evenhand.intake.models import Arrival

    return Arrival.objects.filter(channel="email").count()


def ruled_rates() -> list[float]:
    """Tickets ruled in each second, while mail waits to be handled and none comes in."""
    wait_for_the_first()
    rates: list[float] = []
    begun, before = time.perf_counter(), handled()
    while sum(rates) < RULED_MAILS:
        time.sleep(SAMPLE_SECONDS)
        now, count = time.perf_counter(), handled()
        rates.append((count - before) / (now - begun))
        if count >= MAILS:
            break
        begun, before = now, count
    return rates


def wait_for_the_first() -> None:
    """A worker that has just started still trains or loads the reader of topics."""
    until = time.monotonic() + PATIENCE
    while handled() == 0:
        if time.monotonic() > until:
            raise SystemExit(f"nothing was handled within {PATIENCE} s.")
        time.sleep(0.2)


def handled() -> int:
    """How many mails have become tickets that are ruled, or proposed to an agent."""
    from evenhand.intake.models import Arrival

    return Arrival.objects.filter(channel="email", state=Arrival.State.HANDLED).count()
