"""A difference in the words of somebody who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .decisions import Charge, Credit, Effect, Outcome, Step, Target
from .resolve import LADDER_CLAUSE
from .stars import Said, Star
from .words import CHARGE, CREDIT, OUTCOME, PERSON, STEP, TARGETS, and_list

if TYPE_CHECKING:
    from .policy import Policy

MOST_TOLD = 3
"""So many partners of one difference are told one by one."""
MOST_CITED = 4

_ACTS = {
    "help": "we help",
    "decline": "we decline",
    "quote": "we quote",
    "assign": "we hand it on",
    "point": "we point elsewhere",
    "refuse": "we refuse",
    "ask": "we ask for more",
    "close": "we close it",
    PERSON: "a person decides",
}
_ACTS_TO = {"quote": "a quote from", "assign": "we hand it to", "point": "we point to"}
_NOTHING = {OUTCOME: "nothing is said", STEP: "no step", CHARGE: "no charge", CREDIT: "no credit"}
_STRENGTHS = {"promise": "we promise ", "aim": "we aim for ", "set": ""}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A difference in words: what was, what is, by which clauses, and one sentence of it all."""

    old: str
    new: str
    old_clauses: tuple[str, ...]
    new_clauses: tuple[str, ...]
    sentence: str


class Teller:
    """Knows the words of both versions. `unchanged`: the clauses whose rules are the same in both."""

    def __init__(self, old: Policy, new: Policy, unchanged: frozenset[str]) -> None:
        self.old, self.new, self.unchanged = old, new, unchanged

    def tell(self, group: str, star: Star, limit: str = "") -> Told:
        old_clauses, new_clauses = _cites(star.old), _cites(star.new)
        if limit:
            forbidden = bool(new_clauses)
            old, new = (f"an agent {word} {limit}" for word in _MAY[forbidden])
            sentence = f"{_LIMIT[forbidden]}: {limit} ({cited(new_clauses or old_clauses)})."
        elif star.kind == "pointers":
            old, new = (self._outcome_in_full(said[0].effect) for said in (star.old, star.new))
            sentence = f"{self._title(star)}: {self._pointers(star)} ({cited(new_clauses)})."
        else:
            by_reply = _acts_are_alike(star)
            old = _joined(group, star.old, self.old, by_reply)
            new = _joined(group, star.new, self.new, by_reply)
            about = "" if group == OUTCOME else f", {'target ' * (group in TARGETS)}{group}"
            sentence = f"{self._title(star)}{about}: before, {old}; now, {new}."
        return Told(old=old, new=new, old_clauses=old_clauses, new_clauses=new_clauses, sentence=sentence)

    def _title(self, star: Star) -> str:
        """The title of the clause in the middle; of two the one that changed, else the newer."""
        ends = [(self.new, star.new), (self.old, star.old)]
        single = [(policy, said[0].cites) for policy, said in ends if len(said) == 1 and said[0].cites]
        single = single or [(policy, _cites(said)) for policy, said in ends if _cites(said)]
        numbers = [(policy, cites[0].partition("(")[0]) for policy, cites in single]
        policy, number = min(numbers, key=lambda one: one[1] in self.unchanged)
        return "The ladder" if number == LADDER_CLAUSE else policy.clauses[number].title

    def _outcome_in_full(self, effect: Effect | None) -> str:
        assert isinstance(effect, Outcome)
        named = [
            *([f"to {effect.department}"] if effect.department else []),
            *([f"service {effect.service}"] if effect.service else []),
            *([f"pointers {', '.join(effect.pointers)}"] if effect.pointers else []),
        ]
        return "; ".join([_ACTS[effect.act], *named])

    def _pointers(self, star: Star) -> str:
        return "; or ".join(
            dict.fromkeys(
                pointer_words(edge.old.effect, edge.new.effect, self.old, self.new)
                for edge in star.edges
                if isinstance(edge.old.effect, Outcome) and isinstance(edge.new.effect, Outcome)
            )
        )


_MAY = {True: ("may", "may not"), False: ("may not", "may")}
_LIMIT = {True: "Now forbidden to an agent", False: "No longer forbidden to an agent"}


def _cites(said: Iterable[Said]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cite for one in said for cite in one.cites))


def _acts_are_alike(star: Star) -> bool:
    """Whether some outcome stays the same act, so that only the reply tells what changes."""
    return any(
        isinstance(edge.old.effect, Outcome)
        and isinstance(edge.new.effect, Outcome)
        and edge.old.effect.act == edge.new.effect.act
        for edge in star.edges
    )


def _joined(group: str, said: Sequence[Said], policy: Policy, by_reply: bool) -> str:
    """Several things decided, each once with its clauses; of many only the clauses."""
    clauses: dict[str, dict[str, None]] = {}
    for one in said:
        words = effect_words(group, one.effect, policy, by_reply=by_reply and len(said) <= MOST_TOLD)
        clauses.setdefault(words, {}).update(dict.fromkeys(one.cites))
    if len(clauses) > MOST_TOLD:
        return f"what the other clauses say ({cited(_cites(said))})"
    if len({tuple(by) for by in clauses.values()}) == 1:
        return _by(and_list([*clauses], "or"), _cites(said))
    return and_list([_by(words, [*by]) for words, by in clauses.items()], "or")


def _by(words: str, cites: Sequence[str]) -> str:
    return f"{words} ({cited(cites)})" if cites else words


def effect_words(group: str, effect: Effect | None, policy: Policy, *, by_reply: bool = False) -> str:
    """What a group decides. `by_reply` names an outcome's reply too, where the act alone does not tell."""
    if isinstance(effect, Outcome):
        return _outcome_words(effect, policy.departments, by_reply)
    if isinstance(effect, Target):
        pauses = f", pauses {and_list(list(effect.pauses))}" if effect.pauses else ""
        calendar = f", calendar {effect.calendar}" if effect.calendar else ""
        return f"{_STRENGTHS[effect.strength]}{effect.text}{calendar}{pauses}"
    if isinstance(effect, Step):
        return effect.name or _NOTHING[STEP]
    if isinstance(effect, Charge):
        again = (f"decided when {effect.again_when} is known",) if effect.again_when else ()
        return "; ".join([policy.services.get(effect.service or "", "no charge"), *effect.terms, *again])
    if isinstance(effect, Credit):
        return effect.text
    return _NOTHING.get(group, "none is set")


def _outcome_words(outcome: Outcome, departments: Mapping[str, str], by_reply: bool) -> str:
    said = _ACTS[outcome.act]
    if outcome.department and outcome.act in _ACTS_TO:
        said = f"{_ACTS_TO[outcome.act]} {departments[outcome.department]}"
    return f"{said} with reply {outcome.reply}" if by_reply and outcome.reply else said


def cited(cites: Sequence[str]) -> str:
    """A few clauses as they are cited; of many the first, and how many more.

    >>> cited(["1", "2"]), cited(["1", "2", "3", "4", "5", "6"])
    ('1, 2', '1, 2, 3, 4 and 2 more')
    """
    if len(cites) <= MOST_CITED + 1:
        return ", ".join(cites)
    return f"{', '.join(cites[:MOST_CITED])} and {len(cites) - MOST_CITED} more"


def pointer_words(old: Outcome, new: Outcome, before: Policy, now: Policy) -> str:
    """What changes where act and reply stay: the places pointed to, the department, the service."""
    said: list[str] = []
    added = [now.places[place] for place in new.pointers if place not in old.pointers]
    gone = [before.places[place] for place in old.pointers if place not in new.pointers]
    if added:
        said.append(f"we now point to {and_list(added)}")
    if gone:
        said.append(f"we no longer point to {and_list(gone)}")
    for was, becomes, old_words, words in (
        (old.department, new.department, before.departments, now.departments),
        (old.service, new.service, before.services, now.services),
    ):
        if was != becomes:
            said.append(
                f"{words[becomes] if becomes else 'nobody'} instead of {old_words[was] if was else 'nobody'}"
            )
    return "; ".join(said)
