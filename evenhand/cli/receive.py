"""`evenhand receive FILE…`: mail files into the desk, through the same door as SMTP."""

from __future__ import annotations

import argparse
import mailbox
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.people.models import Brand

EXAMPLE = """Example:

  evenhand receive saved-mail/*.eml
  evenhand receive --brand americommerce ~/Maildir"""
TOGETHER = 20  # mails in one transaction


class NotMail(Exception):
    """What was named holds no mail, or no brand can be told from it."""


def describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a mail (.eml), an mbox file, or a Maildir")
    parser.add_argument(
        "--brand", metavar="SLUG", help="whose mail it is; without it, the address in To or Cc decides"
    )
    parser.epilog = EXAMPLE


def run(args: argparse.Namespace) -> int:
    """Take every mail in; what was taken in before changes nothing. 0: all taken in; 2: some could not be."""
    from evenhand.serving.opening import open_desk

    open_desk()
    refused = 0
    taken = 0
    try:
        brand = _brand_named(args.brand) if args.brand else None
        for name in args.files:
            try:
                taken += _take_in(Path(name), brand)
            except (NotMail, OSError) as problem:
                refused += 1
                print(f"evenhand receive: {name}: {_said(problem)}", file=sys.stderr)
    except NotMail as problem:
        print(f"evenhand receive: {problem}", file=sys.stderr)
        return 2
    print(f"{taken} mail{'' if taken == 1 else 's'} taken in; the worker makes tickets of them.")
    return 2 if refused else 0


def _take_in(path: Path, brand: Brand | None) -> int:
    """How many mails of one file or folder were kept, those that had been kept before among them."""
    from evenhand.intake import actions

    mails = iter(read_mails(path))
    kept = 0
    while together := list(islice(mails, TOGETHER)):
        kept += len(actions.accept_all([_incoming(raw, brand) for raw in together]))
    if not kept:
        raise NotMail("there is no mail in it.")
    return kept


def read_mails(path: Path) -> Iterator[bytes]:
    """The bytes of each mail in an .eml file, an mbox, or a Maildir."""
    if path.is_dir():
        if not (path / "cur").is_dir() and not (path / "new").is_dir():
            raise NotMail(
                "this folder is no Maildir: it has neither “new” nor “cur”. Name the files in it instead."
            )
        with closing(mailbox.Maildir(path, create=False)) as box:
            yield from (box.get_bytes(key) for key in sorted(box.keys()))
    elif _is_mbox(path):
        with closing(mailbox.mbox(path, create=False)) as file:
            yield from (file.get_bytes(key) for key in sorted(file.keys()))
    else:
        yield path.read_bytes()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _incoming(raw: bytes, brand: Brand | None):  # type: ignore[no-untyped-def]
    from evenhand.intake.incoming import from_mail

    to = _recipients(raw)
    found = [(found, address) for address in to if (found := _brand_of(address))]
    if brand is None and not found:
        raise NotMail(
            f"no brand has the mailbox {', '.join(to) or '(none named)'}. Say whose it is with --brand."
        )
    own = [(whose, address) for whose, address in found if brand is None or whose.pk == brand.pk]
    whose, address = max(own, key=lambda each: "+" in each[1], default=(brand, ""))
    assert whose is not None
    return from_mail(raw, brand=whose, recipient=address)


def _recipients(raw: bytes) -> Iterable[str]:
    from evenhand.reading.mime import read_mail

    return read_mail(raw).to


def _brand_of(address: str) -> Brand | None:
    from evenhand.people import queries as people

    local, _, domain = address.rpartition("@")
    return people.brand_of_mailbox(f"{local.partition('+')[0]}@{domain}")


def _brand_named(slug: str) -> Brand:
    from evenhand.people import queries as people

    brand = people.brand(slug)
    if brand is None:
        raise NotMail(f"there is no brand “{slug}”.")
    return brand


def _said(problem: Exception) -> str:
    return problem.strerror or str(problem) if isinstance(problem, OSError) else str(problem)
