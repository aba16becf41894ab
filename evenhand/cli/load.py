"""`evenhand load --tickets N`: a desk full of tickets, to measure it by."""

from __future__ import annotations

import argparse
import sys
import time

EXAMPLE = """Writes tickets straight into the tables, without mail, jobs or audit entries: for a desk that is
measured, never for one that is used. Brands, people, stores and policies are the demo's. Example:

  EVENHAND_HOME=/tmp/measured evenhand load --tickets 20000

With --rulings the tickets hold a ruling and nothing else: a million of them, to measure replay by."""
TOGETHER = 2000  # tickets in one transaction


def describe(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--tickets", type=int, metavar="N", help="how many tickets to add")
    what.add_argument("--rulings", type=int, metavar="N", help="how many rulings to add, without messages")
    parser.epilog = EXAMPLE


def run(args: argparse.Namespace) -> int:
    """Add the tickets or rulings, and say how long it took. 0: done; 2: not a number of them."""
    what, count = ("tickets", args.tickets) if args.rulings is None else ("rulings", args.rulings)
    if count < 1:
        print(f"evenhand load: --{what} wants a number from 1.", file=sys.stderr)
        return 2
    from evenhand.serving.opening import open_desk

    open_desk()
    from evenhand.demo.build import furnish

    furnish()
    begun = time.monotonic()
    _load_tickets(count) if args.rulings is None else _load_rulings(count)
    print(f"{count:,} {what} added in {time.monotonic() - begun:.0f} s.")
    return 0


def _load_tickets(count: int) -> None:
    from evenhand.cli.load_tickets import Load

    load = Load.prepared()
    for start in range(0, count, TOGETHER):
        load.add(range(start, min(start + TOGETHER, count)))
    load.settle()


def _load_rulings(count: int) -> None:
    from evenhand.cli.load_rulings import LoadRulings

    LoadRulings().add(count)
