"""A home whose database is made once per worker: tests stop what they start, and find it whole."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evenhand.postgres import Server, destroy


@pytest.fixture(scope="session")
def lasting_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="evenhand-pg-") as directory:
        yield from _destroyed_afterwards(Path(directory))


@pytest.fixture
def home(lasting_home: Path) -> Path:
    return lasting_home


@pytest.fixture
def new_home(tmp_path: Path) -> Iterator[Path]:
    yield from _destroyed_afterwards(tmp_path / "home")


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    with Server(home) as server:
        yield server


def _destroyed_afterwards(home: Path) -> Iterator[Path]:
    try:
        yield home
    finally:
        destroy(home)
