"""`make bench` (`python -m bench`): each promised figure and its target; exit status 1 where one falls short.

`--only policy,mail,pages` measures a part; `--tickets N` changes how many tickets the pages are measured at.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

from bench.figure import Figure, median, percentile
from bench.server import Served, serving

PARTS = ("policy", "mail", "pages")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, with commas")
    parser.add_argument("--tickets", type=int, default=20_000)
    given = parser.parse_args()
    parts = [part.strip() for part in given.only.split(",")]
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"no part is called {', '.join(unknown)}; there are {', '.join(PARTS)}")

    print(machine(), flush=True)
    figures: list[Figure] = []
    if "policy" in parts:
        figures += show(policy_figures())
    if "mail" in parts or "pages" in parts:
        print(
            f"data: {given.tickets:,} tickets of `evenhand load`, both brands, examples/policies in force",
            flush=True,
        )
        with serving(given.tickets) as served:
            set_up_django(served)
            if "pages" in parts:
                figures += show(measured_pages(served))
            if "mail" in parts:
                from bench.mail import mail_figures

                figures += show(mail_figures(served))
    print("\nraw samples")
    for figure in figures:
        print(figure.raw())
    short = [figure for figure in figures if not figure.met]
    print("\nall targets met" if not short else "\nfell short: " + "; ".join(figure.name for figure in short))
    return 1 if short else 0


def show(figures: list[Figure]) -> list[Figure]:
    for figure in figures:
        print(figure.line(), flush=True)
    return figures


def machine() -> str:
    model = (
        next(
            (
                line.split(":")[1].strip()
                for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")
            ),
            platform.processor(),
        )
        if Path("/proc/cpuinfo").exists()
        else platform.processor()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.platform()}, Python {platform.python_version()}"
    return f"machine: {model}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}"


def policy_figures() -> list[Figure]:
    from bench import policy

    decide = policy.decide_samples()
    explain = policy.explain_samples()
    check = policy.check_samples()
    return [
        Figure(
            name="decide, known facts, one core",
            value=median(decide.per_second),
            unit="/s",
            target=1_000_000,
            at_least=True,
            samples=decide.per_second,
        ),
        Figure(
            name="decide, 99 of 100 within",
            value=percentile(decide.each_seconds, 0.99) * 1e6,
            unit="µs",
            target=5,
            at_least=False,
            samples=[s * 1e6 for s in decide.each_seconds],
        ),
        Figure(
            name="decide with explanation, median",
            value=median(explain) * 1e6,
            unit="µs",
            target=100,
            at_least=False,
            samples=[s * 1e6 for s in explain],
        ),
        Figure(
            name="check of 40 clauses, median",
            value=median(check) * 1e3,
            unit="ms",
            target=20,
            at_least=False,
            samples=[s * 1e3 for s in check],
        ),
    ]


def set_up_django(served: Served) -> None:
    """This process reads the same database as the server under measurement."""
    os.environ.update(
        {key: value for key, value in served.environment.items() if key.startswith("EVENHAND_")}
    )
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.settings"
    django.setup()


def measured_pages(served: Served) -> list[Figure]:
    from bench.pages import agent_cookie, page_figures
    from evenhand.tickets.models import Ticket

    numbers = list(
        Ticket.objects.filter(brand__slug="americommerce").order_by("-pk").values_list("pk", flat=True)
    )
    return page_figures(served, agent_cookie(), numbers)


if __name__ == "__main__":
    sys.exit(main())
