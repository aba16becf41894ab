"""`evenhand backup FILE`."""

import argparse
import sys
from pathlib import Path

from evenhand.serving.backup import back_up
from evenhand.serving.clients import ClientFailed
from evenhand.serving.opening import database, home


def describe(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        "Write database, attachments and keys into one file. The desk may go on working meanwhile.\n"
        "Whoever has the file can read everything in it: it is readable by you alone; keep it so."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a name that does not exist yet")
    parser.epilog = "example:\n  evenhand backup evenhand-2026-11-22.tar"


def run(args: argparse.Namespace) -> int:
    """Write the backup and say what is in it."""
    try:
        with database() as address:
            manifest = back_up(args.file, home=home(), address=address)
    except FileExistsError:
        return _refuse(f"{args.file} exists already. Choose another name; a backup is never overwritten.")
    except ClientFailed as refusal:
        return _refuse(f"the database could not be dumped: {refusal}")
    except OSError as error:
        return _refuse(f"{args.file} cannot be written: {error.strerror or error}.")
    files = len(manifest.sums) - 1
    size = args.file.stat().st_size / 1_000_000
    print(f"{args.file}: the database and {files} files, {size:.1f} MB")
    return 0


def _refuse(words: str) -> int:
    print(f"evenhand backup: {words}", file=sys.stderr)
    return 2
