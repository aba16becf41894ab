"""`evenhand restore FILE`."""

import argparse
import sys
from pathlib import Path

from evenhand.serving import restore as restoring
from evenhand.serving.archive import UnusableArchive
from evenhand.serving.clients import ClientFailed
from evenhand.serving.opening import database, home


def describe(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = "Put a backup into an empty home: all of it, or nothing."
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that evenhand backup wrote")
    parser.add_argument("--replace", action="store_true", help="put it in place of what is there")
    parser.epilog = "example:\n  EVENHAND_HOME=/srv/evenhand evenhand restore evenhand-2026-11-22.tar"


def run(args: argparse.Namespace) -> int:
    """Restore and say from when the backup is."""
    try:
        with database() as address:
            manifest = restoring.restore(args.file, home=home(), address=address, replace=args.replace)
    except restoring.NotEmpty as refusal:
        return _refuse(
            f"{home()} is not empty: there is {refusal.what}. Choose an empty EVENHAND_HOME, "
            "or add --replace to put the backup in place of it."
        )
    except restoring.InUse:
        return _refuse("the desk is running on this database. Stop it, then restore.")
    except UnusableArchive as refusal:
        return _refuse(f"{args.file} cannot be restored: {refusal}. Nothing was changed.")
    except ClientFailed as refusal:
        return _refuse(f"the database refused the backup: {refusal}. Nothing was changed.")
    except OSError as error:
        return _refuse(f"{error.filename or args.file}: {error.strerror or error}. Nothing was changed.")
    print(f"Restored into {home()}, as it was on {manifest.about.get('made_at', 'an unknown day')}.")
    return 0


def _refuse(words: str) -> int:
    print(f"evenhand restore: {words}", file=sys.stderr)
    return 2
