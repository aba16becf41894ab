"""Words that are not the sender's own: quoted by a victim, named in a question, sold as a product's title."""

from __future__ import annotations

import re

_QUOTES = re.compile(
    r"\"[^\"\n]{1,500}\"|“[^”\n]{1,500}”|„[^“”\n]{1,500}[“”]|«[^»\n]{1,500}»|‘[^’\n]{1,300}’(?!\w)|"
    r"(?<!\w)'[^\n]{1,300}?'(?!\w)|`[^`\n]{1,300}`|^>[^\n]*$",
    re.MULTILINE,
)
_TELLING = re.compile(
    r"\b(?:reviews?|reviewers?|comments?|commented|customers?|shoppers?|buyers?|clients?|guest|someone|"
    r"somebody|people keep|users?|visitors?|strangers?|trolls?|"
    r"competitors?|ex-employee|called (?:me|us|my|our|her|him|them)|calls (?:me|us|my|our)|calling (?:me|us|"
    r"my|our)|wrote|writes|posted|posts|"
    r"he said|she said|they said|he told|she told|they told|was told|got told|received|sent (?:me|us)|"
    r"sending (?:me|us)|emailed (?:me|us)|left (?:me|us|a|this)|spam\w*|"
    r"words?|filters?|filtering|block(?:s|ed|ing)?|ban(?:ned)?|blacklist|censor\w*|moderat\w+|abus\w+|"
    r"harass\w*|offensive|offended|vulgar|"
    r"profan\w+|slurs?|report(?:ed|ing)?|flag(?:ged)?|search term|searched|typed|named|titled?|listed|"
    r"tagline|song|book|album|slogan|"
    r"prints?|shirts?|tees?|mugs?|stickers?|poster|product|item|sku|category|url|slug|domain|graffiti|"
    r"hacked|hacker|defaced|your agent|your rep|agent)\b",
    re.IGNORECASE,
)
_OWN_WORDS = re.compile(
    r"\b(?:i|we|i'll|i'd) (?:said|say|wrote|told|called|call|posted|left)\b", re.IGNORECASE
)
_CALLED = re.compile(
    r"\b(?:call(?:ed|ing|s)|label(?:l?ed|ling)|named|nam(?:ing|es)|told|telling|referred to|refers to|"
    r"describ(?:ed|es|ing)|shout(?:ed|ing)|yell(?:ed|ing)|scream(?:ed|ing)|wrote|said|says|saying)"
    r" (?P<whom>me|us|my [\w' -]{2,40}?|our [\w' -]{2,40}?|her|him|them|one of [\w' ]{2,30}?|a customer|"
    r"customers|to (?:me|us|my [\w' ]{2,20}?|our [\w' ]{2,20}?)|at (?:me|us|my [\w' ]{2,20}|"
    r"our [\w' ]{2,20}))"
    r"(?: as)?(?: |, |: )(?:[\w'-]+[ ,]+){0,6}?$",
    re.IGNORECASE,
)
_BY_MYSELF = re.compile(r"\b(?:i|we)(?:'ve|'d|'m| have| had| am| was)? \w{0,12} ?$", re.IGNORECASE)
_THE_WORD = re.compile(
    r"\b(?:the|a|this|that) (?:word|term|phrase|expression|name|swear word|search|tag|keyword)s?(?: like|"
    r" such as)? \W?$|\bwords? (?:like|such as) \W?(?:[\w'-]+, ){0,4}$",
    re.IGNORECASE,
)


_ABOUT_FILTERS = re.compile(
    r"\b(?:profanity|swear(?:ing)?|curse|bad|banned|blocked|forbidden|offensive|"
    r"rude)[- ](?:word )?(?:filters?|words?|lists?)\b",
    re.IGNORECASE,
)


def is_reported(text: str, start: int, end: int, *, phone: bool) -> bool:
    """True where [start, end) are somebody else's words. On a phone note, what the caller said to us is
    the caller's own.

    >>> text = "A shopper left a review saying 'fuck this shop'"
    >>> is_reported(text, 32, 36, phone=False)
    True
    """
    before = text[max(0, start - 120) : start]
    before = before[max(before.rfind(mark) for mark in ".!?\n") + 1 :]
    called = _CALLED.search(before)
    if called:
        by_sender = bool(_BY_MYSELF.search(before[: called.start()]))
        to_staff = (
            phone
            and re.search(r"\b(?:me|us|agent|our|staff|rep)\b", called["whom"], re.IGNORECASE) is not None
        )
        if not by_sender and not to_staff:
            return True
    after = text[end : end + 80].split("\n")[0]
    if _THE_WORD.search(before) or _ABOUT_FILTERS.search(before) or _ABOUT_FILTERS.search(after):
        return True
    return not phone and _stands_in_quotes(text, start, end)


def _stands_in_quotes(text: str, start: int, end: int) -> bool:
    for quote in _QUOTES.finditer(text[:200_000]):
        if quote.start() <= start and end <= quote.end():
            outside = (
                text[max(0, quote.start() - 200) : quote.start()]
                + " … "
                + text[quote.end() : quote.end() + 200]
            )
            return bool(_TELLING.search(outside)) and not _OWN_WORDS.search(
                text[max(0, quote.start() - 30) : quote.start()]
            )
    return False
