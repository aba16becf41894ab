"""Prose against rule: where the public words say another value, time, place or act than the rule does.

Language is richer than rules, so each lint speaks only where nothing that the clause, its exceptions or the
clauses above it decide can have been meant: a warning is worth reading, and `{slots}` never drift at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..conditions import ReadCase
from ..decisions import Effect, Outcome, Target, Vocabulary, minutes
from ..document import ClauseText, Document
from ..facts import Fact
from ..findings import Findings, shorten
from ..slots import SLOT
from ..words import OUTCOME, TOPIC, and_list

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_LENGTH = re.compile(
    rf"\b(\d{{1,5}}|{'|'.join(_NUMBERS)}) (business )?(minute|hour|day|week)s?\b", re.IGNORECASE
)
_PROMISED = re.compile(r"\bwe (?:promise|guarantee)\b", re.IGNORECASE)
_REPLY_WITHIN = re.compile(r"\b(?:repl(?:y|ies)|answers?|hear from us)\b[^.]{0,60}\bwithin\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:not|no|never|nor|except|unless|without|other|only|cannot|but|than)\b|n't", re.IGNORECASE
)
_SAYS = {
    act: re.compile(rf"\bwe (?:will |gladly |must |always )?{verb}\b", re.IGNORECASE)
    for act, verb in {
        "help": "help you with",
        "decline": "decline",
        "refuse": "refuse",
        "quote": "quote",
    }.items()
}
_DENIES = {
    act: re.compile(rf"\bwe (?:do not|don't|never|cannot|will not) {verb}\b", re.IGNORECASE)
    for act, verb in {"help": "help with", "decline": "decline", "refuse": "refuse", "quote": "quote"}.items()
}


def check_prose(
    document: Document,
    facts: Mapping[str, Fact],
    cases: Mapping[str, list[ReadCase]],
    words: Vocabulary,
    findings: Findings,
) -> None:
    """A warning at each sentence that says what nothing in its clause, above it or under it does."""
    listed = [fact for fact in facts.values() if not fact.is_measured and fact.name != TOPIC]
    for clause in document.clauses.values():
        if clause.prose:
            _Clause(clause, cases, listed, words, findings).check()


@dataclass(frozen=True)
class _Sentence:
    line: int
    text: str

    @property
    def is_plain(self) -> bool:
        """Whether it says what is so, and not what is not: only such a sentence is held to the rule."""
        return _NEGATED.search(self.text) is None


@dataclass(frozen=True)
class _Clause:
    clause: ClauseText
    cases: Mapping[str, list[ReadCase]]
    facts: list[Fact]
    words: Vocabulary
    findings: Findings

    def check(self) -> None:
        for sentence in self.sentences:
            of_us = "we " in sentence.text.lower()
            if sentence.is_plain:
                self._check_values(sentence)
                self._check_times(sentence)
                if of_us:
                    self._check_acts(sentence, _SAYS, denied=False)
            if of_us:
                self._check_acts(sentence, _DENIES, denied=True)
                self._check_strength(sentence)
        self._check_named("department", self.words.departments, self._departments)
        self._check_named("place", self.words.places, self._pointers)

    @cached_property
    def sentences(self) -> list[_Sentence]:
        found: list[_Sentence] = []
        for piece in self.clause.prose:
            at = 0
            for text in re.split(r"(?<=[.!?;:])\s+|\n\s*\n", piece.text):
                place = piece.text.find(text, at)
                found.append(_Sentence(piece.line + piece.text.count("\n", 0, place), " ".join(text.split())))
                at = place + len(text)
        return found

    @cached_property
    def family(self) -> list[ReadCase]:
        """Every case that the prose may speak of: the clause's own, those above it, its exceptions'."""
        own = self.clause.number
        return [
            case
            for number, cases in self.cases.items()
            if number == own or number.startswith(own + ".") or own.startswith(number + ".")
            for case in cases
        ]

    @cached_property
    def own(self) -> list[ReadCase]:
        return self.cases[self.clause.number]

    def _check_values(self, sentence: _Sentence) -> None:
        spoken = sentence.text.lower()
        for fact in self.facts:
            if fact.name.lower() not in spoken:
                continue
            named = [value for value in fact.values if _names(sentence.text, fact.name, value)]
            if named and not any(self._covers(fact, value) for value in named):
                self._warn(
                    sentence,
                    f"names {fact.name} {and_list(named, 'or')}, and the rule does not",
                    f"Say it in the rule, or write {{{fact.name}}}, which the rule fills.",
                )

    def _covers(self, fact: Fact, value: str) -> bool:
        place = fact.values.index(value)
        return any(
            first <= place <= last for case in self.family for first, last in case.wanted.get(fact.name, ())
        )

    def _check_times(self, sentence: _Sentence) -> None:
        said = {_plain_length(*match) for match in _LENGTH.findall(sentence.text)}
        if not said:
            return
        public = {_length(one.text) for one in _targets(self.family) if one.is_public}
        if _targets(self.own) and public and not said & public:
            self._warn(
                sentence,
                f"says {and_list(sorted(said), 'or')}, and the rule says {and_list(sorted(public), 'or')}",
                "Write the target in braces, as {first reply}: the rule fills it.",
            )
        elif _REPLY_WITHIN.search(sentence.text) and not _targets(self.family):
            self._warn(
                sentence,
                f"says when we reply ({and_list(sorted(said), 'or')}), and the rule names no such target",
                "Promise it or aim for it in the rule, or take it out of the prose.",
            )

    def _check_strength(self, sentence: _Sentence) -> None:
        if not _PROMISED.search(sentence.text):
            return
        public = [target for target in _targets(self.own) if target.is_public]
        if public and not any(target.strength == "promise" for target in _targets(self.family)):
            self._warn(
                sentence,
                "promises, and the rule only aims for it",
                "Write we promise in the rule, or we aim for in the prose.",
            )

    def _check_acts(
        self, sentence: _Sentence, patterns: Mapping[str, re.Pattern[str]], *, denied: bool
    ) -> None:
        said = [act for act, pattern in patterns.items() if pattern.search(sentence.text)]
        own = set(_acts(self.own)) if said else set()
        for act in said if own else ():
            if denied and own == {act}:
                self._warn(sentence, f"says that we do not {act}, and the rule does", _MEND_ACT)
            elif not denied and not set(_acts(self.family)) & set(said):
                acts = and_list([f"“we {one}”" for one in _acts(self.own)], "or")
                self._warn(sentence, f"says “we {act}”, and the rule says {acts}", _MEND_ACT)

    def _departments(self, case: ReadCase) -> Iterator[str]:
        effect = case.effects.get(OUTCOME)
        if isinstance(effect, Outcome) and effect.department:
            yield effect.department

    def _pointers(self, case: ReadCase) -> Iterator[str]:
        effect = case.effects.get(OUTCOME)
        if isinstance(effect, Outcome):
            yield from effect.pointers

    def _check_named(self, what: str, declared: Mapping[str, str], of_case: object) -> None:
        assert callable(of_case)
        own = [name for case in self.own for name in of_case(case)]
        if not own:
            return
        said = {name: sentence for sentence in self.sentences for name in _named(sentence.text, declared)}
        if said and not said.keys() & {name for case in self.family for name in of_case(case)}:
            name, sentence = next(iter(said.items()))
            ruled = and_list(list(dict.fromkeys(own)))
            self._warn(
                sentence,
                f"names the {what} {name}, and the rule names {ruled}",
                f"Name {ruled} in the prose too, or {name} in the rule.",
            )

    def _warn(self, sentence: _Sentence, what: str, mend: str) -> None:
        self.findings.warning(
            "prose",
            sentence.line,
            f"The prose of clause {self.clause.number} {what}.",
            clause=self.clause.number,
            witness=f"“{shorten(sentence.text.rstrip('.!'))}”",
            mend=mend,
        )


_MEND_ACT = "Let prose and rule say the same: customers read the one, the desk goes by the other."


def _names(text: str, fact: str, value: str) -> bool:
    value, fact = re.escape(value), re.escape(fact)
    return re.search(rf"\b(?:{value} {fact}s?|{fact}s? {value})\b", text, re.IGNORECASE) is not None


def _named(text: str, declared: Mapping[str, str]) -> list[str]:
    slots = {match[1] for match in SLOT.finditer(text)}
    return [name for name, said in declared.items() if name in slots or (said and said in text)]


def _effects(cases: list[ReadCase]) -> Iterator[Effect]:
    for case in cases:
        yield from case.effects.values()


def _targets(cases: list[ReadCase]) -> list[Target]:
    return [one for one in _effects(cases) if isinstance(one, Target) and minutes(one.text) is not None]


def _acts(cases: list[ReadCase]) -> list[str]:
    return list(dict.fromkeys(one.act for one in _effects(cases) if isinstance(one, Outcome)))


def _length(text: str) -> str:
    match = _LENGTH.search(text)
    return _plain_length(*match.groups()) if match else text


def _plain_length(count: str, business: str | None, unit: str) -> str:
    number = _NUMBERS.get(count.lower()) or int(count)
    return f"{number} {'business ' if business else ''}{unit.lower()}{'' if number == 1 else 's'}"
