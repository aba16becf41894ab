"""What can be wrong with a document that reads well: its words, its coverage, its examples."""

from __future__ import annotations

from .coverage import check_coverage
from .examples import check_examples
from .prose import check_prose
from .rules import check_rules
from .wording import check_words

__all__ = ["check_coverage", "check_examples", "check_prose", "check_rules", "check_words"]
