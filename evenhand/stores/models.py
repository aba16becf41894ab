"""The stores a brand hosts, and the guide to third-party apps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from evenhand.people.models import Brand, Membership, Organisation, Person, Role


class App(models.Model):
    """One entry of the guide to third-party apps: who makes it, and whether it is integrated."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="apps")
    slug = models.SlugField()
    name = models.CharField(max_length=80)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # also usual misspellings
    integrated = models.BooleanField()
    summary = models.TextField(blank=True)
    site = models.URLField(blank=True)
    documentation = models.URLField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    forum = models.URLField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "slug"], name="one_app_per_slug")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ThemeState(models.TextChoices):
    FRESH = "fresh"
    CUSTOMISED = "customised"


class StoreQuerySet(models.QuerySet["Store"]):
    def visible_to(self, person: Person) -> StoreQuerySet:
        """Those of one's own organisations, and for staff all of their brands."""
        mine = Membership.objects.filter(person=person, role=Role.CUSTOMER).exclude(organisation=None)
        return self.filter(
            Q(organisation__in=mine.values("organisation")) | Q(brand__in=person.staffed_brands())
        )

    def of(self, person: Person, brand: Brand) -> StoreQuerySet:
        """The stores at this brand of the organisation that the person belongs to."""
        theirs = Membership.objects.filter(person=person, brand=brand, role=Role.CUSTOMER).exclude(
            organisation=None
        )
        return self.filter(brand=brand, organisation__in=theirs.values("organisation"))

    def of_standing(self, standing: Membership) -> StoreQuerySet:
        """The same, where the person's standing at the brand has been read."""
        if standing.organisation_id is None:
            return self.none()
        return self.filter(brand=standing.brand_id, organisation=standing.organisation_id)


class Store(models.Model):
    """One online store; `reference` is its name in the platform's own books and makes imports idempotent."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="stores")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="stores")
    reference = models.CharField(max_length=60)
    domain = models.CharField(max_length=253)
    plan = models.CharField(max_length=40, blank=True)
    product_line = models.CharField(max_length=40, blank=True)
    theme_state = models.CharField(max_length=20, blank=True, choices=ThemeState.choices)  # "" = not known
    apps = models.ManyToManyField(App, related_name="stores", blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "reference"], name="one_store_per_reference"),
            models.UniqueConstraint(fields=["brand", "domain"], name="one_store_per_domain"),
        ]

    def __str__(self) -> str:
        return self.domain

    def take(self, told: Mapping[str, Any]) -> list[str]:
        """Set these fields, and name those that changed."""
        changed = [field for field, value in told.items() if getattr(self, field, None) != value]
        for field in changed:
            setattr(self, field, told[field])
        return changed
