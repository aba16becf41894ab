"""Queue and ticket page at 20,000 tickets: one client's median, four clients' requests a second."""

from __future__ import annotations

import random
import threading
import time

import httpx

from bench.figure import Figure, median
from bench.server import Served

ONE_CLIENT_REQUESTS = 200
FOUR_CLIENTS_SECONDS = 8.0
CLIENTS = 4


def agent_cookie(role: str = "agent") -> str:
    """The session of one of the load data's staff, made as sign-in makes it. Needs Django set up."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from evenhand.people.models import Membership, Role

    person = Membership.objects.filter(role=Role(role), brand__slug="americommerce").order_by("pk")[0].person
    TOTP.activate(person, generate_totp_secret())  # as the defaults require of staff
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    assert session.session_key is not None
    return session.session_key


def page_figures(served: Served, cookie: str, ticket_numbers: list[int]) -> list[Figure]:
    draw = random.Random(7)
    queue = "/desk/americommerce/"
    tickets = [f"/desk/americommerce/tickets/{number}" for number in draw.sample(ticket_numbers, 200)]
    figures = []
    for name, addresses in (("queue page", [queue]), ("ticket page", tickets)):
        one = one_client(served, cookie, addresses)
        figures.append(
            Figure(
                name=f"{name}, 20,000 tickets, one client, median",
                value=median(one) * 1000,
                unit="ms",
                target=20,
                at_least=False,
                samples=[s * 1000 for s in one],
            )
        )
        rates = four_clients(served, cookie, addresses)
        figures.append(
            Figure(
                name=f"{name}, 20,000 tickets, four clients",
                value=sum(rates),
                unit="requests/s",
                target=100,
                at_least=True,
                samples=rates,
            )
        )
    return figures


def one_client(served: Served, cookie: str, addresses: list[str]) -> list[float]:
    with client(served, cookie) as browser:
        for address in addresses[:20]:
            fetch(browser, address)
        return [timed(browser, addresses[turn % len(addresses)]) for turn in range(ONE_CLIENT_REQUESTS)]


def four_clients(served: Served, cookie: str, addresses: list[str]) -> list[float]:
    """Each client's requests a second; their sum is the figure."""
    counts = [0] * CLIENTS
    until = time.perf_counter() + FOUR_CLIENTS_SECONDS

    def work(number: int) -> None:
        with client(served, cookie) as browser:
            while time.perf_counter() < until:
                fetch(browser, addresses[(counts[number] * CLIENTS + number) % len(addresses)])
                counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [count / FOUR_CLIENTS_SECONDS for count in counts]


def client(served: Served, cookie: str) -> httpx.Client:
    return httpx.Client(base_url=served.base, cookies={"sessionid": cookie}, timeout=30)


def fetch(browser: httpx.Client, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(
            f"{address} answered {answer.status_code}; a page that is not shown is not measured."
        )


def timed(browser: httpx.Client, address: str) -> float:
    start = time.perf_counter()
    fetch(browser, address)
    return time.perf_counter() - start
