"""Faults to inject into a healthy world, by subject; each is found by one code."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.hosting.tests.world import World

Fault = Callable[[World], None]
FAULTS: dict[str, tuple[str, Fault]] = {}


def fault(code: str) -> Callable[[Fault], Fault]:
    """A fault and the one code that it is found by."""

    def keep(injected: Fault) -> Fault:
        FAULTS[injected.__name__.replace("_", " ")] = (code, injected)
        return injected

    return keep
