"""One PostgreSQL for the whole test session, whatever the number of xdist workers, and Django on top of it.

The server is the product's own embedded one, kept between sessions below `build/tests`; each session has
databases of its own name in it, so sessions may run side by side.  `EVENHAND_TEST_PG_BIN` names another
PostgreSQL's `bin` directory, such as Debian's 15.  Every test that uses the database bears the marker `sql`.
"""

import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from evenhand.postgres import DatabaseUnavailable, Server, destroy
from evenhand.postgres.binaries import binaries

HERE = Path(__file__).parent
SESSION = "EVENHAND_TEST_SESSION"  # the process number of the session, part of its databases' names
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "new_database"}
FOR_TESTS_ONLY = {
    "fsync": "off",
    # Its workers are not ours to end, so a database in which one works cannot be dropped.
    "autovacuum": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
}


def pytest_configure(config: pytest.Config) -> None:
    """Before any test module is imported: address and home stand in the environment, Django is set up."""
    if not hasattr(config, "workerinput"):  # a worker inherits the environment
        _open_the_session(config)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.settings")
    import django

    django.setup()
    # The cast needs models, so Django comes first.
    config.pluginmanager.import_plugin("evenhand.people.tests.cast")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, so that `-m sql` runs it alone on another PostgreSQL."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("sql")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """For `make test`: the reasons for which tests were left out, as a JSON list in the file it names."""
    named = os.environ.get("EVENHAND_TEST_SKIPS")
    if named:
        skipped = terminalreporter.stats.get("skipped", [])
        reasons = {str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped}
        Path(named).write_text(json.dumps(sorted(reasons)), encoding="utf-8")


@pytest.fixture
def new_database() -> Iterator[Callable[[], str]]:
    """Makes empty databases on the session's server, each at its own address."""
    server = os.environ["DATABASE_URL"].replace(f"@/evenhand_{os.environ[SESSION]}?", "@/evenhand?")
    made: list[str] = []

    def make() -> str:
        name = f"evenhand_{os.environ[SESSION]}_{os.getpid()}_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as line:
            line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made.append(name)
        return server.replace("@/evenhand?", f"@/{name}?")

    yield make
    with psycopg.connect(server, autocommit=True) as line:
        for name in made:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _open_the_session(config: pytest.Config) -> None:
    named = os.environ.get("EVENHAND_TEST_PG_BIN")
    programs = Path(named) if named else None
    session = _server(programs)
    _drop_left_over_databases(session.dsn)
    home = tempfile.mkdtemp(prefix="evenhand-test-home-")
    (Path(home) / "static").mkdir()  # WhiteNoise warns where it is missing
    os.environ[SESSION] = str(os.getpid())
    os.environ["DATABASE_URL"] = session.dsn.replace("@/evenhand?", f"@/evenhand_{os.getpid()}?")
    os.environ["EVENHAND_HOME"] = home
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    config.add_cleanup(lambda: session.stop() and None)


def _server(programs: Path | None) -> Server:
    home = HERE / "build" / "tests" / f"postgres-{binaries(programs).major}"
    for last_try in (False, True):
        try:
            return Server(home, programs=programs, settings=FOR_TESTS_ONLY).start()
        except DatabaseUnavailable as refusal:
            if last_try:
                pytest.exit(f"The tests need PostgreSQL: {refusal}", returncode=3)
            destroy(home)  # whatever an earlier session left there is worth nothing
    raise AssertionError


def _drop_left_over_databases(dsn: str) -> None:
    """Drop what a killed session left: its process number is part of the name."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name in _names_of_dead_sessions(connection):
            with suppress(psycopg.Error):
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _names_of_dead_sessions(connection: psycopg.Connection) -> Iterator[str]:
    for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
        made_by = re.match(r"(?:test_)?evenhand_(\d+)(?:_|$)", name)
        if made_by and not _lives(int(made_by[1])):
            yield name


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
