"""How the one question is put to customers: its answers in words, in letters as in the portal."""

from __future__ import annotations

from evenhand.policy import Policy

TOPIC = "topic"


def in_words(policy: Policy, fact: str, answer: str) -> str:
    """An answer as customers read it: topics as the document describes them, and a capital at the start."""
    words = _described(policy, answer) if fact == TOPIC else answer
    return words[:1].upper() + words[1:]


def _described(policy: Policy, answer: str) -> str:
    """“ssl” by its description; “a (theme: fresh) or b (theme: fresh)” as “fresh: a or b”, described."""
    by_case: dict[str, list[str]] = {}
    for part in answer.split(" or "):
        name, _, case = part.removesuffix(")").partition(" (")
        topic = policy.topics.get(name)
        by_case.setdefault(case.partition(": ")[2], []).append((topic and topic.description) or name)
    told = [(case, " or ".join(named)) for case, named in by_case.items()]
    return "; ".join(f"{case}: {named}" if case else named for case, named in told)
