"""The account PostgreSQL runs as: ours, or for root an unprivileged system user of its own."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass

from evenhand.postgres.errors import DatabaseUnavailable

SYSTEM_USER = "evenhand"


@dataclass(frozen=True, kw_only=True)
class Account:
    """Numbers of a local user."""

    uid: int
    gid: int


def database_account() -> Account:
    """Who owns the data and runs the server.  As root, makes the system user `evenhand` where it is missing.

    Not `nobody`: other services run as that, and could read the data.
    """
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid())
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _made_system_user()
    if entry.pw_uid == 0:
        raise DatabaseUnavailable(f"The user {SYSTEM_USER} is root, and PostgreSQL refuses to run as root.")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _made_system_user() -> pwd.struct_passwd:
    command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    problem = "the command useradd is missing"
    if command is not None:
        made = subprocess.run(
            [
                command,
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell=/usr/sbin/nologin",
                SYSTEM_USER,
            ],
            capture_output=True,
            text=True,
        )
        problem = made.stderr.strip()
    try:
        return pwd.getpwnam(SYSTEM_USER)  # also where another starter was a moment quicker
    except KeyError:
        raise DatabaseUnavailable(
            f"As root, PostgreSQL needs an unprivileged user named {SYSTEM_USER}, which could not be made: "
            f"{problem}. Make it yourself, start as another user, or set DATABASE_URL."
        ) from None
