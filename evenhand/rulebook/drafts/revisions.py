"""Writing a draft: begun, saved, joined with what others wrote meanwhile, restored. Nothing typed is lost.

Every act takes the draft's lock and is committed before it is acknowledged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from evenhand.audit.actions import record
from evenhand.jobs import live
from evenhand.people.models import Brand, Person
from evenhand.people.roles import Permission
from evenhand.rulebook.drafts.merging import Merge, Stretch, merge
from evenhand.rulebook.drafts.models import Draft, Revision, Wording
from evenhand.rulebook.drafts.refusals import MayNotWrite, NoSuchRevision, NotOpen, NotText
from evenhand.rulebook.models import Version

MOST_CHARACTERS = 1_000_000  # of a document, and of its sayings: what the policy's own check takes
Kind = Revision.Kind


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of a save.

    `number`: the revision that holds exactly what was typed; the page's next save names it. `head`: the one
    that counts now. `text` and `sayings` are the head's. `clash`: others changed the same lines; what was
    typed is kept as `number`, set aside until somebody chooses (`choose`).
    """

    number: int
    head: int
    text: str
    sayings: str
    clash: bool = False
    joined: bool = False


def begin(
    brand: Brand, *, title: str, text: str, sayings: str, by: Person, based_on: Version | None = None
) -> Draft:
    """A new draft with its first revision. Raises MayNotWrite, NotText."""
    _require_writer(by, brand)
    now = timezone.now()
    with transaction.atomic():
        draft = Draft.objects.create(
            brand=brand,
            title=_one_line(title)[:200] or "Without a name",
            based_on=based_on,
            author=by,
            made_at=now,
            changed_at=now,
        )
        _append(draft, Kind.BEGUN, text, sayings, parent=None, by=by)
        record(f"draft:{draft.pk}", by=by, kind="draft.begun", facts={"brand": brand.slug})
    return draft


@transaction.atomic
def save(draft: Draft, *, text: str, sayings: str | None, based_on: int, by: Person) -> Saved:
    """Keep what was typed on revision `based_on`; `sayings` None: they were not touched.

    Where others saved meanwhile, both changes are joined by lines. Raises MayNotWrite, NotOpen, NotText,
    NoSuchRevision.
    """
    draft = held(draft, by=by)
    base, head = revision(draft, based_on), revision(draft, draft.head)
    said = base.sayings if sayings is None else sayings
    for value, what in ((text, "The policy"), (said, "The sayings")):
        _require_text(value, what)
    for same in (head, base):
        if (text, said) == (same.text, same.sayings):
            return Saved(number=same.number, head=head.number, text=head.text, sayings=head.sayings)
    if based_on == draft.head:
        made = _append(draft, Kind.WRITTEN, text, said, parent=based_on, by=by)
        return Saved(number=made.number, head=made.number, text=text, sayings=said)
    return _join(draft, base, head, text, said, by)


def _join(draft: Draft, base: Revision, head: Revision, text: str, said: str, by: Person) -> Saved:
    """Set aside what was typed, then the two together, unless they clash."""
    typed = _set_aside(draft, base, text, said, by)
    words, sayings = merge(base.text, text, head.text), merge(base.sayings, said, head.sayings)
    if not (words.clean and sayings.clean):
        return Saved(number=typed.number, head=head.number, text=head.text, sayings=head.sayings, clash=True)
    made = _append(draft, Kind.MERGED, words.text, sayings.text, parent=typed.number, by=by)
    return Saved(number=typed.number, head=made.number, text=words.text, sayings=sayings.text, joined=True)


def _set_aside(draft: Draft, base: Revision, text: str, said: str, by: Person) -> Revision:
    """The same text is set aside once, however often it is sent."""
    newest = draft.revisions.filter(by=by, kind=Kind.ASIDE, parent=base.number).order_by("-number").first()
    if newest and (newest.words_id, newest.said_id) == (_digest(text), _digest(said)):
        return newest
    return _append(draft, Kind.ASIDE, text, said, parent=base.number, by=by)


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Two wordings of some lines: `number` is what was set aside, `head` what stands."""

    number: int
    head: int
    words: Merge
    sayings: Merge

    @property
    def stretches(self) -> tuple[tuple[str, Stretch], ...]:
        """All stretches of the policy and then of the sayings, each with its name in a form."""
        named = [(f"t{place}", one) for place, one in enumerate(self.words.stretches)]
        named += [(f"s{place}", one) for place, one in enumerate(self.sayings.stretches)]
        return tuple(named)


def clash(draft: Draft, number: int) -> Clash:
    """What was set aside as `number` against what stands now."""
    aside, head = revision(draft, number), revision(draft, draft.head)
    base = revision(draft, aside.parent) if aside.parent is not None else aside
    return Clash(
        number=number,
        head=head.number,
        words=merge(base.text, aside.text, head.text),
        sayings=merge(base.sayings, aside.sayings, head.sayings),
    )


@transaction.atomic
def choose(draft: Draft, number: int, *, head: int, choices: Mapping[str, str], by: Person) -> bool:
    """Join what was set aside with what stands, clash by clash: "mine", "theirs", or both (the default).

    False, and nothing is changed, where `head` no longer stands: look at the clash again.
    """
    draft = held(draft, by=by)
    if head != draft.head:
        return False
    both = clash(draft, number)
    text, sayings = _chosen("t", both.words, choices), _chosen("s", both.sayings, choices)
    for value, what in ((text, "The policy"), (sayings, "The sayings")):
        _require_text(value, what)
    _append(draft, Kind.MERGED, text, sayings, parent=number, by=by)
    return True


def _chosen(prefix: str, merged: Merge, choices: Mapping[str, str]) -> str:
    lines: list[str] = []
    for place, stretch in enumerate(merged.stretches):
        if not stretch.clash:
            lines += stretch.kept
            continue
        choice = choices.get(f"{prefix}{place}", "both")
        lines += stretch.mine if choice != "theirs" else ()
        lines += stretch.theirs if choice != "mine" else ()
    return "\n".join(lines)


@transaction.atomic
def restore(draft: Draft, number: int, *, by: Person) -> Revision:
    """Make an earlier revision the text again, as a new one; what stands stays in the history."""
    draft = held(draft, by=by)
    old = revision(draft, number)
    return _append(draft, Kind.RESTORED, old.text, old.sayings, parent=number, by=by)


@transaction.atomic
def rename(draft: Draft, *, title: str, by: Person) -> None:
    draft = held(draft, by=by)
    if not _one_line(title):
        raise NotText("The name", "is empty. Say in a few words what the draft is about.")
    draft.rename(_one_line(title)[:200])
    live.notify("draft", draft.pk, brand_id=draft.brand_id)


@transaction.atomic
def discard(draft: Draft, *, by: Person) -> None:
    """Put it away; all that was written stays in its history."""
    draft = held(draft, by=by)
    draft.close(Draft.State.DISCARDED, timezone.now())
    _tell(draft, "draft.discarded", by)


@transaction.atomic
def take_up_again(draft: Draft, *, by: Person) -> None:
    """Open a discarded draft."""
    draft = held(draft, by=by, state=Draft.State.DISCARDED)
    draft.open_again(timezone.now())
    _tell(draft, "draft.taken up again", by)


def held(draft: Draft, *, by: Person, state: str = Draft.State.OPEN) -> Draft:
    """The draft read afresh under its lock, until the transaction ends. Raises MayNotWrite, NotOpen."""
    _require_writer(by, draft.brand)
    fresh = Draft.objects.select_for_update(of=("self",)).select_related("brand").get(pk=draft.pk)
    if fresh.state != state:
        raise NotOpen(fresh)
    return fresh


def revision(draft: Draft, number: int) -> Revision:
    """One revision with its texts. Raises NoSuchRevision."""
    found = draft.revisions.filter(number=number).select_related("words", "said", "by").first()
    if found is None:
        raise NoSuchRevision(draft, number)
    return found


def _append(
    draft: Draft, kind: Revision.Kind, text: str, sayings: str, *, parent: int | None, by: Person
) -> Revision:
    """Holds the draft's lock, or made the draft. The pages that have it open are told."""
    for value, what in ((text, "The policy"), (sayings, "The sayings")):
        _require_text(value, what)
    now = timezone.now()
    number = draft.next_number(now, moves_head=kind != Kind.ASIDE)
    made = Revision.objects.create(
        draft=draft,
        number=number,
        kind=kind,
        parent=parent,
        words=_wording(text),
        said=_wording(sayings),
        by=by,
        at=now,
    )
    live.notify("draft", draft.pk, brand_id=draft.brand_id)
    return made


def _wording(text: str) -> Wording:
    return Wording.objects.get_or_create(digest=_digest(text), defaults={"text": text})[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _tell(draft: Draft, kind: str, by: Person) -> None:
    record(f"draft:{draft.pk}", by=by, kind=kind, facts={"revision": draft.head})
    live.notify("draft", draft.pk, brand_id=draft.brand_id)


def _require_writer(by: Person, brand: Brand) -> None:
    if not by.may(Permission.WRITE_DRAFTS, brand):
        raise MayNotWrite(brand)


def _require_text(value: str, what: str) -> None:
    """Refuses what PostgreSQL cannot hold or the check would not read. Nothing of it is kept."""
    if len(value) > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,}"
        raise NotText(what, f"would have {len(value):,} characters; the most is {most}. Make it shorter.")
    if "\0" in value:
        raise NotText(what, "holds a NUL character, which is no text. Take it out, then save again.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        line = value.count("\n", 0, error.start) + 1
        raise NotText(what, f"holds half a character in line {line}. Write that line again.") from None


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split())
