"""Slots in prose: `{fact}`, `{target}` or a name of a schedule, filled from the rule itself (rule 14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from .conditions import ReadCase
from .decisions import Target, Vocabulary
from .document import ClauseText, Text
from .facts import Misread
from .findings import Findings, nearest, shorten
from .words import MOMENT_SLOTS, and_list

SLOT: Final = re.compile(r"\{([^{}\n]{1,80})\}")


def fill_prose(clause: ClauseText, cases: list[ReadCase], words: Vocabulary, findings: Findings) -> str:
    """The public text of a clause, slots filled; a slot that means nothing, or two things, is a finding."""
    pieces = []
    for piece in clause.prose:
        pieces.append(
            _fill(piece, findings, clause.number, lambda name: slot_words(name, clause, cases, words))
        )
    return "\n\n".join(pieces)


def fill_plain(pieces: Iterable[Text], words: Vocabulary, findings: Findings) -> str:
    """Prose outside a clause: only names of the schedules can be meant."""
    return "\n\n".join(
        _fill(piece, findings, None, lambda name: schedule_words(name, words)) for piece in pieces
    )


def _fill(piece: Text, findings: Findings, clause: str | None, words_for: Callable[[str], str]) -> str:
    """One piece of prose, filled; each slot is looked up once, and told once where it means nothing."""
    filled: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name not in filled:
            try:
                filled[name] = words_for(name)
            except Misread as misread:
                line = piece.line + piece.text.count("\n", 0, match.start())
                findings.error("slot", line, misread.message, clause=clause, mend=misread.mend)
                filled[name] = match[0]
        return filled[name]

    return SLOT.sub(fill, piece.text)


def slot_words(name: str, clause: ClauseText, cases: list[ReadCase], words: Vocabulary) -> str:
    """What a slot in a clause stands for. Raises Misread where it is unknown, ambiguous or internal."""
    sets = {
        condition.wanted for case in cases for condition in case.written.conditions if condition.fact == name
    }
    targets = {
        effect
        for case in cases
        for effect in case.effects.values()
        if isinstance(effect, Target) and effect.name == name
    }
    meanings = [_set_words(wanted) for wanted in sorted(sets)]
    meanings += sorted({target.text for target in targets})
    if any(not target.is_public for target in targets):
        raise Misread(
            f"{{{shorten(name)}}} is an internal target of clause {clause.number}, and is never printed.",
            "Promise it or aim for it, or take it out of the prose.",
        )
    if _is_in_schedule(name, words):
        meanings.append(schedule_words(name, words))
    if len(meanings) > 1:
        raise Misread(
            f"{{{shorten(name)}}} could mean {and_list(meanings, 'or')}.", "Write the words out instead."
        )
    if not meanings:
        known = [condition.fact for case in cases for condition in case.written.conditions]
        known += [*words.departments, *words.services, *words.places]
        raise Misread(f"Nothing here is called {{{shorten(name)}}}.", nearest(name, known))
    return meanings[0]


def schedule_words(name: str, words: Vocabulary) -> str:
    """The words of a department, a service or a place. Raises Misread."""
    if name in words.services and (name in words.departments or name in words.places):
        raise Misread(f"{{{shorten(name)}}} is a service and a place too.", "Give one of them another name.")
    for schedule in (words.departments, words.services, words.places):
        if name in schedule:
            return schedule[name]
    raise Misread(
        f"Nothing here is called {{{shorten(name)}}}.",
        nearest(name, [*words.departments, *words.services, *words.places]),
    )


def _is_in_schedule(name: str, words: Vocabulary) -> bool:
    return name in words.departments or name in words.services or name in words.places


def _set_words(wanted: str) -> str:
    return and_list([word.strip() for word in wanted.split(",")], "or")


def check_reply_slots(replies: Iterable[tuple[str, Text]], words: Vocabulary, findings: Findings) -> None:
    """In replies a slot is one of the moment, or a name of a schedule."""
    for name, text in replies:
        for slot in SLOT.findall(text.text):
            if slot not in MOMENT_SLOTS and not _is_in_schedule(slot, words):
                findings.error(
                    "slot",
                    text.line,
                    f"The reply {name} has a slot {{{shorten(slot)}}} that nothing fills.",
                    mend=nearest(slot, [*MOMENT_SLOTS, *words.departments, *words.services, *words.places]),
                )
