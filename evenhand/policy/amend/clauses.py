"""Instructions about clauses and parts: other words, another clause, one more, one less."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from string import ascii_uppercase

from ..findings import Findings, nearest, shorten
from ..parse import NUMBER
from ..words import and_list
from .draft import LADDER, PROSE, RULE, Block, PartDraft, Section, Written, is_under, read_parts
from .instructions import Insert, Omit, OmitPart, Read, Replace
from .quotations import Passage, Quotation, Span, block_passage, closest, own_passages, replaced
from .work import A_MATCH, MOST_HINTS, Refused, Work

_COPY = "Copy the words from the base as they stand."


def replace(work: Work, said: Replace) -> None:
    """Rule 16: a quotation stands exactly once in the clause's own text, unless it says `throughout`."""
    quotation = Quotation(said.old)
    if said.old == said.new:
        raise Refused("unchanged", f"“{shorten(said.old)}” is read for itself: this changes nothing.")
    if said.number is None:
        passages = list(_every_passage(work))
    else:
        passages = list(own_passages(work.clause(said.number)[1]))
    found = [(passage, spans) for passage in passages if (spans := _look(work, passage, quotation))]
    times = sum(len(spans) for _, spans in found)
    if not times:
        raise _not_found(work, said, quotation, passages)
    if times > 1 and not said.everywhere:
        raise Refused(
            "quotation",
            f"“{shorten(quotation.folded)}” stands {times:,} times in clause {said.number}: "
            f"{_places(found)}.",
            "Quote more of the words around it, or write throughout behind the instruction.",
            said.number,
        )
    taken = sum(last - first for _, spans in found for first, last in spans)
    work.grow(times * len(said.new) - taken)
    for passage, spans in found:
        passage.put(replaced(passage, spans, said.new, work.file, said.line))


def _look(work: Work, passage: Passage, quotation: Quotation) -> list[Span]:
    work.look_through(len(passage.text))
    spans = quotation.spans(passage)
    work.look_through(A_MATCH * len(spans))
    return spans


def _every_passage(work: Work) -> Iterator[Passage]:
    """All of the document below its header, save the names of topics and what customers say about them."""
    for section in work.draft.sections():
        if section.heading is not None:
            yield next(own_passages(section))
        for block in section.blocks:
            if block.kind == "topics":
                yield from _descriptions(block)
            else:
                yield block_passage(block)


def _descriptions(block: Block) -> Iterator[Passage]:
    for at, line in enumerate(block.lines[1:-1], 1):
        if ":" in line.text and not line.text[:1].isspace():

            def put(lines: list[Written], at: int = at) -> None:
                block.lines[at] = lines[0]

            yield Passage([line], put, runs_on=False, after=line.text.index(":") + 1)


def _places(found: list[tuple[Passage, list[Span]]]) -> str:
    lines = []
    for passage, spans in found:
        text = passage.text
        lines += [passage.lines[text.count("\n", 0, first)] for first, _ in spans[:6]]
    file = lines[0].file
    told = list(dict.fromkeys(line.line for line in lines if line.file == file))
    numbers = and_list([str(line) for line in told[:4]] + ["more"] * (len(told) > 4))
    return f"{file}, line{'s' if len(told) > 1 else ''} {numbers}"


def _not_found(work: Work, said: Replace, quotation: Quotation, passages: list[Passage]) -> Refused:
    where = f"in clause {said.number}" if said.number else "in the document"
    message = f"“{shorten(quotation.folded)}” does not stand {where}."
    work.hints += 1
    if work.hints > MOST_HINTS:
        return Refused("quotation", message, _COPY, said.number)
    if said.number:
        for section in work.draft.sections():
            if section.number and any(_look(work, passage, quotation) for passage in own_passages(section)):
                return Refused("quotation", message, f"It stands in {section.number}.", said.number)
    near = closest(passages, quotation)
    if near == quotation.folded:
        mend = "It would run from one paragraph, or one line of a rule, into the next: take one at a time."
        return Refused("quotation", message, mend, said.number)
    mend = f"The nearest there is “{shorten(near)}”." if near else _COPY
    return Refused("quotation", message, mend, said.number)


def omit(work: Work, said: Omit, findings: Findings) -> None:
    """The clause goes, and its exceptions with it, which is said; its number stays empty."""
    work.clause(said.number)
    taken = [number for number in work.draft.numbers() if is_under(number, said.number)]
    for part in work.draft.parts:
        part.sections = _without(part.sections, {said.number, *taken})
    work.left_out |= dict.fromkeys((said.number, *taken), said.line)
    if taken:
        findings.warning(
            "taken along",
            said.line,
            f"With clause {said.number} goes what is an exception to it: {and_list(taken)}.",
            clause=said.number,
            mend=f"Write Omit {taken[0]} above it to say so yourself.",
        )


def _without(sections: list[Section], numbers: set[str]) -> list[Section]:
    """The sections that stay. A schedule that happens to stand in one that goes is kept."""
    kept: list[Section] = []
    for section in sections:
        if section.number in numbers:
            kept[-1].blocks += _beside(section)
        else:
            kept.append(section)
    return kept


def _beside(section: Section) -> list[Block]:
    own = set(map(id, section.own()))
    return [block for block in section.blocks if id(block) not in own]


def omit_part(work: Work, said: OmitPart) -> None:
    """A whole part: heading, prose, clauses and its ladder."""
    titles = [part.title for part in work.draft.parts[1:]]
    if said.title not in titles:
        raise Refused("target", f"There is no part “{shorten(said.title)}”.", nearest(said.title, titles))
    part = work.draft.parts[titles.index(said.title) + 1]
    kinds = {block.kind for section in part.sections for block in section.blocks} - {PROSE, RULE, LADDER}
    if kinds:
        raise Refused(
            "target",
            f"The part “{shorten(said.title)}” holds schedules: {and_list(sorted(kinds))}.",
            f"Omit its clauses by number, and entries with In {min(kinds)}, omit NAME.",
        )
    work.draft.parts.remove(part)
    gone = [section.number for section in part.sections if section.number]
    work.left_out |= dict.fromkeys((*gone, said.title), said.line)


def read(work: Work, said: Read) -> None:
    """Another clause in the place of one; what is an exception to it stays."""
    _, section = work.clause(said.number)
    new = _one_clause(said)
    if _words(section) == _words(new):
        raise Refused("unchanged", f"Clause {said.number} says the same already: this changes nothing.")
    work.grow(_length(new) - _length(section))
    section.heading = new.heading
    section.blocks = [*new.blocks, Block(PROSE, [work.empty_line(said.line)]), *_beside(section)]


def _words(section: Section) -> list[str]:
    """What a clause says, by line, empty ones aside."""
    own = Section(heading=section.heading, number=section.number, blocks=list(section.own()))
    return [line.text.rstrip() for line in own.lines() if line.text.strip()]


def _one_clause(said: Read) -> Section:
    parts = read_parts(said.body)
    opening, *sections = parts[0].sections
    if len(parts) > 1 or opening.blocks or len(sections) != 1 or sections[0].number != said.number:
        raise Refused(
            "number",
            f"Below “{said.said}” stands something else than clause {said.number}.",
            f"Write {_signs(said.number)} {said.number}, its title, prose and rule, and no other clause.",
            said.number,
        )
    _refuse_schedules(sections, may_hold_ladder=False)
    return sections[0]


def insert(work: Work, said: Insert) -> None:
    """New clauses, and below the last clause of a part also new parts."""
    part, anchor = work.clause(said.number)
    opening, *sections = (parts := read_parts(said.body))[0].sections
    if opening.blocks or not any(one.number for part_ in parts for one in part_.sections):
        raise Refused(
            "number", f"Below “{said.said}” no clause begins.", "Begin with its heading: ## 9A Title."
        )
    at = part.sections.index(anchor) if said.where == "before" else part.end_of(said.number)
    if len(parts) > 1:
        _refuse_parts(work, said, parts[1:], is_last=said.where == "after" and at == len(part.sections))
    new = [*sections, *(section for part_ in parts[1:] for section in part_.sections)]
    _refuse_numbers(work, said, [section.number for section in new if section.number])
    _refuse_schedules(new, may_hold_ladder=not work.draft.schedules(LADDER))
    work.grow(sum(map(_length, new)))
    for section in new:
        section.blocks.append(Block(PROSE, [work.empty_line(said.line)]))
    _end_with_empty_line(part.sections[at - 1], work.empty_line(said.line))
    part.sections[at:at] = sections
    place = work.draft.parts.index(part) + 1
    work.draft.parts[place:place] = parts[1:]
    work.draft.stood.update(section.number for section in new if section.number)


def _refuse_parts(work: Work, said: Insert, parts: list[PartDraft], *, is_last: bool) -> None:
    titles = {part.title for part in work.draft.parts}
    for part in parts:
        if part.title in titles:
            message = f"A part “{shorten(part.title)}” stands already."
            raise Refused("target", message, "Insert after one of its clauses.")
    if not is_last:
        raise Refused(
            "target",
            f"No part can begin inside another: clause {said.number} is not the last of its part.",
            "Insert it after the last clause of a part.",
        )


def _refuse_numbers(work: Work, said: Insert, numbers: list[str]) -> None:
    """Numbers are citations: one that ever stood is never given again, and an inserted one takes a letter."""
    seen: set[str] = set()
    for number in numbers:
        if not NUMBER.fullmatch(number):
            raise Refused("number", f"“{shorten(number)}” is no number of a clause.", "Write ## 9A Title.")
        if number in seen:
            message = f"Clause {number} stands twice below “{said.said}”."
            raise Refused("number", message, "Give one of them another letter.")
        if number in work.draft.stood:
            raise Refused(
                "number",
                f"The number {number} is taken: a clause of that number stands in the base, or stood there.",
                f"Write For {number} read to replace it, or give the new clause a letter of its own.",
                number,
            )
        if said.where == "under" and not is_under(number, said.number):
            message = f"Clause {number} is no exception to {said.number}."
            raise Refused("number", message, f"Number it {said.number}.1 or higher.")
        above = number.rpartition(".")[0]
        if said.where != "under" and not number[-1].isalpha() and above not in seen:
            raise Refused(
                "number",
                f"The inserted clause {number} has no letter, so it looks like one of the base.",
                f"Write {said.number.rstrip(ascii_uppercase)}A, or the next letter that is free.",
                number,
            )
        seen.add(number)


def _refuse_schedules(sections: list[Section], *, may_hold_ladder: bool) -> None:
    for block in chain.from_iterable(section.blocks for section in sections):
        if block.kind in (PROSE, RULE) or (block.kind == LADDER and may_hold_ladder):
            continue
        raise Refused(
            "schedule",
            f"A schedule “{shorten(block.kind)}” stands among the clauses to be inserted.",
            f"Schedules are amended by entry: In {block.kind}, add.",
        )


def _end_with_empty_line(section: Section, empty: Written) -> None:
    last = section.blocks[-1].lines[-1] if section.blocks else section.heading
    if last is not None and last.text.strip():
        section.blocks.append(Block(PROSE, [empty]))


def _length(section: Section) -> int:
    return sum(len(line.text) + 1 for line in section.lines())


def _signs(number: str) -> str:
    return "#" * (number.count(".") + 2)
