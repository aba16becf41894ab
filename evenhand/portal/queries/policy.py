"""The published policy as its readers see it, and the places it points to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify
from markupsafe import Markup

from evenhand.people.models import Brand
from evenhand.policy import Clause, GlanceRow, Outcome, Policy
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.rulebook.queries import VersionRow

WORDS_A_MINUTE = 220  # an unhurried reader


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of the three columns of “at a glance”."""

    act: str
    heading: str
    rows: tuple[GlanceRow, ...]


@dataclass(frozen=True, kw_only=True)
class PolicyPage:
    title: str
    label: str
    begins: dt.datetime
    ends: dt.datetime | None
    in_force: bool
    minutes: int
    columns: tuple[Column, ...]
    text: Markup
    versions: tuple[VersionRow, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceClause:
    number: str
    title: str
    act: str
    prose: Markup


@dataclass(frozen=True, kw_only=True)
class PlacePage:
    """One place, and what the clauses that point to it say."""

    name: str
    says: str
    clauses: tuple[PlaceClause, ...]


def policy_page(brand: Brand, version: Version) -> PolicyPage:
    """One version, whole, with its contents at a glance."""
    policy = rulebook.policy(version)
    listed = rulebook.versions(brand)
    row = next(row for row in listed if row.id == version.pk)
    return PolicyPage(
        title=policy.title,
        label=policy.version,
        begins=row.begins,
        ends=row.ends,
        in_force=row.state == "in force",
        minutes=max(1, round(sum(len(clause.prose.split()) for clause in policy.clauses.values()) / WORDS_A_MINUTE)),
        columns=_columns(policy),
        text=Markup(policy.page(_link(brand))),  # noqa: S704 — the engine escapes what the document says
        versions=tuple(row for row in listed if row.state in ("in force", "past")),
    )


def place_page(brand: Brand, version: Version, slug: str) -> PlacePage | None:
    """The place whose name is spelt `slug` in an address; None where the policy names no such place."""
    policy = rulebook.policy(version)
    name = next((name for name in policy.places if slugify(name) == slug), None)
    if name is None:
        return None
    pointing = (clause for clause in policy.clauses.values() if points_to(clause, name))
    return PlacePage(
        name=name, says=policy.places[name], clauses=tuple(_place_clause(clause, policy, brand) for clause in pointing)
    )


def points_to(clause: Clause, place: str) -> bool:
    """True where a case of the clause sends people to `place`."""
    return any(place in outcome.pointers for outcome in _outcomes(clause))


def _place_clause(clause: Clause, policy: Policy, brand: Brand) -> PlaceClause:
    outcomes = _outcomes(clause)
    return PlaceClause(
        number=clause.number,
        title=clause.title,
        act=outcomes[0].act,
        prose=Markup(policy.prose_html(clause.number, _link(brand))),  # noqa: S704 — escaped by the engine
    )


def _outcomes(clause: Clause) -> list[Outcome]:
    return [effect for case in clause.cases for effect in case.effects.values() if isinstance(effect, Outcome)]


def _columns(policy: Policy) -> tuple[Column, ...]:
    rows = policy.at_a_glance()
    wanted = (
        ("help", "Included", ("help", "assign")),
        ("decline", "Not included, and who helps", ("decline", "point")),
        ("quote", "Paid, by the hour", ("quote",)),
    )
    return tuple(
        Column(act=act, heading=heading, rows=tuple(row for row in rows if row.act in acts)) for act, heading, acts in wanted
    )


def _link(brand: Brand) -> Callable[[str], str | None]:
    return lambda place: reverse("portal:place", args=(brand.slug, slugify(place)))
