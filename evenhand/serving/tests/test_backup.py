"""A backup holds everything, and a restore brings back all of it or changes nothing."""

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from evenhand.serving import restore as restoring
from evenhand.serving.archive import UnusableArchive
from evenhand.serving.backup import back_up
from evenhand.serving.clients import ClientFailed
from evenhand.serving.restore import InUse, NotEmpty, finish_interrupted, restore

SCHEMA = """
CREATE TABLE ticket (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, subject text NOT NULL);
CREATE TABLE ruling (ticket_id bigint REFERENCES ticket, clause text, made_at timestamptz DEFAULT now());
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''immutable''; END';
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON ruling FOR EACH ROW EXECUTE FUNCTION refuse();
INSERT INTO ticket (subject) SELECT 'Größe „' || n || '“' || chr(10) || chr(9)
  FROM generate_series(1, 500) n;
INSERT INTO ruling (ticket_id, clause) SELECT id, '9.1' FROM ticket;
"""
FILES = {"attachments/2026/ab": b"\x00\xff" * 5000, "keys/signing": b"secret\n", "seals/today": b""}


@dataclass(frozen=True, kw_only=True)
class Desk:
    home: Path
    dsn: str


@pytest.fixture
def desk(tmp_path: Path, new_database: Callable[[], str]) -> Desk:
    """A desk with two tables and three files."""
    desk = Desk(home=tmp_path / "desk", dsn=new_database())
    for name, content in FILES.items():
        (desk.home / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.home / name).write_bytes(content)
    (desk.home / "postgres.secret").write_text("password-of-this-server")
    with psycopg.connect(desk.dsn) as line:
        line.execute(SCHEMA)
    return desk


@pytest.fixture
def empty(tmp_path: Path, new_database: Callable[[], str]) -> Desk:
    """A desk that holds nothing yet."""
    return Desk(home=tmp_path / "empty", dsn=new_database())


@pytest.fixture
def backup(desk: Desk, tmp_path: Path) -> Path:
    back_up(tmp_path / "backup.tar", home=desk.home, address=desk.dsn)
    return tmp_path / "backup.tar"


def put(backup: Path, into: Desk, *, replace: bool = False) -> None:
    restore(backup, home=into.home, address=into.dsn, replace=replace)


def tables(server: Desk) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(server.dsn) as line:
        names = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            name: sorted(line.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # type: ignore[arg-type]
            for (name,) in names
        }


def files(server: Desk) -> dict[str, bytes]:
    tops = [path for path in server.home.iterdir() if path.name not in ("postgres", "postgres.secret")]
    found = [path for top in tops for path in (top, *top.rglob("*")) if path.is_file()]
    return {str(path.relative_to(server.home)): path.read_bytes() for path in found}


def test_an_empty_desk_gets_every_table_and_every_file(desk: Desk, backup: Path, empty: Desk) -> None:
    put(backup, empty)
    assert tables(empty) == tables(desk)
    assert len(tables(empty)["ruling"]) == 500
    assert files(empty) == files(desk) == FILES


def test_triggers_and_counters_are_restored_too(backup: Path, empty: Desk) -> None:
    put(backup, empty)
    with psycopg.connect(empty.dsn, autocommit=True) as line:
        with pytest.raises(psycopg.errors.RaiseException, match="immutable"):
            line.execute("DELETE FROM ruling")
        assert line.execute("INSERT INTO ticket (subject) VALUES ('next') RETURNING id").fetchone() == (501,)


def test_a_backup_is_readable_by_its_owner_alone_and_never_overwritten(desk: Desk, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        back_up(backup, home=desk.home, address=desk.dsn)
    assert [path.name for path in backup.parent.glob(".*")] == []


def test_the_password_of_the_old_server_is_not_in_the_backup(desk: Desk, backup: Path) -> None:
    assert b"password-of-this-server" not in backup.read_bytes()


def test_a_desk_that_holds_something_is_refused_and_kept(desk: Desk, backup: Path) -> None:
    (desk.home / "attachments/newer").write_bytes(b"kept")
    with pytest.raises(NotEmpty, match="attachments"):
        put(backup, desk)
    assert "attachments/newer" in files(desk)


def test_tables_alone_are_something(backup: Path, empty: Desk) -> None:
    with psycopg.connect(empty.dsn) as line:
        line.execute("CREATE TABLE ticket (id int)")
    with pytest.raises(NotEmpty, match="1 tables"):
        put(backup, empty)


def test_replacing_leaves_nothing_of_before(desk: Desk, backup: Path) -> None:
    before = tables(desk)
    (desk.home / "attachments/newer").write_bytes(b"gone")
    with psycopg.connect(desk.dsn) as line:
        line.execute("CREATE TABLE newer (id int); INSERT INTO ticket (subject) VALUES ('gone')")
    put(backup, desk, replace=True)
    assert tables(desk) == before
    assert files(desk) == FILES


def test_a_desk_in_use_is_refused(desk: Desk, backup: Path) -> None:
    with psycopg.connect(desk.dsn), pytest.raises(InUse):
        put(backup, desk, replace=True)
    assert files(desk) == FILES


@pytest.mark.parametrize("cut", [0, 600, 20_000])
def test_a_backup_cut_short_changes_nothing(desk: Desk, backup: Path, cut: int) -> None:
    before = tables(desk)
    backup.write_bytes(backup.read_bytes()[:cut])
    with pytest.raises(UnusableArchive):
        put(backup, desk, replace=True)
    assert (tables(desk), files(desk)) == (before, FILES)


def test_a_damaged_byte_is_found_before_anything_changes(desk: Desk, backup: Path) -> None:
    before = tables(desk)
    content = backup.read_bytes()
    backup.write_bytes(content.replace(b"\x00\xff" * 5000, b"\x00\xff" * 4999 + b"\x00\xfe"))
    with pytest.raises(UnusableArchive, match=r"attachments/2026/ab.*damaged"):
        put(backup, desk, replace=True)
    assert (tables(desk), files(desk)) == (before, FILES)


def test_a_dump_that_the_database_refuses_changes_nothing(desk: Desk, backup: Path, tmp_path: Path) -> None:
    before = tables(desk)
    spoilt = tmp_path / "spoilt.tar"
    _with_another_dump(backup, spoilt, b"no dump at all")
    with pytest.raises(ClientFailed):
        put(spoilt, desk, replace=True)
    assert (tables(desk), files(desk)) == (before, FILES)


@pytest.mark.parametrize("name", ["../outside", "/outside", "home/../../outside"])
def test_an_archive_that_would_write_elsewhere_is_refused(empty: Desk, tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    with pytest.raises(UnusableArchive, match="which no backup has"):
        put(tmp_path / "bad.tar", empty)
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("died_at", [1, 2, 3, 4])
def test_a_restore_killed_while_it_moves_files_is_finished_at_the_next_start(
    desk: Desk, backup: Path, monkeypatch: pytest.MonkeyPatch, died_at: int
) -> None:
    (desk.home / "attachments/newer").write_bytes(b"gone")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", _dying_at(died_at))
        with pytest.raises(Killed):
            put(backup, desk, replace=True)
    finish_interrupted(desk.home, desk.dsn)
    assert files(desk) == FILES


def test_a_restore_killed_before_its_commit_leaves_all_as_it_was(
    desk: Desk, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_replace_database", _kill)
        patched.setattr(restoring, "finish_interrupted", lambda *_: None)
        with pytest.raises(Killed):
            put(backup, desk, replace=True)
    finish_interrupted(desk.home, desk.dsn)
    assert files(desk) == FILES
    assert len(tables(desk)["ticket"]) == 500


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, nothing is cleared up."""


def _kill(*_: object) -> None:
    raise Killed


def _dying_at(count: int) -> Callable[[Path, Path], Path]:
    rename = Path.rename
    done: list[Path] = []

    def dying(self: Path, target: Path) -> Path:
        done.append(self)
        if len(done) == count:
            raise Killed
        return rename(self, target)

    return dying


def _with_another_dump(backup: Path, spoilt: Path, dump: bytes) -> None:
    """The same archive, honestly summed, with something else for a dump."""
    with tarfile.open(backup) as old, tarfile.open(spoilt, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            held = content.read()
            if member.name == "database.dump":
                held = dump
            if member.name == "manifest.json":
                said = json.loads(held)
                said["sha256"]["database.dump"] = hashlib.sha256(dump).hexdigest()
                held = json.dumps(said).encode()
            member.size = len(held)
            new.addfile(member, io.BytesIO(held))
