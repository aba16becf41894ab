"""What a document declares and shows, whatever else is wrong in it: for whoever is writing it."""

from __future__ import annotations

from dataclasses import dataclass

from .document import Document
from .findings import Enough, Findings
from .parse import parse
from .schedules import read_facts, read_topics, read_words
from .words import ACTS, TARGETS, TOPIC

KINDS = ("places", "departments", "services", "replies", "calendar")


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of the document's vocabulary.

    `kind`: fact, topic, place, department, service, reply, calendar, clause, act or target. `note` says what
    it stands for; `values` are those of a fact.
    """

    kind: str
    name: str
    note: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExampleLine:
    line: int
    clause: str
    given: str
    expected: str


@dataclass(frozen=True, kw_only=True)
class Contents:
    words: tuple[Word, ...] = ()
    examples: tuple[ExampleLine, ...] = ()


def contents(text: str) -> Contents:
    """The vocabulary and the examples of a document. Never raises; of a hopeless text they are empty.

    >>> contents("hello").words
    ()
    """
    findings = Findings("policy.md")
    try:
        document = parse(text, findings)
    except Enough:
        document = None
    if document is None:
        return Contents()
    return Contents(words=_words(document), examples=_examples(document))


def _words(document: Document) -> tuple[Word, ...]:
    schedules, ignored = document.schedules, Findings("policy.md")
    try:
        facts = read_facts(schedules.get("facts"), ignored)
        topics, _ = read_topics(schedules.get("topics"), ignored)
        listed = {kind: read_words(schedules.get(kind), ignored) for kind in KINDS}
    except Enough:
        return ()
    found = [Word(kind="fact", name=TOPIC, note="what the request is about")] if topics else []
    for fact in facts.values():
        values = (f"{fact.low} to {fact.high}",) if fact.kind == "number" else fact.values
        found.append(Word(kind="fact", name=fact.name, note=", ".join(values), values=tuple(fact.values)))
    found += [Word(kind="topic", name=topic, note=said.description) for topic, said in topics.items()]
    for kind, words in listed.items():
        found += [Word(kind=_singular(kind), name=name, note=note) for name, note in words.items()]
    clauses = document.clauses.values()
    found += [Word(kind="clause", name=clause.number, note=clause.title) for clause in clauses]
    found += [Word(kind="act", name=act, note="") for act in ACTS]
    return (*found, *(Word(kind="target", name=target, note="") for target in TARGETS))


def _singular(kind: str) -> str:
    return {"replies": "reply"}.get(kind, kind.removesuffix("s"))


def _examples(document: Document) -> tuple[ExampleLine, ...]:
    found = []
    for clause in document.clauses.values():
        for said in clause.examples:
            given, _, expected = said.text.partition("=>")
            found.append(
                ExampleLine(
                    line=said.line, clause=clause.number, given=given.strip(), expected=expected.strip()
                )
            )
    return tuple(sorted(found, key=lambda example: example.line))
