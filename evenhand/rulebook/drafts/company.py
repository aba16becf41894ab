"""Colleagues at a draft: what they say about its lines, and who has it open."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from evenhand.audit.actions import record
from evenhand.jobs import live
from evenhand.people.models import Person
from evenhand.people.roles import Permission
from evenhand.rulebook.drafts.models import Draft, Presence, Remark
from evenhand.rulebook.drafts.refusals import MayNotWrite, NoSuchLine, NotText
from evenhand.rulebook.drafts.revisions import revision

MOST_SAID = 4_000  # characters of one remark
HERE = dt.timedelta(seconds=50)  # a page says so every 20 s; two may be lost on the way
_CLAUSE = re.compile(r"#{2,} (\d+[A-Z]?(?:\.\d+)*)(?: |$)")


@dataclass(frozen=True, kw_only=True)
class Anchored:
    """A remark, and the line it speaks of today; `line` None: that text is gone."""

    remark: Remark
    line: int | None


@transaction.atomic
def remark(draft: Draft, *, line: int, number: int, text: str, by: Person) -> Remark:
    """Say something about a line of revision `number`. Raises MayNotWrite, NoSuchLine, NotText."""
    _require_reader(draft, by)
    said = text.replace("\0", "").strip()
    if not said:
        raise NotText("The remark", "is empty. Write what should be looked at.")
    if len(said) > MOST_SAID:
        raise NotText("The remark", f"has {len(said):,} characters; {MOST_SAID:,} are kept. Make it shorter.")
    lines = revision(draft, number).text.split("\n")
    if not 1 <= line <= len(lines):
        raise NoSuchLine(line, len(lines))
    made = Remark.objects.create(
        draft=draft,
        clause=clauses_of(lines)[line - 1][:40],
        quote=lines[line - 1].strip()[:500],
        text=said,
        by=by,
        at=timezone.now(),
    )
    _tell(draft, "draft.remarked", made, by)
    return made


@transaction.atomic
def settle(draft: Draft, remark_id: int, *, by: Person) -> None:
    """Say that it was seen to. Raises Remark.DoesNotExist."""
    _require_reader(draft, by)
    found = draft.remarks.select_for_update().get(pk=remark_id)
    if found.settled_at is None:
        found.settle(by, timezone.now())
        _tell(draft, "draft.remark settled", found, by)


@transaction.atomic
def take_up(draft: Draft, remark_id: int, *, by: Person) -> None:
    """Say that it is not settled after all. Raises Remark.DoesNotExist."""
    _require_reader(draft, by)
    found = draft.remarks.select_for_update().get(pk=remark_id)
    if found.settled_at is not None:
        found.take_up_again()
        _tell(draft, "draft.remark taken up", found, by)


def anchored(draft: Draft, text: str) -> tuple[Anchored, ...]:
    """Every remark with its line in `text`, in the order of the lines; those whose text is gone come last."""
    lines = text.split("\n")
    clauses = clauses_of(lines)
    found = draft.remarks.select_related("by", "settled_by").order_by("at", "pk")
    placed = [Anchored(remark=one, line=_line(one, lines, clauses)) for one in found]
    return tuple(sorted(placed, key=lambda one: (one.line is None, one.line or 0)))


def clauses_of(lines: list[str]) -> list[str]:
    """For each line the number of the clause it stands in; empty outside of clauses."""
    found, now = [], ""
    for line in lines:
        if heading := _CLAUSE.match(line):
            now = heading[1]
        elif line.startswith("# "):
            now = ""
        found.append(now)
    return found


def _line(said: Remark, lines: list[str], clauses: list[str]) -> int | None:
    """Where the quotation stands in its clause, else in the document, else where the clause begins."""
    if said.quote:
        exact = [at for at, line in enumerate(lines, 1) if line.strip()[:500] == said.quote]
        inside = [at for at in exact if clauses[at - 1] == said.clause]
        if inside or exact:
            return (inside or exact)[0]
    return clauses.index(said.clause) + 1 if said.clause in clauses and said.clause else None


def be_here(draft: Draft, *, by: Person) -> None:
    """Say that the person has the draft open; the others are told when they come."""
    _require_reader(draft, by)
    now = timezone.now()
    before = Presence.objects.filter(draft=draft, person=by).first()
    Presence.objects.update_or_create(draft=draft, person=by, defaults={"seen_at": now})
    if before is None or now - before.seen_at > HERE:
        live.notify("draft", draft.pk, brand_id=draft.brand_id)


def leave(draft: Draft, *, by: Person) -> None:
    """The page was closed."""
    if Presence.objects.filter(draft=draft, person=by).delete()[0]:
        live.notify("draft", draft.pk, brand_id=draft.brand_id)


def others_here(draft: Draft, person: Person) -> tuple[Person, ...]:
    """Who else has the draft open, by name."""
    seen = draft.present.filter(seen_at__gt=timezone.now() - HERE).exclude(person=person)
    return tuple(one.person for one in seen.select_related("person").order_by("person__name", "pk"))


def _require_reader(draft: Draft, by: Person) -> None:
    if not by.may(Permission.SEE_RULEBOOK, draft.brand):
        raise MayNotWrite(draft.brand, Permission.SEE_RULEBOOK)


def _tell(draft: Draft, kind: str, said: Remark, by: Person) -> None:
    record(f"draft:{draft.pk}", by=by, kind=kind, facts={"remark": said.pk, "clause": said.clause})
    live.notify("draft", draft.pk, brand_id=draft.brand_id)
