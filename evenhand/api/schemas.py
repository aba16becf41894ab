"""What the API takes and gives. What is refused here never reaches a table."""

from __future__ import annotations

from typing import Annotated, Literal

from django.conf import settings
from ninja import Path, Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from evenhand.people.actions import address
from evenhand.stores.models import ThemeState

NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps no such character
LONGEST_NUMBER = 2**63 - 1


def _text(most: int, *, least: int = 0) -> StringConstraints:
    return StringConstraints(min_length=least, max_length=most, pattern=NO_NUL)


Email = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
Domain = Annotated[
    str, _text(253, least=1), WithJsonSchema({"type": "string", "format": "hostname", "maxLength": 253})
]
# A whole address or nothing, since the guide shows it as a link.
Link = Annotated[str, StringConstraints(max_length=200, pattern=r"^(https?://[!-~]+)?$")]
AppName = Annotated[str, _text(80, least=1)]

# In addresses.
Brand = Annotated[str, Path(max_length=50, description="The brand's short name: americommerce")]
Number = Annotated[int, Path(ge=1, le=LONGEST_NUMBER)]
Reference = Annotated[
    str, Path(pattern=r"^[!-.0-~]{1,60}$", description="The store's name in the platform's books")
]
AppSlug = Annotated[str, Path(pattern=r"^[-a-zA-Z0-9_]{1,50}$")]


class Told(Schema):
    """What is sent: a field that we do not know is refused, since somebody meant something by it."""

    model_config = ConfigDict(extra="forbid")


class RequestIn(Told):
    """`facts`: what is known for certain, by the policy's names: {"theme state": "fresh"}."""

    email: Email
    text: Annotated[str, StringConstraints(min_length=1, max_length=settings.TEXT_MOST_CHARACTERS)]
    name: Annotated[str, _text(120)] = ""
    subject: Annotated[str, _text(250)] = ""
    facts: Annotated[dict[Annotated[str, _text(60)], Annotated[str, _text(120)]], Field(max_length=50)] = {}


class RulingOut(Schema):
    """One matter. `in_force` false: it waits for an agent."""

    in_force: bool
    topic: str
    act: str
    reply: str
    department: str
    clauses: list[str]
    gave_way: list[str]
    pointers: list[str]
    belief: float


class TicketOut(Schema):
    id: int | None
    subject: str
    status: str
    rulings: list[RulingOut]


class StoreIn(Told):
    """`apps`: names or aliases as the guide to apps has them."""

    organisation: Annotated[str, _text(120, least=1)]
    domain: Domain
    plan: Annotated[str, _text(40)] = ""
    product_line: Annotated[str, _text(40)] = ""
    theme_state: Literal["", *ThemeState.values] = ""  # type: ignore[valid-type]
    apps: Annotated[list[Annotated[str, _text(80)]], Field(max_length=200)] = []


class StoreOut(Schema):
    reference: str
    domain: str


class Imported(Schema):
    """How many lines of the file are entered."""

    stores: int


class AppIn(Told):
    name: AppName
    integrated: bool
    aliases: Annotated[list[AppName], Field(max_length=50)] = []
    summary: Annotated[str, _text(2000)] = ""
    site: Link = ""
    documentation: Link = ""
    contact: Annotated[str, _text(200)] = ""
    forum: Link = ""
