"""The command itself: quick, complete, and clear when asked for what it does not have."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from evenhand.cli import COMMANDS, main, overview

ROOT = Path(__file__).parents[3]


def test_help_lists_every_command_without_loading_django() -> None:
    asking = "import sys; from evenhand.cli import main; main(['--help']); print('django' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", asking], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert said.endswith("False\n")
    assert all(f"  {name} " in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "evenhand " in said.lower().rpartition("example:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_loaded_without_django(name: str) -> None:
    asking = f"import sys; import {COMMANDS[name].module}; print('django' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", asking], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "False\n"


def test_a_command_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sevre"]) == 2
    assert "“sevre”" in capsys.readouterr().err


def test_no_command_at_all_shows_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().out.strip() == overview()


def test_every_module_of_a_command_has_its_two_functions() -> None:
    for command in COMMANDS.values():
        module = import_module(command.module)
        assert callable(module.describe)
        assert callable(module.run)
