"""Open the desk for a command: PostgreSQL runs, Django is set up, the database is of this version."""

import os
from pathlib import Path

from evenhand import postgres


def home() -> Path:
    """The home of this desk, known before the settings are read."""
    return Path(os.environ.get("EVENHAND_HOME") or postgres.default_home()).resolve()


def embedded() -> bool:
    """True where the desk runs its own PostgreSQL; with DATABASE_URL nothing of that is touched."""
    return not os.environ.get("DATABASE_URL")


def open_desk() -> None:
    """After this, models may be used.  PostgreSQL stays for as long as this process lives.

    Raises DatabaseUnavailable, or NewerDatabase where a newer Evenhand has changed the tables.
    """
    if embedded():
        postgres.ensure_running(home())
    set_up_django()
    from evenhand.serving.migrations import migrate

    migrate()


def set_up_django() -> None:
    """Read the settings and load the rooms; touches no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.settings")
    import django

    django.setup()
