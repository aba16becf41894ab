"""Random policies of 15 to 60 clauses, as text: what the brute-force twin is too slow for.

Tidy ones order everything, so that most have no conflict and no gap; others leave that to chance.
"""

from __future__ import annotations

import random
import re

from evenhand.policy import check

TOPICS = [f"t{number}" for number in range(20)]
VALUES = {
    "plan": ["basic", "standard", "advanced", "enterprise"],
    "theme": ["fresh", "changed", "gone"],
    "works": ["yes", "no"],
    "region": [f"r{number}" for number in range(6)],
}
FACTS = ["contacts", "plan", "bought", "region"]
REPLIES = [f"reply-{number}" for number in range(5)]
TIMES = ["1 hour", "4 hours", "8 business hours", "2 days"]
PLACES = ["articles", "videos", "forum"]
SCHEDULES = f"""# Schedules
```facts
plan: basic < standard < advanced < enterprise
theme: fresh, changed, gone
works: yes, no
region: {", ".join(VALUES["region"])}
contacts: number 0 to 500
bought: date 2015-01-01 to 2035-12-31
```
```topics
family first:
{chr(10).join(f"{topic}: about {topic}" for topic in TOPICS[:5])}
family second:
{chr(10).join(f"{topic}: about {topic}" for topic in TOPICS[5:])}
```
```replies
{chr(10).join(f"{reply}: text" for reply in REPLIES)}
```
```places
{chr(10).join(f"{place}: {place}" for place in PLACES)}
```
```services
work: work by the hour
```
"""


def large(seed: int, clauses: int, *, tidy: bool = True) -> str:
    """A document of about so many clauses."""
    pick = random.Random(seed)
    return document([_clause(pick, number, tidy) for number in _numbers(pick, clauses)], pick, tidy=tidy)


def pruned(text: str) -> str:
    """The document without clauses that never decide, until every clause does."""
    while silent := {
        one.clause for one in check(text) if one.code in ("unreachable", "never") and one.clause
    }:
        for number in silent:
            text = re.sub(rf"#+ {re.escape(number)}(\.\S+)? Title\n```rule\n.*?```\n", "", text, flags=re.S)
            text = re.sub(rf"(?<=[ ]){re.escape(number)}, |, {re.escape(number)}(?=\n)", "", text)
            text = re.sub(rf"over {re.escape(number)}\n", "", text)
    return text


def changed(text: str, seed: int) -> str:
    """The same document with a few cases, decisions and limits that are others."""
    pick = random.Random(seed)
    lines = text.split("\n")
    rules = [place for place, line in enumerate(lines) if line.startswith(("when ", "we ", "agent may not"))]
    for place in pick.sample(rules, 4):
        line = lines[place]
        if line.startswith("when "):
            facts = [condition.partition(":")[0] for condition in line[5:].split("; ")]
            lines[place] = "when " + "; ".join(f"{fact}: {_wanted(pick, fact)}" for fact in facts)
        elif line.startswith("we set"):
            lines[place] = f"we set first reply {pick.choice(TIMES)}"
        elif line.startswith("we "):
            lines[place] = _decision(pick)
        else:
            lines[place] = "agent may not: promise anything"
    return "\n".join(lines)


def document(clauses: list[tuple[str, list[str]]], pick: random.Random, *, tidy: bool) -> str:
    parts = ["One", "Two", "Three"]
    header = ["---", "policy: large", "version: 1", "precedence: One > Two", "---"]
    tops = list(dict.fromkeys(number.partition(".")[0] for number, _ in clauses))
    share = -(-len(tops) // len(parts))
    text = list(header)
    for place, part in enumerate(parts):
        text.append(f"# {part}")
        for top in tops[place * share : (place + 1) * share]:
            later = tops[tops.index(top) + 1 :]
            for number, rule in clauses:
                if number.partition(".")[0] == top:
                    ordered = number == top and later and (tidy or pick.random() < 0.8)
                    more = [f"over {', '.join(later)}"] if ordered else []
                    text += [
                        f"{'#' * (number.count('.') + 2)} {number} Title",
                        "```rule",
                        *rule,
                        *more,
                        "```",
                    ]
    never = ["```never", "theme: gone; plan: basic; topic: t1, t2", "```"] if pick.random() < 0.5 else []
    return "\n".join([*text, SCHEDULES, *never]) + "\n"


def _numbers(pick: random.Random, count: int) -> list[str]:
    numbers: list[str] = []
    top = 0
    while len(numbers) < count - 1:
        top += 1
        numbers.append(str(top))
        for below in range(1, pick.randint(1, 4)):
            numbers.append(f"{top}.{below}")
            if pick.random() < 0.3:
                numbers.append(f"{top}.{below}.1")
    return [*numbers, "99"]


def _clause(pick: random.Random, number: str, tidy: bool) -> tuple[str, list[str]]:
    if number == "99":
        last = ["always", "we help; reply reply-0", "we set first reply 2 days"]
        return number, last if tidy or pick.random() < 0.7 else ["when topic: any of first", *last[1:]]
    rule: list[str] = []
    facts = FACTS[2 * number.count(".") - 2 :][:2]  # of its own: no exception lies outside of its parent
    decided = [_decision(pick), *([f"we set first reply {pick.choice(TIMES)}"] * (pick.random() < 0.3))]
    for _ in range(pick.choice([1, 1, 1, 2])):
        rule += [_when(pick, facts) if "." in number else _about(pick), *decided]
        decided = decided if tidy else [_decision(pick)]
    if pick.random() < 0.2:
        rule.append(f"agent may not: {pick.choice(['give discounts', 'ring back'])}")
    siblings = int(number.rpartition(".")[2]) - 1 if "." in number else 0
    if siblings > 0 and (tidy or pick.random() < 0.8):
        above = number.rpartition(".")[0]
        rule.append("over " + ", ".join(f"{above}.{place}" for place in range(1, siblings + 1)))
    return number, rule


def _decision(pick: random.Random) -> str:
    act = pick.choice(["help", "decline", "point", "refuse", "quote"])
    pointers = (
        f"; pointers {', '.join(pick.sample(PLACES, pick.randint(1, 2)))}" if pick.random() < 0.4 else ""
    )
    service = "; service work" if act == "quote" else ""
    return f"we {act}; reply {pick.choice(REPLIES)}{service}{pointers}"


def _when(pick: random.Random, facts: list[str]) -> str:
    named = pick.sample(facts, pick.randint(1, 2))
    return "when " + "; ".join(f"{fact}: {_wanted(pick, fact)}" for fact in named)


def _about(pick: random.Random) -> str:
    """What a clause is about: one to three topics, or a family, and now and then something more."""
    topics = ", ".join(pick.sample(TOPICS, pick.randint(1, 3)))
    words = f"when topic: {topics if pick.random() < 0.9 else 'any of first'}"
    return words if pick.random() < 0.7 else f"{words}; works: {pick.choice(VALUES['works'])}"


def _wanted(pick: random.Random, fact: str) -> str:
    if fact == "contacts":
        at = pick.randint(1, 60) * 5
        return pick.choice(
            [f"{at} or more", f"below {at}", f"{at} to {at + 90}", f"{at} or fewer", f"not {at}"]
        )
    if fact == "bought":
        day = f"{pick.randint(2016, 2034)}-0{pick.randint(1, 9)}-15"
        return pick.choice([f"before {day}", f"{day} or later"])
    if fact == "topic" and pick.random() < 0.2:
        return f"any of {pick.choice(['first', 'second'])}"
    values = TOPICS if fact == "topic" else VALUES[fact]
    if fact == "plan" and pick.random() < 0.5:
        return pick.choice([f"{pick.choice(values[1:])} or higher", f"{pick.choice(values[:-1])} or lower"])
    chosen = ", ".join(pick.sample(values, pick.randint(1, len(values) - 1)))
    return f"not {chosen}" if pick.random() < 0.2 else chosen
