"""Text to policy: parse, read the schedules, resolve, check. The one road from a document to the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .amend import Bases, Whole, bases_beside, companion_of, read_pair, whole
from .checks import check_prose, check_rules, check_words
from .clauses import public_clause
from .decisions import Vocabulary
from .desk import read_desk
from .document import Document, Schedule
from .findings import Enough, Finding, Findings, Place, PolicyError
from .hours import Calendar, read_calendar
from .ladder import check_ladder, read_ladder
from .parse import MOST_CHARACTERS, parse
from .policy import Parts, Policy
from .resolve import Rules, resolve
from .schedules import Topic, add_sayings, read_facts, read_topics, read_words
from .slots import fill_prose
from .words import TOPIC


@dataclass(frozen=True, kw_only=True)
class Compiled:
    parts: Parts
    document: Document
    rules: Rules
    effective: str


def check(
    text: str, *, file: str = "policy.md", sayings: str | None = None, bases: Bases | None = None
) -> tuple[Finding, ...]:
    """Everything that is wrong with a document, in the order of its lines. Never raises, whatever the text.

    `bases` finds the document that an amendment amends, by name and version: its text and its sayings. What
    is wrong in a line that comes from there is told with its file and its line there.

    >>> check("hello")[0].message
    'The document does not begin with its header.'
    """
    findings, _ = _compile(text, file, sayings, bases)
    return findings


def compile_policy(
    text: str, *, file: str = "policy.md", sayings: str | None = None, bases: Bases | None = None
) -> Policy:
    """The policy of a document. Raises PolicyError with every finding where one of them is an error."""
    findings, policy = _compile(text, file, sayings, bases)
    if policy is None:
        raise PolicyError(findings)
    return policy


def consolidate(
    text: str, *, file: str = "policy.md", sayings: str | None = None, bases: Bases | None = None
) -> str:
    """The whole text of an amendment: its base, with its instructions carried out. Any other text as it is.

    It is not checked further. Raises PolicyError where an instruction cannot be carried out.
    """
    findings = Findings(file)
    try:
        in_full = whole(text, sayings, bases, findings)
    except Enough:
        in_full = None
    if in_full is None:
        raise PolicyError(findings.in_order())
    return in_full.text


def load(path: str | Path) -> Policy:
    """The policy in a file, with its companion of customers' sayings where there is one.

    The base of an amendment is looked for among the other documents of its folder. Raises PolicyError for
    what is wrong in it, OSError where it cannot be read.
    """
    text, sayings = read_files(path)
    return compile_policy(text, file=Path(path).name, sayings=sayings, bases=bases_beside(path))


def read_files(path: str | Path) -> tuple[str, str | None]:
    """A document and its companion (`policy.md` and `policy.sayings.md`), whatever their bytes are."""
    return read_pair(Path(path))


def _compile(
    text: str, file: str, sayings: str | None, bases: Bases | None
) -> tuple[tuple[Finding, ...], Policy | None]:
    findings = Findings(file)
    in_full: Whole | None = None
    try:
        in_full = whole(text, sayings, bases, findings)
        policy = None if in_full is None else _read_and_check(text, in_full, findings)
    except Enough:
        policy = None
    if in_full is not None and in_full.left_out:
        findings.gathered = [_with_cause(finding, in_full) for finding in findings.gathered]
    return findings.in_order(), None if findings.has_errors else policy


def _with_cause(finding: Finding, in_full: Whole) -> Finding:
    """A finding about a name that an amendment left out says where it did."""
    if finding.severity != "error":
        return finding
    names = (quoted or braced for quoted, braced in re.findall(r"“([^”]*)”|\{([^}]*)\}", finding.message))
    gone = next((in_full.left_out[name] for name in names if name in in_full.left_out), None)
    if gone is None:
        return finding
    cause = f"It is left out by {gone[0]}, line {gone[1]}."
    return replace(finding, mend=f"{cause} {finding.mend}" if finding.mend else cause)


def _read_and_check(written: str, in_full: Whole, findings: Findings) -> Policy | None:
    findings.places = in_full.places
    document = parse(in_full.text, findings)
    if document is None:
        return None
    compiled = _read_document(document, written, in_full, findings)
    if compiled is None or findings.has_errors:
        return None
    policy = Policy(compiled)
    check_rules(policy, compiled, findings)
    return policy


def _read_document(document: Document, written: str, in_full: Whole, findings: Findings) -> Compiled | None:
    schedules = document.schedules
    topics, topic_fact = read_topics(schedules.get("topics"), findings)
    facts = read_facts(schedules.get("facts"), findings)
    places = read_words(schedules.get("places"), findings)
    departments = read_words(schedules.get("departments"), findings)
    services = read_words(schedules.get("services"), findings)
    replies = read_words(schedules.get("replies"), findings)
    calendars = _read_calendars(schedules.get("calendar"), findings)
    ladder = read_ladder(schedules.get("ladder"), findings, replies)
    desk = read_desk(schedules.get("desk"), replies, findings)
    if ladder is not None:
        check_ladder(ladder, facts, findings)
    if in_full.sayings is not None:
        topics = _with_companion(topics, in_full.sayings, in_full.sayings_places, findings)
    every_fact = {TOPIC: topic_fact, **facts} if topic_fact is not None else facts
    words = Vocabulary(
        departments=departments,
        replies=replies,
        places=places,
        services=services,
        calendars=calendars,
        steps=tuple(ladder.steps) if ladder else (),
        facts=tuple(facts),
    )
    if not document.clauses:
        findings.error(
            "clause", 1, "The document has no clause.", mend="Write # Part, ## 1 Title and a rule."
        )
        return None
    rules = resolve(document, every_fact, words, ladder, desk, findings)
    check_words(document, words, findings)
    if rules is None:
        return None
    check_prose(document, facts, rules.cases, words, findings)
    clauses = {
        number: public_clause(
            clause, document, rules.cases[number], fill_prose(clause, rules.cases[number], words, findings)
        )
        for number, clause in document.clauses.items()
    }
    parts = Parts(
        title=_said(document, "policy"),
        version=_said(document, "version"),
        hash=in_full.hash,
        text=in_full.text,
        written=written,
        sayings=in_full.sayings,
        facts=facts,
        topics=topics,
        clauses=clauses,
        places=places,
        departments=departments,
        services=services,
        replies=replies,
        calendars=calendars,
        desk=desk,
        ladder=ladder,
    )
    return Compiled(parts=parts, document=document, rules=rules, effective=_said(document, "effective"))


def _said(document: Document, key: str) -> str:
    said = document.header.get(key)
    return said.text if said else ""


def _read_calendars(schedule: Schedule | None, findings: Findings) -> dict[str, Calendar]:
    calendars: dict[str, Calendar] = {}
    for entry in schedule.entries if schedule else ():
        if (calendar := read_calendar(entry, findings)) is not None:
            calendars[entry.name] = calendar
    return calendars


def _with_companion(
    topics: dict[str, Topic], sayings: str, places: Sequence[Place] | None, findings: Findings
) -> dict[str, Topic]:
    """Topics with the companion's sayings; what is wrong in the companion is told with its file and line."""
    companion = Findings(companion_of(findings.file), places)
    joined = dict(topics)
    if len(sayings) > MOST_CHARACTERS:
        companion.error(
            "too large",
            1,
            f"The companion has more than {MOST_CHARACTERS:,} characters.",
            mend="Keep the sayings that differ most.",
        )
    else:
        joined = add_sayings(topics, sayings, companion)
    findings.gathered += companion.gathered
    return joined
