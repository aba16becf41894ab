"""Why something about conduct cannot be done, in words for whoever tried it."""

from __future__ import annotations


class Refused(Exception):
    """Not possible. The text names the cause and the next step."""


class MayNotDecide(Refused):
    """The person lacks the permission, or the matter is their own."""


class DecidedAlready(Refused):
    """Somebody else decided in the meantime."""

    def __init__(self, what: str, by: str) -> None:
        super().__init__(
            f"{by or 'Somebody'} decided this {what} in the meantime. Reload the page to see how."
        )


class NoSuchStep(Refused):
    def __init__(self, given: str, possible: tuple[str, ...]) -> None:
        super().__init__(f"The ladder has no step “{given}”. There is: {', '.join(possible)}.")


class ReasonMissing(Refused):
    def __init__(self) -> None:
        super().__init__("Write the reason in a sentence: the customer and later readers have nothing else.")


class SomebodyElse(Refused):
    """Whoever confirmed a step does not decide the appeal against it."""

    def __init__(self, others: tuple[str, ...]) -> None:
        can = f"{' or '.join(others)} can." if others else "Add a second lead, or an administrator, first."
        super().__init__(f"You confirmed this step, so somebody else decides the appeal. {can}")


class NoAppeal(Refused):
    """The step does not count any more, or an appeal waits or was decided."""
