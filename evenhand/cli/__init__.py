"""The command `evenhand`: a table of commands, each loaded only when it is called."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from evenhand import __version__
from evenhand.postgres.errors import DatabaseUnavailable


@dataclass(frozen=True, kw_only=True)
class Command:
    """Where a command lives, and what it does in a few words.

    Its module has `describe(parser)` and `run(args) -> int` (0 done, 1 findings, 2 usage or bad input).
    """

    module: str
    does: str


COMMANDS = {
    "serve": Command(module="evenhand.cli.serve", does="run the desk: web, worker, mail listener, database"),
    "demo": Command(module="evenhand.cli.demo", does="make the demo: two brands, people, a day of mail"),
    "policy": Command(module="evenhand.cli.policy", does="check, decide, explain, show and publish policies"),
    "read": Command(module="evenhand.cli.read", does="what a message says: request, secrets, conduct, mail"),
    "diagnose": Command(module="evenhand.cli.diagnose", does="explain a domain: names, TLS, mail, web"),
    "receive": Command(module="evenhand.cli.receive", does="take in mail files, mbox and Maildir"),
    "audit": Command(module="evenhand.cli.audit", does="verify that the record is whole and unchanged"),
    "backup": Command(module="evenhand.cli.backup", does="write everything the desk holds into one file"),
    "restore": Command(module="evenhand.cli.restore", does="put a backup into an empty home"),
    "key": Command(module="evenhand.cli.key", does="keys to the JSON API"),
    "load": Command(module="evenhand.cli.load", does="fill the desk with tickets, to measure it"),
}


OVERVIEW = """usage: evenhand COMMAND …

{lines}

evenhand COMMAND --help tells more. Example:

  evenhand serve --demo"""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    words = list(sys.argv[1:] if words is None else words)
    if words[:1] == ["--version"]:
        print(f"evenhand {__version__}")
        return 0
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0 if words else 2
    command = COMMANDS.get(words[0])
    if command is None:
        print(f"evenhand: there is no command “{words[0]}”; evenhand --help lists them.", file=sys.stderr)
        return 2
    return _run(words[0], command, words[1:])


def overview() -> str:
    """The list of commands."""
    widest = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:<{widest}}  {command.does}" for name, command in COMMANDS.items())
    return OVERVIEW.format(lines=lines)


def _run(name: str, command: Command, words: list[str]) -> int:
    module = import_module(command.module)
    parser = argparse.ArgumentParser(
        prog=f"evenhand {name}",
        description=command.does[0].upper() + command.does[1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.describe(parser)
    try:
        return int(module.run(parser.parse_args(words)))
    except DatabaseUnavailable as refusal:
        print(f"evenhand: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = None  # whoever read our output has left; nothing more to flush
        return 0
