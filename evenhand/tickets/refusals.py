"""What the desk will not do with a ticket. Each carries its facts; its text names cause and next step."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):
    """An act that was not done. `str()` is written for the person who tried."""


class MoveRefused(Refused):
    """A status that cannot be reached from where the ticket stands."""

    def __init__(self, *, status: str, to: str, possible: Sequence[str]) -> None:
        self.status, self.to, self.possible = str(status), str(to), tuple(possible)
        where = (
            f"It can become: {', '.join(possible)}." if possible else "What is said now opens a new ticket."
        )
        super().__init__(f"A ticket that is {self.status} cannot become {self.to}. {where}")


class NotPermitted(Refused):
    """The person's role does not allow the act in this brand."""

    def __init__(self, *, permission: str, brand: str) -> None:
        self.permission, self.brand = permission, brand
        super().__init__(f"Your role in {brand} does not include: {permission}. A lead can do it for you.")


class TextRefused(Refused):
    """Nothing was written, or more than a message may hold."""


class UnknownChoice(Refused):
    """A topic, department or person that the brand or its policy does not have."""

    def __init__(self, *, what: str, given: str, possible: Sequence[str] = ()) -> None:
        self.what, self.given, self.possible = what, given, tuple(possible)
        choices = f" There are: {', '.join(possible)}." if possible else ""
        super().__init__(f"There is no {what} “{given}” here.{choices}")


class RulingSettled(Refused):
    """The proposal was accepted, replaced or overridden by somebody else in the meantime."""
