"""What a mail repeats is folded; what is new stays open."""

from __future__ import annotations

import pytest

from evenhand.reading.quoting import quoted_spans

NEW = "This is new.\n\n"


def folded(text: str) -> str:
    return "".join(text[span.start : span.end] for span in quoted_spans(text)).strip()


@pytest.mark.parametrize(
    "old",
    [
        "On Mon, 2 Mar 2026 at 10:00, Dana <d@shop.example> wrote:\n> Hello\n>\n> Bye",
        "On Mon, 2 Mar 2026 at 10:00, Dana Reyes\n<d@shop.example> wrote:\n> Hello",
        "Am 02.03.2026 um 10:00 schrieb Dana <d@shop.example>:\n> Hallo",
        "Le lun. 2 mars 2026 à 10:00, Dana <d@shop.example> a écrit :\n> Bonjour",
        "El lun, 2 mar 2026 a las 10:00, Dana (<d@shop.example>) escribió:\n> Hola",
        "-----Original Message-----\nFrom: Dana\nHello",
        "-------- Ursprüngliche Nachricht --------\nVon: Dana\nHallo",
        "From: Dana <d@shop.example>\nSent: Monday, March 2, 2026 10:00\nTo: Help\nSubject: Prices\n\nHello",
        "____________\nVon: Dana\nGesendet: Montag, 2. März 2026\nAn: Hilfe\nBetreff: Preise\n\nHallo",
        "De : Dana\nEnvoyé : lundi 2 mars 2026\nÀ : Aide\nObjet : Prix\n\nBonjour",
        "-- \nDana Reyes\nShop Ltd",
        "Sent from my iPhone",
        "> Hello\n> Bye",
        "This e-mail and any files transmitted with it are confidential and intended for the addressee only.",
    ],
)
def test_old_text_is_folded(old: str) -> None:
    assert folded(NEW + old + "\n") == old


def test_answers_between_quoted_lines_stay_open() -> None:
    assert (
        folded("On 2 Mar 2026 at 10:00, Dana <d@x.example> wrote:\n> One?\nYes.\n> Two?\nNo.\n").count("\n")
        == 2
    )


def test_a_bare_forward_stays_open() -> None:
    assert quoted_spans("---------- Forwarded message ----------\nFrom: Dana\n\nPlease help\n") == ()


@pytest.mark.parametrize(
    "text",
    [
        "My colleague wrote:\nthe shop is down.",
        "From: the settings page I go to: Shipping.\nNothing happens.",
        "-- \n" + "A line of my long list\n" * 40,
        "Sent from my iPhone\nAnd another thing: the tax is wrong.\n" + "More.\n",
    ],
)
def test_new_text_is_never_hidden(text: str) -> None:
    last = text.strip().splitlines()[-1]
    assert last not in folded(NEW + text)
