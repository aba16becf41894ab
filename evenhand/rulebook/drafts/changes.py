"""What a draft changes against the version in force: every difference, and the promises withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from evenhand.people.models import Brand
from evenhand.policy import Comparison, Policy, WithdrawnPromise, compare, promises_withdrawn
from evenhand.rulebook.compiled import policy
from evenhand.rulebook.models import Version
from evenhand.rulebook.queries import in_force
from evenhand.rulebook.refusals import NoVersion


@dataclass(frozen=True, kw_only=True)
class Changes:
    """`version` is the one in force that the draft was held against."""

    version: Version
    comparison: Comparison
    withdrawn: tuple[WithdrawnPromise, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """What is decided otherwise: outcome first, then targets and the rest, each once."""
        return tuple(dict.fromkeys(one.group for one in self.comparison.differences))


def changes(brand: Brand, draft: Policy) -> Changes | None:
    """In what `draft` differs from the brand's version in force; None where none is in force."""
    try:
        version = in_force(brand)
    except NoVersion:
        return None
    comparison, withdrawn = _held_against(policy(version), draft)
    return Changes(version=version, comparison=comparison, withdrawn=withdrawn)


@lru_cache(maxsize=4)
def _held_against(old: Policy, new: Policy) -> tuple[Comparison, tuple[WithdrawnPromise, ...]]:
    """Policies are told apart as objects, which their makers keep: the same pair is compared once."""
    return compare(old, new), promises_withdrawn(old, new)
