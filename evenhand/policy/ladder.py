"""The ladder: which breach, from which standing, leads to which step, and what a step means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .document import Entry, Schedule, Text
from .facts import Fact
from .findings import Findings, nearest, shorten
from .words import SEVERITIES, and_list

BREACH, STANDING = "breach", "standing"
TERMS = ("for", "lapses after", "reviewed after")


@dataclass(frozen=True, kw_only=True)
class Breach:
    name: str
    severity: str
    text: str
    line: int = 1


@dataclass(frozen=True, kw_only=True)
class LadderStep:
    """One step, mildest first in the ladder. Days are None where the document names none.

    `closes` is public; how long a step lasts is internal unless the prose says it (rule 29).
    """

    name: str
    terms: tuple[str, ...]
    closes: str
    reply: str | None = None
    lasts_days: int | None = None
    lapses_days: int | None = None
    reviewed_days: int | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """(standing, severity) leads to a step. `rungs` holds standing → severity → step."""

    breaches: Mapping[str, Breach]
    steps: Mapping[str, LadderStep]
    rungs: Mapping[str, Mapping[str, str]]
    confirmed_by: str | None = None
    appeal: str | None = None
    line: int = 1
    rung_lines: Mapping[str, int] = field(default_factory=dict)

    def step(self, standing: str, breach: str) -> LadderStep | None:
        """The step that a breach leads to, or None for a breach the ladder does not name (`none`)."""
        found = self.breaches.get(breach)
        if found is None:
            return None
        return self.steps[self.rungs[standing][found.severity]]


def read_ladder(schedule: Schedule | None, findings: Findings, replies: Mapping[str, str]) -> Ladder | None:
    """The ladder of a document, or None where it has none; every fault is a finding."""
    if schedule is None:
        return None
    reader = _Reader(findings, replies)
    for entry in schedule.entries:
        reader.read(entry)
    return Ladder(
        breaches=reader.breaches,
        steps=reader.steps,
        rungs=reader.rungs,
        confirmed_by=reader.said.get("confirmed by"),
        appeal=reader.said.get("appeal"),
        line=schedule.line,
        rung_lines=reader.rung_lines,
    )


class _Reader:
    def __init__(self, findings: Findings, replies: Mapping[str, str]) -> None:
        self.findings = findings
        self.replies = replies
        self.breaches: dict[str, Breach] = {}
        self.steps: dict[str, LadderStep] = {}
        self.rungs: dict[str, dict[str, str]] = {}
        self.rung_lines: dict[str, int] = {}
        self.said: dict[str, str] = {}

    def read(self, entry: Entry) -> None:
        kind, _, name = entry.name.partition(" ")
        if kind == "breach" and name:
            self._breach(name, entry)
        elif kind == "step" and name:
            self._step(name, entry)
        elif kind == "from" and name:
            self._rungs(name, entry)
        elif entry.name in ("confirmed by", "appeal"):
            self._once(entry, self.said)
            self.said[entry.name] = entry.text
        else:
            self.findings.error(
                "ladder",
                entry.line,
                f"The ladder does not know “{shorten(entry.name)}”.",
                mend=nearest(kind, ("breach", "step", "from", "confirmed by", "appeal")),
            )

    def _once(self, entry: Entry, known: Mapping[str, object], name: str | None = None) -> None:
        if (name or entry.name) in known:
            self.findings.error(
                "ladder",
                entry.line,
                f"The ladder says “{shorten(entry.name)}” twice.",
                mend="Keep one of them.",
            )

    def _breach(self, name: str, entry: Entry) -> None:
        self._once(entry, self.breaches, name)
        severity, _, text = entry.text.partition(".")
        severity = severity.strip()
        if severity not in SEVERITIES:
            self.findings.error(
                "ladder",
                entry.line,
                f"The breach “{shorten(name)}” has no severity.",
                mend=f"Begin with {and_list(SEVERITIES, 'or')} and a full stop.",
            )
        self.breaches[name] = Breach(name=name, severity=severity, text=text.strip(), line=entry.line)

    def _step(self, name: str, entry: Entry) -> None:
        self._once(entry, self.steps, name)
        terms = tuple(term.strip() for term in entry.text.split(";") if term.strip())
        for term in terms:
            self._term(term, entry)
        closes = [more.text for more in entry.more if not more.text.startswith("reply ")]
        named = [more for more in entry.more if more.text.startswith("reply ")]
        self.steps[name] = LadderStep(
            name=name,
            terms=terms,
            closes=" ".join(closes),
            reply=self._notice(name, named[-1] if named else None),
            lasts_days=_days(terms, "for"),
            lapses_days=_days(terms, "lapses after"),
            reviewed_days=_days(terms, "reviewed after"),
            line=entry.line,
        )

    def _term(self, term: str, entry: Entry) -> None:
        """A term that is misread would be a ban without an end, so it is an error."""
        if not any(_days((term,), start) for start in TERMS):
            self.findings.error(
                "ladder",
                entry.line,
                f"“{shorten(term)}” is no term of a step.",
                mend="Write for 7 days, lapses after 90 days or reviewed after 30 days; internal before it "
                "where it is not public.",
            )

    def _notice(self, step: str, named: Text | None) -> str | None:
        """The reply that tells of the step: the one it names, else the one of its own name."""
        if named is None:
            own = step.replace(" ", "-")
            return own if own in self.replies else None
        reply = named.text[6:].strip()
        if reply not in self.replies:
            self.findings.error(
                "dangling",
                named.line,
                f"There is no reply “{shorten(reply)}”.",
                mend=nearest(reply, self.replies),
            )
        return reply

    def _rungs(self, standing: str, entry: Entry) -> None:
        lines = [Text(line=entry.line, text=entry.text)] if entry.text else []
        rungs = self.rungs.setdefault(standing, {})
        self.rung_lines.setdefault(standing, entry.line)
        for piece in (*lines, *entry.more):
            severities, arrow, step = piece.text.partition("->")
            if not arrow:
                self.findings.error(
                    "ladder",
                    piece.line,
                    f"“{shorten(piece.text)}” is no rung.",
                    mend="Write minor, serious -> warning.",
                )
                continue
            for severity in (word.strip() for word in severities.split(",")):
                self._rung(rungs, standing, severity, step.strip(), piece.line)

    def _rung(self, rungs: dict[str, str], standing: str, severity: str, step: str, line: int) -> None:
        if severity not in SEVERITIES:
            self.findings.error(
                "ladder",
                line,
                f"There is no severity “{shorten(severity)}”.",
                mend=nearest(severity, SEVERITIES),
            )
        elif severity in rungs:
            self.findings.error(
                "ladder", line, f"From {standing}, {severity} leads to two steps.", mend="Keep one of them."
            )
        else:
            rungs[severity] = step


def _days(terms: tuple[str, ...], start: str) -> int | None:
    for term in terms:
        match = re.fullmatch(rf"(?:internal )?{start} (\d{{1,5}}) days?", term)
        if match:
            return int(match[1])
    return None


def check_ladder(ladder: Ladder, facts: Mapping[str, Fact], findings: Findings) -> None:
    """Complete, and never milder: the faults that a ladder can have (rule 13)."""
    _check_rungs(ladder, findings)
    _check_said(ladder, findings)
    breach, standing = facts.get(BREACH), facts.get(STANDING)
    for name, fact in ((BREACH, breach), (STANDING, standing)):
        if fact is None:
            findings.error(
                "ladder",
                ladder.line,
                f"A ladder needs the fact “{name}”.",
                mend=f"Declare {name}: … in the block facts.",
            )
    if breach is not None:
        _check_breaches(ladder, breach, findings)
    if standing is not None:
        _check_standings(ladder, standing, findings)
        if not findings.has_errors:
            _check_never_milder(ladder, standing, findings)


def _check_rungs(ladder: Ladder, findings: Findings) -> None:
    for standing, rungs in ladder.rungs.items():
        line = ladder.rung_lines[standing]
        for step in sorted(set(rungs.values())):
            if step not in ladder.steps:
                findings.error(
                    "ladder",
                    line,
                    f"There is no step “{shorten(step)}”.",
                    mend=nearest(step, ladder.steps),
                )
        missing = [severity for severity in SEVERITIES if severity not in rungs]
        if missing:
            findings.error(
                "ladder",
                line,
                f"From {standing}, nothing follows a breach that is {and_list(missing, 'or')}.",
                witness=f"standing: {standing}; a {missing[0]} breach",
                mend=f"Add {', '.join(missing)} -> a step.",
            )


def _check_said(ladder: Ladder, findings: Findings) -> None:
    """A step to which nothing leads, and a ladder that leaves out who confirms it or how to appeal."""
    reached = {step for rungs in ladder.rungs.values() for step in rungs.values()}
    for name, step in ladder.steps.items():
        if name not in reached:
            findings.warning(
                "ladder",
                step.line,
                f"Nothing leads to the step “{shorten(name)}”.",
                mend="Let a rung lead to it, or remove it.",
            )
    for said, words, mend in (
        (
            ladder.confirmed_by,
            "who confirms a step",
            "Add confirmed by: …; no step is taken by a machine alone.",
        ),
        (ladder.appeal, "how to appeal", "Add appeal: …."),
    ):
        if not said:
            findings.warning("ladder", ladder.line, f"The ladder does not say {words}.", mend=mend)


def _check_breaches(ladder: Ladder, fact: Fact, findings: Findings) -> None:
    for name, breach in ladder.breaches.items():
        if name not in fact.values:
            findings.error(
                "ladder",
                breach.line,
                f"“{shorten(name)}” is not a value of the fact breach.",
                mend=nearest(name, fact.values),
            )
    for value in fact.values:
        if value != "none" and value not in ladder.breaches:
            findings.error(
                "ladder",
                fact.line,
                f"The ladder does not say how grave “{shorten(value)}” is.",
                mend=f"Add breach {value}: minor, serious or grave to the ladder.",
            )


def _check_standings(ladder: Ladder, fact: Fact, findings: Findings) -> None:
    for name, line in ladder.rung_lines.items():
        if name not in fact.values:
            findings.error(
                "ladder",
                line,
                f"“{shorten(name)}” is not a value of the fact standing.",
                mend=nearest(name, fact.values),
            )
    for value in fact.values:
        if value not in ladder.rungs:
            findings.error(
                "ladder",
                ladder.line,
                f"The ladder does not say what follows from {value}.",
                witness=f"standing: {value}",
                mend=f"Add from {value}: ….",
            )


def _check_never_milder(ladder: Ladder, standing: Fact, findings: Findings) -> None:
    rank = {name: place for place, name in enumerate(ladder.steps)}
    for value in standing.values:
        for milder, graver in pairwise(SEVERITIES):
            first, second = ladder.rungs[value][milder], ladder.rungs[value][graver]
            if rank[second] < rank[first]:
                findings.error(
                    "ladder",
                    ladder.rung_lines[value],
                    f"From {value}, a {graver} breach leads to a milder step than a {milder} one.",
                    witness=f"{milder} leads to {first}, {graver} to {second}",
                    mend="A graver breach may never earn a milder step.",
                )
    for better, worse in pairwise(standing.values):
        for severity in SEVERITIES:
            first, second = ladder.rungs[better][severity], ladder.rungs[worse][severity]
            if rank[second] < rank[first]:
                findings.error(
                    "ladder",
                    ladder.rung_lines[worse],
                    f"A {severity} breach leads to a milder step from {worse} than from {better}.",
                    witness=f"from {better} to {first}, from {worse} to {second}",
                    mend="Name standings best first; a worse one may never earn a milder step.",
                )
