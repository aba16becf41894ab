"""Everything the desk holds in one file: the database and every file of the home, keys included.

The desk may go on working meanwhile.  The dump is of one moment and is taken first; files are written once
and before the row that names them, so every file the dump names is in the archive.
"""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from evenhand import __version__
from evenhand.serving import archive
from evenhand.serving.clients import clients_for, run

DUMP = "database.dump"
FILES = "home"
# What a home holds besides the desk's own: PostgreSQL with its password is in the dump, or made anew,
# static files are made anew, and a restore may be under way.
NOT_OURS = frozenset({"postgres", "postgres.secret", "static", ".restoring", ".replaced"})


def back_up(file: Path, *, home: Path, address: str) -> archive.Manifest:
    """Write the backup `file`, mode 0600.

    Raises FileExistsError, OSError, ClientFailed, DatabaseUnavailable; then there is no file.
    """
    if file.exists():
        raise FileExistsError(file)
    clients = clients_for(address)
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}.") as place:
        dump = Path(place) / DUMP
        run(
            clients["pg_dump"],
            *("--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"),
            address=address,
        )
        about = {
            "evenhand": __version__,
            "postgresql": clients.major,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        members = [(DUMP, dump), *((f"{FILES}/{path.relative_to(home)}", path) for path in files_of(home))]
        return archive.write(file, members, about=about)


def files_of(home: Path) -> Iterator[Path]:
    """Every file of the desk in `home`, in a steady order; without the database, links and sockets."""
    for top in sorted(home.iterdir()) if home.is_dir() else ():
        if top.name in NOT_OURS or top.is_symlink():
            continue
        for path in (top, *sorted(top.rglob("*"))):
            if path.is_file() and not path.is_symlink():
                yield path
