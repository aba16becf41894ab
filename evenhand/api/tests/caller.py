"""Somebody who calls the API, as a program would: with a key, in JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from evenhand.people.keys import make_key
from evenhand.people.models import Brand, Person

ASKED = {"email": "cora@corals.example", "text": "Could you fix my SSL certificate? The padlock is gone."}


class Caller:
    """Calls under one brand's address; `person` None: without a key."""

    def __init__(self, brand: Brand, person: Person | None = None, *, key: str = "") -> None:
        self.under = f"/api/v1/{brand.slug}"
        self.key = make_key(person, brand, name="test", by=None) if person else key
        self.browser = Client()

    def request(self, under: str = "r-1", **asked: Any) -> HttpResponse:
        """Enter a request under an Idempotency-Key; without `asked`, the same one each time."""
        return self.call("post", "/requests", {**ASKED, **asked}, idempotency_key=under)

    def ticket(self, number: object) -> HttpResponse:
        return self.call("get", f"/tickets/{number}")

    def store(self, reference: str = "s1", **told: Any) -> HttpResponse:
        known = {"organisation": "Reefs", "domain": "reefs.example"}
        return self.call("put", f"/stores/{reference}", {**known, **told})

    def app(self, slug: str = "petpay", **told: Any) -> HttpResponse:
        return self.call("put", f"/apps/{slug}", {"name": "PetPay", "integrated": False, **told})

    def csv(self, file: bytes) -> HttpResponse:
        return self.call("post", "/stores.csv", file, content_type="text/csv")

    def call(
        self,
        method: str,
        address: str,
        sent: object = None,
        *,
        content_type: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        if self.key:
            headers["authorization"] = f"Bearer {self.key}"
        answer: HttpResponse = getattr(self.browser, method)(
            self.under + address,
            **({"data": sent, "content_type": content_type} if sent is not None else {}),
            headers=headers,
        )
        return answer


def said(answer: HttpResponse) -> tuple[int, str]:
    """A refusal: its status and its words."""
    return answer.status_code, answer.json()["detail"]  # type: ignore[attr-defined]
