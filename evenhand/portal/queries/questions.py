"""The one question while a request is written: its answers in words, and what a chosen answer tells us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from evenhand.policy import Policy, Question
from evenhand.tickets.questions import in_words

NOT_KNOWN = "I do not know"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer: what is read, and what the form sends where it is chosen."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question beside the text box. `chosen`: the value of the answer given; None before there is one."""

    fact: str
    text: str
    options: tuple[Option, ...]
    chosen: str | None


def asked(policy: Policy, question: Question, chosen: str | None) -> Asked:
    """`question` in customers' words; an answer that was not among those offered counts as none."""
    values = [urlencode(meaning) for meaning in question.meanings]
    offered = options(policy, question.fact, question.answers, values)
    if "" not in values:
        offered += (Option(label=NOT_KNOWN, value=""),)
    known = chosen if chosen in {option.value for option in offered} else None
    return Asked(fact=question.fact, text=question.text, options=offered, chosen=known)


def options(policy: Policy, fact: str, answers: Sequence[str], values: Sequence[str]) -> tuple[Option, ...]:
    """The answers of a question about `fact`, each with the value that stands for it."""
    return tuple(
        Option(label=in_words(policy, fact, answer), value=value)
        for answer, value in zip(answers, values, strict=True)
    )


def facts_of(chosen: Mapping[str, str]) -> dict[str, str]:
    """What chosen answers tell: fact → value. “I do not know” adds nothing."""
    return {fact: value for answer in chosen.values() for fact, value in parse_qsl(answer)}
