"""What does the policy say? Documents in, decisions out: parse, check, decide, ask, explain, page.

A room on the ground floor: plain Python, no Django. Start at README.md.
"""

from __future__ import annotations

from .amend import Bases, BaseText, bases_beside, is_amendment
from .ask import Question
from .clauses import Clause, ClauseCase
from .compare import Comparison, Difference, Uncompared, compare
from .compile import check, compile_policy, consolidate, load, read_files
from .decide import Decision, Limit, Undecided
from .decisions import Charge, Outcome, Target
from .desk import Desk
from .edits import Edit
from .explain import Change, Explanation, GaveWay, Reason
from .facts import Fact, FactValue
from .findings import Finding, PolicyError
from .hours import Calendar
from .influence import FactInfluence, Influence, Turn, influence
from .ladder import Breach, Ladder, LadderStep
from .page import GlanceRow
from .policy import MissingSlot, Policy, UnknownWord
from .promises import WithdrawnPromise, promises_withdrawn
from .schedules import Topic
from .verdict import Verdict
from .words import MOMENT_SLOTS
from .write import write

__all__ = [
    "MOMENT_SLOTS",
    "BaseText",
    "Bases",
    "Breach",
    "Calendar",
    "Change",
    "Charge",
    "Clause",
    "ClauseCase",
    "Comparison",
    "Decision",
    "Desk",
    "Difference",
    "Edit",
    "Explanation",
    "Fact",
    "FactInfluence",
    "FactValue",
    "Finding",
    "GaveWay",
    "GlanceRow",
    "Influence",
    "Ladder",
    "LadderStep",
    "Limit",
    "MissingSlot",
    "Outcome",
    "Policy",
    "PolicyError",
    "Question",
    "Reason",
    "Target",
    "Topic",
    "Turn",
    "Uncompared",
    "Undecided",
    "UnknownWord",
    "Verdict",
    "WithdrawnPromise",
    "bases_beside",
    "check",
    "compare",
    "compile_policy",
    "consolidate",
    "influence",
    "is_amendment",
    "load",
    "promises_withdrawn",
    "read_files",
    "write",
]
