"""Words against rules: slots in replies, prose that tells what is internal, limits that lift nothing."""

from __future__ import annotations

from ..decisions import Vocabulary
from ..document import ClauseText, Document, Text
from ..findings import Findings, shorten
from ..slots import check_reply_slots, fill_plain


def check_words(document: Document, words: Vocabulary, findings: Findings) -> None:
    """Every finding that needs no cases: only what is written, and what is declared."""
    replies = document.schedules.get("replies")
    if replies is not None:
        whole = (
            (
                entry.name,
                Text(line=entry.line, text=" ".join([entry.text, *(more.text for more in entry.more)])),
            )
            for entry in replies.entries
        )
        check_reply_slots(whole, words, findings)
    fill_plain(document.lede, words, findings)
    for part in document.parts:
        fill_plain([item for item in part.items if isinstance(item, Text)], words, findings)
    forbidden = {
        (clause.number, limit.text)
        for clause in document.clauses.values()
        for limit in clause.limits
        if not limit.lifts
    }
    for clause in document.clauses.values():
        _check_internal(clause, findings)
        _check_lifts(clause, forbidden, findings)


def _check_internal(clause: ClauseText, findings: Findings) -> None:
    """What we merely set drives the clock and is never printed, nor may prose name it (rule 29)."""
    for case in clause.cases:
        for said in case.decisions:
            if not said.text.startswith("set "):
                continue
            for target in said.text[4:].split(";"):
                _check_target(clause, target.strip(), said.line, findings)


def _check_target(clause: ClauseText, target: str, line: int, findings: Findings) -> None:
    words = target.split(" ")
    length = next((" ".join(words[place:]) for place, word in enumerate(words) if word.isdigit()), None)
    if length is None:
        return
    for piece in clause.prose:
        if length in " ".join(piece.text.split()):
            findings.error(
                "internal",
                line,
                f"The prose of clause {clause.number} says “{shorten(length)}”, which is an internal target.",
                clause=clause.number,
                mend="Promise it or aim for it, or take it out of the prose.",
            )


def _check_lifts(clause: ClauseText, forbidden: set[tuple[str, str]], findings: Findings) -> None:
    for limit in clause.limits:
        if not limit.text:
            findings.error(
                "limit",
                limit.line,
                "This limit says nothing.",
                clause=clause.number,
                mend="Say what an agent may not do, or remove the line.",
            )
        elif limit.lifts and not _is_forbidden_above(clause.number, limit.text, forbidden):
            findings.error(
                "limit",
                limit.line,
                f"Clause {clause.number} lifts “{shorten(limit.text)}”, which no clause above it forbids.",
                clause=clause.number,
                mend="Use the very words of the limit, in an exception under the clause that sets it.",
            )


def _is_forbidden_above(number: str, text: str, forbidden: set[tuple[str, str]]) -> bool:
    while "." in number:
        number = number.rpartition(".")[0]
        if (number, text) in forbidden:
            return True
    return False
