"""Where everything of one home's database stands on disk, and who owns it.

An ordinary user keeps the database inside the home.  PostgreSQL refuses to run as root, and an
unprivileged account cannot reach anything below a home of mode 700, so root keeps it in
`/var/lib/evenhand`.  `HOME/postgres` always leads there: a directory, or root's symbolic link.
"""

import hashlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from evenhand.postgres.account import Account, database_account
from evenhand.postgres.address import secret
from evenhand.postgres.errors import DatabaseUnavailable

ROOTS_PLACE = Path("/var/lib/evenhand")
PORT = 5432
LONGEST_SOCKET_DIRECTORY = 103 - len(f"/.s.PGSQL.{PORT}.lock")  # sun_path: 104 bytes on macOS, 108 on Linux


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The paths of one home's database; nothing here touches the disk until `prepare`."""

    home: Path
    base: Path
    socket: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory, mode 0700, owned by the database account."""
        return self.base / "data"

    @property
    def keeper(self) -> Path:
        """The keeper's own directory (lock, control socket, log), mode 0700, owned by who starts it."""
        return self.base / "keeper"

    @property
    def control(self) -> Path:
        """The socket on which users of the database join and leave."""
        return self.socket.parent / f"{self.socket.name}.control" / "s"

    @property
    def lock(self) -> Path:
        """Held by the one living keeper."""
        return self.keeper / "lock"

    @property
    def log(self) -> Path:
        """What PostgreSQL and the keeper write."""
        return self.keeper / "postgres.log"

    @property
    def secret(self) -> Path:
        """The application's password for this server, mode 0600."""
        return self.home / "postgres.secret"

    @property
    def postmaster_pid(self) -> Path:
        """PostgreSQL's own lock file."""
        return self.data / "postmaster.pid"

    def password(self) -> str | None:
        """The password, or None before the first start."""
        try:
            return self.secret.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def prepare(self) -> Account:
        """Make every directory with its owner and mode; returns the account PostgreSQL runs as."""
        account = database_account()
        self.home.mkdir(parents=True, exist_ok=True)
        if self.base.is_relative_to(ROOTS_PLACE):
            _own_directory(ROOTS_PLACE, mode=0o711)
        _own_directory(self.base, mode=0o711)
        _own_directory(self.keeper, mode=0o700)
        _own_directory(self.control.parent, mode=0o700)
        _own_directory(self.socket, mode=0o700, account=account)
        _refuse_a_strangers(self.data, account)
        link = self.home / "postgres"
        if link != self.base and not link.is_symlink():
            link.symlink_to(self.base)
        return account

    def made_password(self) -> str:
        """The password, made where there is none yet, readable by its owner alone from the first byte on."""
        return secret(self.secret)

    def remove(self) -> None:
        """Delete the database and all that belongs to it.  Precondition: its server is stopped."""
        for directory in {self.base, self.socket, self.control.parent}:
            shutil.rmtree(directory, ignore_errors=True)
        link = self.home / "postgres"
        if link.is_symlink():
            link.unlink()
        self.secret.unlink(missing_ok=True)


def layout(home: Path) -> Layout:
    """The layout of `home`, the same for whoever asks; touches nothing."""
    home = home.absolute().resolve()
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    base = _base(home, key)
    socket = base / "socket"
    if len(os.fsencode(socket)) + len(".control") > LONGEST_SOCKET_DIRECTORY:
        socket = Path("/tmp") / f"evenhand-{os.geteuid()}-{key}"  # noqa: S108 - owner and mode are checked
    return Layout(home=home, base=base, socket=socket)


def _base(home: Path, key: str) -> Path:
    link = home / "postgres"
    if link.exists():
        return link.resolve()  # a home that was moved still finds its database
    if os.geteuid() == 0:
        return ROOTS_PLACE / f"{home.name}-{key}"
    return link


def _own_directory(path: Path, *, mode: int, account: Account | None = None) -> None:
    """Make `path` with exactly this mode and owner, and refuse one that somebody else laid there first."""
    account = account or Account(uid=os.geteuid(), gid=os.getegid())
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
        raise DatabaseUnavailable(
            f"{path} belongs to another user (number {found.st_uid}) or is a link. If that user runs this "
            "desk, run the command as that user; if nobody does, move it away."
        )
    if os.geteuid() == 0:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)


def _refuse_a_strangers(data: Path, account: Account) -> None:
    try:
        owner = data.stat().st_uid
    except FileNotFoundError:
        return
    if owner != account.uid:
        raise DatabaseUnavailable(
            f"The database in {data} belongs to user number {owner}, and PostgreSQL would run as number "
            f"{account.uid}. Start as the user who made it, or hand the directory over with chown -R."
        )
