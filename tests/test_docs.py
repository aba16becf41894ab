"""What the documents show exists: commands with their options, files that are linked, settings."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import pytest

from evenhand.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SETTING_OF_TESTS = re.compile(r"EVENHAND_(?:TEST_\w+|SOCKET)\b")
ASSIGNMENT = re.compile(r"[A-Z_]+=\S*")


# ── Commands, as documents show them ──


def shown(text: str) -> Iterator[str]:
    """Every command of ours in a document: in code blocks for a shell, and in the running text."""
    for block in re.findall(r"^```(?:sh|shell|bash|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from filter(_is_ours, re.split(r"\n|\||&&", block))
    prose = re.sub(r"^(```+).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from filter(_is_ours, re.findall(r"`([^`\n]+)`", prose))


def words_of(command: str) -> list[str]:
    """The words from the program's name on, without comments and redirections."""
    words = shlex.split(re.sub(r"\s[>#].*", "", command.replace("…", "")))
    while words and ASSIGNMENT.fullmatch(words[0]):
        words.pop(0)
    return [Path(words[0]).name, *words[1:]] if words else []


def _is_ours(command: str) -> bool:
    try:
        return words_of(command)[:1] in (["evenhand"], ["make"])
    except ValueError:  # prose in quotation marks
        return False


SHOWN = sorted({command.strip() for file in DOCUMENTS for command in shown(file.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("command", SHOWN)
def test_a_command_that_a_document_shows_exists(command: str) -> None:
    program, *words = words_of(command)
    unknown = _not_in_the_makefile(words) if program == "make" else _not_in_the_command(words)
    assert unknown == []


def test_the_search_sees_commands_and_what_is_wrong_with_them() -> None:
    block = "```sh\nmake run  # a desk\nA=b .venv/bin/evenhand read mail --all x > y\n```\n"
    text = f"Try `evenhand sevre`.\n{block}"
    found = [words_of(command) for command in shown(text)]
    assert found == [["make", "run"], ["evenhand", "read", "mail", "--all", "x"], ["evenhand", "sevre"]]
    assert [_not_in_the_command(words[1:]) for words in found[1:]] == [["--all"], ["sevre"]]
    assert _not_in_the_makefile(["run", "dinner"]) == ["dinner"]


def _not_in_the_makefile(targets: Sequence[str]) -> list[str]:
    known = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return [target for target in targets if target not in known]


def _not_in_the_command(words: Sequence[str]) -> list[str]:
    """The words that no command, subcommand or option is called by; file names and values may be any."""
    if not words or words[0] in ("--help", "--version", "COMMAND"):
        return []
    if words[0].strip(",") not in COMMANDS:
        return [words[0]]
    parser, unknown = parser_of(words[0].strip(",")), []
    for word in words[1:]:
        choices = _choices(parser)
        if word.startswith("--"):
            unknown += [word] * (word.split("=")[0] not in parser._option_string_actions)
        elif choices:
            named = [name for name in word.split("|") if name]
            unknown += [name for name in named if name not in choices]
            parser = choices.get(named[0], parser)
    return unknown


# ── Every command, asked for help ──


def parser_of(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"evenhand {name}")
    import_module(COMMANDS[name].module).describe(parser)
    return parser


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _every_command() -> Iterator[list[str]]:
    for name in COMMANDS:
        yield [name]
        yield from ([name, each] for each in _choices(parser_of(name)))


@pytest.mark.parametrize("words", list(_every_command()), ids=" ".join)
def test_help_ends_with_an_example_that_works(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    _, found, example = capsys.readouterr().out.lower().rpartition("example:")
    assert (ended.value.code, bool(found)) == (0, True)
    commands = re.findall(r"(?<!/)evenhand [^\n|]*", example)
    assert commands
    assert [_not_in_the_command(words_of(command)[1:]) for command in commands] == [[]] * len(commands)


# ── What documents name ──


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_to_a_file(file: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", _without_code(file.read_text(encoding="utf-8")))
    inside = {link.partition("#")[0] for link in links if "://" not in link and not link.startswith("#")}
    assert [link for link in sorted(inside) if not (file.parent / link).exists()] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_setting_that_is_named_exists(file: Path) -> None:
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `([A-Z_]+)` \|", told, re.MULTILINE))
    named = set(re.findall(r"EVENHAND_\w*[A-Z]", SETTING_OF_TESTS.sub("", file.read_text(encoding="utf-8"))))
    assert named - known == set()


def test_the_sources_of_the_word_lists_are_credited() -> None:
    rows = (
        (ROOT / "evenhand" / "reading" / "words" / "terms.tsv").read_text(encoding="utf-8").splitlines()[1:]
    )
    sources = {name for row in rows for name in row.split("\t")[6].split("+")} - {"own"}
    credited = re.findall(
        r"^  ([a-z-]+) +\S+/\S+ ", (ROOT / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sources == set(credited)


def _without_code(text: str) -> str:
    return re.sub(r"^(```+).*?^\1|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
