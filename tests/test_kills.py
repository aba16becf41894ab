"""`kill -9` of every part of the desk at random moments: as many tickets as messages, and none twice.

EVENHAND_KILLS=20 kills each of them 20 times during 500 messages; without it each dies once, during 40.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from email.message import EmailMessage

import pytest

from tests.running import Desk, running_desk, wait_until

KILLS = int(os.environ.get("EVENHAND_KILLS", "1"))
MESSAGES = 500 if KILLS > 1 else 40
SENDERS = 4
SECONDS_BETWEEN = (0.2, 2.0)
VICTIMS = ("worker", "web", "mail", "postgres")
ARRIVED = "SELECT count(*) FROM intake_arrival"
WAITING = "SELECT count(*) FROM intake_arrival WHERE state = 'received'"


@pytest.mark.timeout(3600)
def test_as_many_tickets_as_messages_and_none_twice() -> None:
    with running_desk() as desk:
        before = desk.number("SELECT count(*) FROM tickets_ticket")
        senders = [threading.Thread(target=send_share, args=(desk, share)) for share in range(SENDERS)]
        for sender in senders:
            sender.start()
        kill_all_often(desk)
        for sender in senders:
            sender.join()
        wait_until(lambda: desk.number(WAITING) == 0, what="all is handled", seconds=600)
        assert desk.number(ARRIVED) == MESSAGES
        assert desk.number("SELECT count(*) FROM tickets_ticket") - before == MESSAGES
        assert desk.number("SELECT count(DISTINCT ticket_id) FROM intake_arrival") == MESSAGES
        assert (
            desk.number("SELECT count(*) - count(DISTINCT mail_id) FROM tickets_message WHERE mail_id <> ''")
            == 0
        )
        assert desk.number("SELECT count(*) FROM tickets_ticket WHERE problem <> ''") == 0
        assert desk.evenhand("audit", "verify")


def send_share(desk: Desk, share: int) -> None:
    """One sender's part of the messages, each sent until it is taken, spread over the time of the kills."""
    for number in range(share, MESSAGES, SENDERS):
        message = EmailMessage()
        message["From"] = f"Shop {number} <owner@shop-{number}.example>"
        message["To"] = "help@americommerce.example"
        message["Subject"] = f"Certificate {number}"
        message["Message-ID"] = f"<{number}@shop-{number}.example>"
        message.set_content(f"The SSL certificate of shop {number} has expired and the padlock is gone.")
        desk.send(message)
        time.sleep(
            random.uniform(0.0, 2 * sum(SECONDS_BETWEEN) * KILLS * len(VICTIMS) / 2 * SENDERS / MESSAGES)
        )


def kill_all_often(desk: Desk) -> None:
    """Each victim KILLS times, in random order, once it is up again."""
    order = [victim for victim in VICTIMS for _ in range(KILLS)]
    random.shuffle(order)
    for victim in order:
        time.sleep(random.uniform(*SECONDS_BETWEEN))
        wait_until(lambda victim=victim: kill(desk, victim), what=f"{victim} is up to be killed")  # type: ignore[misc]


def kill(desk: Desk, victim: str) -> bool:
    """True where it ran and was killed."""
    pid = desk.postmaster() if victim == "postgres" else desk.part(victim)
    if pid is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False
