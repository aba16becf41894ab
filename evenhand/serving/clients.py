"""PostgreSQL's own client programs, of the server's version, run without a password on any command line."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

from evenhand.postgres import DatabaseUnavailable, connection
from evenhand.postgres.binaries import carried

LIBPQ = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}


class ClientFailed(Exception):
    """A client program refused; the text is what it said last."""


@dataclass(frozen=True, kw_only=True)
class Clients:
    """The directory that holds pg_dump, pg_restore and psql, and their major version."""

    directory: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.directory / program)


def clients_for(address: str) -> Clients:
    """Programs of the server's major version: the wheel's, Debian's or those in PATH."""
    with psycopg.connect(address) as line:
        major = line.info.server_version // 10000
    for directory in _places(major):
        if _major(directory) == major:
            return Clients(directory=directory, major=major)
    raise DatabaseUnavailable(
        f"The database is PostgreSQL {major}, and no pg_dump of that version is here. "
        f"Install it (on Debian: apt-get install postgresql-client-{major})."
    )


def run(program: str, *words: str, address: str, given: IO[bytes] | None = None) -> None:
    """Run one client program against `address`; raises ClientFailed."""
    done = subprocess.run(
        [program, *words],
        stdin=given or subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(address),
    )
    if done.returncode != 0:
        raise ClientFailed(last_words(done.stderr))


def environment(address: str) -> dict[str, str]:
    """The address as libpq's variables: a command line can be read by everybody on the machine."""
    given = connection(address)
    variables = {LIBPQ[key]: str(given[key]) for key in LIBPQ if given[key]}
    others = {f"PG{key.upper()}": str(value) for key, value in given["OPTIONS"].items()}
    return {"PATH": os.defpath, "LC_ALL": "C", **variables, **others}


def last_words(said: bytes) -> str:
    """The line of an error text that says what went wrong."""
    lines = said.decode(errors="replace").strip().splitlines()
    telling = [line for line in lines if "error:" in line.lower()]
    return (telling or lines or ["it said nothing"])[0]


def _places(major: int) -> Iterator[Path]:
    with contextlib.suppress(DatabaseUnavailable):
        yield carried()
    yield Path(f"/usr/lib/postgresql/{major}/bin")
    if found := shutil.which("pg_dump"):
        yield Path(found).parent


def _major(directory: Path) -> int | None:
    try:
        said = subprocess.run(
            [directory / "pg_dump", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return int(said.stdout.split()[2].split(".")[0])  # "pg_dump (PostgreSQL) 18.4"
