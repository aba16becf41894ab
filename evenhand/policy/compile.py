"""Text to policy: parse, read the schedules, resolve, check. The one road from a document to the rest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .checks import check_prose, check_rules, check_words
from .clauses import public_clause
from .decisions import Vocabulary
from .desk import read_desk
from .document import Document, Schedule
from .findings import Enough, Finding, Findings, PolicyError
from .hours import Calendar, read_calendar
from .ladder import check_ladder, read_ladder
from .parse import MOST_CHARACTERS, parse
from .policy import Parts, Policy
from .resolve import Rules, resolve
from .schedules import Topic, add_sayings, read_facts, read_topics, read_words
from .slots import fill_prose
from .words import TOPIC

SAYINGS_SUFFIX = ".sayings.md"


@dataclass(frozen=True, kw_only=True)
class Compiled:
    parts: Parts
    document: Document
    rules: Rules
    effective: str


def check(text: str, *, file: str = "policy.md", sayings: str | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with a document, in the order of its lines. Never raises, whatever the text.

    >>> check("hello")[0].message
    'The document does not begin with its header.'
    """
    findings, _ = _compile(text, file, sayings)
    return findings


def compile_policy(text: str, *, file: str = "policy.md", sayings: str | None = None) -> Policy:
    """The policy of a document. Raises PolicyError with every finding where one of them is an error."""
    findings, policy = _compile(text, file, sayings)
    if policy is None:
        raise PolicyError(findings)
    return policy


def load(path: str | Path) -> Policy:
    """The policy in a file, with its companion of customers' sayings where there is one.

    Raises PolicyError for what is wrong in it, OSError where it cannot be read.
    """
    text, sayings = read_files(path)
    return compile_policy(text, file=Path(path).name, sayings=sayings)


def read_files(path: str | Path) -> tuple[str, str | None]:
    """A document and its companion (`policy.md` and `policy.sayings.md`), whatever their bytes are."""
    path = Path(path)
    companion = path.with_suffix("").with_name(path.with_suffix("").name + SAYINGS_SUFFIX)
    sayings = _read(companion) if companion != path and companion.is_file() else None
    return _read(path), sayings


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(4 * MOST_CHARACTERS + 1).decode("utf-8", errors="replace")


def _compile(text: str, file: str, sayings: str | None) -> tuple[tuple[Finding, ...], Policy | None]:
    findings = Findings(file)
    try:
        policy = _read_and_check(text, sayings, findings)
    except Enough:
        policy = None
    return findings.in_order(), None if findings.has_errors else policy


def _read_and_check(text: str, sayings: str | None, findings: Findings) -> Policy | None:
    document = parse(text, findings)
    if document is None:
        return None
    if "amends" in document.header:
        findings.gathered.clear()  # what follows are instructions, which would only be misread as clauses
        findings.error(
            "amendment",
            document.header["amends"].line,
            "This document amends another one, and amendments cannot be carried out yet.",
            mend="Write the policy out as a full document of its own, without amends:.",
        )
        return None
    compiled = _read_document(document, text, sayings, findings)
    if compiled is None or findings.has_errors:
        return None
    policy = Policy(compiled)
    check_rules(policy, compiled, findings)
    return policy


def _read_document(document: Document, text: str, sayings: str | None, findings: Findings) -> Compiled | None:
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
    if sayings is not None:
        topics = _with_companion(topics, sayings, findings)
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
        hash=_hash(text, sayings),
        text=text,
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


def _hash(text: str, sayings: str | None) -> str:
    """The version's hash, over document and companion, told apart by their lengths."""
    digest = hashlib.sha256()
    for content in (text, sayings):
        encoded = b"" if content is None else content.encode("utf-8", errors="surrogatepass")
        digest.update(f"{-1 if content is None else len(encoded)}\n".encode())
        digest.update(encoded)
    return digest.hexdigest()


def _read_calendars(schedule: Schedule | None, findings: Findings) -> dict[str, Calendar]:
    calendars: dict[str, Calendar] = {}
    for entry in schedule.entries if schedule else ():
        if (calendar := read_calendar(entry, findings)) is not None:
            calendars[entry.name] = calendar
    return calendars


def _with_companion(topics: dict[str, Topic], sayings: str, findings: Findings) -> dict[str, Topic]:
    """Topics with the companion's sayings; what is wrong in the companion is told with its file and line."""
    companion = Findings(findings.file.removesuffix(".md") + SAYINGS_SUFFIX)
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
