"""Curses and slurs from the reviewed list, also where they are spelt to slip through.

A term counts on word borders, so that Scunthorpe, cocktails and a Shih Tzu stay what they are. Before the
look-up, signs for letters ($h1t), stretching (fuuuck), masking (f**k), spacing (f u c k) and look-alike
letters are undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from evenhand.reading.folding import Folded, fold
from evenhand.reading.lexicon import Lexicon, Term, lexicon

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CHUNK = re.compile(r"\S{1,60}")
_STRETCHED = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1")
_LEET = str.maketrans("013457@$!|+€", "oieastasiite")
_LEET_L = str.maketrans("013457@$!|+€", "oleastasllte")
_LEET_SIGNS = re.compile(r"[013457@$!|+€]")
_MASKS = "*#@%&^$!_.•×x~?-"
_CUT = tuple("*#@-_")  # a word that goes on, masked
_MASKED = re.compile(r"[a-z]{1,12}(?:[*#@%&^$!_.•×~?-]{1,8}[a-z]{0,12}){1,4}")
_SPACED = re.compile(r"(?<![\w'])[a-z0-9@$!*](?:([ .\-_*~/|,+]{1,3})[a-z0-9@$!*]){2,40}(?![\w'])")
_GRAWLIX = re.compile(r"(?<![\w/.])[@#$%&*!^?]{4,20}(?!\w)")
_MOST = 200_000  # characters looked at
_UNMISTAKABLE = re.compile(r"fuck|shit(?:$|t|s$)|bitch|cunt|asshole|motherf|bastard")
_BS = re.compile(
    r"\b(?:this|that|total|complete|utter|pure|such|your|more|absolute|same|of|is|as|call|calling|what|the|"
    r"enough|corporate|some|all|smells like)"
    r" (b\.?s\.?)(?![\w-])(?! (?:in|en|iso|degree|\d|series|number|standard|code|norm))"
)
_ASS = re.compile(
    r"\b(?:my|your|his|her|their|our|yo|kick|kicked|kicking|lick|kiss|save|cover|move|up the|up your|in the|"
    r"on his|bad|dumb|lame|lazy|smart|"
    r"stupid|half|big|sorry|broke|dead|cheap|weak|slow|fat|crazy|weird|long|ugly|piece of|a real|an|such an|"
    r"pompous|these|those|you)[ -]+(ass|asses)\b"
    r"|\b(ass)[ -](?:backwards?|kissing|kisser|kicking|wipe|clown|hat)\b|\b(half[- ]ass(?:ed)?)\b|"
    r"\b([a-z]+-ass)\b"
)
_INSULT = re.compile(
    r"\b(?:(?:such|you|total|complete|these|those|being|real|absolute|utter|act(?:ing|s)? like|bunch of|"
    r"what a|you(?:'re| are)|is|are|"
    r"little|stupid|arrogant|useless|incompetent|"
    r"lazy|greedy|lying|ignorant|rude|smug|of)(?: a| an)?(?: [a-z]+)??|a|don't be a|dont be a) (dick|"
    r"dicks|prick|pricks|douche)\b(?! ?(?:'s|cheney|smith|sporting|tracy|van|clark|turpin))"
    r"|\b(dick)(?: move|ish| around|ing around)\b|\b(?:suck|my) (dick|cock)\b"
)
_TITLE_WORD = re.compile(r"[A-Z][\w'-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Curse:
    """A term of the list found at [start, end) of the text."""

    start: int
    end: int
    term: Term


def find_curses(text: str) -> list[Curse]:
    """Every curse and slur, in reading order, none twice at one place.

    >>> [found.term.term for found in find_curses("What the f**k, Scunthorpe is in $h1t again")]
    ['fuck', 'shit']
    """
    text = text[:_MOST]
    folded = fold(text)
    words = lexicon()
    found: dict[int, Curse] = {}
    for start, end, term in _matches(text, folded, words):
        place = folded.place(start, end)
        if term.unless and _harmless_nearby(folded.text, start, end, term):
            continue
        if term.match == "accented" and text[slice(*place)].isascii():
            continue
        if not any(each.start < place[1] and place[0] < each.end for each in found.values()):
            found[place[0]] = Curse(start=place[0], end=place[1], term=term)
    return [found[start] for start in sorted(found)]


def _matches(text: str, folded: Folded, words: Lexicon) -> Iterator[tuple[int, int, Term]]:
    yield from _plain(text, folded, words)
    yield from _turns_of_phrase(text, folded, words)
    yield from _disguised(folded.text, words)
    yield from _spaced(folded.text, words)
    for sign in words.signs:
        for found in re.finditer(re.escape(sign.term), folded.text):
            yield *found.span(), sign


def _plain(text: str, folded: Folded, words: Lexicon) -> Iterator[tuple[int, int, Term]]:
    tokens = [(found.start(), found.end(), found[0]) for found in _WORD.finditer(folded.text)]
    spelt = [token.replace("'", "") for _, _, token in tokens]
    for place, (start, end, token) in enumerate(tokens):
        term = _known(token.removesuffix("'s"), words)
        if term and not (_is_name(text, folded, start, end) and term.match != "root"):
            yield start, end, term
        for phrase, phrase_term in words.phrases.get(spelt[place], ()):
            last = tokens[place + len(phrase) - 1][1] if place + len(phrase) <= len(tokens) else 0
            if (
                tuple(spelt[place : place + len(phrase)]) == phrase
                and folded.text[last : last + 1] not in _CUT
            ):
                yield start, last, phrase_term


@lru_cache(maxsize=20_000)
def _known_word(token: str) -> Term | None:
    return _look_up(token, lexicon())


def _known(token: str, words: Lexicon) -> Term | None:
    if len(token) < 2 or len(token) > 40:
        return None
    return _known_word(token)


def _look_up(token: str, words: Lexicon) -> Term | None:
    term = words.words.get(token)
    if term:
        return term if term.match in ("word", "root", "accented") else None
    for root in words.roots:
        if root.folded in token:
            return root
    stretched = _STRETCHED.search(token)
    if stretched or (_DOUBLED.search(token) and len(token) < 16):
        for spelling in _unstretched(token, every=stretched is None):
            term = words.words.get(spelling)
            if term and term.match in ("word", "root") and (stretched or _UNMISTAKABLE.match(spelling)):
                return term
            for root in words.roots:
                if root.folded in spelling:
                    return root
    return None


def _unstretched(token: str, *, every: bool) -> Iterator[str]:
    """Each stretched letter once or twice; `every`: doubled letters once, too."""
    pieces = [match[0] for match in re.finditer(r"(.)\1*", token)]
    longest = 1 if every else 2
    choices = [(piece,) if len(piece) <= longest else tuple({piece[0], piece[0] * 2}) for piece in pieces]
    if sum(len(choice) > 1 for choice in choices) <= 5:
        for spelling in product(*choices):
            yield "".join(spelling)


def _is_name(text: str, folded: Folded, start: int, end: int) -> bool:
    """Capitalised inside a row of capitalised words, as names of towns, shops and products are."""
    begin, stop = folded.place(start, end)
    word = text[begin:stop]
    if not word[:1].isupper() or word.isupper():
        return False
    before = re.search(r"(\S+) +$", text[max(0, begin - 40) : begin])
    after = re.match(r" +(\S+)", text[stop : stop + 40])
    neighbours = [found[1] for found in (before, after) if found]
    named = [
        each
        for each in neighbours
        if _TITLE_WORD.fullmatch(each.strip(".,;:!?\"'()&")) and not each.isupper()
    ]
    starts_sentence = before is None or before[1][-1] in ".!?:"
    return bool(named) and not (starts_sentence and before is not None and after is None) and named != ["I"]


def _turns_of_phrase(text: str, folded: Folded, words: Lexicon) -> Iterator[tuple[int, int, Term]]:
    """Words that are harmless by themselves: an ass, Dick, B.S."""
    for pattern in (_ASS, _INSULT):
        for found in pattern.finditer(folded.text):
            group = next(number for number, each in enumerate(found.groups(), 1) if each)
            term = words.words[
                "ass" if "ass" in found[group] else found[group] if found[group] in words.words else "dick"
            ]
            if not _is_name(text, folded, *found.span(group)):
                yield *found.span(group), term
    for found in _BS.finditer(folded.text):
        yield *found.span(1), words.words["bullshit"]


def _disguised(text: str, words: Lexicon) -> Iterator[tuple[int, int, Term]]:
    for chunk in _CHUNK.finditer(text):
        token = chunk[0]
        if token.isalnum() and not _LEET_SIGNS.search(token):
            continue
        if _GRAWLIX.fullmatch(token) and len(set(token) & set("@#$%&*^")) >= 3:
            yield *chunk.span(), words.words["fuck"]
            continue
        if not re.search(r"[a-z]", token) or "://" in token or re.search(r"\w@\w+\.\w", token):
            continue
        bare = token.strip(".,;:?\"'()[]{}<>~-")
        at = chunk.start() + token.find(bare)
        if term := _leet(bare, words) or _masked(bare.rstrip("!?.,"), words):
            yield at, at + len(bare), term


def _leet(token: str, words: Lexicon) -> Term | None:
    """Digits and signs for letters; at least half must be letters, so that A55 and SH1 stay models and
    codes.
    """
    if not _LEET_SIGNS.search(token):
        return None
    bare = token.rstrip("!")
    for spelling in {
        table_of.replace("-", "")
        for table_of in (bare.translate(_LEET), bare.translate(_LEET_L), token.translate(_LEET))
    }:
        if not spelling.isalpha() or len(spelling) < 3 or bare.isalpha():
            continue
        term = words.words.get(spelling) or _known_word(spelling)
        digits = len(re.findall(r"\d", bare))
        if (
            term
            and term.match != "masked"
            and (len(spelling) >= 4 or not digits)
            and digits * 2 <= len(bare) + 1
        ):
            return term
    return None


def _masked(token: str, words: Lexicon) -> Term | None:
    """f**k, sh*t, b#tch, f---ing: the letters that are left must fit a term, the first among them."""
    if not _MASKED.fullmatch(token) or len(token) > 24:
        return None
    return _fitting(token)


@lru_cache(maxsize=5_000)
def _fitting(token: str) -> Term | None:
    letters = re.sub(r"[^a-z]", "", token)
    masks = re.sub(r"[a-z]", "", token)
    strong = all(mask in "*#@%&$!•×^" for mask in masks)
    if not strong and (len(masks) > 3 or len(set(masks)) > 1 or token[-1] in _MASKS):
        return None
    if (
        token[-1] in _MASKS
        and len(masks) < 2
        and letters not in ("fuc", "shi", "bitc", "cun", "fuckin", "asshol")
    ):
        return None
    exact = re.compile("".join("[a-z]" if each in masks else each for each in token))
    loose = re.compile(re.sub(r"[^a-z]+", lambda run: f"[a-z]{{1,{len(run[0]) + 2}}}", token))
    joined = re.compile(re.sub(r"[^a-z]+", "", token))
    every = lexicon().maskable
    if len(letters) == 1:
        return next(
            (term for term in every if strong and term.match == "root" and exact.fullmatch(term.folded)), None
        ) or next(
            (
                term
                for term in every
                if len(masks) >= 2 and strong and letters in "fsbcdap" and exact.fullmatch(term.folded)
            ),
            None,
        )
    stems = [
        term
        for term in every
        if exact.fullmatch(term.folded) or (not strong and joined.fullmatch(term.folded))
    ]
    endings = ("ing", "ed", "er", "ers", "in", "s", "y")
    if not stems:
        stems = [
            term
            for term in every
            if term.match == "root"
            and any(
                exact.fullmatch(term.folded + end) or loose.fullmatch(term.folded + end) for end in endings
            )
        ]
    if not stems and strong and len(letters) >= 2 and len(masks) >= 2:
        stems = [term for term in every if len(term.folded) > 3 and loose.fullmatch(term.folded)]
    return stems[0] if stems else None


def _spaced(text: str, words: Lexicon) -> Iterator[tuple[int, int, Term]]:
    """Single letters in a row: f u c k i n g, s.h.i.t, what the f-u-c-k."""
    for row in _SPACED.finditer(text):
        places = [row.start() + found.start() for found in re.finditer(r"[a-z0-9@$!*]", row[0])]
        joined = "".join(text[place] for place in places).translate(_LEET)
        whole = words.words.get(joined)
        if whole and whole.match in ("word", "root") and len(joined) >= 4:
            yield places[0], places[-1] + 1, whole
            continue
        inside = _UNMISTAKABLE.search(joined)
        if inside and (term := words.words.get(inside[0].rstrip("f")) or words.words["shit"]):
            yield places[inside.start()], places[min(inside.end(), len(places)) - 1] + 1, term


def _harmless_nearby(text: str, start: int, end: int, term: Term) -> bool:
    around = text[max(0, start - 60) : start] + " " + text[end : end + 60]
    if term.match == "phrase":
        following = _WORD.match(text, end + 1)
        return following is not None and following[0] in term.unless
    return any(word[0] in term.unless for word in _WORD.finditer(around))
