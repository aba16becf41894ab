"""The lines of a rule: cases, `over`, limits, examples, as written."""

from __future__ import annotations

from .document import Case, ClauseText, Condition, LimitLine, Text
from .findings import Findings, nearest, shorten

_STARTS = ("when", "always", "we", "over", "gives way to", "agent may", "agent may not", "example")


def read_rule(body: list[Text], clause: ClauseText, findings: Findings) -> None:
    """Adds the lines of one rule block to its clause; a clause may have several blocks."""
    for piece in _joined(body, findings):
        _read_line(piece, clause, findings)


def _joined(body: list[Text], findings: Findings) -> list[Text]:
    """A line that begins with a space continues the one before."""
    whole: list[Text] = []
    for piece in body:
        if not piece.text[0].isspace():
            whole.append(Text(line=piece.line, text=" ".join(piece.text.split())))
        elif whole:
            last = whole.pop()
            whole.append(Text(line=last.line, text=f"{last.text} {' '.join(piece.text.split())}"))
        else:
            findings.error(
                "rule", piece.line, "This line continues nothing.", mend="Remove the space before it."
            )
    return whole


def _read_line(piece: Text, clause: ClauseText, findings: Findings) -> None:
    line, text = piece.line, piece.text
    if text == "always":
        _add_case(clause, line, ())
    elif text.startswith("when "):
        _add_case(clause, line, read_conditions(text[5:], line, findings, clause.number))
    elif text.startswith("we "):
        if clause.cases:
            clause.cases[-1].decisions.append(Text(line=line, text=text[3:].strip()))
        else:
            findings.error(
                "rule",
                line,
                f"Clause {clause.number} does not say when: “{shorten(text)}” has no case above it.",
                clause=clause.number,
                mend="Write a line when … or always above it.",
            )
    elif text.startswith("over "):
        clause.over += _numbers(text[5:], line)
    elif text.startswith("gives way to "):
        clause.gives_way += _numbers(text[13:], line)
    elif text.startswith("agent may not:"):
        clause.limits.append(LimitLine(line=line, text=text[14:].strip(), lifts=False))
    elif text.startswith("agent may:"):
        clause.limits.append(LimitLine(line=line, text=text[10:].strip(), lifts=True))
    elif text.startswith("example:"):
        clause.examples.append(Text(line=line, text=text[8:].strip()))
    else:
        start = text.split(":")[0] if ":" in text else text.split(" ")[0]
        findings.error(
            "rule",
            line,
            f"No line of a rule begins like “{shorten(text, 40)}”.",
            clause=clause.number,
            mend=nearest(start, _STARTS),
        )


def _add_case(clause: ClauseText, line: int, conditions: tuple[Condition, ...]) -> None:
    clause.cases.append(Case(line=line, letter=case_letter(len(clause.cases)), conditions=conditions))


def case_letter(index: int) -> str:
    """(a), (b) … (z), (aa): how the cases of one clause are cited.

    >>> case_letter(4), case_letter(26)
    ('e', 'aa')
    """
    letter = chr(ord("a") + index % 26)
    return letter if index < 26 else case_letter(index // 26 - 1) + letter


def _numbers(text: str, line: int) -> list[Text]:
    return [Text(line=line, text=number.strip()) for number in text.split(",")]


def read_conditions(text: str, line: int, findings: Findings, clause: str | None) -> tuple[Condition, ...]:
    """`fact: values; fact: values`, still as words: what the values mean depends on the facts declared."""
    conditions: list[Condition] = []
    for piece in text.split(";"):
        fact, colon, wanted = piece.partition(":")
        fact, wanted = " ".join(fact.split()), " ".join(wanted.split())
        if not colon or not fact or not wanted:
            findings.error(
                "condition",
                line,
                f"“{shorten(piece.strip())}” is no condition.",
                clause=clause,
                mend="Write fact: value, value; the next one after a semicolon.",
            )
        elif any(condition.fact == fact for condition in conditions):
            findings.error(
                "condition",
                line,
                f"“{shorten(fact)}” is named twice in one case.",
                clause=clause,
                mend="Write its values in one list, or make two cases.",
            )
        else:
            conditions.append(Condition(fact=fact, wanted=wanted, line=line))
    return tuple(conditions)
