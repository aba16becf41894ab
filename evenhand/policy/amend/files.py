"""Documents in files: one with its companion, and the base of an amendment among its neighbours."""

from __future__ import annotations

from pathlib import Path

from ..findings import Findings
from ..parse import MOST_CHARACTERS, read_header
from .consolidate import Bases, BaseText, companion_of

MOST_FILES = 500
_HEADER_BYTES = 8_000


def bases_beside(path: str | Path) -> Bases:
    """Finds bases among the `.md` files in the folder of `path`, by the policy and version they head.

    Of several that head the same, the first by name; a pinned hash tells whether it is the one meant.
    """
    place = Path(path).parent

    def find(name: str, version: str) -> BaseText | None:
        try:
            for file in sorted(place.glob("*.md"))[:MOST_FILES]:
                if not file.name.endswith(".sayings.md") and _heads(file) == (name, version):
                    return (*read_pair(file), file.name)
        except OSError:
            return None
        return None

    return find


def _heads(file: Path) -> tuple[str, str] | None:
    """The policy and version that a file's header names, without reading on."""
    if not file.is_file():
        return None
    header, _ = read_header(_read(file, _HEADER_BYTES).splitlines(), Findings(file.name))
    named = [" ".join(header[key].text.split()) for key in ("policy", "version") if key in header]
    return (named[0], named[1]) if len(named) == 2 else None


def read_pair(path: Path) -> tuple[str, str | None]:
    """A document and its companion, whatever their bytes are. OSError where the document cannot be read."""
    companion = path.with_name(companion_of(path.name))
    is_one = path.name.endswith(".sayings.md")
    sayings = _read(companion) if not is_one and companion.is_file() else None
    return _read(path), sayings


def _read(path: Path, most: int = 4 * MOST_CHARACTERS + 1) -> str:
    with path.open("rb") as file:
        return file.read(most).decode("utf-8", errors="replace")
