"""What a secret looks like, how a word leads to it, where it ends, and what stands in its place without
being one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evenhand.reading.wordlists import word_set

_WORD_END = r"(?![A-Za-zÀ-ÿ])"
_FILLING = (
    r"(?:[ \t]{1,3}(?:for|to|of|on|from|at|in|i|we|you|the|my|our|your|his|her|their|this|that|new|old|"
    r"current|temp(?:orary)?|"
    r"admin|ftp|smtp|email|account|store|shop|portal|user|made|set|got|created|use|used|using|and|de|para|"
    r"für|pour|del|la|le|"
    r"[\w.@+-]{1,40})){0,6}?"
)
_SEPARATOR = (
    r"(?:[ \t\u00a0]{0,3}(?:[\"'*_`]{0,3}[ \t]{0,2}(?:[:=：]|=>|->|→|&gt;)[ \t\u00a0]{0,4}"
    r"(?:\r?\n[ \t]{0,4})?"
    r"|[ \t](?:is|was|are|were|ist|lautet|war|est|es|era|é|jest|är|er|to|as)[ \t:]{1,3}(?:still |now |just |"
    r"simply )?"
    r"|[ \t]{0,2}[-–—][ \t]{1,2}|[ \t]{0,2}(?:\||\t|,)[ \t]{0,2}|"
    r"(?:[ \t]{0,3}</?[a-zA-Z][^<>]{0,200}>\s{0,5}){1,6}:?\s{0,3}))"
)
_QUOTE = r"(?P<quote>[\"'`“‘«]{0,2})(?=\S)"
# How a value is led to from the word, the plainest way first.
_LEADS = tuple(
    re.compile(rf"{_WORD_END}(?P<filling>{filling})(?P<joint>{joint}){_QUOTE}", re.IGNORECASE)
    for filling, joint in (("", _SEPARATOR), ("", r"[ \t]{1,3}"), (_FILLING, _SEPARATOR))
)
_TOKEN = re.compile(r"[^\s<>]{1,4000}")
_CLOSING = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»"}
_MASKED = re.compile(r"^(?:[*•●·xX#._…\-]{3,}.{0,4}|\.{2,}.*|…+.*|[*•●#]+.{0,4}|.{0,2}[*•●]{3,}.{0,4})$")
_PLACEHOLDER = re.compile(
    r"^[\[<{(].*|^%(?:s|d|\(.*|\w+%)$|^\$(?:[a-z_]+$|\{.*)|^&[a-z#].*|^(?:your|my|the|insert|enter|add|some|example|changeme|xxx+|yyy+|foo|bar|none|null|n/a|tbd|todo)\b.*|.*▮.*",
    re.IGNORECASE,
)
_STATES = word_set("no-secrets.txt")
_STATE_ENDING = re.compile(r"(?:ed|ing|able|ible|n't|ly)$", re.IGNORECASE)
_TRAILING = ".,;:?)]}>\"'`”’»…"


def leads(text: str, end: int) -> Iterator[re.Match[str]]:
    """The ways in which the word that ends at `end` may lead to a value; each ends where the value would
    begin.
    """
    for pattern in _LEADS:
        if lead := pattern.match(text, end):
            yield lead


def value_after(text: str, word_start: int, lead: re.Match[str]) -> tuple[int, int]:
    """Where the value behind the context ends: at its closing quote, tag, `;` or `&` of a settings line,
    or blank.
    """
    start = lead.end()
    quote = (lead.groupdict().get("quote") or "")[:1]
    if (
        quote
        and (closing := text.find(_CLOSING[quote], start, start + 200)) > start
        and "\n" not in text[start:closing]
    ):
        return start, closing
    token = _TOKEN.match(text, start)
    end = token.end() if token else start
    if "=" in (lead.groupdict().get("joint") or ""):
        before = text[max(0, word_start - 200) : word_start]
        in_address = re.search(r"[?&]\s{0,2}[\w.\[\]-]{0,40}$", before)
        ends_at = ";" if ";" in before or ";" in text[start:end] else "&" if in_address else ""
        cut = text.find(ends_at, start, end) if ends_at else -1
        end = cut if cut > start else end
    if (entity := text.find("&lt;", start, end)) > start:
        end = entity
    for mark in ("|", '"', "”", "`"):
        cut = text.find(mark, start, end)
        end = cut if cut > start else end
    while (
        end > start
        and text[end - 1] in _TRAILING
        and not (text[end - 1] == ")" and "(" in text[start : end - 1])
    ):
        end -= 1
    return start, end


def is_plain_word(value: str) -> bool:
    """A word or number that is no state: the weakest password there is, but one."""
    lowered = value.lower().strip("!'")
    if value.isdigit():
        return 4 <= len(value) <= 12
    return len(lowered) >= 4 and lowered not in _STATES and not _STATE_ENDING.search(lowered)


def looks_like_password(value: str) -> bool:
    """Letters with digits or with signs inside; not a date, a size, a time or a word with a hyphen.

    >>> [looks_like_password(word) for word in ("Orchid2024!", "lemon-tree-42", "24/7", "two-factor")]
    [True, True, False, False]
    """
    core = value.rstrip("!")
    if len(value) < 5 or len(value) > 128 or not re.search(r"[^\W\d_]", core):
        return bool(re.fullmatch(r"(?=.*\d)(?=.*[!@#$%^&*?+=~])[\d!@#$%^&*?+=~._-]{6,}", value))
    if re.search(r"\d", core):
        return not re.fullmatch(
            r"\d+(?:st|nd|rd|th|px|am|pm|min|mins|gb|mb|kb|hrs?|days?|x|k|mm|cm|kg|years?)\W*",
            value,
            re.IGNORECASE,
        ) and not (re.fullmatch(r"[A-Za-z]{1,12}[-.]?[vV]?\d{1,2}", core) and len(core) < 6)
    return bool(re.search(r"[#$%^&*!+=~@](?=.)", core)) and not re.search(r"['’]", core)


def looks_like_key(value: str, *, short: bool = False) -> bool:
    """A long run of letters and digits that is no word, no address and no date; `short` takes 8
    characters for enough.
    """
    if not re.fullmatch(r"[A-Za-z0-9_.~+/=:$-]{8,4000}", value) or is_public(value):
        return False
    digits = len(re.findall(r"\d", value))
    letters = len(re.findall(r"[A-Za-z]", value))
    if digits and letters:
        return len(value) >= (8 if short else 16)
    if letters and not digits:
        mixed = re.search(r"[a-z][A-Z][A-Za-z]*[a-z][A-Z]", value) is not None
        return len(value) >= 20 and mixed and "-" not in value and "_" not in value
    return short and digits >= 12 and "-" not in value


def is_public(value: str) -> bool:
    """Addresses, mailboxes, file names and paths."""
    return bool(
        re.match(r"(?:https?|ftp)://|www\.|/[\w-]+/", value)
        or re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", value)
        or re.fullmatch(
            r"(?:[\w-]+\.)+(?:com|net|org|php|html?|aspx?|js|css|json|csv|xml|txt|example|shop|store|pdf|"
            r"png|jpg)(?:/.*)?",
            value,
            re.IGNORECASE,
        )
    )


def is_stand_in(value: str) -> bool:
    return (
        not value
        or bool(_MASKED.match(value) or _PLACEHOLDER.match(value))
        or value.lower().strip("!'") in _STATES
    )
