"""What two versions declare and write otherwise: facts, words, clauses, thresholds, the ladder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clauses import Clause
from .document import ClauseText, Text
from .facts import Fact
from .ladder import Ladder
from .words import and_list

if TYPE_CHECKING:
    from .desk import Desk
    from .policy import Policy


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One entry that is written otherwise. `kind`: clause, fact, topic, place, reply, desk and so on.

    `how` it changed: added, omitted, reworded, retitled, moved, words only (prose, and no rule), or rewritten
    (a rule that decides as before). `old` and `new` are its words, empty where it is not declared.
    """

    kind: str
    name: str
    how: str
    old: str
    new: str
    sentence: str


def same_rule(old: Policy, new: Policy, number: str) -> bool:
    """Whether a clause's rule reads the same in both; examples are not part of a rule."""
    before, now = (policy.compiled.document.clauses.get(number) for policy in (old, new))
    return before is not None and now is not None and _rule(before) == _rule(now)


def _rule(clause: ClauseText) -> tuple[object, ...]:
    return (
        [
            (sorted(condition[:2] for condition in case.conditions), [said.text for said in case.decisions])
            for case in clause.cases
        ],
        {said.text for said in clause.over},
        {said.text for said in clause.gives_way},
        {(limit.text, limit.lifts) for limit in clause.limits},
    )


def clause_edits(old: Policy, new: Policy, told: set[str]) -> Iterator[Edit]:
    """Clauses added, omitted, retitled, moved, and those of which only the words differ.

    `told`: the clauses by which cases are decided differently, of which the difference is told already.
    """
    for number in dict.fromkeys([*old.clauses, *new.clauses]):
        before, now = old.clauses.get(number), new.clauses.get(number)
        if before is None and now is not None:
            yield _edit("clause", number, "added", "", now.title, f"Clause {number} is new: {now.title}.")
        elif now is None and before is not None:
            yield _edit(
                "clause", number, "omitted", before.title, "", f"Clause {number} is gone: {before.title}."
            )
        elif before is not None and now is not None:
            yield from _of_both(before, now, same=same_rule(old, new, number), told=number in told)


def _of_both(before: Clause, now: Clause, *, same: bool, told: bool) -> Iterator[Edit]:
    number = now.number
    if before.title != now.title:
        said = f"Clause {number} is called “{now.title}”; it was “{before.title}”."
        yield _edit("clause", number, "retitled", before.title, now.title, said)
    if before.part != now.part:
        said = f"Clause {number} stands in “{now.part}”; it stood in “{before.part}”."
        yield _edit("clause", number, "moved", before.part, now.part, said)
    if before.prose != now.prose:
        how, said = "reworded", f"Clause {number} has other words, beside what it decides."
        if same:
            how, said = "words only", f"Clause {number} says the same in other words."
        yield _edit("clause", number, how, before.prose, now.prose, said)
    if not same and not told:
        said = f"Clause {number} has another rule, which decides every case as before."
        yield _edit("clause", number, "rewritten", _whens(before), _whens(now), said)


def _whens(clause: Clause) -> str:
    return " or when ".join(case.when for case in clause.cases)


def _edit(kind: str, name: str, how: str, old: str, new: str, sentence: str) -> Edit:
    return Edit(kind=kind, name=name, how=how, old=old, new=new, sentence=sentence)


def vocabulary_edits(old: Policy, new: Policy) -> Iterator[Edit]:
    """Facts, topics, words, calendars, thresholds and the ladder, in the order of a document."""
    yield from _facts(old.facts, new.facts)
    for kind, before, now in (
        ("what never occurs", _nevers(old), _nevers(new)),
        ("topic", _topics(old), _topics(new)),
        ("family", _families(old), _families(new)),
        ("department", old.departments, new.departments),
        ("place", old.places, new.places),
        ("service", old.services, new.services),
        ("calendar", _shown(old.calendars), _shown(new.calendars)),
        ("reply", old.replies, new.replies),
        ("desk", _desk(old.desk), _desk(new.desk)),
        *_ladders(old.ladder, new.ladder),
        ("order of the parts", _order_of_parts(old), _order_of_parts(new)),
        ("introduction", _introduction(old), _introduction(new)),
        ("text of the part", _texts(old), _texts(new)),
    ):
        yield from _words(kind, before, now)


def _words(kind: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Edit]:
    for name in dict.fromkeys([*before, *now]):
        was, becomes = before.get(name), now.get(name)
        if was is None and becomes is not None:
            yield _edit(kind, name, "added", "", becomes, f"{_named(kind, name)} is new.")
        elif becomes is None and was is not None:
            yield _edit(kind, name, "omitted", was, "", f"{_named(kind, name)} is gone.")
        elif was != becomes:
            said = f"{_named(kind, name)} was {was}; now it is {becomes}."
            if kind in _LONG:
                said = f"{_named(kind, name)} has other words."
            yield _edit(kind, name, "reworded", was or "", becomes or "", said)


_LONG = ("introduction", "reply", "topic", "calendar", "text of the part")


def _named(kind: str, name: str) -> str:
    if not name:
        return f"The {kind}"
    return f"“{name}” in the {kind} schedule" if kind in ("desk", "ladder") else f"The {kind} “{name}”"


def _facts(before: Mapping[str, Fact], now: Mapping[str, Fact]) -> Iterator[Edit]:
    for name in dict.fromkeys([*before, *now]):
        was, becomes = before.get(name), now.get(name)
        if was is None and becomes is not None:
            said = f"The fact “{name}” is new: {_values(becomes)}."
            yield _edit("fact", name, "added", "", _values(becomes), said)
        elif becomes is None and was is not None:
            said = f"The fact “{name}” is gone; no rule turns on it any more."
            yield _edit("fact", name, "omitted", _values(was), "", said)
        elif was is not None and becomes is not None:
            yield from _fact(was, becomes)


def _fact(was: Fact, becomes: Fact) -> Iterator[Edit]:
    name = was.name
    for value in _missing(becomes, was):
        said = f"“{value}” is a new value of {name}."
        yield _edit("value", f"{name}: {value}", "added", "", value, said)
    for value in _missing(was, becomes):
        said = f"“{value}” is no value of {name} any more."
        yield _edit("value", f"{name}: {value}", "omitted", value, "", said)
    if _values(was) != _values(becomes) and _order(was, becomes) != _order(becomes, was):
        said = f"The fact {name} was {_values(was)}; now it is {_values(becomes)}."
        yield _edit("fact", name, "reworded", _values(was), _values(becomes), said)
    for what, old, new in (
        ("taken as", was.presumed, becomes.presumed),
        ("known from", was.source, becomes.source),
    ):
        if (old or "") != (new or ""):
            said = f"The fact {name} was {what} {old or 'nothing'}; now it is {what} {new or 'nothing'}."
            yield _edit("fact", name, "reworded", old or "", new or "", said)
    if (was.ask or "") != (becomes.ask or ""):
        old, new = (f"as “{ask}”" if ask else "not at all" for ask in (was.ask, becomes.ask))
        said = f"The fact {name} was asked for {old}; now {new}."
        yield _edit("fact", name, "reworded", was.ask or "", becomes.ask or "", said)


def _missing(fact: Fact, other: Fact) -> list[str]:
    """The values of a list that another list lacks; a number has no values to tell one by one."""
    if fact.is_measured or other.is_measured:
        return []
    return [value for value in fact.values if value not in other.values]


def _order(fact: Fact, other: Fact) -> tuple[object, ...]:
    """What `or higher` and a range are read from, as far as both have it."""
    if fact.is_measured:
        return fact.kind, fact.low, fact.high
    shared = [value for value in fact.values if value in other.values]
    return (fact.kind, *shared) if fact.kind == "ordered" else (fact.kind,)


def _values(fact: Fact) -> str:
    if fact.is_measured:
        return f"{fact.kind} {fact.spell(fact.low)} to {fact.spell(fact.high)}"
    return (" < " if fact.kind == "ordered" else ", ").join(fact.values)


def _nevers(policy: Policy) -> dict[str, str]:
    return {never.text: never.text for never in policy.compiled.rules.never}


def _topics(policy: Policy) -> dict[str, str]:
    return {topic.name: topic.description for topic in policy.topics.values()}


def _families(policy: Policy) -> dict[str, str]:
    families: dict[str, list[str]] = {}
    for topic in policy.topics.values():
        if topic.family is not None:
            families.setdefault(topic.family, []).append(topic.name)
    return {name: and_list(sorted(topics)) for name, topics in families.items()}


def _shown(calendars: Mapping[str, object]) -> dict[str, str]:
    return {name: repr(calendar) for name, calendar in calendars.items()}


def _desk(desk: Desk) -> dict[str, str]:
    by = {f"acts alone from when {name}": f"{share:g}" for name, share in desk.alone_from_by.items()}
    return {
        "acts alone from": f"{desk.alone_from:g}",
        **by,
        "never alone": and_list(sorted(desk.never_alone)) or "nothing",
        "considers topics down to": f"{desk.considers_down_to:g}",
        "asks at most": str(desk.asks_at_most),
        "asks when the answer settles at least": f"{desk.asks_from:g}",
    }


def _ladders(
    before: Ladder | None, now: Ladder | None
) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Line by line where both have one, else as a whole."""
    if before is not None and now is not None:
        yield "ladder", _ladder(before), _ladder(now)
        return
    whole = [{"": f"with the steps {and_list([*one.steps])}"} if one else {} for one in (before, now)]
    yield "ladder", whole[0], whole[1]


def _ladder(ladder: Ladder) -> dict[str, str]:
    """Every line as name and words; where its rungs lead is compared case by case as well."""
    lines = {
        f"breach {breach.name}": f"{breach.severity}. {breach.text}" for breach in ladder.breaches.values()
    }
    for step in ladder.steps.values():
        reply = [f"reply {step.reply}"] if step.reply else []
        lines[f"step {step.name}"] = "; ".join([*step.terms, *([step.closes] if step.closes else []), *reply])
    for standing, rungs in ladder.rungs.items():
        lines[f"from {standing}"] = "; ".join(f"{grave} -> {step}" for grave, step in rungs.items())
    lines["confirmed by"] = ladder.confirmed_by or "nobody named"
    lines["appeal"] = ladder.appeal or "none named"
    return lines


def _order_of_parts(policy: Policy) -> dict[str, str]:
    said = policy.compiled.document.header.get("precedence")
    return {"": said.text} if said else {}


def _introduction(policy: Policy) -> dict[str, str]:
    text = _whole(policy.compiled.document.lede)
    return {"": text} if text else {}


def _texts(policy: Policy) -> dict[str, str]:
    """What stands between the clauses, by part."""
    parts = policy.compiled.document.parts
    texts = {part.title: _whole([item for item in part.items if isinstance(item, Text)]) for part in parts}
    return {title: text for title, text in texts.items() if text}


def _whole(pieces: list[Text]) -> str:
    return " ".join(" ".join(piece.text.split()) for piece in pieces).strip()
