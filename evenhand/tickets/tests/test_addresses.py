"""The token that leads a reply to its ticket."""

from __future__ import annotations

import pytest

from evenhand.people.models import Brand
from evenhand.tickets import addresses

AC, SP = 1, 2


def test_a_token_names_its_ticket() -> None:
    assert addresses.ticket_named(AC, addresses.token(AC, 10482)) == 10482


def test_capitals_do_not_matter_since_mail_servers_change_them() -> None:
    assert addresses.ticket_named(AC, addresses.token(AC, 10482).upper()) == 10482


def test_a_token_holds_in_its_own_brand_alone() -> None:
    assert addresses.ticket_named(SP, addresses.token(AC, 10482)) is None


def test_a_signature_does_not_fit_another_ticket() -> None:
    signature = addresses.token(AC, 10482).partition("-")[2]
    assert addresses.ticket_named(AC, f"10483-{signature}") is None


@pytest.mark.parametrize(
    "forged", ["", "10482", "10482-", "0-" + "a" * 26, "10482-" + "a" * 26, "-1-" + "a" * 26]
)
def test_what_is_no_token_names_nothing(forged: str) -> None:
    assert addresses.ticket_named(AC, forged) is None


def test_the_token_stands_in_the_reply_address() -> None:
    brand = Brand(pk=AC, mailbox="help@americommerce.example")
    local, _, domain = addresses.reply_address(brand, 10482).partition("@")
    assert addresses.ticket_named(AC, local.removeprefix("help+")) == 10482
    assert domain == "americommerce.example"


def test_the_token_is_found_in_references() -> None:
    references = ["<other@shop.example>", addresses.thread_id(AC, 10482)]
    assert [addresses.ticket_named(AC, each) for each in addresses.tokens_in(references)] == [10482]
