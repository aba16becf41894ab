from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.text import slugify

from evenhand.intake.models import Arrival
from evenhand.people.models import Brand, Person
from evenhand.portal import queries, tokens
from evenhand.portal.queries.policy import points_to
from evenhand.rulebook import queries as rulebook
from evenhand.tickets.models import Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

PADLOCK = (
    "Since this morning the padlock is gone and browsers warn my customers "
    "that the certificate of my shop has expired."
)


def ask(client: Client, text: str = PADLOCK, *, token: str | None = None, **fields: Any) -> Any:
    return client.post(
        "/americommerce/help", {"text": text, "token": tokens.fresh() if token is None else token, **fields}
    )


def add(client: Client, ticket: Ticket, text: str, **fields: Any) -> Any:
    address = f"/americommerce/tickets/{ticket.pk}/answer"
    return client.post(address, {"text": text, "token": tokens.fresh(), **fields})


def test_the_policy_page_is_public_and_shows_every_clause(client: Client, published: Any) -> None:
    page = client.get("/americommerce/policy")
    assert page.status_code == 200
    for number in rulebook.policy(published["americommerce"]).clauses:
        assert f'id="c-{number}"' in page.content.decode()


def test_what_is_written_is_guided_and_not_stored(client: Client) -> None:
    said = client.post("/americommerce/help/guidance", {"text": PADLOCK}).content.decode()
    assert "§" in said
    assert not Arrival.objects.exists()


def test_guidance_says_that_a_secret_will_be_removed(client: Client) -> None:
    text = f"{PADLOCK} My card is 4111 1111 1111 1111."
    said = client.post("/americommerce/help/guidance", {"text": text}).content.decode()
    assert "There is a secret in your text" in said
    assert "4111" not in said


def test_guidance_is_refused_by_get_so_that_no_log_holds_the_text(client: Client) -> None:
    assert client.get("/americommerce/help/guidance", {"text": "secret"}).status_code == 405


def test_a_stranger_asks_and_is_told_the_number_and_the_clause(client: Client) -> None:
    answer = ask(client, email="new@shop.example")
    shown = client.get(answer.headers["Location"]).content.decode()
    ticket = Ticket.objects.get()
    assert f"ticket {ticket.pk}" in shown
    assert ticket.requester.email == "new@shop.example"


def test_a_second_click_is_the_same_request(client: Client) -> None:
    token = tokens.fresh()
    ask(client, token=token, email="new@shop.example")
    ask(client, token=token, email="new@shop.example")
    assert Ticket.objects.count() == 1


def test_another_text_under_a_used_token_is_refused_and_kept_on_the_page(client: Client) -> None:
    token = tokens.fresh()
    ask(client, token=token, email="new@shop.example")
    answer = ask(client, "Quite another matter stands here now.", token=token, email="new@shop.example")
    assert answer.status_code == 409
    assert "Quite another matter" in answer.content.decode()


@pytest.mark.parametrize("token", ["", "made up", "a:b:c"])
def test_a_form_that_is_not_ours_is_refused_and_its_text_kept(client: Client, token: str) -> None:
    answer = ask(client, token=token, email="new@shop.example")
    assert answer.status_code == 422
    assert "Nothing is lost" in answer.content.decode()
    assert "padlock is gone" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_an_address_is_needed_from_whoever_is_not_signed_in(client: Client) -> None:
    assert "Write the address" in ask(client).content.decode()


def test_own_tickets_are_listed_and_read(client: Client, cora: Person) -> None:
    client.force_login(cora)
    ask(client)
    ticket = Ticket.objects.get()
    assert str(ticket.pk) in client.get("/americommerce/tickets").content.decode()
    assert "padlock is gone" in client.get(f"/americommerce/tickets/{ticket.pk}").content.decode()


def test_somebody_elses_ticket_is_not_found(client: Client, cora: Person, carl: Person, sid: Person) -> None:
    client.force_login(cora)
    ask(client)
    ticket = Ticket.objects.get()
    for other in (carl, sid):
        client.force_login(other)
        assert client.get(f"/americommerce/tickets/{ticket.pk}").status_code == 404
        assert client.get(f"/sparkpay/tickets/{ticket.pk}").status_code == 404
        assert add(client, ticket, "mine?").status_code == 404
    assert Message.objects.filter(ticket=ticket, text="mine?").count() == 0


def test_an_addition_joins_the_ticket(client: Client, cora: Person) -> None:
    client.force_login(cora)
    ask(client)
    ticket = Ticket.objects.get()
    add(client, ticket, "It also happens on phones.")
    assert ticket.messages.filter(kind="customer").count() == 2
    assert Ticket.objects.count() == 1


def test_an_empty_addition_is_refused_in_words(client: Client, cora: Person) -> None:
    client.force_login(cora)
    ask(client)
    ticket = Ticket.objects.get()
    answer = add(client, ticket, " ")
    assert answer.status_code == 422
    assert "Write something" in answer.content.decode()


def test_every_place_the_policies_point_to_answers_with_its_clauses_text(
    client: Client, published: Any
) -> None:
    for brand, version in published.items():
        policy = rulebook.policy(version)
        for name in policy.places:
            page = client.get(f"/{brand}/places/{slugify(name)}", follow=True)
            assert page.status_code == 200, name
            if page.redirect_chain:
                continue  # a page of its own: tickets, the guide, the policy
            for title in (clause.title for clause in policy.clauses.values() if points_to(clause, name)):
                assert title in page.content.decode().replace("&#39;", "'"), f"{name}: {title}"


def test_an_unknown_place_or_brand_is_not_found(client: Client) -> None:
    assert client.get("/americommerce/places/moon").status_code == 404
    assert client.get("/nobrand/policy").status_code == 404


def test_an_older_version_stays_readable(client: Client, published: Any) -> None:
    version = published["americommerce"]
    assert client.get(f"/americommerce/policy/{version.pk}").status_code == 200
    assert client.get(f"/sparkpay/policy/{version.pk}").status_code == 404


def test_a_receipt_opens_nothing_at_another_brand(client: Client, sp: Brand) -> None:
    answer = ask(client, email="new@shop.example")
    assert client.get(answer.headers["Location"].replace("americommerce", sp.slug)).status_code == 404


def test_a_ticket_is_shown_by_the_version_that_ruled_it(client: Client, cora: Person, published: Any) -> None:
    client.force_login(cora)
    ask(client)
    page = client.get(f"/americommerce/tickets/{Ticket.objects.get().pk}").content.decode()
    assert f"/americommerce/policy/{published['americommerce'].pk}#c-" in page


def test_at_a_glance_names_what_is_sold_and_leaves_conduct_out(published: Any) -> None:
    page = queries.policy_page(published["americommerce"].brand, published["americommerce"])
    included, other, paid = page.columns
    assert "Data restoration" in {row.title for row in paid.rows}
    assert not any(row.title.startswith("Except") for column in page.columns for row in column.rows)
    assert "25.1" not in {row.number for row in (*included.rows, *other.rows)}


def test_a_customer_of_one_brand_comes_home_to_their_tickets(client: Client, cora: Person) -> None:
    client.force_login(cora)
    assert client.get("/").headers["Location"] == "/americommerce/tickets"
