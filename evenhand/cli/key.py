"""`evenhand key`: keys to the JSON API."""

from __future__ import annotations

import argparse
import sys

MAKE = "evenhand key make --brand americommerce --person ruth@desk.example --name platform"


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make, list and revoke keys to the JSON API. A key acts as one member of staff at one brand."
    )
    acts = parser.add_subparsers(dest="act", required=True, metavar="make|list|revoke")
    make = acts.add_parser("make", help="make a key and show it, once")
    make.add_argument("--brand", required=True)
    make.add_argument("--person", required=True, metavar="EMAIL")
    make.add_argument("--name", required=True, type=_name, help="what it is for, in at most 80 characters")
    make.epilog = parser.epilog = f"example: {MAKE}"
    listing = acts.add_parser("list", help="list all keys, without their secret")
    listing.epilog = "example: evenhand key list"
    revoke = acts.add_parser("revoke", help="make a key worthless")
    revoke.add_argument("number", type=int, metavar="NUMBER", help="as `evenhand key list` shows it")
    revoke.epilog = "example: evenhand key revoke 3"


def run(args: argparse.Namespace) -> int:
    from evenhand.serving.opening import open_desk

    open_desk()
    return {"make": _make, "list": _list, "revoke": _revoke}[args.act](args)


def _name(given: str) -> str:
    if not 0 < len(given) <= 80:
        raise argparse.ArgumentTypeError("it must have 1 to 80 characters")
    return given


def _make(args: argparse.Namespace) -> int:
    from evenhand.people.keys import NotStaff, make_key
    from evenhand.people.models import Brand, Person

    brand = Brand.objects.filter(slug=args.brand).first()
    person = Person.objects.filter(email=args.person.lower()).first()
    if brand is None or person is None:
        return _refuse(
            f"no brand “{args.brand}”" if brand is None else f"nobody here has the address {args.person}"
        )
    try:
        print(make_key(person, brand, name=args.name, by=None))
    except NotStaff as refusal:
        return _refuse(str(refusal))
    return 0


def _list(args: argparse.Namespace) -> int:
    from evenhand.people.models import AccessKey

    for key in AccessKey.objects.select_related("person", "brand").order_by("pk"):
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "good"
        print(f"{key.pk}\t{key.brand.slug}\t{key.person.email}\t{key.name}\t{state}")
    return 0


def _revoke(args: argparse.Namespace) -> int:
    from evenhand.people.keys import revoke_key
    from evenhand.people.models import AccessKey

    key = AccessKey.objects.select_related("brand").filter(pk=args.number).first()
    if key is None:
        return _refuse(f"there is no key {args.number}; evenhand key list shows them")
    revoke_key(key, by=None)
    return 0


def _refuse(why: str) -> int:
    print(f"evenhand key: {why}.", file=sys.stderr)
    return 2
