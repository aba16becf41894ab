"""Days as columns of a small plot, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.tickets.queries.replayed import Day

WIDE, HIGH = 600, 90
MOST_COLUMNS = 120
WIDEST = 24  # a day by itself is a column, not a wall


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: where it stands, how wide, how high in all and for what changed, and what it says."""

    x: float
    width: float
    total: float
    changed: float
    title: str


def columns(days: Sequence[Day]) -> tuple[Column, ...]:
    """The days side by side, the highest as high as the plot; many days share columns."""
    together = -(-len(days) // MOST_COLUMNS) or 1
    runs = [days[start : start + together] for start in range(0, len(days), together)]
    most = max((sum(day.total for day in run) for run in runs), default=0) or 1
    step = WIDE / max(len(runs), 1)
    return tuple(_column(run, index * step, min(step * 0.8, WIDEST), most) for index, run in enumerate(runs))


def _column(run: Sequence[Day], x: float, width: float, most: int) -> Column:
    total, changed = sum(day.total for day in run), sum(day.changed for day in run)
    when = f"{run[0].day:%-d %b %Y}" + (f" to {run[-1].day:%-d %b %Y}" if len(run) > 1 else "")
    return Column(
        x=round(x, 1),
        width=round(width, 1),
        total=round(HIGH * total / most, 1),
        changed=round(HIGH * changed / most, 1),
        title=f"{when}: {changed:,} of {total:,} otherwise",
    )
