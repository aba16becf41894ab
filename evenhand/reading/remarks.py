"""Discriminatory remarks without a slur: a group and a generalisation, "go back where", age and
competence, accents.

A group's name is never enough. Each pattern of `words/remarks.tsv` joins a group (any of
`words/groups.tsv`, all treated alike) or the person spoken to with a judgement, a refusal or a sending
away. Rows named in braces are building blocks for the others; `group` as a name means that the kind
reported is that of the group found; {one}, {many} and {any} stand for the groups in the singular, the
plural and both, {political} and its like for those of one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from evenhand.reading.contempt import contemptuous
from evenhand.reading.folding import fold
from evenhand.reading.needed import needed_words
from evenhand.reading.wordlists import rows

_BLOCK = re.compile(r"\{[a-z]+\}")
_OF_THE_GROUP = "group"
# What people say of themselves or of those they serve is no remark about anyone.
_OF_MYSELF = re.compile(
    r"\b(?:(?:i'm|i am|im|we're|we are|i feel|as|my (?:mother|father|mom|mum|dad|wife|husband|partner|boss|"
    r"son|"
    r"daughter|customers?)(?: is|'s|,)?)(?: just| only| not| getting| probably| a| an|"
    r" [\d]+[- ]years?[- ]old){0,3} ?|"
    r"(?:our|my|some|many|if|when|so that|which) (?:\w+ )?(?:customers?|clients?|shoppers?|buyers?|users?|"
    r"visitors?|audience)?"
    r" ?(?:are |who are |is )?)\Z"
)
_FOLK = "(?:people|folks?|types|men|women|guys|girls|immigrants|agents|workers|voters|supporters)"
# "Chinese" is people before a verb, and a language or a kitchen before a noun.
_AS_SUBJECT = (
    r"[.,!?;]| (?:are|r|always|never|can't|cannot|don't|only|just|shouldn't|all|will|won't|like|and|do|"
    r"aren't|is|at)\b|$"
)
_OF_AGE = re.compile(r"\b(?:adult|grown|older|younger|mature)")
_NEAR = 40
_MOST = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """A discriminatory remark at [start, end) of the text and which of the six kinds it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str
    expression: re.Pattern[str]
    needed: frozenset[str] | None  # words, one of which stands in all that it finds

    def may_speak_in(self, text: str) -> bool:
        return self.needed is None or any(word in text for word in self.needed)


def find_remarks(text: str) -> Iterator[Remark]:
    """Every remark that a pattern knows; spans may overlap.

    >>> [remark.kind for remark in find_remarks("Women can't understand computers.")]
    ['sexist']
    """
    folded = fold(text[:_MOST])
    for pattern in _patterns(named=any(name in folded.text for name in _groups())):
        if not pattern.may_speak_in(folded.text):
            continue
        for found in pattern.expression.finditer(folded.text):
            if _OF_MYSELF.search(folded.text, max(0, found.start() - _NEAR), found.start()):
                continue
            start, end = folded.place(*found.span())
            kind = _kind_of(found[0]) if pattern.kind == _OF_THE_GROUP else pattern.kind
            yield Remark(start=start, end=end, kind=kind)
    for start, end, kind in contemptuous(folded, _group_name(), _groups()):
        place = folded.place(start, end)
        yield Remark(start=place[0], end=place[1], kind=kind)


@cache
def _groups() -> dict[str, str]:
    """Every name of a group, one and many, with the kind of remark that speaks ill of it."""
    return {row[number]: row["kind"] for row in rows("groups.tsv") for number in ("one", "many")}


@cache
def _patterns(*, named: bool) -> tuple[_Pattern, ...]:
    """All patterns; where no group is `named` in the text, with nothing in its place, which is faster."""
    blocks = _named_groups()
    blocks = blocks if named else dict.fromkeys(blocks, "(?!)")
    patterns: list[_Pattern] = []
    for row in rows("remarks.tsv"):
        expression = _BLOCK.sub(lambda block: blocks[block[0]], row["pattern"])
        if _BLOCK.fullmatch(row["name"]):
            blocks[row["name"]] = expression
        else:
            compiled = re.compile(expression, re.MULTILINE)
            patterns.append(_Pattern(row["name"], compiled, needed_words(compiled)))
    return tuple(patterns)


def _named_groups() -> dict[str, str]:
    listed = list(rows("groups.tsv"))
    one = _either({row["one"] for row in listed})
    plural = _either({row["many"] for row in listed if row["many"] != row["one"]})
    alike = _either({row["many"] for row in listed if row["many"] == row["one"]})
    many = f"(?:{one} {_FOLK}|{plural}|{alike}(?={_AS_SUBJECT}))"
    kinds = {row["kind"] for row in listed}
    of_kind = {f"{{{kind}}}": _either({n for n, of in _groups().items() if of == kind}) for kind in kinds}
    return {"{one}": one, "{many}": many, "{any}": _either(set(_groups()))} | of_kind


def _either(names: set[str]) -> str:
    return (
        "(?:" + "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))) + ")"
    )


@cache
def _group_name() -> re.Pattern[str]:
    return re.compile(rf"\b{_either(set(_groups()))}\b")


def _kind_of(passage: str) -> str:
    named = _group_name().search(passage)
    return _groups()[named[0]] if named else "ageist" if _OF_AGE.search(passage) else "racial"
