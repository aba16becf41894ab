"""Apps of other companies, found in a text by the names and aliases of the guide, misspellings included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

EXACT, NEAR = 0.98, 0.85

_LONGEST_NAME = 4
_SHORTEST_MISSPELT = 7
_END = 3  # letters; a slip may touch two neighbours, which leaves three at one end of seven
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class App:
    """One entry of the guide to apps."""

    name: str
    aliases: tuple[str, ...] = ()
    integrated: bool


@dataclass(frozen=True, kw_only=True)
class NamedApp:
    """An app that a text names, in which words, and how surely it is that app."""

    app: App
    words: str
    confidence: float


def named_apps(text: str, apps: tuple[App, ...]) -> tuple[NamedApp, ...]:
    """The apps that `text` names, in the order of the text; a longer name goes before a part of it."""
    names, misspelt = _names(apps), _by_ends(apps)
    begun, ended = misspelt
    longest = max(map(len, names), default=0) + 1  # with a letter too many
    found: dict[str, NamedApp] = {}
    spoken = list(_WORD.finditer(text))
    folded = [word[0].casefold() for word in spoken]
    at = 0
    while at < len(spoken):
        for length in range(min(_LONGEST_NAME, len(spoken) - at), 0, -1):
            squeezed = "".join(folded[at : at + length])
            if len(squeezed) > longest:
                continue
            app, confidence = names.get(squeezed), EXACT
            if app is None and (squeezed[:_END] in begun or squeezed[-_END:] in ended):
                app, confidence = _near(squeezed, misspelt), NEAR
            if app is not None:
                words = text[spoken[at].start() : spoken[at + length - 1].end()]
                found.setdefault(app.name, NamedApp(app=app, words=words, confidence=confidence))
                at += length - 1
                break
        at += 1
    return tuple(found.values())


@lru_cache(maxsize=32)
def _names(apps: tuple[App, ...]) -> Mapping[str, App]:
    names: dict[str, App] = {}
    for app in apps:
        for name in (app.name, *app.aliases):
            names.setdefault(_squeezed(name), app)
    names.pop("", None)
    return names


def _squeezed(words: str) -> str:
    """A name without case, spaces and marks: Ship-Station, ShipStation and ship station meet."""
    return "".join(_WORD.findall(words.casefold()))


NamesByEnd = Mapping[str, tuple[tuple[str, App], ...]]
Ends = tuple[NamesByEnd, NamesByEnd]


@lru_cache(maxsize=32)
def _by_ends(apps: tuple[App, ...]) -> Ends:
    """The names long enough to be misspelt, by beginning and by end: one slip leaves one of them whole."""
    begun: dict[str, tuple[tuple[str, App], ...]] = {}
    ended: dict[str, tuple[tuple[str, App], ...]] = {}
    for name, app in _names(apps).items():
        if len(name) >= _SHORTEST_MISSPELT:
            begun[name[:_END]] = (*begun.get(name[:_END], ()), (name, app))
            ended[name[-_END:]] = (*ended.get(name[-_END:], ()), (name, app))
    return begun, ended


def _near(word: str, ends: Ends) -> App | None:
    """The app whose name is one slip of the keyboard from `word`; short words are never taken for a slip."""
    if len(word) < _SHORTEST_MISSPELT:
        return None
    begun, ended = ends
    for name, app in (*begun.get(word[:_END], ()), *ended.get(word[-_END:], ())):
        if name[0] == word[0] and _one_slip(word, name):
            return app
    return None


def _one_slip(word: str, name: str) -> bool:
    """Whether one letter added, left out, changed or swapped with its neighbour makes one of the other."""
    if abs(len(word) - len(name)) > 1:
        return False
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    left, right = word[start:], name[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )
