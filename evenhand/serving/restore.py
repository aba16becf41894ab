"""Puts a backup in place of what is there: all of it, or, whatever happens meanwhile, nothing.

Checked and unpacked beside the home's files first.  Then the database changes in one transaction, which also
leaves this restore's name with the database; then files are renamed.  Should the machine stop between the
two, the next start compares the names and finishes the renaming, or throws the unpacked files away.
"""

import os
import secrets
import shutil
from pathlib import Path

import psycopg
from psycopg import sql

from evenhand.serving import archive
from evenhand.serving.backup import DUMP, FILES, NOT_OURS, files_of
from evenhand.serving.clients import Clients, clients_for, run

STAGE = ".restoring"  # the unpacked backup, below the home
NAME = "name"  # its file that holds this restore's name
CLEARED = "cleared"  # and the file that says everything of before has been put aside
REPLACED = ".replaced"  # files that were there before, until the end


class NotEmpty(Exception):
    """The home or its database already holds something; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class InUse(Exception):
    """Somebody else is connected to the database."""


def restore(file: Path, *, home: Path, address: str, replace: bool) -> archive.Manifest:
    """Restore `file` into `home` and the database at `address`.

    Raises NotEmpty unless `replace`, InUse, archive.UnusableArchive, ClientFailed; then all is as before.
    """
    finish_interrupted(home, address)
    if not replace:
        _refuse_what_is_there(home, address)
    stage = home / STAGE
    stage.mkdir(mode=0o700, parents=True)
    try:
        manifest = archive.unpack(file, stage)
        clients = clients_for(address)
        _refuse_a_newer(manifest, clients)
        name = secrets.token_hex(8)
        (stage / NAME).write_text(name, encoding="ascii")
        os.sync()
        _replace_database(stage / DUMP, clients, address, name)
    except BaseException:
        finish_interrupted(home, address)
        raise
    finish_interrupted(home, address)
    return manifest


def finish_interrupted(home: Path, address: str) -> None:
    """Bring a restore that was cut off to one of its two ends.  Does nothing where there was none."""
    stage = home / STAGE
    if not stage.is_dir():
        return
    name = (stage / NAME).read_text(encoding="ascii") if (stage / NAME).is_file() else None
    if name is not None and name == _name_of_last_restore(address):
        _move_files(home, stage)
    shutil.rmtree(stage)
    shutil.rmtree(home / REPLACED, ignore_errors=True)


def _refuse_what_is_there(home: Path, address: str) -> None:
    """Keys alone are not something to lose: a desk makes them before it holds anything they open."""
    for path in files_of(home):
        if path.relative_to(home).parts[0] != "keys":
            raise NotEmpty(str(path))
    with psycopg.connect(address) as line:
        row = line.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row is not None and row[0]:
        raise NotEmpty(f"the database, with {row[0]} tables")


def _refuse_a_newer(manifest: archive.Manifest, clients: Clients) -> None:
    made_by = int(manifest.about.get("postgresql", 0))
    if made_by > clients.major:
        raise archive.UnusableArchive(
            f"it was made with PostgreSQL {made_by}, and this database is PostgreSQL {clients.major}"
        )


def _replace_database(dump: Path, clients: Clients, address: str, name: str) -> None:
    """One transaction: everything out, the dump in, the restore's name on it.

    The dump becomes a script first: a script piped while it is written could end early and be committed so.
    """
    if not dump.is_file():
        raise archive.UnusableArchive(f"“{DUMP}” is missing from it")
    _refuse_others(address)
    with psycopg.connect(address) as line:
        database = sql.Identifier(line.info.dbname).as_string(line)
    before, script, after = (dump.with_name(f"{part}.sql") for part in ("before", "script", "after"))
    before.write_text("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n", encoding="utf-8")
    run(
        clients["pg_restore"],
        *("--no-owner", "--no-privileges", f"--file={script}", str(dump)),
        address=address,
    )
    after.write_text(f"COMMENT ON DATABASE {database} IS 'restored {name}';\n", encoding="utf-8")
    run(
        clients["psql"],
        *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
        *(f"--file={part}" for part in (before, script, after)),
        address=address,
    )


def _refuse_others(address: str) -> None:
    with psycopg.connect(address) as line:
        row = line.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    if row is not None and row[0]:
        raise InUse


def _name_of_last_restore(address: str) -> str | None:
    with psycopg.connect(address) as line:
        row = line.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    said = str(row[0]) if row is not None else ""
    return said.removeprefix("restored ") if said.startswith("restored ") else None


def _move_files(home: Path, stage: Path) -> None:
    """What was there goes aside, then what was restored comes in; may be done again from any point."""
    replaced = home / REPLACED
    if not (stage / CLEARED).exists():
        replaced.mkdir(mode=0o700, exist_ok=True)
        for path in home.iterdir():
            if path.name not in NOT_OURS:
                path.rename(replaced / path.name)
        (stage / CLEARED).touch()
    for path in (stage / FILES).iterdir() if (stage / FILES).is_dir() else ():
        path.rename(home / path.name)
