"""The tables of this version: applied at start, by one process at a time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from evenhand.postgres import DatabaseUnavailable

LOCK = 0x6576656E  # "even": PostgreSQL's advisory lock of whoever migrates


class NewerDatabase(DatabaseUnavailable):
    """The database was last used by a newer Evenhand; `names`: the migrations this one does not know."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"The database is of a newer Evenhand: it holds {', '.join(names)}, unknown to this version. "
            "Install that version, or restore a backup made by this one."
        )


def migrate() -> list[str]:
    """Bring the tables to this version and return the names of the migrations it took.

    Several processes may call it at once: the first does the work, the others wait for it.
    """
    with _one_at_a_time():
        missing, unknown = differences()
        if unknown:
            raise NewerDatabase(unknown)
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
    connections.close_all()
    return missing


def differences() -> tuple[list[str], list[str]]:
    """Migrations that this version has and the database not, and the other way round, as `room.name`."""
    here = set(MigrationLoader(connection=None, ignore_no_migrations=True).disk_migrations)
    there = set(MigrationRecorder(connection).applied_migrations())
    ours = {room for room, _ in here}
    return _names(here - there), _names(each for each in there - here if each[0] in ours)


def _names(migrations: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(f"{room}.{name}" for room, name in migrations)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
