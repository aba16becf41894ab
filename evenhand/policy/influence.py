"""Influence: which facts can turn which outcomes, in what share of the possible cases and of real requests.

A case is one cell for every fact, and each counts once: a value of a list, or an interval of a number or a
date between the cut points that the rules name. So no fact weighs more for having large numbers, and cases
that `never` excludes count nowhere. A fact turns a case where another cell of that fact, all else being as it
is, has another outcome. Outcomes are told apart as rule 8 does: by all but their pointers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .budget import Budget, TooManyCases
from .decide import Key
from .decisions import Outcome
from .diagram import NEVER, Diagram, Side, draw
from .words import OUTCOME, UNKNOWN

if TYPE_CHECKING:
    from .policy import Policy

MOST_WORK = 400_000
"""For each fact; beyond it the fact is named as uncounted."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Two outcomes, by name, that a fact turns into each other.

    `cases`: in which one of them holds and another value of the fact gives the other. `requests`: the same of
    real ones. `example`: the values, as (value, outcome), of one such case.
    """

    outcomes: tuple[str, str]
    cases: int
    requests: int
    example: tuple[tuple[str, str], tuple[str, str]]

    @property
    def sentence(self) -> str:
        (first, one), (second, other) = self.example
        return f"{one} with {first}, {other} with {second}"


@dataclass(frozen=True, kw_only=True)
class FactInfluence:
    """One fact: in how many cases and requests it alone can change the outcome; the widest turns first.

    Shares are between 0 and 1; `share_of_requests` is None where no request was given.
    """

    fact: str
    cases: int
    share_of_cases: float
    requests: int
    share_of_requests: float | None
    turns: tuple[Turn, ...]


@dataclass(frozen=True, kw_only=True)
class Influence:
    """Every fact, the most influential first. `open_requests`: those whose facts leave the outcome open,
    which count in no share, since there is no outcome yet that could change. `uncounted`: facts that turn on
    too many combinations of others to be counted; no share is known of them."""

    cases: int
    requests: int
    open_requests: int
    facts: tuple[FactInfluence, ...]
    uncounted: tuple[str, ...] = ()


def influence(policy: Policy, requests: Iterable[tuple[Mapping[str, str], int]] | None = None) -> Influence:
    """What each fact of a policy can turn. `requests`: facts as recorded, and how many requests had them.

    A fact left out of a request takes what the policy presumes, `"unknown"` is unknown; a value that the
    policy does not declare is unknown too, since it was recorded under another version.
    """
    counted = _Requests(policy)
    for facts, count in requests or ():
        counted.add(facts, count)
    found: list[tuple[int, FactInfluence]] = []
    uncounted: list[str] = []
    for place, cells in enumerate(policy.decider.grid.cells):
        try:
            found.append(_of_fact(policy, place, counted))
        except TooManyCases:
            uncounted.append(cells.fact.name)
    return Influence(
        cases=found[0][0] if found else 1,
        requests=counted.settled,
        open_requests=counted.open,
        facts=tuple(sorted((one for _, one in found), key=lambda one: (-one.cases, -one.requests))),
        uncounted=tuple(uncounted),
    )


Pair = tuple[Key, Key]


def _of_fact(policy: Policy, place: int, counted: _Requests) -> tuple[int, FactInfluence]:
    """All possible cases, and what one fact turns among them and among the requests."""
    grid = policy.decider.grid
    budget = Budget(MOST_WORK)
    tally = _Tally(_last(policy, place, budget), policy, place, budget)
    requests, by_pair = counted.turned_by(place)
    turns = [
        Turn(
            outcomes=(_named(pair[0]), _named(pair[1])),
            cases=cases,
            requests=by_pair.get(pair, 0),
            example=tally.examples[pair],
        )
        for pair, cases in tally.pairs.items()
    ]
    found = FactInfluence(
        fact=grid.cells[place].fact.name,
        cases=tally.turned,
        share_of_cases=tally.turned / tally.possible,
        requests=requests,
        share_of_requests=requests / counted.settled if counted.settled else None,
        turns=tuple(sorted(turns, key=lambda turn: (-turn.requests, -turn.cases))),
    )
    return tally.possible, found


def _last(policy: Policy, place: int, budget: Budget) -> Diagram:
    """Every case, labelled with the key of its outcome, with one fact told last."""
    grid = policy.decider.grid
    keep = grid.relevant(OUTCOME)
    facts = range(len(grid.cells))
    side = Side(grid=grid, keep=keep, own=facts, rows=grid.rows, group=OUTCOME)

    def key(state: tuple[int, ...]) -> Hashable:
        effect = grid.judge(OUTCOME, state[0]).effect
        assert isinstance(effect, Outcome)  # a policy that compiled has neither gap nor conflict
        return effect.key

    order = [*(fact for fact in grid.busiest_first() if fact != place), place]
    return draw([side], order, [0] * len(grid.cells), key, budget)


class _Tally:
    """Counts, from the cells that one fact leaves to each outcome, all else being equal."""

    def __init__(self, diagram: Diagram, policy: Policy, place: int, budget: Budget) -> None:
        self.cells = policy.decider.grid.cells[place]
        self.rank = {key: index for index, key in enumerate(_keys(policy))}
        self.possible = self.turned = 0
        self.pairs: dict[Pair, int] = {}
        self.examples: dict[Pair, tuple[tuple[str, str], tuple[str, str]]] = {}
        for cells, ways in diagram.folded(_by_outcome).counts().items():
            assert isinstance(cells, tuple)
            budget.spend(len(cells) * len(cells), (place,))
            self._add(sorted(cells, key=lambda one: self.rank[one[0]]), ways)

    def _add(self, cells: list[tuple[Key, int]], ways: int) -> None:
        """`cells`: each outcome with the cells that have it, in the order of the document."""
        here = sum(mask.bit_count() for _, mask in cells)
        self.possible += ways * here
        self.turned += ways * here * (len(cells) > 1)
        for place, (first, one) in enumerate(cells):
            for second, other in cells[place + 1 :]:
                pair = (first, second)
                more = ways * (one.bit_count() + other.bit_count())
                self.pairs[pair] = self.pairs.get(pair, 0) + more
                if pair not in self.examples:
                    self.examples[pair] = self._example(first, one), self._example(second, other)

    def _example(self, key: Key, mask: int) -> tuple[str, str]:
        return self.cells.labels(mask)[0], _named(key)


def _by_outcome(reached: list[tuple[int, Hashable]]) -> Hashable:
    """What each cell of the last fact leads to, without those that cannot occur."""
    return tuple((label, mask) for mask, label in reached if label is not NEVER)


def _keys(policy: Policy) -> list[Key]:
    """The outcomes of a policy, in the order of the document."""
    effects = (line.effects.get(OUTCOME) for line in policy.decider.grid.lines)
    return list(dict.fromkeys(effect.key for effect in effects if isinstance(effect, Outcome)))


def _named(key: Key) -> str:
    """An outcome by its reply or act, with its service where it has one.

    >>> _named(("quote", "sales", "quote-sales", "web design")), _named(("help", None, None, None))
    ('quote-sales (web design)', 'help')
    """
    act, _, reply, service = key
    name = reply or act or ""
    return f"{name} ({service})" if service else name


class _Requests:
    """Real requests as rows of boxes, each distinct one once."""

    def __init__(self, policy: Policy) -> None:
        self.decider = policy.decider
        self.rank = {key: index for index, key in enumerate(_keys(policy))}
        self.row_items = policy.row_items
        self.counts: dict[tuple[int, ...], int] = {}
        self.settled = self.open = 0

    def add(self, facts: Mapping[str, str], count: int) -> None:
        rows = tuple(_row(row, facts.get(name)) for name, row in self.row_items)
        if len(self.decider.outcomes(self._situation(rows))) != 1:
            self.open += count
            return
        self.settled += count
        self.counts[rows] = self.counts.get(rows, 0) + count

    def turned_by(self, place: int) -> tuple[int, dict[Pair, int]]:
        """How many requests another value of the fact would decide otherwise, and which outcomes."""
        turned = 0
        pairs: dict[Pair, int] = {}
        options = set(self.decider.grid.rows[place])
        for rows, count in self.counts.items():
            (key,) = self.decider.outcomes(self._situation(rows))
            around = self._situation((*rows[:place], *rows[place + 1 :]))
            others = {
                outcomes[0]
                for row in options
                if len(outcomes := tuple(self.decider.outcomes(around & row))) == 1 and outcomes[0] != key
            }
            turned += count * bool(others)
            for other in others:
                first, second = sorted((key, other), key=self.rank.__getitem__)
                pairs[first, second] = pairs.get((first, second), 0) + count
        return turned, pairs

    def _situation(self, rows: tuple[int, ...]) -> int:
        situation = self.decider.grid.every
        for row in rows:
            situation &= row
        return situation


def _row(row: Mapping[str | None, int], value: str | None) -> int:
    try:
        return row[value]
    except KeyError:
        return row[UNKNOWN]
