"""What the API takes and gives."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class Problem(Schema):
    """`detail` says what is wrong and what to do, or lists the fields that are wrong."""

    detail: str | list[dict[str, object]]


class RequestIn(Schema):
    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=settings.TEXT_MOST_CHARACTERS)]
    name: Word = ""
    subject: Word = ""
    facts: Annotated[dict[Word, Word], Field(max_length=50)] = {}


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


class StoreIn(Schema):
    model_config = ConfigDict(extra="forbid")

    organisation: Word
    domain: Word
    plan: Word = ""
    product_line: Word = ""
    theme_state: Word = ""
    apps: list[Word] = []


class StoreOut(Schema):
    reference: str
    domain: str


class Imported(Schema):
    """How many lines of the file are entered."""

    stores: int


class AppIn(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Word
    integrated: bool
    aliases: list[Word] = []
    summary: Word = ""
    site: Word = ""
    documentation: Word = ""
    contact: Word = ""
    forum: Word = ""
