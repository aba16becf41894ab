"""A version's policy is compiled once, its reader trained once and stored as arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from evenhand.people.models import Brand
from evenhand.rulebook import actions, compiled, queries
from evenhand.rulebook.models import Reader, Version
from evenhand.rulebook.tests.policies import policy

Counter = Callable[..., Any]


@pytest.fixture
def version(ac: Brand, monkeypatch: pytest.MonkeyPatch) -> Version:
    monkeypatch.setattr(compiled, "_policies", compiled._Kept(2))
    monkeypatch.setattr(compiled, "_readers", compiled._Kept(2))
    return actions.publish(ac, policy(), by=None, from_=dt.date(2025, 1, 1))


def test_the_policy_of_a_version_is_compiled_once(
    version: Version, ac: Brand, django_assert_num_queries: Counter
) -> None:
    with django_assert_num_queries(2):  # the version without its text, then the text, then neither again
        found = queries.policy(queries.in_force(ac))
    with django_assert_num_queries(1):
        assert queries.policy(queries.in_force(ac)) is found
    assert found.hash == version.content_hash


def test_the_reader_is_trained_in_a_job(version: Version, do_jobs: Callable[[], int]) -> None:
    assert do_jobs() == 1
    assert Reader.objects.get(version=version).trained_on == queries.reader(version).version


def test_the_reader_is_trained_where_no_job_did(version: Version) -> None:
    topics = dict(queries.reader(version).read("my invoice is wrong").topics)
    assert set(topics) == {"bug-report", "billing"}
    assert Reader.objects.filter(version=version).exists()


def test_training_again_changes_nothing(version: Version) -> None:
    actions.train(version.pk)
    before = Reader.objects.get().trained_at
    actions.train(version.pk)
    assert Reader.objects.get().trained_at == before


def test_a_stored_reader_of_another_format_is_trained_anew(version: Version) -> None:
    actions.train(version.pk)
    Reader.objects.update(arrays=b"an older format")
    assert queries.reader(version).topics == ("bug-report", "billing")


def test_a_draft_is_checked_without_publishing() -> None:
    [finding] = queries.findings(policy().replace("plan: basic, pro", "plan: basic, basic"))[:1]
    assert finding.line > 0


def test_of_the_costly_things_only_the_latest_are_kept() -> None:
    kept: compiled._Kept[int] = compiled._Kept(2)
    made = [kept.get(key, lambda key=key: made_of(key)) for key in (1, 2, 1, 3)]  # type: ignore[misc]
    assert made == [10, 20, 10, 30]
    assert kept.get(2, lambda: -1) == -1


def made_of(key: int) -> int:
    return key * 10


def test_the_shipped_policies_publish(published: dict[str, Version]) -> None:
    assert {queries.policy(version).hash for version in published.values()} == {
        version.content_hash for version in published.values()
    }
