"""Entering stores and apps. Everything may be entered again: the same again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from evenhand.audit.actions import record
from evenhand.people.actions import MayNot
from evenhand.people.models import Brand, Organisation, Person
from evenhand.people.roles import Permission
from evenhand.stores import csvfile
from evenhand.stores.models import App, Store
from evenhand.stores.refusals import BadFile, BadLine, DomainTaken, NotAStore, NotEntered, UnknownApps
from evenhand.stores.spelling import tidy_domain


@transaction.atomic
def save_store(
    brand: Brand,
    *,
    reference: str,
    organisation: str,
    domain: str,
    plan: str = "",
    product_line: str = "",
    theme_state: str = "",
    apps: Iterable[str] = (),
    by: Person | None,
) -> Store:
    """Enter a store, or bring it up to date; `reference` (its name in the platform's books) says which.

    `theme_state`: "fresh", "customised", or "" where it is not known. `apps`: names or aliases in the guide.
    NotAStore, UnknownApps, DomainTaken where it cannot be; MayNot where `by` (None: a command) may not.
    """
    _require_management(by, brand)
    used = _apps_named(brand, apps)
    told: dict[str, Any] = {
        "organisation": Organisation.objects.get_or_create(brand=brand, name=organisation.strip())[0],
        "domain": tidy_domain(domain),
        "plan": plan.strip().lower(),
        "product_line": product_line.strip().lower(),
        "theme_state": theme_state.strip().lower(),
    }
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)  # two imports at once take turns
    store = Store.objects.filter(brand=brand, reference=reference.strip()).first()
    candidate = store or Store(brand=brand, reference=reference.strip())
    changed = candidate.take(told)
    _refuse_wrong(candidate)
    if changed or store is None:
        candidate.save()
    if set(candidate.apps.all()) != set(used):
        candidate.apps.set(used)
        changed.append("apps")
    if changed or store is None:
        kind = "store.changed" if store else "store.entered"
        facts = {"brand": brand.slug, "reference": candidate.reference, "changed": changed}
        record(f"store:{candidate.pk}", by=by or "command", kind=kind, facts=facts)
    return candidate


@transaction.atomic
def import_csv(brand: Brand, file: IO[bytes], *, by: Person | None) -> int:
    """Enter every store of a file (csvfile.py), or none of them; the number of its lines.

    BadFile with one finding for each bad line. Importing the same file again changes nothing.
    """
    bad: list[BadLine] = []
    first_line: dict[str, int] = {}
    for line in csvfile.lines(file):
        try:
            with transaction.atomic():
                _enter_line(brand, line, first_line, by)
        except NotEntered as wrong:
            bad.append(BadLine(line=line.number, what=str(wrong)))
    if bad:
        raise BadFile(bad)
    return len(first_line)


def _enter_line(brand: Brand, line: csvfile.Line, first_line: dict[str, int], by: Person | None) -> None:
    fields = dict(line.fields)
    earlier = first_line.setdefault(fields["reference"], line.number)
    if earlier != line.number:
        raise NotAStore(f"reference: {fields['reference']} stands on line {earlier} too")
    apps = fields.pop("apps", "").split(";")
    save_store(brand, **fields, apps=apps, by=by)


@transaction.atomic
def save_app(
    brand: Brand,
    slug: str,
    *,
    name: str,
    integrated: bool,
    aliases: Iterable[str] = (),
    summary: str = "",
    site: str = "",
    documentation: str = "",
    contact: str = "",
    forum: str = "",
    by: Person | None,
) -> App:
    """Enter an app into the brand's guide, or bring it up to date; `slug` says which."""
    _require_management(by, brand)
    told: dict[str, Any] = {
        "name": name,
        "integrated": integrated,
        "aliases": list(aliases),
        "summary": summary,
        "site": site,
        "documentation": documentation,
        "contact": contact,
        "forum": forum,
    }
    app, new = App.objects.get_or_create(brand=brand, slug=slug, defaults=told)
    changed = [field for field, value in told.items() if getattr(app, field) != value]
    if changed:
        App.objects.filter(pk=app.pk).update(**told)
        app.refresh_from_db()
    if new or changed:
        facts = {"app": slug, "integrated": integrated, "changed": changed}
        record(
            f"brand:{brand.pk}", by=by or "command", kind="app.entered" if new else "app.changed", facts=facts
        )
    return app


def _require_management(by: Person | None, brand: Brand) -> None:
    if by is not None and not by.may(Permission.MANAGE_STORES, brand):
        raise MayNot(Permission.MANAGE_STORES, brand)


def _apps_named(brand: Brand, names: Iterable[str]) -> list[App]:
    by_name = {
        known.lower(): app for app in App.objects.filter(brand=brand) for known in (app.name, *app.aliases)
    }
    wanted = [name.strip() for name in names if name.strip()]
    unknown = [name for name in wanted if name.lower() not in by_name]
    if unknown:
        raise UnknownApps(unknown)
    return [by_name[name.lower()] for name in wanted]


def _refuse_wrong(store: Store) -> None:
    if not store.organisation.name:
        raise NotAStore("organisation: it is empty; name the customer whose store it is")
    if not store.domain:
        raise NotAStore("domain: it is no domain name; it looks like shop.example")
    try:
        store.clean_fields()
    except ValidationError as wrong:
        field, messages = next(iter(wrong.message_dict.items()))
        raise NotAStore(f"{field.replace('_', ' ')}: {' '.join(messages)}") from None
    other = Store.objects.filter(brand=store.brand, domain=store.domain).exclude(pk=store.pk).first()
    if other:
        raise DomainTaken(store.domain, other.reference)
