"""`evenhand policy check|decide|explain|page|consolidate|diff|influence`: what needs a policy and no more.

The roof adds `publish` and `explain --ticket` to the same parser with `describe`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from . import diff_command
from .amend import bases_beside
from .compile import check, consolidate, load, read_files
from .decide import Decision, Undecided
from .explain import Explanation
from .facts import FactValue
from .findings import Finding, PolicyError, nearest, shorten
from .page import whole_page
from .policy import Policy, UnknownWord
from .words import TOPIC, UNKNOWN

DONE, FOUND, BAD_INPUT = 0, 1, 2
NAMES = "check|decide|explain|page|diff|influence"

_FACTS_HELP = "facts as 'topic: ssl; plan: basic'; unknown stands for a fact nobody knows"


class BadInput(ValueError):
    """What was typed cannot be used; the message is one clear line."""


def describe(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands of the ground floor, each with an example at the end of its help."""
    metavar = "check|decide|explain|page|consolidate|diff|influence"
    add_to(parser.add_subparsers(dest="what", required=True, metavar=metavar))


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds them to subcommands that somebody else has begun."""
    one = _command(commands, "check", "find what is wrong with a document", "check americommerce.md")
    one.add_argument("file", metavar="FILE")
    one.add_argument("--json", action="store_true", help="one finding a line, as JSON")
    two = _command(commands, "decide", "what the policy says of facts", "decide FILE 'topic: ssl'")
    _add_file_and_facts(two)
    three = _command(commands, "explain", "why, and what would change it", "explain FILE 'topic: ssl'")
    _add_file_and_facts(three)
    four = _command(commands, "page", "the public page as HTML", "page americommerce.md > policy.html")
    four.add_argument("file", metavar="FILE")
    five = _command(commands, "diff", "what a version decides otherwise than another", "diff OLD.md NEW.md")
    five.add_argument("old", metavar="OLD", help="the document as it was")
    five.add_argument("new", metavar="NEW", help="the document as it is to be")
    five.add_argument("--json", action="store_true", help="the differences as JSON")
    six = _command(commands, "influence", "which facts can turn which outcomes", "influence FILE")
    six.add_argument("file", metavar="FILE")
    six.add_argument("--json", action="store_true", help="the answer as JSON")
    seven = _command(commands, "consolidate", "the whole text of an amendment", "consolidate sparkpay.md")
    seven.add_argument("file", metavar="FILE")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, does: str, example: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=does,
        description=does.capitalize() + ".",
        epilog=f"Example:\n  evenhand policy {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_file_and_facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?")
    parser.add_argument("facts", metavar="FACTS", nargs="?", help=_FACTS_HELP + "; else JSON Lines are read")
    parser.add_argument("--policy", metavar="FILE", help="the document, where FILE is not given")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def run(args: argparse.Namespace) -> int:
    """0 done, 1 the document has errors, 2 what was typed or read cannot be used."""
    try:
        return _COMMANDS[args.what](args)
    except PolicyError as refused:
        _tell(refused.findings, sys.stderr)
        return FOUND
    except (BadInput, UnknownWord, Undecided) as refused:
        print(f"evenhand: {refused}", file=sys.stderr)
    except OSError as refused:
        print(f"evenhand: {refused.filename}: {refused.strerror}.", file=sys.stderr)
    return BAD_INPUT


def _check(args: argparse.Namespace) -> int:
    text, sayings = read_files(args.file)
    findings = check(text, file=args.file, sayings=sayings, bases=bases_beside(args.file))
    if args.json:
        for finding in findings:
            print(json.dumps(asdict(finding), ensure_ascii=False))
    else:
        _tell(findings, sys.stdout)
        errors = sum(finding.severity == "error" for finding in findings)
        print(f"{args.file}: {_counted(errors, 'error')}, {_counted(len(findings) - errors, 'warning')}.")
    return FOUND if any(finding.severity == "error" for finding in findings) else DONE


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _tell(findings: tuple[Finding, ...], stream: TextIO) -> None:
    for finding in findings:
        print(f"{finding.file}:{finding.line}: {finding.severity}: {finding.message}", file=stream)
        if finding.witness:
            print(f"    for example: {finding.witness}", file=stream)
        if finding.mend:
            print(f"    {finding.mend}", file=stream)


def _page(args: argparse.Namespace) -> int:
    print(whole_page(load(args.file)), end="")
    return DONE


def _consolidate(args: argparse.Namespace) -> int:
    text, sayings = read_files(args.file)
    whole = consolidate(text, file=args.file, sayings=sayings, bases=bases_beside(args.file))
    print(whole, end="" if whole.endswith("\n") else "\n")
    return DONE


def _decide(args: argparse.Namespace) -> int:
    policy, typed = _policy_and_facts(args)
    if typed is None:
        return _each_line(policy, lambda facts: _decided(policy.decide(facts)))
    decision = policy.decide(_read_facts(policy, typed))
    if args.json:
        print(json.dumps(_decided(decision), ensure_ascii=False))
    else:
        print("\n".join(decision_lines(decision)))
    return DONE


def _explain(args: argparse.Namespace) -> int:
    policy, typed = _policy_and_facts(args)
    if typed is None:
        return _each_line(policy, lambda facts: _explained(_explanation(policy, facts)))
    explanation = _explanation(policy, _read_facts(policy, typed))
    print(json.dumps(_explained(explanation), ensure_ascii=False) if args.json else explanation)
    return DONE


def _policy_and_facts(args: argparse.Namespace) -> tuple[Policy, str | None]:
    """FILE FACTS, or --policy FILE with the facts first."""
    words = [word for word in (args.file, args.facts) if word is not None]
    file = args.policy or (words.pop(0) if words else None)
    if file is None:
        raise BadInput("which document? Name its FILE.")
    if len(words) > 1:
        raise BadInput("the document is named twice, as FILE and with --policy.")
    return load(file), words[0] if words else None


def _read_facts(policy: Policy, typed: str) -> dict[str, str]:
    """Facts typed as in a rule. Here an undeclared fact is refused, since somebody typed it."""
    facts: dict[str, str] = {}
    for piece in typed.split(";"):
        name, colon, value = piece.partition(":")
        if not colon:
            raise BadInput(f"“{shorten(piece.strip())}” is no fact. Write 'topic: ssl; plan: basic'.")
        facts[" ".join(name.split())] = " ".join(value.split())
    known = [*([TOPIC] if policy.topics else []), *policy.facts]
    for name in facts:
        if name not in known:
            raise BadInput(f"there is no fact “{shorten(name)}”. {nearest(name, known)}")
    return facts


def _explanation(policy: Policy, facts: Mapping[str, str]) -> Explanation:
    policy.situation(facts)
    if policy.topics and facts.get(TOPIC, UNKNOWN) == UNKNOWN:
        topics = {topic: 1 / len(policy.topics) for topic in policy.topics}
    else:
        topics = {facts[TOPIC]: 1.0} if policy.topics else {}
    return policy.explain(
        topics, {name: FactValue.given(value) for name, value in facts.items() if name != TOPIC}
    )


def decision_lines(decision: Decision) -> list[str]:
    """A decision as the command tells it: what, by which clause, instead of which, and the rest."""
    lines = [f"{decision.name} by {', '.join(decision.clauses)}"]
    if decision.gave_way:
        lines[0] += f" instead of {', '.join(decision.gave_way)}"
    told = {
        "act": decision.act,
        "department": decision.department,
        "service": decision.service,
        "pointers": ", ".join(decision.pointers),
        **decision.targets,
        "conduct step": decision.step,
        "charge": decision.charge.service or "none" if decision.charge else None,
        "credit": decision.credit,
        "agent may not": "; ".join(f"{limit.text} ({limit.clause})" for limit in decision.limits),
    }
    return lines + [f"  {name}: {words}" for name, words in told.items() if words]


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.name,
        "act": decision.act,
        "department": decision.department,
        "reply": decision.reply,
        "service": decision.service,
        "pointers": list(decision.pointers),
        "clauses_cited": list(decision.clauses),
        "gave_way": list(decision.gave_way),
        "limits": [asdict(limit) for limit in decision.limits],
        "targets": dict(decision.targets),
        "calendars": dict(decision.calendars),
        "step": decision.step,
        "charge": decision.charge.service if decision.charge else None,
        "credit": decision.credit,
    }


def _explained(explanation: Explanation) -> dict[str, Any]:
    verdict = explanation.verdict
    return {
        "kind": verdict.kind,
        "topic": verdict.topic,
        "belief": verdict.belief,
        "plausibility": verdict.plausibility,
        "outcome": verdict.decision.name if verdict.decision else None,
        "because": [asdict(reason) for reason in explanation.because],
        "gave_way": [asdict(gone) for gone in explanation.gave_way],
        "facts": [asdict(line) for line in explanation.facts],
        "limits": [asdict(limit) for limit in explanation.limits],
        "asks": asdict(verdict.question) if verdict.question else None,
        "would_change": [asdict(change) for change in explanation.changes],
    }


def _each_line(policy: Policy, answer: Any) -> int:
    """JSON Lines from stdin: `{"id", "facts": {…}}` in, the answer with its id out; a bad line is told so."""
    status = DONE
    for line in sys.stdin:
        if not line.strip():
            continue
        row: dict[str, Any] = {}
        try:
            read = json.loads(line)
            if not isinstance(read, dict) or not isinstance(read.get("facts", {}), dict):
                raise BadInput("a line holds no object with facts.")
            row = {"id": read["id"]} if "id" in read else {}
            print(json.dumps({**row, **answer(json_facts(read.get("facts", {})))}, ensure_ascii=False))
        except (ValueError, RecursionError) as refused:
            status = BAD_INPUT
            print(json.dumps({**row, "error": str(refused)}, ensure_ascii=False))
    return status


def json_facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """Facts as JSON writes them: an underscore stands for a space, true and false for yes and no.

    >>> json_facts({"app_integrated": True, "plan": "basic"})
    {'app integrated': 'yes', 'plan': 'basic'}
    """
    spoken = {True: "yes", False: "no", None: UNKNOWN}
    return {
        name.replace("_", " "): spoken[value] if value is None or isinstance(value, bool) else str(value)
        for name, value in facts.items()
    }


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "decide": _decide,
    "explain": _explain,
    "page": _page,
    "diff": diff_command.diff,
    "influence": diff_command.turns,
    "consolidate": _consolidate,
}


def main(words: list[str] | None = None) -> int:
    """The command on its own, without the rest of Evenhand: `python -m evenhand.policy.command`."""
    parser = argparse.ArgumentParser(prog=Path(sys.argv[0]).name if words is None else "policy")
    describe(parser)
    return run(parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main())
