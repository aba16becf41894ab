"""The stores a brand hosts, and the guide to third-party apps."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from evenhand.people.models import Brand, Organisation


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


class Store(models.Model):
    """One online store; `reference` is its name in the platform's own books and makes imports idempotent."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="stores")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="stores")
    reference = models.CharField(max_length=60)
    domain = models.CharField(max_length=253)
    plan = models.CharField(max_length=40, blank=True)
    product_line = models.CharField(max_length=40, blank=True)
    theme_state = models.CharField(max_length=20, blank=True)  # "fresh", "customised", "" = not known
    apps = models.ManyToManyField(App, related_name="stores", blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "reference"], name="one_store_per_reference"),
            models.UniqueConstraint(fields=["brand", "domain"], name="one_store_per_domain"),
        ]

    def __str__(self) -> str:
        return self.domain
