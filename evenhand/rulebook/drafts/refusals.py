"""Why something is not done to a draft: facts, worded for whoever reads them."""

from __future__ import annotations

from evenhand.people.models import Brand
from evenhand.people.roles import Permission
from evenhand.rulebook.drafts.models import Draft
from evenhand.rulebook.models import Version
from evenhand.rulebook.refusals import NotPublished


class NotKept(Exception):
    """Nothing was changed in the draft; the message says why and what to do."""


class MayNotWrite(NotKept):
    def __init__(self, brand: Brand, permission: Permission = Permission.WRITE_DRAFTS) -> None:
        super().__init__(f"Your roles at {brand} do not let you {permission}. A lead can.")


class NotOpen(NotKept):
    """`draft` was published or discarded; what was typed belongs into another one."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        then = "Begin another draft for further changes."
        if draft.state == Draft.State.DISCARDED:
            then = "Take it up again, then go on writing."
        super().__init__(f"“{draft}” is {draft.state}. {then}")


class NotText(NotKept):
    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what} {why}")


class NoSuchRevision(NotKept):
    def __init__(self, draft: Draft, number: int) -> None:
        self.number = number
        super().__init__(f"“{draft}” has no revision {number}. Load the page again.")


class NoSuchLine(NotKept):
    def __init__(self, line: int, lines: int) -> None:
        super().__init__(f"The draft has {lines} lines, so no line {line}. Choose one that is there.")


class ChangedSince(NotPublished):
    """The revision that was looked at is no longer the newest."""

    def __init__(self, draft: Draft, number: int, who: str) -> None:
        self.number, self.head = number, draft.head
        super().__init__(
            f"{who} changed the draft after you opened this page: you looked at revision {number}, "
            f"and {draft.head} stands now. Look at it again."
        )


class OwnWork(NotPublished):
    def __init__(self, draft: Draft) -> None:
        super().__init__("You wrote the newest revision yourself. Somebody else who may publish approves it.")


class NeedsApproval(NotPublished):
    def __init__(self, draft: Draft) -> None:
        super().__init__(
            f"{draft.brand} publishes with four eyes: somebody other than its author approves revision "
            f"{draft.head} first."
        )


class PublishedBefore(NotPublished):
    def __init__(self, draft: Draft, version: Version) -> None:
        self.version = version
        super().__init__(f"This draft was published as {version}. Begin another draft for further changes.")
