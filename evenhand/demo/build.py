"""Make the demo through the desk's own acts and doors: nothing is put into a table by hand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from evenhand.demo import post
from evenhand.people import actions as people
from evenhand.people.models import Brand
from evenhand.policy import bases_beside, read_files
from evenhand.rulebook import actions as rulebook
from evenhand.rulebook.models import Version
from evenhand.stores import actions as stores

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
IN_FORCE_FROM = dt.date(2026, 1, 5)  # as the documents say


def ensure() -> None:
    """Make what of the demo is missing; what somebody entered since stays. May be stopped and repeated."""
    furnish()
    post.send_once(EXAMPLES / "mail", host=settings.MAIL_HOST, port=settings.MAIL_PORT)


def furnish() -> None:
    """Brands, people, stores, apps and policies, before anybody wrote: `evenhand load` stands on it too."""
    told = _read("people")
    brands = {
        brand.slug: brand for brand in Brand.objects.filter(slug__in=[b["slug"] for b in told["brands"]])
    }
    if len(brands) < len(told["brands"]):
        brands = _people_them(told)
    for brand in told["brands"]:
        _publish(brands[brand["slug"]], EXAMPLES / "policies" / brand["policy"])


def _read(name: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((EXAMPLES / "demo" / f"{name}.json").read_text(encoding="utf-8"))
    return held


def _brand(told: dict[str, Any]) -> Brand:
    return people.save_brand(told["slug"], name=told["name"], mailbox=told["address"], zone=told["zone"])


@transaction.atomic
def _people_them(told: dict[str, Any]) -> dict[str, Brand]:
    """The brands with everybody and everything in them, or none of it: there is no half demo to mend."""
    brands = {brand["slug"]: _brand(brand) for brand in told["brands"]}
    _staff(told, brands)
    _apps(brands)
    _customers(told, brands)
    _stores(brands)
    return brands


def _staff(told: dict[str, Any], brands: dict[str, Brand]) -> None:
    for team in told["teams"]:
        for slug in team["brands"]:
            people.save_team(brands[slug], team["slug"], name=team["name"])
    for person in told["staff"]:
        for slug in person["brands"]:
            people.add_staff(
                brands[slug],
                person["email"],
                name=person["name"],
                roles=person["roles"],
                teams=person["teams"],
                by=None,
            )


def _apps(brands: dict[str, Brand]) -> None:
    for app in _read("apps")["apps"]:
        for brand in brands.values():
            stores.save_app(
                brand,
                slugify(app["name"]),
                name=app["name"],
                integrated=app["integrated"],
                aliases=app["aliases"],
                summary=app["does"],
                **{field: app[field] or "" for field in ("site", "documentation", "contact", "forum")},
                by=None,
            )


def _customers(told: dict[str, Any], brands: dict[str, Brand]) -> None:
    for customer in told["customers"]:
        since = customer["customer_since"]
        people.save_customer(
            brands[customer["brand"]],
            customer["email"],
            name=customer["name"],
            organisation=customer["organisation"] or "",
            status=customer["status"],
            since=dt.date.fromisoformat(since) if since else None,
            by=None,
        )


def _stores(brands: dict[str, Brand]) -> None:
    for store in _read("stores")["stores"]:
        stores.save_store(
            brands[store["brand"]],
            reference=store["domain"].removesuffix(".example"),
            organisation=store["organisation"],
            domain=store["domain"],
            plan=store["plan"] or "",
            product_line=store["product_line"] or "",
            theme_state=store["theme_state"] or "",
            apps=store["apps"],
            by=None,
        )


def _publish(brand: Brand, file: Path) -> None:
    """Publish the example, unless the brand has a policy: then its lead's word stands."""
    if Version.objects.filter(brand=brand).exists():
        return
    text, sayings = read_files(file)
    rulebook.publish(
        brand,
        text,
        sayings=sayings or "",
        by=None,
        from_=IN_FORCE_FROM,
        file=file.name,
        bases=bases_beside(file),
    )
