"""The language is named where it can be told, and left open where it cannot."""

from __future__ import annotations

import pytest

from evenhand.reading.language import UNDETERMINED, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where do I find my API key?", "en"),
        ("SSL certificate has not renewed", "en"),
        ("Wo finde ich meinen Schlüssel?", "de"),
        ("Bonjour, ma boutique ne marche plus", "fr"),
        ("Mi tienda no funciona", "es"),
        ("Sklep nie działa od rana", "pl"),
        ("Магазин не открывается с утра", "ru"),
        ("你好，我们的商店打不开，错误401", "zh"),
        ("送料を地域別に設定したいのですが", "ja"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", "SSL?", "4411", "SKU 4411-B", "https://shop.example/a", "!!!", "\ud800"]
)
def test_too_little_to_tell(text: str) -> None:
    assert detect(text) == UNDETERMINED
