"""The questions that could be asked, each with what its answers would settle (rules 22 and 23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .belief import ROUNDING, Scales, Weighed
from .decide import Key
from .facts import Cells
from .words import OUTCOME, SOMETHING_ELSE, TOPIC

MOST_OPTIONS = 5
TOPIC_QUESTION = "Which of these is it about?"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question for the customer. `meanings[i]` holds the facts that `answers[i]` settles, as (fact, value).

    Where `fact` is `topic`, the answers name topics and end with "something else", which settles nothing;
    its meaning is empty. An answer of a joint question may stand for several cases that come out alike: its
    meaning is the first of them. `settles`: the share of the belief that some answer settles.
    """

    fact: str
    text: str
    answers: tuple[str, ...]
    meanings: tuple[tuple[tuple[str, str], ...], ...]
    settles: float


@dataclass(frozen=True, kw_only=True)
class Situated:
    """What is known before asking: a row for every fact, and the topics with their masses."""

    rows: Mapping[str, int]
    topic_rows: Mapping[str, int]
    masses: Mapping[str, float]

    def situations(self, *, answered: tuple[str, int] | None = None) -> dict[str, int]:
        """The situation of each topic, with one fact's row replaced by an answer."""
        common = -1
        for name, row in self.rows.items():
            common &= answered[1] if answered and answered[0] == name else row
        return {topic: common & self.topic_rows[topic] for topic in self.masses}


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A question with its Settle, and the greatest Bel to be expected after its answer (rule 22)."""

    question: Question
    settles: float
    certainty: float


class Asker:
    """Rates every question that could be asked in a situation."""

    def __init__(
        self,
        scales: Scales,
        cells: Mapping[str, Cells],
        cell_rows: Mapping[str, Sequence[int]],
    ) -> None:
        self.scales = scales
        self.cells = cells
        self.cell_rows = cell_rows

    def singles(self, situated: Situated, weighed: Weighed, unknown: Sequence[str]) -> list[Rated]:
        """Every question that has something to gain: facts in the order declared, then the topic."""
        rated = [self._rate_fact(situated, weighed, name) for name in self._askable(unknown)]
        return [one for one in (*rated, self._rate_topic(weighed)) if one is not None]

    def joints(self, situated: Situated, weighed: Weighed, unknown: Sequence[str]) -> list[Rated]:
        """Every question for the topic and one fact at once (rule 23)."""
        rated = [self._rate_joint(situated, weighed, name) for name in self._askable(unknown)]
        return [one for one in rated if one is not None]

    def is_enough(self, rated: Rated | None) -> bool:
        """Whether the answer settles as much as the document asks for."""
        return rated is not None and rated.settles >= self.scales.desk.asks_from - ROUNDING

    def _askable(self, unknown: Sequence[str]) -> list[str]:
        return [name for name in unknown if self.cells[name].fact.ask]

    def _rate_fact(self, situated: Situated, weighed: Weighed, name: str) -> Rated | None:
        cells, rows = self.cells[name], self.cell_rows[name]
        if not self._turns_on(situated, rows, name):
            return None
        answers: list[tuple[int, float, Weighed]] = []
        for cell in range(len(cells)):
            answered = self.scales.weigh(situated.masses, situated.situations(answered=(name, rows[cell])))
            compatible = sum(situated.masses[topic] for topic in answered.masses)
            if answered.masses:
                answers.append((cell, compatible, answered))
        total = sum(weight for _, weight, _ in answers)
        if total <= 0 or not any(_turns(weighed, answered) for _, _, answered in answers):
            return None
        settles = sum(w for _, w, answered in answers if self.scales.settled(answered) is not None) / total
        certainty = sum(w * max(answered.belief.values()) for _, w, answered in answers) / total
        question = Question(
            fact=name,
            text=cells.fact.ask or "",
            answers=tuple(cells.label(cell) for cell, _, _ in answers),
            meanings=tuple(((name, cells.example(cell)),) for cell, _, _ in answers),
            settles=settles,
        )
        return Rated(question=question, settles=settles, certainty=certainty)

    def _turns_on(self, situated: Situated, rows: Sequence[int], name: str) -> bool:
        """Whether some cell of the fact changes which boxes bear on the outcome; others need no rating."""
        relevant = self.scales.decider.grid.relevant(OUTCOME)
        possible = situated.situations().values()
        return any(len({situation & row & relevant for row in rows}) > 1 for situation in possible)

    def _rate_topic(self, weighed: Weighed) -> Rated | None:
        if len(weighed.masses) < 2 or weighed.is_one_outcome:
            return None
        settles = certainty = 0.0
        ordered = sorted(weighed.masses, key=lambda topic: -weighed.masses[topic])
        for topic in ordered:
            mass = weighed.masses[topic]
            answered = self.scales.weigh({topic: 1.0}, {topic: weighed.situations[topic]})
            settles += mass * (self.scales.settled(answered) is not None)
            certainty += mass * max(answered.belief.values())
        question = Question(
            fact=TOPIC,
            text=TOPIC_QUESTION,
            answers=(*ordered, SOMETHING_ELSE),
            meanings=(*(((TOPIC, topic),) for topic in ordered), ()),
            settles=settles,
        )
        return Rated(question=question, settles=settles, certainty=certainty)

    def _rate_joint(self, situated: Situated, weighed: Weighed, name: str) -> Rated | None:
        """Topic and one fact at once, its options merged by the outcome that they lead to."""
        if len(weighed.masses) < 2:
            return None
        rows = self.cell_rows[name]
        merged: dict[Key, list[tuple[str, int]]] = {}
        settles = 0.0
        by_cell = [situated.situations(answered=(name, row)) for row in rows]
        for topic, mass in weighed.masses.items():
            possible = [
                (cell, answered)
                for cell in range(len(rows))
                if (answered := self.scales.weigh({topic: 1.0}, {topic: by_cell[cell][topic]})).masses
            ]
            for cell, answered in possible:
                if (found := self.scales.settled(answered)) is not None:
                    settles += mass / len(possible)
                    merged.setdefault(found[0], []).append((topic, cell))
        if not 2 <= len(merged) <= MOST_OPTIONS:
            return None
        question = self._joint_question(name, list(merged.values()), settles)
        return Rated(question=question, settles=settles, certainty=settles)

    def _joint_question(self, name: str, options: list[list[tuple[str, int]]], settles: float) -> Question:
        cells = self.cells[name]
        answers: list[str] = []
        for option in options:
            by_topic: dict[str, list[str]] = {}
            for topic, cell in option:
                by_topic.setdefault(topic, []).append(cells.label(cell))
            answers.append(
                " or ".join(
                    topic if len(labels) == len(cells) else f"{topic} ({name}: {', '.join(labels)})"
                    for topic, labels in by_topic.items()
                )
            )
        meanings = tuple(((TOPIC, option[0][0]), (name, cells.example(option[0][1]))) for option in options)
        return Question(
            fact=TOPIC,
            text=f"{TOPIC_QUESTION} {cells.fact.ask}",
            answers=(*answers, SOMETHING_ELSE),
            meanings=(*meanings, ()),
            settles=settles,
        )


def _turns(weighed: Weighed, answered: Weighed) -> bool:
    """Whether an answer leaves other outcomes possible than before; in what order they come is no matter."""
    before, after = weighed.yields, answered.yields
    return before.keys() != after.keys() or any(set(before[topic]) != set(after[topic]) for topic in before)


def greatest(rated: Sequence[Rated]) -> Rated | None:
    """The greatest share settled, then the greatest certainty expected, then the first."""
    return max(rated, key=lambda one: (round(one.settles, 9), round(one.certainty, 9)), default=None)
