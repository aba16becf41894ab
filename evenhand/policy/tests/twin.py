"""The brute-force twin: random small policies, and what they mean, by enumerating every case.

Nothing here uses boxes, signatures or masks. A policy is drawn as plain data, printed as a document for the
engine, and judged case by case straight from the specification.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field

Case = dict[str, str]

FACTS: dict[str, list[str]] = {
    "topic": ["t0", "t1", "t2"],
    "plan": ["basic", "standard", "advanced"],
    "theme": ["fresh", "changed"],
    "count": [str(number) for number in range(6)],
}
REPLIES = ["r0", "r1", "r2"]
TIMES = ["1 hour", "4 hours", "2 days"]
THRESHOLDS = {"r0": 0.8, "r1": 0.9, "r2": 0.6}


@dataclass
class Line:
    conditions: dict[str, tuple[str, set[str]]]
    reply: str | None
    time: str | None
    asks_outcome: str | None = None


@dataclass
class Clause:
    number: str
    part: int
    lines: list[Line]
    over: list[str] = field(default_factory=list)
    gives_way: list[str] = field(default_factory=list)

    @property
    def parent(self) -> str | None:
        return self.number.rpartition(".")[0] or None


@dataclass
class Drawn:
    """A policy as data. Parts are named p0, p1 …; `ordered` says whether precedence orders them."""

    clauses: dict[str, Clause]
    parts: int
    ordered: bool
    never: list[dict[str, tuple[str, set[str]]]]

    def text(self) -> str:
        lines = ["---", "policy: drawn", "version: 1"]
        if self.ordered:
            lines.append("precedence: " + " > ".join(f"p{part}" for part in range(self.parts)))
        lines.append("---")
        for part in range(self.parts):
            lines.append(f"# p{part}")
            for clause in self.clauses.values():
                if clause.part == part:
                    lines += _printed(clause)
        lines += _SCHEDULES
        if self.never:
            lines += [
                "```never",
                *("; ".join(f"{f}: {w}" for f, (w, _) in one.items()) for one in self.never),
                "```",
            ]
        return "\n".join(lines) + "\n"


_SCHEDULES = [
    "# Schedules",
    "```facts",
    "plan: basic < standard < advanced",
    "  ask: Which plan?",
    "theme: fresh, changed",
    "  ask: Which theme?",
    "count: number 0 to 5",
    "```",
    "```topics",
    *(f"{topic}: about {topic}" for topic in FACTS["topic"]),
    "```",
    "```replies",
    *(f"{reply}: text" for reply in REPLIES),
    "```",
    "```desk",
    "acts alone from: 0.8",
    "acts alone from when r1: 0.9",
    "acts alone from when r2: 0.6",
    "asks when the answer settles at least: 0.5",
    "```",
]


def _printed(clause: Clause) -> list[str]:
    lines = [f"{'#' * (clause.number.count('.') + 2)} {clause.number} Title", "```rule"]
    for line in clause.lines:
        asked = {**{f: words for f, (words, _) in line.conditions.items()}}
        if line.asks_outcome:
            asked["outcome"] = line.asks_outcome
        lines.append("when " + "; ".join(f"{f}: {w}" for f, w in asked.items()) if asked else "always")
        if line.reply:
            lines.append(f"we help; reply {line.reply}")
        if line.time:
            lines.append(f"we set first reply {line.time}")
    if clause.over:
        lines.append("over " + ", ".join(clause.over))
    if clause.gives_way:
        lines.append("gives way to " + ", ".join(clause.gives_way))
    return [*lines, "```"]


def draw(seed: int, *, tidy: bool) -> Drawn:
    """A random policy. Tidy ones order everything and have a last resort: most are without findings."""
    pick = random.Random(seed)
    parts = pick.randint(2, 3)
    clauses: dict[str, Clause] = {}
    for top in range(1, pick.randint(3, 5)):
        number = str(top)
        part = (top - 1) % parts if tidy else pick.randrange(parts)
        clauses[number] = Clause(number, part, _lines(pick, tidy=tidy, few=tidy))
        for below in range(1, pick.randint(1, 3)):
            child = f"{number}.{below}"
            clauses[child] = Clause(child, part, _lines(pick, tidy=tidy, few=tidy))
            if tidy and below > 1:
                clauses[child].over.append(f"{number}.{below - 1}")
            if pick.random() < 0.4:
                clauses[f"{child}.1"] = Clause(f"{child}.1", part, _lines(pick, tidy=tidy, few=tidy))
    if tidy:
        _tidy(clauses, parts)
    else:
        _cross(pick, clauses)
    never = [_conditions(pick, 2)] if pick.random() < 0.4 else []
    return Drawn(clauses, parts, tidy or pick.random() < 0.6, [one for one in never if one])


def _tidy(clauses: dict[str, Clause], parts: int) -> None:
    last = parts - 1
    tops = [clause for clause in clauses.values() if "." not in clause.number]
    for earlier, later in itertools.combinations(tops, 2):
        if earlier.part == later.part or later.part > earlier.part:
            earlier.over.append(later.number)
        else:
            later.over.append(earlier.number)
    clauses["9"] = Clause("9", last, [Line({}, "r0", "2 days")])
    for clause in tops:
        clause.over.append("9")


def _cross(pick: random.Random, clauses: dict[str, Clause]) -> None:
    if pick.random() < 0.7:
        clauses["9"] = Clause("9", 0, [Line({}, "r0", "2 days")])
    for clause in list(clauses.values()):
        if pick.random() < 0.08:
            clause.over.append(pick.choice([*clauses]))
        elif pick.random() < 0.12:
            clause.gives_way.append(pick.choice([*clauses]))


def _lines(pick: random.Random, *, tidy: bool, few: bool) -> list[Line]:
    count = 1 if few and pick.random() < 0.8 else pick.randint(1, 2)
    lines = []
    reply = pick.choice(REPLIES)
    time = pick.choice([None, *TIMES])
    for _ in range(count):
        decides = pick.random() < 0.85
        asks = None if decides or pick.random() < 0.6 else pick.choice(REPLIES)
        lines.append(
            Line(
                _conditions(pick, pick.randint(0 if pick.random() < 0.1 else 1, 2)),
                (reply if tidy else pick.choice(REPLIES)) if decides else None,
                time if decides else pick.choice(TIMES),
                asks,
            )
        )
    return lines


def _conditions(pick: random.Random, count: int) -> dict[str, tuple[str, set[str]]]:
    return {fact: _wanted(pick, fact) for fact in pick.sample(list(FACTS), count)}


def _wanted(pick: random.Random, fact: str) -> tuple[str, set[str]]:
    values = FACTS[fact]
    if fact == "count":
        at = pick.randint(1, 4)
        return pick.choice(
            [
                (f"{at} or more", set(values[at:])),
                (f"below {at}", set(values[:at])),
                (f"{at} or fewer", set(values[: at + 1])),
                (f"{at} to {at + 1}", set(values[at : at + 2])),
            ]
        )
    if fact == "plan" and pick.random() < 0.5:
        at = pick.randint(0, 2)
        return (f"{values[at]} or higher", set(values[at:]))
    chosen = pick.sample(values, pick.randint(1, len(values) - 1))
    if pick.random() < 0.3:
        return "not " + ", ".join(chosen), set(values) - set(chosen)
    return ", ".join(chosen), set(chosen)


class Twin:
    """Judges a drawn policy case by case."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.clauses = drawn.clauses
        self.deciding = {n for n, c in self.clauses.items() if any(line.reply for line in c.lines)}
        self.edges = {group: self._direct(group) for group in ("outcome", "first reply")}

    def cases(self, **fixed: str) -> list[Case]:
        """Every case that the fixed facts leave and `never` does not exclude."""
        spread = [[fixed[fact]] if fact in fixed else values for fact, values in FACTS.items()]
        every = (dict(zip(FACTS, values, strict=True)) for values in itertools.product(*spread))
        return [case for case in every if not any(_holds(one, case) for one in self.drawn.never)]

    def is_sound(self) -> bool:
        """No circle, no `over` an ancestor, itself or a higher part: what is refused before judging."""
        for clause in self.clauses.values():
            for other in clause.over:
                if other == clause.number or clause.number.startswith(other + "."):
                    return False
                if clause.number in self.deciding and self.drawn.ordered:
                    for below in self.subtree(other):
                        if below in self.deciding and self.clauses[below].part < clause.part:
                            return False
            if clause.number in clause.gives_way:
                return False
        return not any(self.beats(number, number, group) for number in self.clauses for group in self.edges)

    def subtree(self, number: str) -> list[str]:
        return [other for other in self.clauses if other == number or other.startswith(number + ".")]

    def _direct(self, group: str) -> dict[str, set[str]]:
        edges: dict[str, set[str]] = {number: set() for number in self.clauses}
        spared = set()
        for number, clause in self.clauses.items():
            edges[number] |= {other for other in self.clauses if number.startswith(other + ".")}
            for other in clause.over:
                edges[number] |= set(self.subtree(other))
            for other in clause.gives_way:
                for winner in self.subtree(other):
                    edges[winner].add(number)
                    spared.add((number, winner))
        if group == "outcome" and self.drawn.ordered:
            for first, second in itertools.permutations(self.deciding, 2):
                earlier = self.clauses[first].part < self.clauses[second].part
                if earlier and (first, second) not in spared:
                    edges[first].add(second)
        return edges

    def beats(self, winner: str, loser: str, group: str) -> bool:
        seen: set[str] = set()
        waiting = list(self.edges[group][winner])
        while waiting:
            step = waiting.pop()
            if step == loser:
                return True
            if step not in seen:
                seen.add(step)
                waiting += self.edges[group][step]
        return False

    def extent(self, number: str, case: Case, group: str) -> bool:
        """Whether some line of the clause holds, and its parent's extent does.

        Nothing that decides the outcome may stand under a line that asks for one, so those lines do not
        count there.
        """
        lines = [line for line in self.clauses[number].lines if group != "outcome" or not line.asks_outcome]
        return any(self.line_holds(number, line, case, group) for line in lines)

    def line_holds(self, number: str, line: Line, case: Case, group: str) -> bool:
        parent = self.clauses[number].parent
        if parent is not None and not self.extent(parent, case, group):
            return False
        if not _holds(line.conditions, case):
            return False
        return line.asks_outcome is None or self.outcome(case) == line.asks_outcome

    def winners(self, group: str, case: Case) -> list[tuple[str, int, str]]:
        found = []
        for number, clause in self.clauses.items():
            for index, line in enumerate(clause.lines):
                value = line.reply if group == "outcome" else line.time
                if value is not None and self.line_holds(number, line, case, group):
                    found.append((number, index, value))
        holding = {number for number, _, _ in found}
        return [
            one
            for one in found
            if not any(self.beats(other, one[0], group) for other in holding if other != one[0])
        ]

    def outcome(self, case: Case) -> str | None:
        """The outcome, or None where it is a gap or a conflict."""
        values = {value for _, _, value in self.winners("outcome", case)}
        return values.pop() if len(values) == 1 else None

    def outcomes(self, **fixed: str) -> set[str | None]:
        return {self.outcome(case) for case in self.cases(**fixed)}


def _holds(conditions: dict[str, tuple[str, set[str]]], case: Case) -> bool:
    return all(case[fact] in values for fact, (_, values) in conditions.items())
