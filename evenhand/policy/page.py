"""The public page: the document as its readers see it. Internal targets and sayings stay out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from .decisions import Outcome, Target, Vocabulary
from .document import ClauseText, Part, Schedule, Text
from .facts import Misread
from .ladder import Ladder
from .slots import SLOT, schedule_words, slot_words
from .words import OUTCOME, PERSON, SEVERITIES, and_list

if TYPE_CHECKING:
    from .policy import Policy

Link = Callable[[str], str | None]

MARKS = {
    "help": "support",
    "decline": "decline",
    "quote": "quote",
    "assign": "assign",
    "point": "suggest",
    "refuse": "refuse",
    "ask": "asking",
    "close": "support",
    PERSON: "asking",
}
_SENTENCES = {
    "help": "We help",
    "decline": "Not by us",
    "quote": "By the hour, after a quote",
    "assign": "We pass it on",
    "point": "There is a place for this",
    "refuse": "We do not take this up",
    "ask": "We ask you for more",
    "close": "Nothing more is needed",
    PERSON: "A person decides",
}
_STRENGTHS = {"promise": "We promise", "aim": "We aim for"}


@dataclass(frozen=True, kw_only=True)
class GlanceRow:
    """One row of “at a glance”: a clause, and one act that it decides."""

    number: str
    title: str
    act: str


def at_a_glance(policy: Policy) -> tuple[GlanceRow, ...]:
    """One row per clause and act, in the order of the document."""
    return tuple(
        GlanceRow(number=clause.number, title=clause.title, act=act)
        for clause in policy.clauses.values()
        for act in _acts(case.effects.get(OUTCOME) for case in clause.cases)
    )


def _acts(effects: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(effect.act for effect in effects if isinstance(effect, Outcome)))


def render_page(policy: Policy, link: Link | None) -> str:
    """Contents and text, as two siblings for a `.policy` grid. Everything that the document says is escaped.

    `link` gives the address of a place, a department's place or a service by its name; None leaves plain
    words.
    """
    return "".join(_Page(policy, link or (lambda name: None)).pieces())


def render_prose(policy: Policy, number: str, link: Link | None) -> str:
    """What one clause says, without its heading and exceptions. KeyError where there is no such clause."""
    return _Page(policy, link or (lambda name: None)).prose_of(number)


class _Page:
    def __init__(self, policy: Policy, link: Link) -> None:
        compiled = policy.compiled
        self.policy = policy
        self.link = link
        self.document = compiled.document
        self.cases = compiled.rules.cases
        self.never = compiled.rules.never
        self.words = Vocabulary(
            departments=policy.departments,
            replies=policy.replies,
            places=policy.places,
            services=policy.services,
            calendars=policy.calendars,
            steps=(),
            facts=tuple(policy.facts),
        )
        self.markdown = MarkdownIt("commonmark", {"html": False})

    def pieces(self) -> Iterator[str]:
        yield from self._contents()
        yield '<article class="policy__text">'
        for piece in self.document.lede:
            yield self._prose(piece, None)
        for part in self._shown_parts():
            yield from self._part(part)
        yield from self._definitions()
        yield "</article>"

    def prose_of(self, number: str) -> str:
        clauses = {clause.number: clause for part in self.document.parts for clause in self._clauses(part)}
        clause = clauses[number]
        return "".join([*(self._prose(piece, clause) for piece in clause.prose), *self._targets(clause)])

    def _shown_parts(self) -> list[Part]:
        return [part for part in self.document.parts if part.items]

    def _contents(self) -> Iterator[str]:
        yield '<nav class="policy__toc" aria-label="Contents" tabindex="0">'
        yield "<details><summary>Contents</summary><ol>"
        for part in self._shown_parts():
            yield f"<li><b>{escape(part.title)}</b><ol>"
            for clause in self._clauses(part):
                if clause.parent is None:
                    number = escape(clause.number)
                    yield f'<li><a href="#c-{number}"><span>{number}</span>'
                    yield f"<span>{escape(clause.title)}</span></a></li>"
            yield "</ol></li>"
        yield "</ol></details></nav>"

    def _clauses(self, part: Part) -> list[ClauseText]:
        return [item for item in part.items if isinstance(item, ClauseText)]

    def _part(self, part: Part) -> Iterator[str]:
        yield f'<h2 class="part">{escape(part.title)}</h2>'
        for item in part.items:
            if isinstance(item, Text):
                yield self._prose(item, None)
            elif isinstance(item, Schedule) and self.policy.ladder is not None:
                yield from _ladder(self.policy.ladder)
            elif isinstance(item, ClauseText) and item.parent is None:
                yield from self._clause(item, part, depth=3)

    def _clause(self, clause: ClauseText, part: Part, *, depth: int) -> Iterator[str]:
        number = escape(clause.number)
        kind = "clause" if clause.parent is None else "clause clause--except"
        heading = min(depth, 6)
        yield f'<section class="{kind}" id="c-{number}"><h{heading}>'
        yield f'<a class="clause__no" href="#c-{number}" aria-label="Clause {number}">{number}</a>'
        yield f"{escape(clause.title)}</h{heading}>"
        for act in _acts(case.effects.get(OUTCOME) for case in self.cases[clause.number]):
            yield f'<span class="outcome is-{MARKS[act]}"><span class="mark"></span>{_SENTENCES[act]}</span>'
        for piece in clause.prose:
            yield self._prose(piece, clause)
        yield from self._targets(clause)
        yield from self._pointers(clause)
        for exception in self._clauses(part):
            if exception.parent == clause.number:
                yield from self._clause(exception, part, depth=depth + 1)
        yield "</section>"

    def _targets(self, clause: ClauseText) -> Iterator[str]:
        """What is promised or aimed for; what is merely set is internal and never printed (rule 29)."""
        for case in self.cases[clause.number]:
            public = [
                target for target in case.effects.values() if isinstance(target, Target) and target.is_public
            ]
            for strength, words in _STRENGTHS.items():
                named = [f"{target.name}: {target.text}" for target in public if target.strength == strength]
                if named:
                    yield f'<p class="clause__target">{words} {escape(and_list(named))}.</p>'

    def _pointers(self, clause: ClauseText) -> Iterator[str]:
        """Where the clause sends people besides the places that its prose names, as links where possible."""
        said = {match[1] for piece in clause.prose for match in SLOT.finditer(piece.text)}
        names: list[str] = []
        for case in self.cases[clause.number]:
            effect = case.effects.get(OUTCOME)
            if isinstance(effect, Outcome):
                names += [*effect.pointers, *([effect.service] if effect.service else [])]
        links = [
            linked for name in dict.fromkeys(names) if name not in said and (linked := self._linked(name))
        ]
        if links:
            items = "".join(f"<li>{linked}</li>" for linked in links)
            yield f'<ul class="clause__places">{items}</ul>'

    def _linked(self, name: str) -> str:
        words = escape(self.policy.services.get(name) or self.policy.places[name])
        address = self.link(name)
        return f'<a href="{escape(address)}">{words}</a>' if address else words

    def _prose(self, piece: Text, clause: ClauseText | None) -> str:
        """Markdown with its slots filled. Slots become marks first: their words are no Markdown."""
        filled: list[str] = []

        def hold(match: re.Match[str]) -> str:
            filled.append(self._slot(match[1], clause))
            return f"\ue000{len(filled) - 1}\ue001"

        held = SLOT.sub(hold, piece.text.replace("\ue000", "").replace("\ue001", ""))
        html = str(self.markdown.render(held))
        return re.sub("\ue000(\\d+)\ue001", lambda match: filled[int(match[1])], html)

    def _slot(self, name: str, clause: ClauseText | None) -> str:
        try:
            if clause is None:
                words = schedule_words(name, self.words)
            else:
                words = slot_words(name, clause, self.cases[clause.number], self.words)
        except Misread:
            return escape("{" + name + "}")
        declared = name in self.words.places or name in self.words.services
        address = self.link(name) if declared else None
        return f'<a href="{escape(address)}">{escape(words)}</a>' if address else escape(words)

    def _definitions(self) -> Iterator[str]:
        """What can never occur is true by meaning, so it is printed as a definition (rule 10)."""
        if not self.never:
            return
        yield '<h2 class="part">What our words mean</h2><ul class="policy__definitions">'
        for entry in self.never:
            parts = [
                f"{name} is {and_list(self._labels(name, entry.wanted[name]), 'or')}" for name in entry.wanted
            ]
            yield f"<li>It is never so that {escape(and_list(parts))}.</li>"
        yield "</ul>"

    def _labels(self, name: str, wanted: tuple[tuple[int, int], ...]) -> list[str]:
        cells = next(cells for cells in self.policy.compiled.rules.grid.cells if cells.fact.name == name)
        topics = self.policy.topics
        return [
            topics[label].description if name == "topic" and topics[label].description else label
            for label in cells.labels(cells.mask(wanted))
        ]


def _ladder(ladder: Ladder) -> Iterator[str]:
    """Breaches, steps and who decides. How long a step lasts is said in prose or not at all."""
    yield '<section class="ladder"><h3>What counts as a breach</h3><ul class="ladder__breaches">'
    for breach in ladder.breaches.values():
        yield f"<li><b>{escape(breach.severity.capitalize())}.</b> {escape(breach.text or breach.name)}</li>"
    yield '</ul><h3>What follows</h3><ol class="ladder__steps">'
    for step in ladder.steps.values():
        closes = f": {escape(step.closes)}" if step.closes else ""
        yield f"<li><b>{escape(step.name.capitalize())}</b>{closes}</li>"
    yield "</ol>"
    yield '<table class="ladder__table"><thead><tr><th scope="col">From</th>'
    yield "".join(f'<th scope="col">{severity.capitalize()}</th>' for severity in SEVERITIES)
    yield "</tr></thead><tbody>"
    for standing, rungs in ladder.rungs.items():
        cells = "".join(f"<td>{escape(rungs[severity])}</td>" for severity in SEVERITIES)
        yield f'<tr><th scope="row">{escape(standing)}</th>{cells}</tr>'
    yield "</tbody></table>"
    if ladder.confirmed_by:
        yield f"<p>Confirmed by: {escape(ladder.confirmed_by)}.</p>"
    if ladder.appeal:
        yield f"<p>Appeal: {escape(ladder.appeal)}.</p>"
    yield "</section>"


def whole_page(policy: Policy) -> str:
    """A complete HTML page, for the command: the fragment with a plain frame and enough style to read it."""
    title = escape(policy.title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif}"
        ".policy__toc ol{list-style:none;padding-left:1rem}.policy__toc span:first-child{margin-right:.6em}"
        ".clause__no{margin-right:.5em;color:inherit}.clause--except{margin-left:1.5rem}"
        ".outcome{font-style:italic;margin-right:1em}td,th{text-align:left;padding-right:1.5em}</style></head>"
        f"<body><main><h1>{title}</h1><p>Version {escape(policy.version)}</p>"
        f'<div class="policy">{policy.page()}'
        "</div></main></body></html>\n"
    )
