"""Files at rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from evenhand.intake import attachments


@pytest.fixture(autouse=True)
def a_home(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS, settings.KEYS = tmp_path / "attachments", tmp_path / "keys"


def test_a_file_comes_back_as_it_was() -> None:
    assert attachments.fetch(attachments.store(b"picture")) == b"picture"


def test_an_empty_file_is_a_file() -> None:
    assert attachments.fetch(attachments.store(b"")) == b""


def test_nothing_of_it_can_be_read_on_the_disk() -> None:
    place = attachments.store(b"4111111111111111")
    assert b"4111" not in (settings.ATTACHMENTS / place).read_bytes()


def test_the_same_content_is_stored_differently_each_time() -> None:
    first, second = (settings.ATTACHMENTS / attachments.store(b"same") for _ in range(2))
    assert first.read_bytes()[9:] != second.read_bytes()[9:]


def test_a_changed_file_is_refused() -> None:
    place = attachments.store(b"picture")
    path = settings.ATTACHMENTS / place
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(attachments.Unreadable, match="damaged"):
        attachments.fetch(place)


def test_a_file_under_another_name_is_refused() -> None:
    first, second = attachments.store(b"one"), attachments.store(b"two")
    (settings.ATTACHMENTS / first).write_bytes((settings.ATTACHMENTS / second).read_bytes())
    with pytest.raises(attachments.Unreadable):
        attachments.fetch(first)


@pytest.mark.parametrize("place", ["../keys/attachments", "/etc/passwd", "", "ab/" + "0" * 32])
def test_only_stored_files_are_fetched(place: str) -> None:
    with pytest.raises(attachments.Unreadable):
        attachments.fetch(place)


def test_another_desks_key_does_not_open_it(tmp_path: Path, settings: Any) -> None:
    place = attachments.store(b"picture")
    settings.KEYS = tmp_path / "other"
    with pytest.raises(attachments.Unreadable):
        attachments.fetch(place)
