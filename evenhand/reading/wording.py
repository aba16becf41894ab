"""Plain English, evened out: what two people write differently but mean alike becomes one token.

Names, spellings and manners are not the matter of a message.  Contractions are opened, British and
American spelling meet, endings are taken off, numbers, addresses and sums of money become what they are.
Greeting and farewell are left out, since they say nothing about the matter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from evenhand.reading.wordlists import word_set

MOST_CHARACTERS = 4_000
"""How much of a message is read for its matter: a long story says it in its beginning or its end."""

_STRAIGHT = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u00a0": " ",
        "\u200b": None,
    }
)
_SPELLINGS = (
    (re.compile(r"\be-mail"), "email"),
    (re.compile(r"colour"), "color"),
    (re.compile(r"catalogue"), "catalog"),
    (re.compile(r"(\w{3,})iz(e|ed|es|ing|ation)\b"), r"\1is\2"),
    (re.compile(r"\b(web) ?(site|shop|store)"), r"\2"),
    (re.compile(r"\bwont\b"), "will not"),
    (re.compile(r"\bain't\b|\b(?:is|are|does|do|did|was)nae\b|\bnae\b"), "is not"),
    (re.compile(r"\b(\w{3,}in)'(?!\w)"), r"\1g"),
    (re.compile(r"\b(?:y'all|ya'll|yall|u)\b"), "you"),
    (re.compile(r"\b(?:gonna|finna)\b"), "going to"),
    (re.compile(r"\bwanna\b"), "want to"),
    (re.compile(r"\bda\b"), "the"),
    (re.compile(r"\bma\b"), "my"),
    (re.compile(r"\bur\b"), "your"),
    (re.compile(r"\bcannot\b|\bcan't\b|\bcant\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should)n'?t\b"), r"\1 not"),
    (re.compile(r"\b(i|you|we|they|he|she|it|that|there|what|who|where|how)'(m|re|ve|ll|d|s)\b"), r"\1"),
    (re.compile(r"\b(im|ive)\b"), "i"),
    (re.compile(r"\b(pls|plz)\b"), "please"),
    (re.compile(r"\bacct?\b"), "account"),
    (re.compile(r"\bcc\b"), "credit card"),
    (re.compile(r"\bcerts?\b"), "certificate"),
)
_KINDS = (
    (re.compile(r"https?://\S+|\bwww\.\S+"), " webaddress "),
    (re.compile(r"\S+@\S+\.\w+"), " mailaddress "),
    (re.compile(r"[$£€]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:dollars|euros?|pounds|usd|eur|gbp)\b"), " sumofmoney "),
    (re.compile(r"(?:#|\bno\.? ?|\bnumber )\d{3,}"), " referencenumber "),
    (re.compile(r"\b(?!40[0134]\b|429\b|50[0234]\b)\d[\d.,:/-]*\b"), " 0 "),
)
_GREETING = re.compile(
    r"^\s*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|greetings)\b"
    r"[^.,!?\n]{0,30}[.,!?\n]\s*)+",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"\b(?:and )?(?:my name is|my name's|i am called) (?:[^\W\d_][\w'’-]*[ ]?){1,4}(?:and |[.,;!\n]|$)\s*",
    re.IGNORECASE,
)
_STRETCHED = re.compile(r"(\w)\1{2,}")
_FAREWELL = re.compile(
    r"\n\s*(?:(?:kind|best|warm) (?:regards|wishes)|regards|thanks|many thanks|thank you|cheers|sincerely|"
    r"yours\b[^\n]{0,20}|best|-- ?)[,.!]*\s*(?:\n.{0,60}){0,4}\s*$",
    re.IGNORECASE,
)
_CLOSING_THANKS = re.compile(
    r"(?<=[.?!\n])\s*(?:(?:many )?thanks|thank you|cheers|thx)\b[^.?!\n]{0,40}[.!]*\s*(?:\n.{0,40})?\s*$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\b(?:caller|phone note|on (?:the )?phone|"
    r"(?:merchant|owner|customer|client) (?:rang|calls|called|phoned|says|asks|wants))\b"
)
_CALLERS_OWN = (
    dict.fromkeys(("caller", "merchant", "owner", "he", "she", "they"), "i")
    | dict.fromkeys(("his", "her", "their"), "my")
    | dict.fromkeys(("him", "them"), "me")
    | {"us": "you", "we": "you", "our": "your", "wants": "want", "asks": "ask", "says": "say"}
)
_LETTERS = re.compile(r"[a-z]+")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def without_courtesies(text: str) -> str:
    """`text` without greeting and farewell; unchanged where nothing else would be left."""
    body = _INTRODUCTION.sub("", _GREETING.sub("", text, count=1))
    body = _CLOSING_THANKS.sub("", _FAREWELL.sub("", body))
    told = "\n".join(one for one in sentences(body) if not _is_tone(one))
    return next((left for left in (told, body) if len(left.split()) >= 3), text)


def _is_tone(sentence: str) -> bool:
    """Whether a sentence is courtesy, worry, anger or cheer and nothing else: it has no word for a matter."""
    tone = word_set("tone.txt")
    spoken = _WORD.findall(evened(sentence))
    return bool(spoken) and all(_STRETCHED.sub(r"\1", word) in tone for word in spoken)


def evened(text: str) -> str:
    """`text` in lower case with contractions opened, spellings joined, and figures named by their kind.

    >>> evened("We don't customize; invoice #44871 says $99")
    'we do not customise; invoice referencenumber says sumofmoney'
    """
    plain = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS].translate(_STRAIGHT)).lower()
    for pattern, kind in _KINDS:
        plain = pattern.sub(kind, plain)
    for pattern, spelling in _SPELLINGS:
        plain = pattern.sub(spelling, plain)
    return re.sub(r" {2,}", " ", plain).strip()


def as_first_person(plain: str) -> str:
    """An evened text as its writer would say it: an agent's note of a call tells it in the third person.

    >>> as_first_person("caller wants us to upload his photos")
    'i want you to upload my photos'
    """
    if not _NOTE.search(plain):
        return plain
    return _LETTERS.sub(lambda word: _CALLERS_OWN.get(word[0], word[0]), plain)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, cut at full stops, question marks and line ends."""
    return tuple(part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if part)


def words(plain: str) -> list[str]:
    """The words of an evened text, endings still on."""
    return _WORD.findall(plain)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """`word` without its English ending, so that import, imports, imported and importing meet.

    >>> [stem(word) for word in ("categories", "stopped", "charges", "charge", "css", "news")]
    ['category', 'stop', 'charg', 'charg', 'css', 'new']
    """
    word = word.removesuffix("'s").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, least in (("ing", 6), ("ed", 5)):
        if len(word) >= least and word.endswith(ending):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
