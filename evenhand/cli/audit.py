"""`evenhand audit`: is the record whole?"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.audit.queries import Verification

EXAMPLE = """example:
  $ evenhand audit verify
  The record is whole: 1204 entries in 311 streams, 58 seals.
"""


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Read the append-only record and say whether anything in it was changed, removed or put in."
    )
    parser.epilog = EXAMPLE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    acts = parser.add_subparsers(dest="act", required=True, metavar="verify")
    verify = acts.add_parser(
        "verify",
        help="check every entry, every chain and every seal",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("--json", action="store_true", help="one JSON object instead of sentences")


def run(args: argparse.Namespace) -> int:
    """0: whole; 1: something was found; 2: the record could not be read."""
    from evenhand.serving.opening import open_desk

    open_desk()
    from django.db import DatabaseError

    from evenhand.audit.queries import verify

    try:
        found = verify()
    except DatabaseError as error:
        print(f"evenhand audit: the database cannot be read: {error}".strip(), file=sys.stderr)
        return 2
    print(_as_json(found) if args.json else _in_words(found))
    return 0 if found.is_whole else 1


def _in_words(found: Verification) -> str:
    read = f"{found.entries} entries in {found.streams} streams, {found.seals} seals"
    if found.is_whole:
        return f"The record is whole: {read}."
    listed = [str(finding) for finding in found.findings]
    more = [f"… and {found.more} more."] if found.more else []
    return "\n".join([*listed, *more, f"The record is not as it was written ({read})."])


def _as_json(found: Verification) -> str:
    return json.dumps({"whole": found.is_whole, **asdict(found)}, ensure_ascii=False)
