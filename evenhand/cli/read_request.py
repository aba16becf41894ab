"""`evenhand read request`: what a message means under a policy, a JSON line in, a JSON line out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evenhand.intake.understanding import Matter, Understanding, understand
from evenhand.policy import FactValue, Policy
from evenhand.reading.command import BadLine, text_of
from evenhand.reading.guide import App
from evenhand.reading.triage import Model

CONDUCT, WARN = "conduct", "warn"
"""Topic and outcome of a message that breaches the rules of conduct, as the cases name them."""

ASK_FACT, PERSON = "ask-fact", "human-review"
MOST_CANDIDATES = 5
TOPIC = "topic"

_WORDS = {True: "yes", False: "no"}


def answer(
    request: Mapping[str, Any], policy: Policy, model: Model, apps: tuple[App, ...] = ()
) -> dict[str, Any]:
    """What one request (`text`, `channel`, `facts`) means. BadLine where it cannot be read."""
    channel = request.get("channel") or "email"
    if not isinstance(channel, str):
        raise BadLine('"channel" must be text')
    held = held_facts(request.get("facts") or {}, policy)
    return told(
        understand(text_of(request), channel=channel, facts=held, policy=policy, model=model, apps=apps)
    )


def held_facts(given: object, policy: Policy) -> dict[str, FactValue]:
    """JSON's facts as the policy's: spaces for underscores, yes and no for true and false.

    Facts that the policy does not declare are left out: it turns on none of them. BadLine for a value that a
    declared fact does not have.
    """
    if not isinstance(given, Mapping):
        raise BadLine('"facts" must be an object')
    held: dict[str, FactValue] = {}
    for name, value in given.items():
        fact = policy.facts.get(str(name).replace("_", " "))
        if fact is None or value is None or fact.name == TOPIC:
            continue
        if value == "unknown":
            held[fact.name] = FactValue(value=None, status="unknown", source="given as unknown")
            continue
        word = _WORDS[value] if isinstance(value, bool) else str(value).replace("_", " ")
        try:
            fact.place_of(word)
        except ValueError as misread:
            raise BadLine(f'"{name}" cannot be {json.dumps(value, ensure_ascii=False)}') from misread
        held[fact.name] = FactValue(value=word, status="known", source="given")
    return held


def told(understood: Understanding) -> dict[str, Any]:
    """An understanding as the command tells it."""
    first = understood.matters[0]
    candidates = _candidates(first)
    outcome = outcome_of(first, understood.foreign)
    if understood.breach is not None:
        surest = 0.95
        candidates = [
            (CONDUCT, surest),
            *((topic, chance) for topic, chance in candidates if topic != CONDUCT),
        ]
        outcome = WARN
    question = understood.question
    return {
        "clause": candidates[0][0],
        "confidence": candidates[0][1],
        "candidates": [
            {"clause": topic, "confidence": chance} for topic, chance in candidates[:MOST_CANDIDATES]
        ],
        "matters": [
            {"clause": matter.topic, "outcome": outcome_of(matter, understood.foreign)}
            for matter in understood.matters
        ],
        "alone": understood.alone,
        "outcome": outcome,
        "asks": question
        and {"fact": _joined(question.fact), "question": question.text, "answers": list(question.answers)},
        "language": understood.language,
        "clauses_cited": list(
            dict.fromkeys(
                clause
                for matter in understood.matters
                if matter.verdict.decision is not None
                for clause in matter.verdict.decision.clauses
            )
        ),
        "facts": {_joined(name): _fact(value) for name, value in understood.facts.items() if name != TOPIC},
    }


def outcome_of(matter: Matter, foreign: bool) -> str:
    """The outcome of one matter by its reply: what is done, or likeliest where it is asked or left."""
    if foreign:
        return PERSON
    foreseen = matter.foreseen
    if foreseen.kind == "ask":
        return ASK_FACT
    return (foreseen.decision.reply if foreseen.decision is not None else None) or PERSON


def _candidates(matter: Matter) -> list[tuple[str, float]]:
    """The topic ruled on first, then the others as they were read."""
    read = dict(matter.reading.topics)
    ruled = dict(matter.verdict.candidates)
    chances = read | ruled
    rest = sorted((topic for topic in chances if topic != matter.topic), key=lambda topic: -chances[topic])
    return [(topic, round(chances.get(topic, 0.0), 4)) for topic in (matter.topic, *rest)]


def _fact(value: FactValue) -> dict[str, Any]:
    told = {"yes": True, "no": False}.get(value.value or "", value.value or "unknown")
    return {"value": told, "source": value.source, "confidence": value.confidence}


def _joined(name: str) -> str:
    return name.replace(" ", "_")


def sayings(policy: Policy) -> dict[str, tuple[str, ...]]:
    """What the reader of a policy learns from: each topic's description and what customers say."""
    return {name: (topic.description, *topic.sayings) for name, topic in policy.topics.items()}
