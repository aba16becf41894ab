"""How much work one check may be."""

from __future__ import annotations

from dataclasses import dataclass

MOST_WORK = 150_000


class TooManyCases(RuntimeError):
    """The facts combine into more cases than can be judged; `facts` are those to blame."""

    def __init__(self, facts: tuple[int, ...]) -> None:
        self.facts = facts
        super().__init__("too many cases")


@dataclass
class Budget:
    """Bounds the work of one check, counted in signatures made, so that every document ends in a finding."""

    left: int = MOST_WORK

    def spend(self, work: int, facts: tuple[int, ...]) -> None:
        self.left -= work
        if self.left < 0:
            raise TooManyCases(facts)
