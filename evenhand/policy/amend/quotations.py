"""Finding a quotation in the lines of a document, and reading other words for it.

White space is folded: a quotation may run over the lines as the base wraps them, within one paragraph or one
line of a rule with its continuations. It stands for whole words: “theme” is not found in “themes”.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..parse import HEADING
from .draft import PROSE, Block, Section, Written

Span = tuple[int, int]
MOST_WORDS = 20_000
"""So many words are compared to find the nearest ones."""

_IN_PROSE = r"(?=\s)[^\S\n]*(?:\n[^\S\n]*)?(?=\S)"
_IN_RULE = r"(?=\s)[^\S\n]*(?:\n[^\S\n]+)?(?=\S)"
"""A gap between words: in a rule only a line that begins with a space runs on.

No possessive quantifiers: Python 3.11.2, Debian's own, reads `(?:…++)?+` as if the group had not to match.
Going back costs no more than the gap is long, since a word has to follow it at once.
"""


@dataclass(frozen=True)
class Passage:
    """Lines in which a quotation may stand. `after`: characters of the first that no quotation may touch."""

    lines: list[Written]
    put: Callable[[list[Written]], None]
    runs_on: bool
    after: int = 0

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class Quotation:
    """Words to be found, compared with white space folded."""

    def __init__(self, words: str) -> None:
        pieces = words.split()
        self.words = words
        self.folded = " ".join(pieces)
        self._first = pieces[0]
        self._leads, self._trails = words[:1].isspace(), words[-1:].isspace()
        escaped = [re.escape(piece) for piece in pieces]
        self._in_prose, self._in_rule = (re.compile(gap.join(escaped)) for gap in (_IN_PROSE, _IN_RULE))

    def spans(self, passage: Passage) -> list[Span]:
        """Where it stands in a passage, as offsets into its text."""
        text = passage.text
        if self._first not in text:
            return []
        pattern = self._in_prose if passage.runs_on else self._in_rule
        found = pattern.finditer(text, passage.after)
        return [span for match in found if (span := self._whole(text, *match.span(), passage))]

    def _whole(self, text: str, first: int, last: int, passage: Passage) -> Span | None:
        """The span with the spaces that the quotation begins or ends with; None inside a word."""
        if _splits_a_word(text, first) or _splits_a_word(text, last):
            return None
        if self._leads:
            before = first
            while before > passage.after and text[before - 1] in " \t":
                before -= 1
            if before == first and passage.runs_on and first > passage.after and text[first - 1] == "\n":
                before -= 1
            if before == first:
                return None
            first = before
        if self._trails:
            behind = last
            while behind < len(text) and text[behind] in " \t":
                behind += 1
            if behind == last and passage.runs_on and text[last : last + 1] == "\n":
                behind += 1
            if behind == last:
                return None
            last = behind
        return first, last


def _splits_a_word(text: str, at: int) -> bool:
    """Whether a cut here would fall between two letters or digits of scripts that part words by spaces."""
    return 0 < at < len(text) and _is_letter(text[at - 1]) and _is_letter(text[at])


def _is_letter(sign: str) -> bool:
    return sign.isdigit() or sign.lower() != sign.upper()


def replaced(passage: Passage, spans: list[Span], new: str, file: str, line: int) -> list[Written]:
    """The passage's lines with `new` in place of the spans. One that changes is now from `file`, `line`."""
    starts = [0]
    for one in passage.lines:
        starts.append(starts[-1] + len(one.text) + 1)
    text = passage.text
    rebuilt: list[Written] = []
    done = 0
    for spans_of_one in _sharing_lines(spans, starts):
        first = bisect_right(starts, spans_of_one[0][0]) - 1
        last = bisect_right(starts, max(spans_of_one[-1][1] - 1, spans_of_one[-1][0])) - 1
        if spans_of_one[-1][1] == starts[last + 1]:
            last += 1  # the span takes the line's end along
        rebuilt += passage.lines[done:first]
        whole = _joined(text, starts[first], starts[last + 1] - 1, spans_of_one, new)
        rebuilt.append(Written(whole, file, line))
        done = last + 1
    return rebuilt + passage.lines[done:]


def _sharing_lines(spans: list[Span], starts: list[int]) -> Iterator[list[Span]]:
    """Spans in groups that touch the same lines."""
    group: list[Span] = []
    for span in spans:
        if group and bisect_right(starts, span[0]) > bisect_right(starts, group[-1][1]):
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _joined(text: str, first: int, last: int, spans: list[Span], new: str) -> str:
    pieces = []
    at = first
    for begins, ends in spans:
        pieces += [text[at:begins], new]
        at = ends
    return "".join([*pieces, text[at:last]])


def own_passages(section: Section) -> Iterator[Passage]:
    """The clause's own text: the words of its heading, its prose, its rules. Its exceptions are not."""
    if section.heading is not None:
        yield _heading(section)
    for block in section.own():
        yield block_passage(block)


def _heading(section: Section) -> Passage:
    assert section.heading is not None
    found = HEADING.match(section.heading.text)
    after = found.start(2) + (len(section.number) if section.number else 0) if found else 0

    def put(lines: list[Written]) -> None:
        section.heading = lines[0]

    return Passage([section.heading], put, runs_on=False, after=after)


def block_passage(block: Block) -> Passage:
    """Prose whole; of a fence what stands between its ``` lines."""
    if block.kind == PROSE:

        def put_all(lines: list[Written]) -> None:
            block.lines = lines

        return Passage(block.lines, put_all, runs_on=True)

    def put_inner(lines: list[Written]) -> None:
        block.lines = [block.lines[0], *lines, block.lines[-1]]

    return Passage(block.lines[1:-1], put_inner, runs_on=False)


def closest(passages: Iterable[Passage], quotation: Quotation) -> str | None:
    """The stretch of words that shares most words with the quotation, where at least half are shared."""
    wanted = Counter(quotation.folded.split())
    left = MOST_WORDS
    length = sum(wanted.values())
    best, found = (length + 1) // 2 - 1, None
    for passage in passages:
        words = passage.text.split(None, left)[:left]
        left -= len(words)
        shared, window = 0, Counter[str]()
        for at, word in enumerate(words):
            window[word] += 1
            shared += window[word] <= wanted[word]
            if at >= length:
                gone = words[at - length]
                shared -= window[gone] <= wanted[gone]
                window[gone] -= 1
            if shared > best:
                best, found = shared, " ".join(words[max(0, at - length + 1) : at + 1])
    return found
