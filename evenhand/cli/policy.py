"""`evenhand policy`: what the language room does with a document, and what needs the desk."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

from evenhand.cli import replay
from evenhand.policy import PolicyError, bases_beside, command, read_files

if TYPE_CHECKING:
    from evenhand.tickets.queries.proof import Rederived

DONE, FOUND, BAD_INPUT = 0, 1, 2


def describe(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(
        dest="what",
        required=True,
        metavar="check|decide|explain|page|consolidate|diff|influence|publish|replay",
    )
    command.add_to(commands)
    explain = commands.choices["explain"]
    explain.add_argument(
        "--ticket", type=int, metavar="N", help="explain the rulings of ticket N, decided again"
    )
    explain.epilog = f"{explain.epilog}\n  evenhand policy explain --ticket 12"
    publish = commands.add_parser(
        "publish",
        help="put a document in force for a brand",
        description="Check a document and put it in force for a brand from a date, after the one before.",
        epilog="Example:\n  evenhand policy publish americommerce.md --brand americommerce --from 2027-01-04",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    publish.add_argument(
        "file",
        metavar="FILE",
        help="the document; its .sayings.md beside it comes along, and the base of an amendment",
    )
    publish.add_argument("--brand", required=True, metavar="B", help="the brand's name in addresses")
    publish.add_argument(
        "--from",
        dest="from_",
        required=True,
        metavar="DATE",
        help="2027-01-04, midnight where the brand is; or today",
    )
    replay.add_to(commands)
    parser.epilog = "Example:\n  evenhand policy check examples/policies/americommerce.md"


def run(args: argparse.Namespace) -> int:
    """0 done; 1 errors in the document, or a ruling comes out differently; 2 what was typed is no use."""
    if args.what == "publish":
        return _publish(args)
    if args.what == "replay":
        return replay.run(args)
    if args.what == "explain" and args.ticket is not None:
        return _explain_ticket(args)
    return command.run(args)


def _publish(args: argparse.Namespace) -> int:
    try:
        text, sayings = read_files(args.file)
    except OSError as refusal:
        return _refuse(f"{refusal.filename}: {refusal.strerror}.")
    from_ = _date(args.from_)
    if from_ is None:
        return _refuse(f"--from: “{args.from_}” is not a date. Write it as 2027-01-04, or today.")
    from evenhand.serving.opening import open_desk

    open_desk()
    from evenhand.people import queries as people
    from evenhand.rulebook import actions, queries
    from evenhand.rulebook.refusals import NotPublished, moment

    brand = people.brand(args.brand)
    if brand is None:
        return _refuse(
            f"there is no brand “{args.brand}”. There are: {', '.join(people.brand_slugs()) or 'none yet'}."
        )
    begins = from_ if isinstance(from_, dt.date) else people.today(brand)
    try:
        version = actions.publish(
            brand,
            text,
            sayings=sayings or "",
            by=None,
            from_=begins,
            file=args.file,
            bases=bases_beside(args.file),
        )
    except PolicyError as refusal:
        print("\n".join(str(finding) for finding in refusal.findings), file=sys.stderr)
        return FOUND
    except NotPublished as refusal:
        return _refuse(str(refusal))
    for promise in queries.withdrawn_by(version):
        print(f"warning: {promise}")
    since = moment(brand, version.begins)
    print(f"{version} is in force at {brand} from {since} (sha256 {version.content_hash}).")
    return DONE


def _date(typed: str) -> dt.date | str | None:
    """The date, the word “today”, or None where it is neither."""
    if typed == "today":
        return typed
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        return None


def _explain_ticket(args: argparse.Namespace) -> int:
    from evenhand.serving.opening import open_desk

    open_desk()
    from evenhand.tickets.queries.proof import rederive

    rulings = rederive(args.ticket)
    if not rulings:
        return _refuse(f"ticket {args.ticket} has no ruling, or there is no such ticket.")
    for ruling in rulings:
        print(_as_json(ruling) if args.json else _in_words(ruling))
    return DONE if all(ruling.same or ruling.ruling.overridden for ruling in rulings) else FOUND


def _as_json(found: Rederived) -> str:
    told = {
        "ruling": found.ruling.id,
        "stored": {"act": found.ruling.act, "reply": found.ruling.reply, "clauses": _numbers(found)},
        "again": {"act": found.act, "reply": found.reply, "clauses": list(found.clauses)},
        "same": found.same,
        "overridden": found.ruling.overridden,
    }
    return json.dumps(told, ensure_ascii=False)


def _in_words(found: Rederived) -> str:
    return f"{found.explanation}\n{_verdict(found)}\n"


def _verdict(found: Rederived) -> str:
    if found.same:
        return "Decided again from its stored facts and version, it comes out the same."
    if found.ruling.overridden:
        return "A person decided otherwise than the policy; above is what the policy says."
    stored = ", ".join(_numbers(found)) or "no clause"
    return f"It no longer comes out the same: stored is {found.ruling.reply or found.ruling.act} by {stored}."


def _numbers(found: Rederived) -> list[str]:
    return [clause.number for clause in found.ruling.clauses]


def _refuse(why: str) -> int:
    print(f"evenhand policy: {why}", file=sys.stderr)
    return BAD_INPUT
