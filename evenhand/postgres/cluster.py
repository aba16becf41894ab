"""Makes the database cluster once, whole or not at all, and keeps its door rules and its password."""

import os
import shutil
import subprocess
from pathlib import Path

from evenhand.postgres.account import Account
from evenhand.postgres.binaries import Binaries
from evenhand.postgres.errors import DatabaseUnavailable
from evenhand.postgres.layout import Layout

NAME = "evenhand"  # the application's role and its database
SUPERUSER = "postgres"
# The superuser has no line: nobody signs in as it.  Whoever owns the files can use `postgres --single`.
DOOR_RULES = f"local all {NAME} scram-sha-256\n"


def open_cluster(layout: Layout, programs: Binaries, account: Account) -> None:
    """After this, `layout.data` is a complete cluster of this version that accepts our password.

    Precondition: holds the keeper's lock, and no server runs on it.
    """
    if not layout.data.exists():
        _make(layout, programs, account)
    _refuse_another_version(layout, programs)
    if layout.password() is None:
        lost_and_made_anew = f"ALTER ROLE {NAME} PASSWORD '{layout.made_password()}'"
        _single_user(layout, programs, account, layout.data, lost_and_made_anew)
    _write_door_rules(layout, account)


def _make(layout: Layout, programs: Binaries, account: Account) -> None:
    making = layout.base / "data.unfinished"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(making, account.uid, account.gid)
    _run(
        layout,
        account,
        [
            programs["initdb"],
            f"--pgdata={making}",
            f"--username={SUPERUSER}",
            "--auth=reject",
            "--encoding=UTF8",
            "--data-checksums",
            *_locale(programs),
        ],
    )
    password = layout.made_password()
    _single_user(
        layout,
        programs,
        account,
        making,
        f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}' IN ROLE pg_read_all_settings",
        f"CREATE DATABASE {NAME} OWNER {NAME}",
    )
    making.rename(layout.data)


def _locale(programs: Binaries) -> list[str]:
    """The same order of text on every machine: PostgreSQL 17 and later carry C.UTF-8 themselves."""
    if programs.major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _refuse_another_version(layout: Layout, programs: Binaries) -> None:
    made_by = (layout.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != str(programs.major):
        raise DatabaseUnavailable(
            f"The database in {layout.data} was made by PostgreSQL {made_by}, and {programs['postgres']} is "
            f"PostgreSQL {programs.major}. Make a backup with the version that made it, then restore it here."
        )


def _write_door_rules(layout: Layout, account: Account) -> None:
    rules = layout.data / "pg_hba.conf"
    rules.write_text(DOOR_RULES, encoding="ascii")
    if os.geteuid() == 0:
        os.chown(rules, account.uid, account.gid)


def _single_user(layout: Layout, programs: Binaries, account: Account, data: Path, *statements: str) -> None:
    """Run SQL without any server or door, one statement a line, stopping at the first error."""
    _run(
        layout,
        account,
        [
            programs["postgres"],
            "--single",
            *("-D", str(data)),
            *("-c", "exit_on_error=true"),
            *("-c", "log_min_error_statement=panic"),  # the statements carry a password
            "postgres",
        ],
        given="".join(f"{statement}\n" for statement in statements),
    )


def _run(layout: Layout, account: Account, command: list[str], *, given: str = "") -> None:
    root = os.geteuid() == 0
    done = subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        cwd="/",
        env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
        user=account.uid if root else None,
        group=account.gid if root else None,
        extra_groups=[] if root else None,
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise DatabaseUnavailable(
            f"Making the database in {layout.base} failed: {' / '.join(last)}. "
            "Check free space and who owns that directory, then start again."
        )
