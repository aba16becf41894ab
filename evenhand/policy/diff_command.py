"""`evenhand policy diff` and `influence` in print: what two versions differ in, what a policy turns on."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from .compare import LIMITS, Comparison, Difference, compare
from .compile import load
from .edits import Edit
from .influence import Influence, influence
from .words import OUTCOME

DONE = 0

_DECIDED = "Decided otherwise"
_TERMS = "Speed, steps and money"
_AGENTS = "What agents may do"
_PLACES = "The same help, with other places, departments or services"
_FOLLOWS = "What follows from these, by rules that stay as they are"
_HEADINGS = (_DECIDED, _TERMS, _AGENTS, _PLACES, _FOLLOWS)
_CAME = {"added": "new", "omitted": "gone"}
_WORDS = {
    "words only": "Clauses that say the same in other words",
    "reworded": "Clauses with other words beside what they decide",
}


def diff(args: argparse.Namespace) -> int:
    """Prints how NEW differs from OLD; 0 also where it does."""
    old, new = load(args.old), load(args.new)
    found = compare(old, new)
    if args.json:
        print(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        print(f"From {old.title} {old.version} to {new.title} {new.version}")
        print("\n".join(_lines(found)))
    return DONE


def _as_json(found: Comparison) -> dict[str, Any]:
    return {
        "differences": [{**asdict(one), "when": one.when} for one in found.differences],
        "edits": [asdict(edit) for edit in found.edits],
        "uncompared": [asdict(one) for one in found.uncompared],
    }


def _lines(found: Comparison) -> Iterator[str]:
    if found.decides_alike:
        yield "Every case is decided as before."
    for heading, several in _under_headings(found.differences).items():
        yield f"\n{heading}"
        for one in several:
            yield f"  {one.sentence}"
            yield f"    when {one.boxes[0]}"
            yield from (f"    or when {box}" for box in one.boxes[1:])
            if (example := _example(one)) not in one.boxes:
                yield f"    for example {example}"
    if found.edits:
        yield "\nWritten otherwise"
        yield from (f"  {line}" for line in _edit_lines(found.edits))
    for unjudged in found.uncompared:
        yield f"\n{unjudged.sentence}"


def _example(one: Difference) -> str:
    """The witness, as far as the difference turns on it: the facts that no box names may be anything."""
    named = {piece.partition(":")[0] for box in one.boxes for piece in box.split("; ")}
    told = [f"{name}: {value}" for name, value in one.witness.items() if name in named]
    return "; ".join(told) or "any case at all"


def _under_headings(differences: tuple[Difference, ...]) -> dict[str, list[Difference]]:
    under: dict[str, list[Difference]] = {heading: [] for heading in _HEADINGS}
    for one in differences:
        under[_heading(one)].append(one)
    return {heading: several for heading, several in under.items() if several}


def _heading(one: Difference) -> str:
    if one.kind != "change":
        return _PLACES if one.kind == "pointers" else _FOLLOWS
    return {OUTCOME: _DECIDED, LIMITS: _AGENTS}.get(one.group, _TERMS)


def _edit_lines(edits: tuple[Edit, ...]) -> Iterator[str]:
    """Clauses one by one; what only has other words, or came or went, as one line for each kind."""
    gathered: dict[tuple[str, str], list[str]] = {}
    for edit in edits:
        if edit.how in ("added", "omitted") and edit.kind != "clause" and edit.name:
            gathered.setdefault((f"{edit.kind.capitalize()} {_CAME[edit.how]}", edit.how), []).append(
                edit.name
            )
        elif edit.kind == "clause" and edit.how in _WORDS:
            gathered.setdefault((_WORDS[edit.how], edit.how), []).append(edit.name)
        else:
            yield edit.sentence
    for (said, _), names in gathered.items():
        yield f"{said}: {', '.join(names)}"


def turns(args: argparse.Namespace) -> int:
    """Prints what each fact of a policy can turn."""
    policy = load(args.file)
    found = influence(policy)
    print(json.dumps(asdict(found), ensure_ascii=False) if args.json else "\n".join(_influence_lines(found)))
    return DONE


def _influence_lines(found: Influence) -> Iterator[str]:
    yield f"Of {found.cases:,} possible cases, changing one fact alone can change the outcome:"
    for one in found.facts:
        yield f"{one.share_of_cases:7.1%}  {one.fact}"
        yield from (f"           {turn.sentence}" for turn in one.turns[:5])
        if len(one.turns) > 5:
            yield f"           and {len(one.turns) - 5} more"
    if found.uncounted:
        yield f"Too many combinations to count: {', '.join(found.uncounted)}."
