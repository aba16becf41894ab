"""What the books say: facts about the person who asks, and the guide to apps as the reader needs it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from evenhand.people import queries as people
from evenhand.people.models import Brand, Person
from evenhand.policy import FactValue
from evenhand.reading.guide import App as GuideEntry
from evenhand.reading.guide import named_apps
from evenhand.stores.models import App, Store
from evenhand.stores.spelling import domains_in

FROM_STORE = {"plan": "plan", "theme state": "theme_state"}  # the document's fact → the store's field


def facts_for(person: Person, brand: Brand, text: str = "") -> dict[str, FactValue]:
    """What the desk knows of the person's account and store, each with its source.

    A fact that the books do not hold is left out. Of several stores the one counts whose domain `text` names;
    where it names none and they differ, the fact is unknown, so that the policy asks where that matters.
    """
    facts: dict[str, FactValue] = {}
    standing = people.standing(person, brand)
    if standing and standing.customer_status:
        facts["customer status"] = _known(standing.customer_status, "known from the account")
    stores = _meant(Store.objects.of_standing(standing), text) if standing else []
    for fact, field in FROM_STORE.items():
        held = _agreed(stores, field)
        if held is not None:
            facts[fact] = held
    return facts


def concerned(person: Person, brand: Brand, text: str = "") -> list[Store]:
    """The person's stores that a request may be about: those that `text` names, else all."""
    return _meant(Store.objects.of(person, brand), text)


def _meant(held: QuerySet[Store], text: str) -> list[Store]:
    stores = list(held.order_by("domain"))
    named = domains_in(text)
    return [store for store in stores if store.domain in named] or stores


def store_of(person: Person, brand: Brand, text: str = "") -> Store | None:
    """The one store that a request is about; None where it may be several, or there is none."""
    stores = concerned(person, brand, text)
    return stores[0] if len(stores) == 1 else None


def guide(brand: Brand) -> tuple[GuideEntry, ...]:
    """The brand's guide to apps, as `reading.facts` takes it."""
    held = App.objects.filter(brand=brand).values_list("name", "aliases", "integrated")
    return tuple(
        GuideEntry(name=name, aliases=tuple(aliases), integrated=integrated)
        for name, aliases, integrated in held
    )


def apps_named(text: str, brand: Brand) -> tuple[App, ...]:
    """The entries of the guide that a text names, in its order, usual misspellings included."""
    entries = {app.name: app for app in App.objects.filter(brand=brand)}
    return tuple(entries[found.app.name] for found in named_apps(text, guide(brand)))


def app_named(text: str, brand: Brand) -> App | None:
    """The first app of the guide that a text names."""
    return next(iter(apps_named(text, brand)), None)


def _agreed(stores: Sequence[Store], field: str) -> FactValue | None:
    """What all these stores say; None where the books say nothing, unknown where the stores differ."""
    held = {store.domain: getattr(store, field) for store in stores}
    values = set(held.values())
    if values <= {""}:
        return None
    if len(values) > 1:
        return FactValue(value=None, status="unknown", source=f"differs between {' and '.join(held)}")
    return _known(values.pop(), f"known from the store {next(iter(held))}")


def _known(value: str, source: str) -> FactValue:
    return FactValue(value=value, status="known", source=source)
