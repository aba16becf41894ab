"""What does the policy say? Documents in, decisions out: parse, check, decide, ask, explain, page.

A room on the ground floor: plain Python, no Django. Start at README.md.
"""

from __future__ import annotations

from .ask import Question
from .clauses import Clause, ClauseCase
from .compile import check, compile_policy, load, read_files
from .contents import Contents, ExampleLine, Word, contents
from .decide import Decision, Limit, Undecided
from .decisions import Charge, Outcome, Target
from .desk import Desk
from .explain import Change, Explanation, GaveWay, Reason
from .facts import Fact, FactValue
from .findings import Finding, PolicyError
from .hours import Calendar
from .ladder import Breach, Ladder, LadderStep
from .page import GlanceRow
from .policy import MissingSlot, Policy, UnknownWord
from .schedules import Topic
from .verdict import Verdict
from .words import MOMENT_SLOTS

__all__ = [
    "MOMENT_SLOTS",
    "Breach",
    "Calendar",
    "Change",
    "Charge",
    "Clause",
    "ClauseCase",
    "Contents",
    "Decision",
    "Desk",
    "ExampleLine",
    "Explanation",
    "Fact",
    "FactValue",
    "Finding",
    "GaveWay",
    "GlanceRow",
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
    "Undecided",
    "UnknownWord",
    "Verdict",
    "Word",
    "check",
    "compile_policy",
    "contents",
    "load",
    "read_files",
]
