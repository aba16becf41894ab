"""Who is there: brands, organisations, people, what each may do in which brand, and teams."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from evenhand.people.roles import Permission


class Brand(models.Model):
    """One company front: its own policy, mailbox, portal, colours and customers."""

    slug = models.SlugField(unique=True)  # also in the portal's address: /americommerce/
    name = models.CharField(max_length=80)
    mailbox = models.EmailField(unique=True)  # where its customers write, and what it writes from
    zone = models.CharField(max_length=40, default="America/Chicago")

    def __str__(self) -> str:
        return self.name

    def midnight(self, day: dt.date) -> dt.datetime:
        """The moment at which a day begins where the brand is."""
        return dt.datetime.combine(day, dt.time(), ZoneInfo(self.zone))


class Organisation(models.Model):
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_organisation_per_name")]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, person: Person) -> PersonQuerySet:
        """Oneself, and for staff everybody who has to do with their brands."""
        theirs = Membership.objects.filter(brand__in=person.staffed_brands())
        return self.filter(Q(pk=person.pk) | Q(pk__in=theirs.values("person")))

    def staff_of(self, brand: Brand) -> PersonQuerySet:
        """Those who work for the brand, whom a ticket can be assigned to."""
        working = Membership.objects.filter(brand=brand).exclude(role=Role.CUSTOMER)
        return self.filter(is_active=True, pk__in=working.values("person"))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email: str | None) -> Person:
        person: Person = self.get(email__iexact=email)
        return person


class Person(AbstractBaseUser):
    """Somebody with an address: staff, customer or both, by brand. No passwords: a code is mailed."""

    email = models.EmailField(
        max_length=254, unique=True
    )  # in lower case, so that it is one person's however spelt
    name = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=40, blank=True)  # empty: the brand's
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="one_spelling_per_address"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in words[:2]).upper()

    def may(self, permission: Permission, brand: Brand) -> bool:
        """True where one of the person's roles in `brand` grants `permission` (docs/roles.md)."""
        return any(m.brand_id == brand.pk and m.grants(permission) for m in self.held_memberships())

    def held_memberships(self) -> list[Membership]:
        """All memberships, fetched once for each loaded person."""
        if not hasattr(self, "_held"):
            self._held = list(self.memberships.select_related("brand"))
        return self._held

    def is_staff_of(self, brand: Brand) -> bool:
        return any(m.brand_id == brand.pk and m.is_staff for m in self.held_memberships())

    def is_staff_anywhere(self) -> bool:
        return any(membership.is_staff for membership in self.held_memberships())

    def staffed_brands(self) -> list[Brand]:
        return sorted({m.brand for m in self.held_memberships() if m.is_staff}, key=lambda brand: brand.name)


class Role(models.TextChoices):
    CUSTOMER = "customer"
    AGENT = "agent"
    LEAD = "lead"  # also called manager
    ACCOUNTANT = "accountant"
    SALES = "sales"
    DESIGNER = "designer"  # also called implementer
    DEVELOPER = "developer"
    ADMINISTRATOR = "administrator"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, person: Person) -> MembershipQuerySet:
        """One's own, and for staff all of their brands."""
        return self.filter(Q(person=person) | Q(brand__in=person.staffed_brands()))


class Membership(models.Model):
    """What one person is to one brand. A customer's standing with the brand's account stands here too."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships"
    )
    customer_status = models.CharField(max_length=20, blank=True)  # "current", "prospect", "" = not known
    since = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "brand", "role"], name="one_membership_per_role")
        ]

    @property
    def is_staff(self) -> bool:
        return self.role != Role.CUSTOMER

    def grants(self, permission: Permission) -> bool:
        from evenhand.people.roles import GRANTS

        return permission in GRANTS[Role(self.role)]


class Team(models.Model):
    """A department that tickets are assigned to; `slug` is its name in the policy (“accounting”)."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="teams")
    slug = models.SlugField()
    name = models.CharField(max_length=80)
    members = models.ManyToManyField(Person, related_name="teams", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "slug"], name="one_team_per_department")]

    def __str__(self) -> str:
        return self.name


class AccessKey(models.Model):
    """A key to the API: what its holder may do at one brand, a machine may do with it (keys.py)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=80)  # what it is for
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
