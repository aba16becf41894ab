"""`evenhand load --tickets N`: a desk full of tickets, to measure it by."""

from __future__ import annotations

import argparse
import sys
import time

EXAMPLE = """Writes tickets straight into the tables, without mail, jobs or audit entries: for a desk that is
measured, never for one that is used. Brands, people, stores and policies are the demo's. Example:

  EVENHAND_HOME=/tmp/measured evenhand load --tickets 20000"""
TOGETHER = 2000  # tickets in one transaction


def describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tickets", type=int, required=True, metavar="N", help="how many tickets to add")
    parser.epilog = EXAMPLE


def run(args: argparse.Namespace) -> int:
    """Add the tickets, and say how long it took. 0: done; 2: not a number of tickets."""
    if args.tickets < 1:
        print("evenhand load: --tickets wants a number from 1.", file=sys.stderr)
        return 2
    from evenhand.serving.opening import open_desk

    open_desk()
    from evenhand.cli.load_tickets import Load
    from evenhand.demo.build import furnish

    furnish()
    begun = time.monotonic()
    load = Load.prepared()
    for start in range(0, args.tickets, TOGETHER):
        load.add(range(start, min(start + TOGETHER, args.tickets)))
    load.settle()
    print(f"{args.tickets:,} tickets added in {time.monotonic() - begun:.0f} s.")
    return 0
