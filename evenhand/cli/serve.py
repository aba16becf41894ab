"""`evenhand serve`: the whole desk, or one part of it, until told to stop."""

import argparse
import os
import sys
from contextlib import ExitStack

from evenhand.postgres import Server
from evenhand.serving.children import Child, part_of_the_desk
from evenhand.serving.group import AddressInUse, Group, listening
from evenhand.serving.opening import embedded, finish_interrupted_restore, home

PARTS = ("web", "worker", "mail")


def describe(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--only", choices=PARTS, help="run this part alone")
    parser.add_argument(
        "--demo",
        action="store_true",
        help="make the demo once, and show its buttons and outbox (on loopback only)",
    )
    parser.epilog = "example:\n  EVENHAND_WEB_PORT=8080 evenhand serve"


def run(args: argparse.Namespace) -> int:
    """Start PostgreSQL where it is ours, then the parts; returns when told to stop."""
    if args.demo:
        os.environ["EVENHAND_DEMO"] = "yes"
    with ExitStack() as open_things:
        server = open_things.enter_context(Server(home())) if embedded() else None
        finish_interrupted_restore()
        try:
            children = _children(args, open_things)
        except AddressInUse as refusal:
            print(f"evenhand: {refusal}", file=sys.stderr)
            return 2
        names = {child.name for child in children}
        group = Group(children, server, when_ready=lambda: _announce(names))
        if args.demo and not args.only:
            group.when_ready = lambda: _make_the_demo(group, names)
        return group.run()


def _children(args: argparse.Namespace, open_things: ExitStack) -> list[Child]:
    from evenhand import settings  # reads the database's address, which PostgreSQL's first start makes

    parts = (args.only,) if args.only else PARTS
    how_many = {"worker": settings.WORKER_PROCESSES, "mail": 1, "web": 0}
    children = [part_of_the_desk(part) for part in parts for _ in range(how_many[part])]
    if "web" in parts:
        line = open_things.enter_context(listening(settings.WEB_HOST, settings.WEB_PORT))
        socket = {"EVENHAND_SOCKET": str(line.fileno())}
        for _ in range(settings.WEB_PROCESSES):
            children.append(part_of_the_desk("web", descriptors=(line.fileno(),), environment=socket))
    return children


def _make_the_demo(group: Group, names: set[str]) -> None:
    """Through the desk's own doors, so only once they are open.

    The first time, the address is told when the demo is there; later, what is missing is made behind it.
    """
    group.add(Child(name="demo", module="evenhand.cli", words=("demo",), once=True))
    made = home() / "demo-made"
    if made.exists():
        _announce(names)
        return
    print("Making the demo; this happens once.", flush=True)

    def announce() -> None:
        made.touch()
        _announce(names)

    group.when_ready = announce


def _announce(names: set[str]) -> None:
    from evenhand import settings

    if "web" in names:
        print(f"Evenhand is at {settings.BASE_URL}", flush=True)
    if "mail" in names:
        print(f"Mail comes in at {settings.MAIL_HOST}, port {settings.MAIL_PORT} (SMTP)", flush=True)
    print("Ctrl-C stops it.", flush=True)
