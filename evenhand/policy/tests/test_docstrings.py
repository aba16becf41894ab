"""Every example in a docstring of this room is true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import evenhand.policy

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(evenhand.policy.__path__, "evenhand.policy.")
    if ".tests" not in name
]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_to_run() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) >= 10
