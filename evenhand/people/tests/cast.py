"""The recurring cast: two brands, staff and two customers of AmeriCommerce, one customer of Spark Pay.

Imported by the root conftest as a plugin, so every test can ask for `ana_agent` by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from evenhand.people import actions as people
from evenhand.people.models import Brand, Person, Role

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "policies"
TEAMS = ("support", "hosting", "development", "accounting", "sales", "design", "managers")


@pytest.fixture(autouse=True)
def _forget_jobs(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that commits: Django empties the tables it manages, and the queue is procrastinate's."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def ac(db: None) -> Brand:
    return _brand("americommerce", "AmeriCommerce")


@pytest.fixture
def sp(db: None) -> Brand:
    return _brand("sparkpay", "Spark Pay")


@pytest.fixture
def ana_agent(ac: Brand) -> Person:
    return _staff(ac, "ana@desk.example", "Ana Agent", Role.AGENT, "support")


@pytest.fixture
def leo_lead(ac: Brand) -> Person:
    return _staff(ac, "leo@desk.example", "Leo Lead", Role.LEAD, "support", "managers")


@pytest.fixture
def ada_accountant(ac: Brand) -> Person:
    return _staff(ac, "ada@desk.example", "Ada Accountant", Role.ACCOUNTANT, "accounting")


@pytest.fixture
def root_admin(ac: Brand) -> Person:
    return _staff(ac, "root@desk.example", "Root Admin", Role.ADMINISTRATOR, "managers")


@pytest.fixture
def cora(ac: Brand) -> Person:
    """A current customer: corals.example, plan pro, a customised theme."""
    return _customer(
        ac, "cora@corals.example", "Cora Customer", "Corals", plan="pro", theme_state="customised"
    )


@pytest.fixture
def carl(ac: Brand) -> Person:
    """A current customer: carls.example, plan basic, a fresh theme."""
    return _customer(ac, "carl@carls.example", "Carl Customer", "Carls", plan="basic", theme_state="fresh")


@pytest.fixture
def sid(sp: Brand) -> Person:
    """A customer of the other brand: sids.example, plan standard."""
    return _customer(sp, "sid@sids.example", "Sid Customer", "Sids", plan="standard", theme_state="fresh")


@pytest.fixture
def published(ac: Brand, sp: Brand) -> dict[str, Any]:
    """The shipped example policies, in force for both brands since 2026; the versions by brand slug."""
    from evenhand.policy import bases_beside
    from evenhand.rulebook import actions as rulebook

    return {
        brand.slug: rulebook.publish(
            brand,
            (EXAMPLES / f"{brand.slug}.md").read_text(encoding="utf-8"),
            sayings=_companion(EXAMPLES / f"{brand.slug}.sayings.md"),
            by=None,
            from_=dt.date(2026, 1, 1),
            bases=bases_beside(EXAMPLES / f"{brand.slug}.md"),
        )
        for brand in (ac, sp)
    }


@pytest.fixture
def do_jobs(db: None) -> Callable[[], int]:
    """Call it to do the jobs that are due, within the test's own transaction; gives how many were done."""
    return _do_jobs


def _do_jobs() -> int:
    from procrastinate.contrib.django import app

    done = 0
    while due := _next_job():
        number, name, facts = due
        app.tasks[name].func(**facts)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
        done += 1
    return done


def _next_job() -> tuple[int, str, dict[str, Any]] | None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(status="todo")
    due = waiting.exclude(scheduled_at__gt=dt.datetime.now(dt.UTC)).order_by("id").first()
    return (due.pk, due.task_name, due.args) if due else None


def _brand(slug: str, name: str) -> Brand:
    brand = people.save_brand(slug, name=name, mailbox=f"help@{slug}.example", zone="America/Chicago")
    for team in TEAMS:
        people.save_team(brand, team, name=team.capitalize())
    return brand


def _staff(brand: Brand, email: str, name: str, role: Role, *teams: str) -> Person:
    return people.add_staff(brand, email, name=name, roles=[role], teams=teams, by=None)


def _customer(
    brand: Brand, email: str, name: str, organisation: str, *, plan: str, theme_state: str
) -> Person:
    from evenhand.stores import actions as stores

    person = people.save_customer(
        brand,
        email,
        name=name,
        organisation=organisation,
        status="current",
        since=dt.date(2024, 3, 1),
        by=None,
    )
    stores.save_store(
        brand,
        reference=organisation.lower(),
        organisation=organisation,
        domain=email.partition("@")[2],
        plan=plan,
        product_line=brand.slug,
        theme_state=theme_state,
        by=None,
    )
    return person


def _companion(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
