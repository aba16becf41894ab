"""Addresses and secrets as the settings file needs them."""

import os
import secrets
from pathlib import Path
from typing import Any

from evenhand.postgres.errors import DatabaseUnavailable


def default_home() -> Path:
    """Where a desk keeps what it holds when EVENHAND_HOME names no place.

    In a checkout its folder `var`, else the user's own data directory.
    """
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "var"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "evenhand"


def secret(path: Path) -> str:
    """The secret kept in `path`: made at the first call (256 bits, mode 0600), the same ever after.

    Two who make it at the same moment get the same one, and nobody reads a half-written file.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(making, path)
    except FileExistsError:
        pass  # another process was a moment quicker: its secret counts
    finally:
        making.unlink()
    return path.read_text(encoding="ascii").strip()


def connection(address: str) -> dict[str, Any]:
    """A PostgreSQL address (URL or key=value) as Django's DATABASES entry spells it.

    >>> connection("postgresql://ann@db.example:6432/desk?sslmode=require")["OPTIONS"]
    {'sslmode': 'require'}
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        raise DatabaseUnavailable(
            f"DATABASE_URL is not a PostgreSQL address: {str(error).strip()}. "
            "It looks like postgresql://USER:PASSWORD@HOST:5432/NAME."
        ) from None
    return {
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
    }
