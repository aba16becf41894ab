"""Several matters of one message: a decision for each, and at most one question for all (rule 26)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .ask import Asker, Question, Rated, greatest
from .verdict import Ruling, Verdict
from .words import TOPIC

SPENT = "The questions are spent."
NONE_SETTLES = "No one question settles it."
ANOTHER_FIRST = "The one question of this message is about another matter."


def rule_together(rulings: Sequence[Ruling], asker: Asker, *, asked: int) -> tuple[Verdict, ...]:
    """A verdict for each matter, in their order; what is settled is answered at once.

    Among the questions that help the others, the one with the greatest mean Settle is asked, if that is as
    much as the document wants. A fact is one for the whole message, so one answer serves every matter that
    turns on it; a question for the topic serves its own matter.
    """
    verdicts = {at: verdict for at, one in enumerate(rulings) if (verdict := one.decided()) is not None}
    waiting = {at: one for at, one in enumerate(rulings) if at not in verdicts}
    if waiting:
        verdicts |= _Waiting(waiting, asker).verdicts(asked)
    return tuple(verdicts[at] for at in range(len(rulings)))


@dataclass(frozen=True)
class _Waiting:
    """The matters that only a question can settle, by their place in the message."""

    rulings: Mapping[int, Ruling]
    asker: Asker

    def verdicts(self, asked: int) -> dict[int, Verdict]:
        singles = {at: ruling.singles() for at, ruling in self.rulings.items()}
        best = self._best(singles)
        if not self.asker.is_enough(best.rated if best else None):
            joint = self._best({at: ruling.joints() for at, ruling in self.rulings.items()})
            best = _better(best, joint)
        enough = self.asker.is_enough(best.rated if best else None)
        if best is not None and enough and asked < self.asker.scales.desk.asks_at_most:
            return {at: self._asked(at, best, singles) for at in self.rulings}
        why = SPENT if enough else NONE_SETTLES
        return {at: self._left(at, best, singles, why) for at in self.rulings}

    def _asked(self, at: int, best: _Shared, singles: Mapping[int, list[Rated]]) -> Verdict:
        if at in best.serves:
            return self.rulings[at].asking(best.rated.question)
        return self._left(at, best, singles, ANOTHER_FIRST)

    def _left(self, at: int, best: _Shared | None, singles: Mapping[int, list[Rated]], why: str) -> Verdict:
        own = best.rated if best is not None and at in best.serves else greatest(singles[at])
        return self.rulings[at].left_to_a_person(own.question if own else None, why)

    def _best(self, rated: Mapping[int, list[Rated]]) -> _Shared | None:
        """The question with the greatest mean Settle over all that wait; ties as for one matter (rule 22)."""
        shared = [self._shared(serving) for serving in self._by_question(rated)]
        best = greatest([one.rated for one in shared])
        return next((one for one in shared if one.rated is best), None)

    def _by_question(self, rated: Mapping[int, list[Rated]]) -> list[dict[int, Rated]]:
        """Which matters each question serves: facts in the order declared, then topics, matter by matter."""
        by_fact: dict[str, dict[int, Rated]] = {}
        for at, ones in rated.items():
            for one in ones:
                if one.question.fact != TOPIC:
                    by_fact.setdefault(one.question.fact, {})[at] = one
        topics = [{at: one} for at, ones in rated.items() for one in ones if one.question.fact == TOPIC]
        declared = [name for name in self.asker.cells if name in by_fact]
        return [*(by_fact[name] for name in declared), *topics]

    def _shared(self, serving: Mapping[int, Rated]) -> _Shared:
        count = len(self.rulings)
        settles = sum(one.settles for one in serving.values()) / count
        certain = [
            serving[at].certainty if at in serving else max(ruling.weighed.belief.values(), default=0.0)
            for at, ruling in self.rulings.items()
        ]
        question = replace(self._question(serving), settles=settles)
        rated = Rated(question=question, settles=settles, certainty=sum(certain) / count)
        return _Shared(serves=frozenset(serving), rated=rated)

    def _question(self, serving: Mapping[int, Rated]) -> Question:
        """One question with the answers that any of its matters leaves possible, in the fact's own order."""
        questions = [one.question for one in serving.values()]
        if len(questions) == 1:
            return questions[0]
        cells = self.asker.cells[questions[0].fact]
        meanings = {
            answer: meaning
            for question in questions
            for answer, meaning in zip(question.answers, question.meanings, strict=True)
        }
        answers = tuple(label for cell in range(len(cells)) if (label := cells.label(cell)) in meanings)
        return replace(questions[0], answers=answers, meanings=tuple(meanings[answer] for answer in answers))


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """A question, the matters that it serves, and its rating over all that wait."""

    serves: frozenset[int]
    rated: Rated


def _better(one: _Shared | None, other: _Shared | None) -> _Shared | None:
    """The better of a single and a joint question; the single one where they are equal."""
    if one is None or other is None:
        return one or other
    return other if greatest([one.rated, other.rated]) is other.rated else one
