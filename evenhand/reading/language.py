"""The language a message is written in, or `und` (undetermined) where too little is there to tell.

Identification by py3langid, a trained model over byte n-grams. It guesses wildly on a few words, so short
texts are decided by script and by the commonest words, and doubt is said to be doubt.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol, cast

from evenhand.reading.wording import without_courtesies
from evenhand.reading.wordlists import rows

UNDETERMINED = "und"
# What support desks meet; the model's other languages mostly catch names and product codes.
_LANGUAGES = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr",
    "sv", "th", "tl", "tr", "uk", "vi", "zh",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|<[^<>]{1,200}>|▮▮▮ [a-z ]+|[!-~]*\d[!-~]*")
_WORDS_OF = {row["language"]: frozenset(row["words"].split()) for row in rows("common.tsv")}
_LANGUAGES_WITH = {
    word: tuple(language for language, common in _WORDS_OF.items() if word in common)
    for word in frozenset().union(*_WORDS_OF.values())
}
_SURE = 0.90
_SHORT = 8  # words


class _Identifier(Protocol):
    def set_languages(self, langs: list[str]) -> None: ...

    def classify(self, text: str) -> tuple[str, float]: ...


@cache
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # the model takes a moment to load

    identifier = cast(_Identifier, LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
    identifier.set_languages(list(_LANGUAGES))
    return identifier


def detect(text: str) -> str:
    """The language as a two-letter code, or `und`.

    >>> detect("Where do I find my API key?"), detect("Wo finde ich meinen Schlüssel?"), detect("SKU 4411")
    ('en', 'de', 'und')
    """
    plain = _NOISE.sub(" ", without_courtesies(text[:5000]))
    words = [word.lower().replace("’", "'") for word in _WORD.findall(plain)]
    if not words:
        return UNDETERMINED
    counts = dict.fromkeys(_WORDS_OF, 0)
    for word in words:
        for language in _LANGUAGES_WITH.get(word, ()):
            counts[language] += 1
    likeliest = max(counts, key=lambda language: (counts[language], language == "en"))
    foreign = [word for word in words if not _latin(word)]
    if 2 * sum(map(_letters, foreign)) >= sum(map(_letters, words)):
        return _identifier().classify(" ".join(foreign))[0]  # another script says enough
    guess, probability = _identifier().classify(" ".join(words))
    if counts["en"] and counts["en"] >= counts[likeliest]:
        return "en" if guess == "en" or len(words) < 2 * _SHORT or counts["en"] * 6 >= len(words) else guess
    if counts[likeliest] and (guess == likeliest or (len(words) < _SHORT and counts[likeliest] >= 2)):
        return likeliest
    if len(words) >= 4 and probability >= _SURE:
        return (
            guess
            if len(words) >= _SHORT or guess == "en" or not all(word.isascii() for word in words)
            else UNDETERMINED
        )
    return UNDETERMINED


def _letters(word: str) -> int:
    """How long a word is; a sign of Chinese, Japanese or Korean says as much as three letters."""
    return sum(3 if letter >= "\u2e80" else 1 for letter in word)


def _latin(word: str) -> bool:
    return word.isascii() or all(ord(letter) < 0x250 for letter in word)
