"""The demo's day of mail is what its README says, and holds nothing that should not be published."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from evenhand.reading.mime import Mail, read_mail

EXAMPLES = Path(__file__).parents[3] / "examples"
MOST_BYTES_OF_A_LINE = 998  # RFC 5321, 4.5.3.1.6, without the line end
TEST_CARDS = {
    "4111111111111111",
    "4012888888881881",
    "5555555555554444",
    "378282246310005",
}  # published by the card networks for testing
KINDS = """
    plain, html, alternative, attachment, reply, forwarded, automatic, bounce, list, empty, broken, secret,
    conduct, duplicate, prospect, stranger, other brand
"""
TOPICS = """
    store-availability, email-hosting, domain-dns, ssl, ticket-status, bug-report, store-help,
    custom-html-css, fresh-theme-fault, theme-reset-or-locate, one-on-one-training, accounting-account-guide,
    accounting-billing-issue, third-party-integrated, third-party-not-integrated, admin-changes-for-me,
    feature-change-request, custom-development, web-design, site-implementation, data-restoration, api-help,
    seo-help, import-export-transfer, privacy-of-secrets, audit-history, prospective-customer, conduct,
    release-history, complaint-escalation, praise-thanks, spam, none, unclear
"""


@dataclass(frozen=True, kw_only=True)
class Example:
    """One row of the README's table, with the file read."""

    file: str
    brand: str
    topics: frozenset[str]
    kinds: frozenset[str]
    raw: bytes
    mail: Mail


def _names(listed: str) -> set[str]:
    return {name.strip() for name in listed.split(",")}


def _example(row: str) -> Example:
    file, brand, topics, kinds, _ = (cell.strip() for cell in row.strip().strip("|").split(" | "))
    raw = (EXAMPLES / "mail" / file).read_bytes()
    return Example(
        file=file,
        brand=brand,
        topics=frozenset(_names(topics)),
        kinds=frozenset(_names(kinds)),
        raw=raw,
        mail=read_mail(raw),
    )


def _people() -> dict[str, list[dict[str, str]]]:
    text = (EXAMPLES / "demo" / "people.json").read_text("utf-8")
    people: dict[str, list[dict[str, str]]] = json.loads(text)
    return people


TABLE = (EXAMPLES / "mail" / "README.md").read_text("utf-8").splitlines()
DAY = [_example(row) for row in TABLE if row.startswith("| ") and ".eml |" in row]
every_example = pytest.mark.parametrize("example", DAY, ids=lambda example: example.file)


def test_the_table_lists_every_file_in_sending_order() -> None:
    files = sorted(path.name for path in (EXAMPLES / "mail").glob("*.eml"))
    assert [example.file for example in DAY] == files


def test_there_are_enough_for_a_day_and_neither_brand_is_idle() -> None:
    share = Counter(example.brand for example in DAY)["americommerce"] / len(DAY)
    assert len(DAY) >= 80
    assert 0.45 <= share <= 0.6


def test_every_topic_comes_at_least_twice() -> None:
    times = Counter(topic for example in DAY for topic in example.topics)
    assert set(times) == _names(TOPICS)
    assert min(times.values()) >= 2


def test_the_table_uses_the_kinds_it_explains() -> None:
    assert {kind for example in DAY for kind in example.kinds} == _names(KINDS)


@every_example
def test_machines_are_told_from_people(example: Example) -> None:
    assert example.mail.automatic == bool(example.kinds & {"automatic", "bounce", "list"})
    assert example.mail.bounce == ("bounce" in example.kinds)


@every_example
def test_there_is_text_unless_the_table_says_that_there_is_none(example: Example) -> None:
    assert bool(example.mail.text.strip()) == ("empty" not in example.kinds)
    assert "\x00" not in example.mail.text


@every_example
def test_a_claimed_attachment_is_found_with_its_bytes(example: Example) -> None:
    if "attachment" in example.kinds:
        assert any(file.name and file.size == len(file.content) > 0 for file in example.mail.attachments)
    else:
        assert all(file.type.startswith(("message/", "text/")) for file in example.mail.attachments)


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        ("folha-de-produtos.eml", "azulejos – catálogo de outono.csv"),
        ("application-support-agent.eml", "novak-curriculum-vitae-2026.pdf"),
        ("upload-photos-for-me.eml", "bûches de Noël.zip"),
    ],
)
def test_split_and_encoded_file_names_are_put_together(ending: str, name: str) -> None:
    assert [file.name for file in _ending(ending).mail.attachments] == [name]


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("kaizen-release-notes.eml", "今月の変更点"),
        ("moj-zapros.eml", "в Казахстан"),
        ("lieferzeit-anzeigen.eml", "Mit freundlichen Grüßen"),
        ("css-header-overlaps.eml", "“position: sticky” –"),
        ("wrong-charset-declared.eml", "“Théière émaillée”"),
        ("unknown-charset.eml", "in what unit is product weight"),
        ("broken-base64.eml", "the discount line says"),
        ("boundary-never-ends.eml", "all orders of the year in one file"),
        ("nested-too-deep.eml", "the wish list button on product pages"),
        ("raw-8bit-headers.eml", "frais de port pour la Suisse"),
    ],
)
def test_charsets_and_damage_leave_the_words_readable(ending: str, words: str) -> None:
    assert re.search(words, _ending(ending).mail.text)


@every_example
def test_a_reply_names_an_earlier_message_of_the_day(example: Example) -> None:
    if "reply" in example.kinds:
        earlier = {other.mail.message_id for other in DAY if other.file < example.file}
        assert earlier & {*example.mail.references, example.mail.in_reply_to}
        assert example.mail.quoted


@every_example
def test_a_duplicate_is_the_same_bytes_as_an_earlier_file(example: Example) -> None:
    earlier = {other.raw for other in DAY if other.file < example.file}
    assert (example.raw in earlier) == ("duplicate" in example.kinds)


def test_one_message_id_stands_on_two_different_texts() -> None:
    first, second = _ending("wish-two-languages.eml"), _ending("same-id-other-text.eml")
    assert first.mail.message_id == second.mail.message_id
    assert first.mail.text != second.mail.text


@every_example
def test_the_sender_is_of_the_demo_as_the_table_says(example: Example) -> None:
    customers = {(row["email"], row["brand"]): row["status"] for row in _people()["customers"]}
    status = customers.get((example.mail.from_address, example.brand))
    if example.kinds & {"stranger", "bounce", "other brand"}:
        assert status is None
    else:
        assert status == ("prospect" if "prospect" in example.kinds else "current")


@every_example
def test_the_envelope_can_be_told_from_the_file(example: Example) -> None:
    desk = {row["slug"]: row["address"] for row in _people()["brands"]}[example.brand]
    delivered = f"Delivered-To: {desk}".encode() in example.raw
    returned = b"Return-Path: <" in example.raw
    assert delivered or desk in example.mail.to
    assert returned or example.mail.from_address


@every_example
def test_no_line_is_longer_than_smtp_allows(example: Example) -> None:
    assert max(len(line) for line in example.raw.splitlines()) <= MOST_BYTES_OF_A_LINE


def test_line_ends_are_mixed_over_the_day_but_not_within_a_file() -> None:
    ends = {example.file: {bool(end) for end in re.findall(rb"(\r?)\n", example.raw)} for example in DAY}
    assert all(len(kinds) == 1 for kinds in ends.values())
    assert {kind for kinds in ends.values() for kind in kinds} == {True, False}


@every_example
def test_card_numbers_are_published_test_numbers(example: Example) -> None:
    files = [file.content.decode("latin-1") for file in example.mail.attachments if "text" in file.type]
    words = " ".join((example.mail.subject, example.mail.text, *files))
    runs = re.findall(r"(?<!\d)\d(?:[ .-]?\d){12,18}(?!\d)", words)
    cards = {digits for run in runs if _passes_luhn(digits := re.sub(r"\D", "", run))}
    assert cards <= TEST_CARDS


@every_example
def test_every_address_is_under_example(example: Example) -> None:
    mail = example.mail
    text = " ".join((mail.text, mail.from_address, *mail.to, mail.message_id))
    hosts = re.findall(r"(?:@|https?://)([\w-]+(?:\.[\w-]+)+)", text)
    assert all(host.endswith(".example") for host in hosts)


def test_plans_and_apps_of_the_stores_agree_with_people_and_guide() -> None:
    plans = {row["organisation"]: (row["brand"], row["plan"]) for row in _people()["customers"]}
    stores = json.loads((EXAMPLES / "demo" / "stores.json").read_text("utf-8"))["stores"]
    guide = {app["name"] for app in json.loads((EXAMPLES / "demo" / "apps.json").read_text("utf-8"))["apps"]}
    assert len(guide) == 30
    assert all(plans[store["organisation"]] == (store["brand"], store["plan"]) for store in stores)
    assert all(guide.issuperset(store["apps"]) for store in stores)


def test_no_name_or_alias_means_two_apps() -> None:
    apps = json.loads((EXAMPLES / "demo" / "apps.json").read_text("utf-8"))["apps"]
    spellings = Counter(name.casefold() for app in apps for name in (app["name"], *app["aliases"]))
    assert set(spellings.values()) == {1}


def _ending(ending: str) -> Example:
    return next(example for example in DAY if example.file.endswith(ending))


def _passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
