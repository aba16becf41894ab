"""The house holds itself to its rules: floors, writes out of views, docs that match the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VIEWS = sorted(
    p
    for door in ("desk", "portal", "api")
    for p in (ROOT / "evenhand" / door).rglob("*.py")
    if "tests" not in p.parts
)
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "execute",
    "add",
    "set",
    "remove",
    "clear",
}
#: Calls that look like writes to the database but are not, by the name they are called on.
HARMLESS = {"session", "messages", "cache", "set", "headers", "listeners", "queues", "_woken", "wire"}


def called_on(node: ast.Attribute) -> str:
    return node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")


def writes_in(source: str) -> list[str]:
    calls = [
        n.func
        for n in ast.walk(ast.parse(source))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
    ]
    return [
        f"line {c.lineno}: .{c.attr}()" for c in calls if c.attr in WRITES and called_on(c) not in HARMLESS
    ]


@pytest.mark.parametrize("file", VIEWS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_door_does_not_write(file: Path) -> None:
    assert writes_in(file.read_text()) == []


def test_the_search_for_writes_sees_one() -> None:
    assert writes_in("ticket.save()\nTicket.objects.filter(pk=1).update(status='open')") == [
        "line 1: .save()",
        "line 2: .update()",
    ]


def test_imports_run_downward_only() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    code = (ROOT / "evenhand" / "settings.py").read_text()
    read = {
        f"EVENHAND_{name}" for name in re.findall(r'_(?:text|number|switch|list)\(\s*"([A-Z_]+)"', code)
    } | {"DATABASE_URL"}
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    assert read == told


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    told = (ROOT / "docs" / "dependencies.md").read_text()
    missing = [name for name in (re.split(r"[\[<>=; ]", entry)[0] for entry in named) if name not in told]
    assert missing == []


def test_no_commit_names_a_registry_or_a_path_of_a_machine() -> None:
    # Assembled from pieces, so that this very file does not name one.
    forbidden = [
        "py" + r"pi\.org",
        "python" + "hosted",
        "npm" + r"js\.",
        "deb" + r"\.debian",
        "/wo" + "rk/",
        "/ro" + "ot/",
    ]
    found = subprocess.run(
        ["git", "grep", "-nIE", "|".join(forbidden)], cwd=ROOT, capture_output=True, text=True
    )
    assert found.stdout == ""


def test_locks_pin_every_package_by_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        packages = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)[1:]
        assert packages
        assert all("--hash=sha256:" in block for block in blocks)
        assert "://" not in text


def test_files_stay_short_enough_to_name_their_noun() -> None:
    long = [
        f"{p.relative_to(ROOT)}: {len(p.read_text().splitlines())} lines"
        for p in (ROOT / "evenhand").rglob("*.py")
        if "migrations" not in p.parts and "tests" not in p.parts and len(p.read_text().splitlines()) > 400
    ]
    assert long == []
