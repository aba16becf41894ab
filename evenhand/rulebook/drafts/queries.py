"""What the pages of a draft show: its state, what the check says of it, its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evenhand.people.models import Brand, Person
from evenhand.policy import (
    ExampleLine,
    Finding,
    Policy,
    PolicyError,
    Word,
    compile_policy,
    consolidate,
    contents,
    is_amendment,
)
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.drafts.company import others_here
from evenhand.rulebook.drafts.merging import edits
from evenhand.rulebook.drafts.models import Draft, Revision
from evenhand.rulebook.drafts.release import approvers, four_eyes
from evenhand.rulebook.drafts.revisions import revision
from evenhand.rulebook.models import Version

DOCUMENT, SAYINGS = "policy.md", "policy.sayings.md"
MOST_LISTED = 500  # revisions in one page of history


@dataclass(frozen=True, kw_only=True)
class Example:
    """One example of a draft. `state`: holds, fails, or untried while other errors stand in the way."""

    line: int
    clause: str
    given: str
    expected: str
    state: str
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the check says of a text, in the order of its lines."""

    findings: tuple[Finding, ...]
    examples: tuple[Example, ...]
    words: tuple[Word, ...]

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def notes(self) -> int:
        return len(self.findings) - self.errors

    def examples_that(self, state: str) -> tuple[Example, ...]:
        return tuple(example for example in self.examples if example.state == state)


def checked(text: str, sayings: str) -> Checked:
    """Findings, examples and vocabulary of a text, which is checked once however often it is asked for.

    An amendment is checked anew each time, since its base may be published meanwhile. Its vocabulary is that
    of the whole text; its examples are run with it, and one that fails is a finding.
    """
    return _amended(text, sayings) if is_amendment(text) else _checked(text, sayings)


@lru_cache(maxsize=32)
def _checked(text: str, sayings: str) -> Checked:
    findings, inside = rulebook.findings(text, sayings=sayings, file=DOCUMENT), contents(text)
    return Checked(findings=findings, examples=_tried(inside.examples, findings), words=inside.words)


def _amended(text: str, sayings: str) -> Checked:
    findings = rulebook.findings(text, sayings=sayings, file=DOCUMENT)
    try:
        words = contents(consolidate(text, file=DOCUMENT, bases=rulebook.published_base)).words
    except PolicyError:
        words = ()
    return Checked(findings=findings, examples=(), words=words)


def policy_of(text: str, sayings: str) -> Policy | None:
    """The policy of a draft's text, or None where it has an error."""
    try:
        return _compiled.__wrapped__(text, sayings) if is_amendment(text) else _compiled(text, sayings)
    except PolicyError:
        return None


@lru_cache(maxsize=8)
def _compiled(text: str, sayings: str) -> Policy:
    return compile_policy(text, file=DOCUMENT, sayings=sayings or None, bases=rulebook.published_base)


def as_written(version: Version) -> tuple[str, str]:
    """Text and sayings to write on from: those of an amendment, where nothing else made the version."""
    if version.amendment:
        again = policy_of(version.amendment, "")
        if again is not None and again.hash == version.content_hash:
            return version.amendment, ""
    return version.text, version.sayings


def _tried(examples: Sequence[ExampleLine], findings: Sequence[Finding]) -> tuple[Example, ...]:
    """Examples are run where nothing else is wrong: each error then stands at the line of one of them."""
    errors = {finding.line: finding for finding in findings if finding.severity == "error"}
    ran = all(line in {example.line for example in examples} for line in errors)
    return tuple(
        Example(
            line=example.line,
            clause=example.clause,
            given=example.given,
            expected=example.expected,
            state="fails" if example.line in errors else "holds" if ran else "untried",
            message=errors[example.line].message if example.line in errors else "",
        )
        for example in examples
    )


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """One line of the list of drafts."""

    id: int
    title: str
    state: str
    based_on: str
    author: str
    changed_at: dt.datetime
    changed_by: str
    head: int
    open_remarks: int


def drafts(brand: Brand) -> tuple[DraftRow, ...]:
    """The brand's drafts, the one that was worked on last first; open ones before the others."""
    found = Draft.objects.of(brand).select_related("author", "based_on").defer("based_on__text")
    rows = [_row(draft) for draft in found[:100]]
    return tuple(sorted(rows, key=lambda row: row.state != Draft.State.OPEN))


def _row(draft: Draft) -> DraftRow:
    newest = draft.revisions.filter(number=draft.head).select_related("by").first()
    return DraftRow(
        id=draft.pk,
        title=draft.title,
        state=draft.state,
        based_on=draft.based_on.label if draft.based_on else "",
        author=str(draft.author),
        changed_at=draft.changed_at,
        changed_by=str(newest.by) if newest else "",
        head=draft.head,
        open_remarks=draft.remarks.filter(settled_at=None).count(),
    )


@dataclass(frozen=True, kw_only=True)
class Release:
    """What stands between a draft and its publication."""

    four_eyes: bool
    approved_by: tuple[str, ...]
    written_by: str
    own_work: bool  # the reader wrote the newest revision

    @property
    def waits(self) -> bool:
        return self.four_eyes and not self.approved_by


def release(draft: Draft, person: Person) -> Release:
    newest = revision(draft, draft.head)
    names = Person.objects.in_bulk(approvers(draft))
    return Release(
        four_eyes=four_eyes(draft.brand),
        approved_by=tuple(str(names[pk]) for pk in sorted(names)),
        written_by=str(newest.by),
        own_work=newest.by_id == person.pk,
    )


def present(draft: Draft, person: Person) -> tuple[Person, ...]:
    return others_here(draft, person)


@dataclass(frozen=True, kw_only=True)
class RevisionRow:
    """One line of a draft's history. `open`: it was set aside, and nobody has chosen since."""

    number: int
    kind: str
    parent: int | None
    by: str
    at: dt.datetime
    is_head: bool
    open: bool
    approved_by: tuple[str, ...]


def history(draft: Draft) -> tuple[RevisionRow, ...]:
    """The newest revisions first."""
    approved: dict[int, list[str]] = {}
    for one in draft.approvals.select_related("by").order_by("pk"):
        approved.setdefault(one.number, []).append(str(one.by))
    found = draft.revisions.select_related("by").order_by("-number")[:MOST_LISTED]
    joined: set[int | None] = set()  # what was set aside and is part of a later revision
    outdone: set[tuple[int | None, int]] = set()  # what its writer set aside again, with more in it
    rows = []
    for revised in found:
        aside = revised.kind == Revision.Kind.ASIDE
        if revised.kind == Revision.Kind.MERGED:
            joined.add(revised.parent)
        key = (revised.parent, revised.by_id)
        rows.append(
            RevisionRow(
                number=revised.number,
                kind=revised.kind,
                parent=revised.parent,
                by=str(revised.by),
                at=revised.at,
                is_head=revised.number == draft.head,
                open=aside and revised.number not in joined and key not in outdone,
                approved_by=tuple(approved.get(revised.number, ())),
            )
        )
        if aside:
            outdone.add(key)
    return tuple(rows)


@dataclass(frozen=True, kw_only=True)
class DiffLine:
    """One line of a comparison. `sign`: " ", "-", "+", or "…" where `count` equal lines are left out."""

    sign: str
    text: str = ""
    old: int | None = None
    new: int | None = None
    count: int = 0


AROUND = 3


def difference(old: str, new: str) -> tuple[DiffLine, ...]:
    """What turns one text into the other, with three lines around each change; empty where nothing does."""
    changes = edits(old, new)
    if not changes:
        return ()
    before, after = old.split("\n"), new.split("\n")
    found: list[DiffLine] = []
    at, moved = 0, 0  # the next line of the old text; how much further down it stands in the new
    for change in changes:
        found += _between(before, at, change.start, moved, first=at == 0)
        found += [
            DiffLine(sign="-", text=before[line], old=line + 1) for line in range(change.start, change.stop)
        ]
        top = change.start + moved
        found += [
            DiffLine(sign="+", text=after[top + place], new=top + place + 1)
            for place in range(len(change.lines))
        ]
        at, moved = change.stop, moved + len(change.lines) - (change.stop - change.start)
    found += _between(before, at, len(before), moved, first=False, last=True)
    return tuple(found)


def _between(
    lines: Sequence[str], start: int, stop: int, moved: int, *, first: bool, last: bool = False
) -> list[DiffLine]:
    """Equal lines between two changes, those in the middle left out."""
    head = start if first else min(stop, start + AROUND)
    tail = stop if last else max(head, stop - AROUND)
    shown = [*range(start, head), None, *range(tail, stop)] if tail > head else range(start, stop)
    return [
        DiffLine(sign="…", count=tail - head)
        if line is None
        else DiffLine(sign=" ", text=lines[line], old=line + 1, new=line + moved + 1)
        for line in shown
    ]


def wording(brand: Brand, name: str) -> tuple[str, str, str] | None:
    """Text, sayings and title of what an address names: `d12.4` revision 4 of draft 12, `v7` version 7."""
    if name.startswith("v") and name[1:].isdecimal() and len(name) < 12:
        version = Version.objects.filter(brand=brand, pk=int(name[1:])).first()
        return (version.text, version.sayings, f"Version {version.label}") if version else None
    draft_id, dot, number = name.removeprefix("d").partition(".")
    if not (dot and draft_id.isdecimal() and number.isdecimal() and len(name) < 24):
        return None
    found = Revision.objects.filter(draft__brand=brand, draft_id=int(draft_id), number=int(number))
    one = found.select_related("words", "said", "draft").first()
    return (one.text, one.sayings, f"{one.draft}, revision {one.number}") if one else None
