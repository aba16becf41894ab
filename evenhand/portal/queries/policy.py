"""The published policy as its readers see it, and the places it points to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify
from markupsafe import Markup

from evenhand.people.models import Brand
from evenhand.policy import Clause, Outcome, Policy
from evenhand.rulebook import queries as rulebook
from evenhand.rulebook.models import Version
from evenhand.rulebook.queries import VersionRow

PUBLIC = ("in force", "past")  # what is still to come is the lead's own until it begins
COLUMNS = (
    ("Included", ("help", "assign")),
    ("Not included, and who helps", ("decline", "point")),
    ("Paid, by the hour", ("quote",)),
)
WORDS_A_MINUTE = 220  # an unhurried reader


@dataclass(frozen=True, kw_only=True)
class GlanceRow:
    """One thing that is included, not included or paid. `number` is the clause that says so."""

    number: str
    title: str


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

    policy: str  # the address of the version that these clauses are of
    name: str
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
        minutes=_minutes(policy),
        columns=_columns(policy),
        text=Markup(policy.page(_link(brand, policy))),  # noqa: S704 — the engine escapes what the document says
        versions=tuple(row for row in listed if row.state in PUBLIC),
    )


def place_page(brand: Brand, slug: str) -> PlacePage | None:
    """The place whose name is spelt `slug` in an address; None where no version names such a place.

    The version in force comes first. A place that only an earlier one names is still answered: letters and
    tickets of that time lead there.
    """
    for row in rulebook.versions(brand):
        if row.state in PUBLIC:
            version = Version.objects.get(pk=row.id)
            policy = rulebook.policy(version)
            for name in policy.places:
                if slugify(name) == slug:
                    return _place(brand, version, policy, name)
    return None


def version_address(brand: Brand, version_id: int) -> str:
    """Where one version's own text is read; clauses are anchors on that page."""
    return reverse("portal:version", args=(brand.slug, version_id))


def points_to(clause: Clause, place: str) -> bool:
    """True where a case of the clause sends people to `place`."""
    return any(place in outcome.pointers for outcome in _outcomes(clause))


def _place(brand: Brand, version: Version, policy: Policy, name: str) -> PlacePage:
    pointing = (clause for clause in policy.clauses.values() if points_to(clause, name))
    return PlacePage(
        policy=version_address(brand, version.pk),
        name=name,
        clauses=tuple(_place_clause(clause, policy, brand) for clause in pointing),
    )


def _place_clause(clause: Clause, policy: Policy, brand: Brand) -> PlaceClause:
    outcomes = _outcomes(clause)
    return PlaceClause(
        number=clause.number,
        title=clause.title,
        act=outcomes[0].act,
        prose=Markup(policy.prose_html(clause.number, _link(brand, policy))),  # noqa: S704 — escaped by the engine
    )


def _outcomes(clause: Clause) -> list[Outcome]:
    return [
        effect for case in clause.cases for effect in case.effects.values() if isinstance(effect, Outcome)
    ]


def _minutes(policy: Policy) -> int:
    words = sum(len(clause.prose.split()) for clause in policy.clauses.values())
    return max(1, round(words / WORDS_A_MINUTE))


def _columns(policy: Policy) -> tuple[Column, ...]:
    """Included, not included, paid. What only holds after a breach of conduct is not for a glance."""
    refusing = {clause.part for clause in policy.clauses.values() if "refuse" in _acts(clause)}
    clauses = [clause for clause in policy.clauses.values() if clause.part not in refusing]
    return tuple(
        Column(
            act=acts[0],
            heading=heading,
            rows=tuple(row for clause in clauses for row in _rows(clause, acts, policy)),
        )
        for heading, acts in COLUMNS
    )


def _rows(clause: Clause, acts: tuple[str, ...], policy: Policy) -> list[GlanceRow]:
    """The clause's row in a column; one for each service that it sells, since those are what is asked for."""
    deciding = [outcome for outcome in _outcomes(clause) if outcome.act in acts]
    sold = [policy.services[outcome.service].partition(";")[0] for outcome in deciding if outcome.service]
    if sold and "quote" in acts:
        return [GlanceRow(number=clause.number, title=_capital(service)) for service in sold]
    return (
        [GlanceRow(number=clause.number, title=_capital(clause.title.removeprefix("Except ")))]
        if deciding
        else []
    )


def _acts(clause: Clause) -> set[str]:
    return {outcome.act for outcome in _outcomes(clause)}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _link(brand: Brand, policy: Policy) -> Callable[[str], str | None]:
    """Places have an address here; services are words only."""

    def address(name: str) -> str | None:
        return reverse("portal:place", args=(brand.slug, slugify(name))) if name in policy.places else None

    return address
