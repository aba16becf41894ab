"""Open the desk for a command: PostgreSQL runs, Django is set up, the database is of this version."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evenhand import postgres


def home() -> Path:
    """The home of this desk, known before the settings are read."""
    return Path(os.environ.get("EVENHAND_HOME") or postgres.default_home()).resolve()


def embedded() -> bool:
    """True where the desk runs its own PostgreSQL; with DATABASE_URL nothing of that is touched."""
    return not os.environ.get("DATABASE_URL")


@contextmanager
def database() -> Iterator[str]:
    """The address of this desk's database, which runs until the end of the block; reads no settings."""
    if not embedded():
        yield os.environ["DATABASE_URL"]
        return
    with postgres.Server(home()) as server:
        yield server.dsn


def open_desk() -> None:
    """After this, models may be used.  PostgreSQL stays for as long as this process lives.

    Raises DatabaseUnavailable, or NewerDatabase where a newer Evenhand has changed the tables.
    """
    if embedded():
        postgres.ensure_running(home())
    finish_interrupted_restore()
    set_up_django()
    from evenhand.serving.migrations import migrate

    migrate()


def finish_interrupted_restore() -> None:
    """Before anything reads keys or tables.  Precondition: the database answers."""
    from evenhand.serving.restore import STAGE, finish_interrupted

    if (home() / STAGE).exists():
        finish_interrupted(home(), os.environ.get("DATABASE_URL") or postgres.dsn(home()))


def set_up_django() -> None:
    """Read the settings and load the rooms; touches no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.settings")
    import django

    django.setup()
