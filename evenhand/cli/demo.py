"""`evenhand demo`: make the demo in a running desk."""

from __future__ import annotations

import argparse
import sys


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make the demo: two brands, their people, shops and apps, both example policies, and a day of mail, "
        "sent to the running desk's SMTP door. What is there stays. `evenhand serve --demo` does this too."
    )
    parser.epilog = "example:\n  evenhand serve --demo"


def run(args: argparse.Namespace) -> int:
    from evenhand.serving.opening import open_desk

    open_desk()
    from evenhand.demo.build import ensure  # has models, so the desk is opened first

    try:
        ensure()
    except OSError as refused:
        print(
            f"evenhand demo: no SMTP door answers ({refused}). Start it with: evenhand serve --demo",
            file=sys.stderr,
        )
        return 2
    return 0
