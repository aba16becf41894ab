"""A form that is too large is refused before it is read, and nothing of it is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenhand.intake.models import Arrival
from evenhand.people.models import Brand
from evenhand.portal import tokens


def send(file_bytes: int) -> Any:
    form = {"token": tokens.fresh(), "email": "cora@corals.example", "text": "The padlock is gone."}
    files = SimpleUploadedFile("picture.png", b"x" * file_bytes)
    return Client().post("/americommerce/help", {**form, "files": files})


@pytest.fixture
def limit(settings: Any) -> int:
    settings.FORM_MOST_BYTES = 10_000
    return 10_000


@pytest.mark.usefixtures("published")
def test_a_form_within_the_limit_is_kept(ac: Brand, limit: int) -> None:
    assert send(limit - 2_000).status_code == 302
    assert Arrival.objects.get().content["files"][0]["size"] == limit - 2_000


def test_a_larger_one_is_refused_in_words_and_nothing_kept(ac: Brand, limit: int) -> None:
    answer = send(limit)
    assert answer.status_code == 413
    assert "larger than this desk accepts" in answer.content.decode()
    assert not Arrival.objects.exists()
