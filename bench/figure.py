"""One measured figure, with its target and its raw samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`value` in `unit`, to be at least or at most `target`; `samples` are what it was computed from."""

    name: str
    value: float
    unit: str
    target: float
    at_least: bool
    samples: Sequence[float] = field(default=())

    @property
    def met(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "ok" if self.met else "SHORT"
        reached = f"{self.value:>14,.2f} {self.unit:10}"
        return f"{verdict:5}  {self.name:58} {reached} (target {sign} {self.target:,g})"

    def raw(self) -> str:
        shown = ", ".join(f"{sample:.6g}" for sample in self.samples[:400])
        return f"       {self.name}: {len(self.samples)} samples: {shown}"


def percentile(samples: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest sample that `share` of all samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(samples: Sequence[float]) -> float:
    return percentile(samples, 0.5)
