"""`evenhand policy replay`: what a draft would have changed, in words that a support manager reads."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from evenhand.policy import PolicyError, bases_beside, read_files

if TYPE_CHECKING:
    from evenhand.people.models import Brand
    from evenhand.policy import Policy
    from evenhand.tickets.queries.replayed import Counted, Group, ReplayReport, TargetMove

DONE, FOUND, BAD_INPUT = 0, 1, 2
MOST_SHOWN = 20

ABOUT = """Decide the requests of a brand again under a draft, from the facts as they were recorded, and tell
what would come out otherwise: by which clauses, in whose queue, with which targets. Nothing is changed."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    replay = commands.add_parser(
        "replay",
        help="what a draft would have changed",
        description=ABOUT,
        epilog="Example:\n  evenhand policy replay draft.md --brand americommerce --since 2026-10-01",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    replay.add_argument(
        "file", metavar="DRAFT", help="the document; DRAFT with .sayings.md beside it comes along"
    )
    replay.add_argument("--brand", required=True, metavar="B", help="the brand's name in addresses")
    replay.add_argument("--since", required=True, metavar="DATE", help="the first day, such as 2026-10-01")
    replay.add_argument("--until", metavar="DATE", help="the last day, where it is not today")
    replay.add_argument("--json", action="store_true", help="everything that was found, as JSON")


def run(args: argparse.Namespace) -> int:
    """0 done, 1 the draft has errors, 2 what was typed is no use."""
    try:
        text, sayings = read_files(args.file)
    except OSError as refusal:
        return _refuse(f"{refusal.filename}: {refusal.strerror}.")
    days = {}
    for option in ("since", "until"):
        typed = getattr(args, option)
        try:
            days[option] = dt.date.fromisoformat(typed) if typed is not None else None
        except ValueError:
            return _refuse(f"--{option}: “{typed}” is not a date. Write it as 2026-10-01.")
    since, until = days["since"], days["until"]
    assert since is not None
    if until is not None and until < since:
        return _refuse(f"--until {until} lies before --since {since}. Choose a later day.")
    return _replay(args, text, sayings or "", since, until)


def _replay(args: argparse.Namespace, text: str, sayings: str, since: dt.date, until: dt.date | None) -> int:
    from evenhand.serving.opening import open_desk

    open_desk()
    from evenhand.people import queries as people
    from evenhand.rulebook import queries as rulebook
    from evenhand.tickets.models import Ticket
    from evenhand.tickets.queries.replay import replay

    brand = people.brand(args.brand)
    if brand is None:
        known = ", ".join(people.brand_slugs()) or "none yet"
        return _refuse(f"there is no brand “{args.brand}”. There are: {known}.")
    try:
        draft = rulebook.draft(text, sayings=sayings or "", file=args.file, bases=bases_beside(args.file))
    except PolicyError as refusal:
        print("\n".join(str(finding) for finding in refusal.findings), file=sys.stderr)
        return FOUND
    begins = brand.midnight(since)
    ends = brand.midnight(until + dt.timedelta(days=1)) if until else None
    found = replay(brand, draft, begins, ends, visible=Ticket.objects.filter(brand=brand))
    print(_as_json(found) if args.json else "\n".join(_in_words(brand, draft, found)))
    return DONE


def _as_json(found: ReplayReport) -> str:
    def spelt(value: Any) -> str:
        return str(value.isoformat())

    return json.dumps(asdict(found), default=spelt, ensure_ascii=False)


def _in_words(brand: Brand, draft: Policy, found: ReplayReport) -> Iterator[str]:
    zone = ZoneInfo(brand.zone)
    last = (found.until - dt.timedelta(microseconds=1)).astimezone(zone)
    period = f"from {found.since.astimezone(zone):%Y-%m-%d} to {last:%Y-%m-%d}"
    yield f"{draft.title}, version {draft.version or 'without a name'}, over what {brand} ruled {period}."
    yield ""
    if not found.total and not found.unreadable:
        yield "No request was ruled by the policy in this time, so there is nothing to decide again."
    else:
        yield from _sum(found)
        yield from _groups(found.groups)
        yield from _queues(found)
        yield from _targets(found.targets)
    yield from _apart(found)


def _sum(found: ReplayReport) -> Iterator[str]:
    share = 100 * found.changed / found.total if found.total else 0.0
    yield f"{found.total:,} requests: {found.changed:,} would have been decided otherwise ({share:.1f} %)."
    if found.only_targets:
        yield f"{found.only_targets:,} more would have been decided alike, with another target."


def _groups(groups: Iterable[Group]) -> Iterator[str]:
    shown, more = (listed := list(groups))[:MOST_SHOWN], listed[MOST_SHOWN:]
    if shown:
        yield ""
        yield "Decided otherwise"
    for group in shown:
        yield f"{group.count:>9,}  {_clauses(group.old_clauses)} → {_clauses(group.new_clauses)}"
        yield f"           {_outcome(group.old_outcome, group.old_how)}"
        yield f"           → {_outcome(group.new_outcome, group.new_how)}"
        if group.samples:
            yield f"           tickets {', '.join(map(str, group.samples))}"
    if more:
        yield f"{sum(group.count for group in more):>9,}  in {len(more)} smaller groups: --json lists them"


def _clauses(clauses: tuple[str, ...]) -> str:
    return ("clause " if len(clauses) == 1 else "clauses ") + ", ".join(clauses) if clauses else "no clause"


def _outcome(outcome: str, how: str) -> str:
    return f"{outcome}, {'proposed to a person' if how == 'proposed' else how}" if how != "open" else outcome


def _queues(found: ReplayReport) -> Iterator[str]:
    yield ""
    yield "Requests by department"
    wide = max((len(queue.department) for queue in found.queues), default=0)
    for queue in found.queues:
        more = queue.after - queue.before
        change = f"{more:+,}" if more else "as before"
        yield f"  {queue.department:<{wide}}  {queue.before:>9,} → {queue.after:>9,}  {change}"


def _targets(moves: tuple[TargetMove, ...]) -> Iterator[str]:
    if moves:
        yield ""
        yield "Other targets"
    for move in moves[:MOST_SHOWN]:
        change = f"{move.before or 'none'} → {move.after or 'none'}"
        yield f"{move.count:>9,}  {move.target}: {change}  {move.direction}"
    if len(moves) > MOST_SHOWN:
        rest = moves[MOST_SHOWN:]
        yield f"{sum(move.count for move in rest):>9,}  in {len(rest)} other moves: --json lists them"


def _apart(found: ReplayReport) -> Iterator[str]:
    told = [
        *_counted(found.never, "fall into what the draft says never occurs"),
        *_counted(found.overridden, "are set apart: a person decided otherwise than the policy"),
        *_counted(found.too_many_topics, "are set apart: more topics were possible than a record holds"),
        *(
            f"{one.count:>9,}  are set apart: version {one.version} can no longer be read. {one.why}"
            for one in found.unreadable
        ),
        *(
            f"{one.count:>9,}  hold {one.fact} “{one.value}”, which the draft does not declare: unknown there"
            for one in found.undeclared
        ),
    ]
    if told:
        yield ""
        yield "To know"
        yield from told


def _counted(counted: Counted, words: str) -> Iterator[str]:
    if counted.count:
        tickets = f" (tickets {', '.join(map(str, counted.samples))})" if counted.samples else ""
        yield f"{counted.count:>9,}  {words}{tickets}"


def _refuse(why: str) -> int:
    print(f"evenhand policy: {why}", file=sys.stderr)
    return BAD_INPUT
