"""`evenhand read mail|redact|conduct`: JSON Lines in and out.

One input line makes one output line, written at once, with its `id` carried through. A line that cannot
be read yields `{"id": …, "error": …}`; the rest is done all the same and the exit code is 2. The roof
adds `read request`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

Line = Mapping[str, Any]
Answer = Callable[[Line], dict[str, Any]]
_MOST_LINE = 20_000_000  # bytes


class BadLine(ValueError):
    """A line the command cannot answer; the message says what is wrong with it."""


def describe(parser: argparse.ArgumentParser) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    """Add the subcommands; the result takes further ones, each with `set_defaults(read=…)`: args -> exit
    code.
    """
    parser.description = "Say what a message says: its parts, its secrets, its conduct."
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    mail = _add(kinds, "mail", "read mail files", "evenhand read mail message.eml", _read_mail_files)
    mail.add_argument("files", nargs="+", metavar="FILE", help="a mail as it came, headers and all")
    redact = _add(
        kinds,
        "redact",
        "take secrets out of text",
        """echo '{"id": 1, "text": "pw: Blue$kettle77"}' | evenhand read redact""",
        _redact,
    )
    add_lines_argument(redact)
    conduct = _add(
        kinds,
        "conduct",
        "screen for conduct",
        """echo '{"id": 1, "text": "FIX IT NOW PLEASE", "channel": "email"}' | evenhand read conduct""",
        _conduct,
    )
    add_lines_argument(conduct)
    return kinds


def run(args: argparse.Namespace) -> int:
    """Run the chosen subcommand: 0 done, 2 where a line or file could not be read."""
    try:
        code: int = args.read(args)
    except BrokenPipeError:  # whoever read our output has gone; nothing is left to say to them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def add_lines_argument(parser: argparse.ArgumentParser) -> None:
    """Let a subcommand read its JSON Lines from files, or from standard input where none is named."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="JSON Lines; standard input where none is named"
    )


def answer_lines(files: Iterable[str], answer: Answer) -> int:
    """Answer every line of the files (or of standard input); 0, or 2 where a line or file could not be
    read.
    """
    failed = False
    for place, raw in _lines(list(files)):
        line_id: Any = None
        try:
            line = _parsed(raw)
            line_id = line.get("id")
            _write({"id": line_id, **answer(line)})
        except BadLine as problem:
            failed = True
            _write({"id": line_id, "error": f"{place}: {problem}"})
    return 2 if failed else 0


def text_of(line: Line, name: str = "text") -> str:
    """A field that must be text."""
    value = line.get(name)
    if not isinstance(value, str):
        raise BadLine(f'"{name}" is missing; give it as text' if value is None else f'"{name}" must be text')
    return value


def _add(
    kinds: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    does: str,
    example: str,
    read: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = kinds.add_parser(
        name, help=does, description=does.capitalize() + ".", epilog=f"example: {example}"
    )
    parser.set_defaults(read=read)
    return parser


def _lines(files: list[str]) -> Iterator[tuple[str, bytes | BadLine]]:
    if not files:
        yield from _numbered("line", sys.stdin.buffer)
    for name in files:
        try:
            with Path(name).open("rb") as source:
                yield from _numbered(f"{name}, line", source)
        except (OSError, ValueError) as problem:
            yield name, BadLine(f"the file cannot be read ({_reason(problem)})")


def _numbered(name: str, source: IO[bytes]) -> Iterator[tuple[str, bytes | BadLine]]:
    number = 0
    while raw := source.readline(_MOST_LINE):
        number += 1
        if len(raw) == _MOST_LINE and not raw.endswith(b"\n"):
            while (more := source.readline(_MOST_LINE)) and not more.endswith(b"\n"):
                pass
            yield f"{name} {number}", BadLine(f"longer than {_MOST_LINE:,} bytes")
        elif raw.strip():
            yield f"{name} {number}", raw


def _parsed(raw: bytes | BadLine) -> Line:
    if isinstance(raw, BadLine):
        raise raw
    try:
        line = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise BadLine("not UTF-8") from problem
    except (ValueError, RecursionError) as problem:
        raise BadLine(f"not JSON ({_reason(problem)})") from problem
    if not isinstance(line, dict):
        raise BadLine("not a JSON object")
    return line


def _reason(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return (problem.strerror or "unknown").lower()
    return "nested too deeply" if isinstance(problem, RecursionError) else str(problem)


def _write(answer: Mapping[str, Any]) -> None:
    line = json.dumps(answer, ensure_ascii=False)
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _redact(args: argparse.Namespace) -> int:
    from evenhand.reading.redact import redact

    def answer(line: Line) -> dict[str, Any]:
        found = redact(text_of(line))
        spans = [{"start": span.start, "end": span.end, "type": span.type} for span in found.spans]
        return {"text": found.text, "spans": spans}

    return answer_lines(args.files, answer)


def _conduct(args: argparse.Namespace) -> int:
    from evenhand.reading.screen import LABELS, same_matter, screen

    def answer(line: Line) -> dict[str, Any]:
        channel = line.get("channel") or "email"
        if not isinstance(channel, str):
            raise BadLine('"channel" must be text')
        text = text_of(line)
        if line.get("text_b") is None:
            findings = screen(text, channel)
        else:
            text_b = text_of(line, "text_b")
            repeated = same_matter(text, text_b, _is_true(line, "same_sender"))
            findings = (*((repeated,) if repeated else ()), *screen(text_b, channel))
        shown = [
            {"label": each.label, "start": each.start, "end": each.end, "term": each.term}
            for each in findings
        ]
        labels = {each.label for each in findings}
        return {"labels": [label for label in LABELS if label in labels], "findings": shown}

    return answer_lines(args.files, answer)


def _is_true(line: Line, name: str) -> bool:
    value = line.get(name, True)
    if not isinstance(value, bool):
        raise BadLine(f'"{name}" must be true or false')
    return value


def _read_mail_files(args: argparse.Namespace) -> int:
    failed = False
    for name in args.files:
        try:
            raw = Path(name).read_bytes()
        except (OSError, ValueError) as problem:
            failed = True
            _write({"file": name, "error": f"{name}: the file cannot be read ({_reason(problem)})"})
            continue
        _write({"file": name, **_mail_fields(raw)})
    return 2 if failed else 0


def _mail_fields(raw: bytes) -> dict[str, Any]:
    from evenhand.reading.mime import read_mail

    mail = read_mail(raw)
    return {
        "subject": mail.subject,
        "from_name": mail.from_name,
        "from_address": mail.from_address,
        "to": list(mail.to),
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "references": list(mail.references),
        "text": mail.text,
        "quoted": [{"start": span.start, "end": span.end} for span in mail.quoted],
        "attachments": [
            {"name": file.name, "type": file.type, "bytes": file.size} for file in mail.attachments
        ],
        "automatic": mail.automatic,
        "bounce": mail.bounce,
    }
