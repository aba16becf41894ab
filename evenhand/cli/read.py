"""`evenhand read`: what a message says: request, redact, conduct, mail."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.reading import command

if TYPE_CHECKING:
    from evenhand.reading.guide import App

REQUEST_EXAMPLE = """example:
  echo '{"id": 1, "text": "the padlock is gone", "facts": {"theme_state": "fresh"}}' |
    evenhand read request --policy examples/policies/americommerce.md"""


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of the reading room, and `request`, which needs a policy too."""
    kinds = command.describe(parser)
    parser.epilog = REQUEST_EXAMPLE
    request = kinds.add_parser(
        "request",
        help="read requests under a policy",
        description="Say what each request means under a policy: topic, outcome, what to ask, facts.",
        epilog=REQUEST_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    request.add_argument("--policy", type=Path, required=True, metavar="FILE", help="the policy's document")
    request.add_argument("--apps", type=Path, metavar="FILE", help="the guide to apps, as JSON")
    command.add_lines_argument(request)
    request.set_defaults(read=read_requests)


def run(args: argparse.Namespace) -> int:
    """Run the chosen subcommand: 0 done, 2 where something could not be read."""
    return command.run(args)


def read_requests(args: argparse.Namespace) -> int:
    """Answer requests under the policy of `--policy`; its reader is trained on first use and kept."""
    from evenhand.cli.read_request import answer, sayings
    from evenhand.policy import PolicyError, load
    from evenhand.reading.shelf import reader_of

    try:
        policy = load(args.policy)
        apps = _guide(args.apps) if args.apps else ()
    except PolicyError as refusal:
        return _refuse(str(refusal))
    except OSError as missing:
        return _refuse(f"{missing.filename}: {missing.strerror}. Name a file that can be read.")
    except (ValueError, TypeError, KeyError):
        return _refuse(f'{args.apps}: not a guide to apps. It is {{"apps": [{{"name", "integrated"}}, …]}}.')
    if not policy.topics:
        return _refuse(f"{args.policy}: declares no topics, so there is nothing to read for.")
    model = reader_of(sayings(policy))
    return command.answer_lines(args.files, lambda line: answer(line, policy, model, apps))


def _guide(file: Path) -> tuple[App, ...]:
    from evenhand.reading.guide import App

    return tuple(
        App(
            name=str(entry["name"]),
            aliases=tuple(map(str, entry.get("aliases", ()))),
            integrated=bool(entry["integrated"]),
        )
        for entry in json.loads(file.read_text("utf-8"))["apps"]
    )


def _refuse(why: str) -> int:
    print(f"evenhand read: {why}", file=sys.stderr)
    return 2
