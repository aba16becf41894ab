"""Facts that a message states, each with the words that state it.

Conservative: a fact is read only where the text says it, never guessed from a topic; where the text says
both, it says nothing.  What the account or the store knows stands above what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.reading.guide import App, named_apps
from evenhand.reading.statements import STATEMENTS, Statement
from evenhand.reading.wording import without_courtesies

_THEME = re.compile(r"\b(?:themes?|templates?|css|html|skin|layout|widgets?)\b", re.IGNORECASE)
_CHARACTERS_READ = 8_000


@dataclass(frozen=True, kw_only=True)
class FactReading:
    """A fact found in a text: its value, where (`read: "untouched theme"`) and how sure, 0 to 1."""

    value: str
    source: str
    confidence: float


def read_facts(
    text: str, *, declared: Mapping[str, Sequence[str]], apps: Sequence[App] = ()
) -> dict[str, FactReading]:
    """The facts that `text` states, of those `declared` (name → values); `apps` is the guide to apps.

    A fact of which the text states two values is left out, as is one whose value is not declared.
    """
    text = without_courtesies(text[:_CHARACTERS_READ].replace("’", "'"))
    found: dict[str, FactReading] = {}
    for fact, statements in STATEMENTS.items():
        if fact in declared and (reading := _stated(text, fact, statements)):
            found[fact] = reading
    if "app integrated" in declared and (known := _from_guide(text, apps)):
        found["app integrated"] = known
    return {fact: reading for fact, reading in found.items() if reading.value in declared[fact]}


def _stated(text: str, fact: str, statements: Sequence[Statement]) -> FactReading | None:
    if fact == "theme state" and not _THEME.search(text):
        return None  # "nobody has changed anything" may be about anything
    stated: dict[str, FactReading] = {}
    lower = _in_lower_case(text)
    for statement in statements:
        for match in statement.pattern.finditer(lower):
            value = statement.value_in(lower, match)
            quoted = " ".join(text[slice(*match.span())].split())
            reading = FactReading(value=value, source=f'read: "{quoted}"', confidence=statement.confidence)
            stated.setdefault(value, reading)
    if fact == "works as intended" and "no" in stated:
        return stated["no"]  # a fault is told with wishes around it, a wish seldom with faults
    return next(iter(stated.values())) if len(stated) == 1 else None


def _in_lower_case(text: str) -> str:
    """`text` in lower case, each letter where it stood: the few that become two, as İ does, stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _from_guide(text: str, apps: Sequence[App]) -> FactReading | None:
    """Whether the apps named in `text` are integrated, where the guide says the same of all of them."""
    named = named_apps(text, tuple(apps))
    if len({one.app.integrated for one in named}) != 1:
        return None
    surest = max(named, key=lambda one: one.confidence)
    return FactReading(
        value="yes" if surest.app.integrated else "no",
        source=f'app guide: {surest.app.name}, read: "{surest.words}"',
        confidence=surest.confidence,
    )
