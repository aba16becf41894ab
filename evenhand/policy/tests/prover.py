"""A policy told to z3, from the document as written: no grid, no boxes, no cells, no closure of the engine's.

A fact is an integer: a value's place, a number, or an ordinal day. Clauses, exceptions, defeat, `never` and
the ladder become formulas over them, read anew from the specification (rules 1 to 13).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import z3

from evenhand.policy import Fact, Policy
from evenhand.policy.document import ClauseText, Condition, Document
from evenhand.policy.findings import Findings
from evenhand.policy.parse import parse
from evenhand.policy.schedules import read_facts, read_topics

ACTS = ("help", "decline", "quote", "assign", "point", "refuse", "ask", "close", "leave it to a person")


class Told:
    """One document as formulas. `facts` of two documents to be compared share their variables by name."""

    def __init__(self, text: str) -> None:
        findings = Findings("told.md")
        document = parse(text, findings)
        assert document is not None
        self.document_text = text
        self.document: Document = document
        _, topic = read_topics(document.schedules.get("topics"), findings)
        facts = read_facts(document.schedules.get("facts"), findings)
        self.facts: dict[str, Fact] = {**({"topic": topic} if topic else {}), **facts}
        self.families = {name: set(members) for name, members in (topic.families if topic else {}).items()}
        self.clauses: dict[str, ClauseText] = document.clauses
        self.holding: dict[tuple[str, int], z3.BoolRef] = {}
        self.deciding = self._deciding()
        self.stronger = {group: self._stronger(group) for group in self.groups}

    def spelled(self, fact: Fact, value: str) -> int:
        if fact.kind == "number":
            return int(value)
        if fact.kind == "date":
            return date.fromisoformat(value).toordinal()
        return fact.values.index(value)

    @property
    def possible(self) -> z3.BoolRef:
        """Every fact has one of its values, and nothing that never occurs does."""
        within = [
            z3.And(z3.Int(name) >= (fact.low if fact.is_measured else 0), z3.Int(name) <= fact.span[1])
            for name, fact in self.facts.items()
        ]
        schedule = self.document.schedules.get("never")
        nevers = [self.conditions(entry.text) for entry in (schedule.entries if schedule else ())]
        return z3.And(*within, *(z3.Not(one) for one in nevers))

    def conditions(self, text: str) -> z3.BoolRef:
        """A `when` line, from its words alone; an outcome it asks for is left out here."""
        if text == "always":
            return z3.BoolVal(True)
        pairs = [piece.split(":", 1) for piece in text.split(";")]
        return z3.And(*(self.wanted(name.strip(), words.strip()) for name, words in pairs))

    def wanted(self, name: str, words: str) -> z3.BoolRef:
        fact, variable = self.facts[name], z3.Int(name)
        if words.startswith("not ") and words not in fact.values:
            return z3.Not(self.wanted(name, words[4:]))
        return z3.Or(*(self._one(fact, variable, piece.strip()) for piece in words.split(",")))

    def _one(self, fact: Fact, variable: z3.ArithRef, words: str) -> z3.BoolRef:
        if words in fact.values:
            return variable == fact.values.index(words)
        if words == "any":
            return z3.BoolVal(True)
        if words.startswith("any of "):
            return z3.Or(*(variable == fact.values.index(one) for one in self.families[words[7:]]))
        forms: list[tuple[str, Callable[..., z3.BoolRef]]] = [
            (r"(\S.*) or (?:higher|more|later)", lambda low: variable >= low),
            (r"(\S.*) or (?:lower|fewer)", lambda high: variable <= high),
            (r"(?:below|before) (\S+)", lambda end: variable < end),
            (r"(\S+) to (\S+)", lambda low, high: z3.And(variable >= low, variable <= high)),
            (r"(\S+)", lambda value: variable == value),
        ]
        for pattern, meaning in forms:
            if match := re.fullmatch(pattern, words):
                return meaning(*(self.spelled(fact, value) for value in match.groups()))
        raise AssertionError(words)

    def _deciding(self) -> dict[tuple[str, int], dict[str, tuple[str, ...]]]:
        """For each line its decisions by group, as words; pointers of an outcome are kept apart."""
        return {
            (number, place): _decisions([said.text for said in case.decisions])
            for number, clause in self.clauses.items()
            for place, case in enumerate(clause.cases)
        }

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(["outcome", *(g for by in self.deciding.values() for g in by)]))

    def _subtree(self, number: str) -> set[str]:
        return {other for other in self.clauses if other == number or other.startswith(number + ".")}

    def _stronger(self, group: str) -> set[tuple[str, str]]:
        """(winner, loser) pairs, closed (rule 5)."""
        pairs = {(a, b) for a in self.clauses for b in self.clauses if a.startswith(b + ".")}
        spared: set[tuple[str, str]] = set()
        for number, clause in self.clauses.items():
            pairs |= {(number, below) for said in clause.over for below in self._subtree(said.text)}
            for said in clause.gives_way:
                pairs |= {(winner, number) for winner in self._subtree(said.text)}
                spared |= {(number, winner) for winner in self._subtree(said.text)}
        if group == "outcome":
            deciding = {number for (number, _), by in self.deciding.items() if "outcome" in by}
            ranks = self._ranks()
            pairs |= {
                (a, b) for a in deciding for b in deciding if ranks[a] < ranks[b] and (a, b) not in spared
            }
        return _closed(pairs)

    def _ranks(self) -> dict[str, int]:
        said = self.document.header.get("precedence")
        titles = [title.strip() for title in said.text.split(">")] if said else []
        place = {title: rank for rank, title in enumerate(titles)}
        parts = [place.get(part.title, len(titles)) for part in self.document.parts]
        return {number: parts[clause.part] for number, clause in self.clauses.items()}

    def holds(self, number: str, place: int) -> z3.BoolRef:
        """Line `place` of a clause holds: its conditions do, and the extent of its parent (rule 2)."""
        found = self.holding.get((number, place))
        if found is None:
            clause = self.clauses[number]
            case = clause.cases[place]
            asked = [one for one in case.conditions if one.fact == "outcome"]
            facts = [self.wanted(one.fact, one.wanted) for one in case.conditions if one.fact != "outcome"]
            above = [self.extent(clause.parent)] if clause.parent else []
            found = z3.And(*facts, *above, *(self._outcome_is(one) for one in asked))
            self.holding[number, place] = found
        return found

    def extent(self, number: str) -> z3.BoolRef:
        clause = self.clauses[number]
        if not clause.cases:
            return self.extent(clause.parent) if clause.parent else z3.BoolVal(True)
        return z3.Or(*(self.holds(number, place) for place in range(len(clause.cases))))

    def _outcome_is(self, condition: Condition) -> z3.BoolRef:
        words = condition.wanted
        names = {name.strip() for name in words.removeprefix("not ").split(",")}
        own = 0 if names & set(ACTS) else 2
        every = self.values("outcome")
        if words.startswith("not "):
            asked = [one for one in every if one[own] and one[own] not in names]
        else:
            asked = [one for one in every if one[0] in names or one[2] in names]
        return z3.Or(*(self.decided("outcome", one) for one in asked))

    def wins(self, group: str, number: str, place: int) -> z3.BoolRef:
        """The line decides here: it holds, and no line of a stronger clause that decides the group does."""
        stronger = [
            self.holds(other, index)
            for (other, index), by in self.deciding.items()
            if group in by and (other, number) in self.stronger[group]
        ]
        return z3.And(self.holds(number, place), z3.Not(z3.Or(*stronger)))

    def lines(self, group: str) -> list[tuple[str, int]]:
        return [line for line, by in self.deciding.items() if group in by]

    def values(self, group: str) -> list[tuple[str, ...]]:
        return list(dict.fromkeys(_key(group, self.deciding[line][group]) for line in self.lines(group)))

    def decided(self, group: str, value: tuple[str, ...]) -> z3.BoolRef:
        lines = [line for line in self.lines(group) if _key(group, self.deciding[line][group]) == value]
        return z3.Or(*(self.wins(group, *line) for line in lines))

    def points(self, place: str) -> z3.BoolRef:
        lines = [line for line in self.lines("outcome") if place in self.deciding[line]["outcome"][4:]]
        return z3.Or(*(self.wins("outcome", *line) for line in lines))

    def places(self) -> set[str]:
        return {place for line in self.lines("outcome") for place in self.deciding[line]["outcome"][4:]}

    def binds(self, text: str) -> z3.BoolRef:
        """A limit binds where its clause holds and nothing under it lifts it (rule 12)."""
        binding = []
        for number, clause in self.clauses.items():
            if any(limit.text == text and not limit.lifts for limit in clause.limits):
                lifts = [z3.Not(self.extent(below)) for below in self._lifts(number, text)]
                binding.append(z3.And(self.extent(number), *lifts))
        return z3.Or(*binding)

    def _lifts(self, number: str, text: str) -> list[str]:
        return [
            below
            for below in self._subtree(number) - {number}
            if any(limit.text == text and limit.lifts for limit in self.clauses[below].limits)
        ]

    def conflict(self, group: str) -> z3.BoolRef:
        values = [self.decided(group, value) for value in self.values(group)]
        return z3.And(self.possible, z3.Not(z3.AtMost(*values, 1)) if values else z3.BoolVal(False))

    def gap(self, group: str) -> z3.BoolRef:
        return z3.And(self.possible, z3.Not(z3.Or(*(self.decided(group, one) for one in self.values(group)))))

    def case(self, facts: Mapping[str, str]) -> z3.BoolRef:
        return z3.And(*(z3.Int(name) == self.spelled(self.facts[name], facts[name]) for name in self.facts))


def differ(old: Told, new: Told, group: str) -> z3.BoolRef:
    """Where two documents say different things in a group; saying nothing is a value too."""
    every = dict.fromkeys([*old.values(group), *new.values(group)])
    alike = [old.decided(group, value) == new.decided(group, value) for value in every]
    if group == "outcome":
        alike += [old.points(place) == new.points(place) for place in sorted(old.places() | new.places())]
    return z3.Not(z3.And(*alike))


def region(told: Told, boxes: Iterable[str]) -> z3.BoolRef:
    return z3.Or(*(told.conditions(box) for box in boxes))


def is_possible(formula: z3.BoolRef) -> bool:
    solver = z3.Solver()
    solver.add(formula)
    return bool(solver.check() == z3.sat)


def outcome_key(policy: Policy, facts: Mapping[str, str]) -> tuple[str, ...]:
    decision = policy.decide(facts)
    found = (decision.act, decision.department, decision.reply, decision.service)
    return tuple(one or "" for one in found)


def _key(group: str, value: tuple[str, ...]) -> tuple[str, ...]:
    return value[:4] if group == "outcome" else value


def _closed(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """With every pair that follows: who beats a winner beats the losers too."""
    beats: dict[str, set[str]] = {}
    for winner, loser in pairs:
        beats.setdefault(winner, set()).add(loser)
    for middle in list(beats):
        for losers in beats.values():
            if middle in losers:
                losers |= beats[middle]
    return {(winner, loser) for winner, losers in beats.items() for loser in losers}


_STRENGTH = re.compile(r"(promise|aim for|set) (.*)")
_TARGET = re.compile(
    r"(first reply|next reply|workaround|resolution|quote|priority|remind|closing|reopening) (.*)"
)


def _decisions(said: list[str]) -> dict[str, tuple[str, ...]]:
    """`we …` lines as words by group: (act, department, reply, service, *pointers), or the target's words."""
    found: dict[str, tuple[str, ...]] = {}
    for text in said:
        pieces = [piece.strip() for piece in text.split(";")]
        if match := _STRENGTH.match(text):
            terms = tuple(piece for piece in pieces if piece.startswith(("calendar ", "pauses ")))
            for piece in (match[2].split(";")[0], *pieces[1:]):
                if target := _TARGET.match(piece.strip()):
                    more = () if target[1] == "priority" else terms
                    found[target[1]] = (match[1], target[2], *more)
        elif text.startswith(("take ", "charge ", "no charge", "credit ")):
            raise AssertionError(f"the prover is not told of: {text}")
        else:
            act, _, department = pieces[0].partition(" to ")
            if act == "leave it":
                act, department = pieces[0], ""
            by = {piece.partition(" ")[0]: piece.partition(" ")[2] for piece in pieces[1:]}
            pointers = tuple(place.strip() for place in by.get("pointers", "").split(",") if place.strip())
            found["outcome"] = (act, department, by.get("reply", ""), by.get("service", ""), *pointers)
    return found
