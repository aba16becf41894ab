"""The checks that need the rules: coverage first, and examples where coverage is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..budget import TooManyCases
from ..findings import Findings
from .coverage import check_coverage
from .examples import check_examples
from .kindness import check_kindness

if TYPE_CHECKING:
    from ..compile import Compiled
    from ..policy import Policy


def check_rules(policy: Policy, compiled: Compiled, findings: Findings) -> None:
    """Adds every finding about cases, then about examples, which conflicts would make pointless."""
    check_coverage(compiled.rules, findings)
    if findings.has_errors:
        return
    try:
        check_kindness(policy, findings)
        check_examples(policy, compiled, findings)
    except TooManyCases as explosion:
        name = compiled.rules.grid.cells[explosion.facts[-1]].fact.name
        findings.error(
            "too many cases",
            1,
            f"An example leaves too many cases open; {name} is one to blame.",
            mend=f"Name {name} in the example.",
        )
