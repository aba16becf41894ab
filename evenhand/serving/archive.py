"""The backup's file: a tar of named members, closed by a manifest with the SHA-256 of each.

The manifest comes last, so a file that was cut short has none and is refused.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024


class UnusableArchive(Exception):
    """This file is no whole backup; the text says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`about`: what the writer noted; `sums`: SHA-256 in hex by member."""

    about: Mapping[str, Any]
    sums: Mapping[str, str]


def write(file: Path, members: Iterable[tuple[str, Path]], *, about: Mapping[str, Any]) -> Manifest:
    """Write `file` with mode 0600: whole under its name, or not at all.  Raises FileExistsError."""
    partial = file.with_name(f".{file.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as out:
            manifest = _write_members(out, members, about)
            out.flush()
            os.fsync(out.fileno())
        os.link(partial, file)  # unlike a rename, refuses to replace an earlier backup
    finally:
        partial.unlink()
    return manifest


def unpack(file: Path, into: Path) -> Manifest:
    """Check and unpack every member below `into`, an empty directory.  Raises UnusableArchive, OSError.

    Takes regular files with plain relative names and nothing else, whatever the file holds.
    """
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, "r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not _plain(member.name):
                    raise UnusableArchive(f"it holds “{member.name}”, which no backup has")
                if member.name == MANIFEST:
                    manifest = _read_manifest(content)
                else:
                    found[member.name] = _copy(content, into / member.name)
    except (tarfile.TarError, EOFError) as error:
        raise UnusableArchive(f"it is not a whole tar file ({error})") from error
    if manifest is None:
        raise UnusableArchive("it was cut short: its manifest is missing")
    _compare(manifest.sums, found)
    return manifest


def _write_members(out: IO[bytes], members: Iterable[tuple[str, Path]], about: Mapping[str, Any]) -> Manifest:
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=out, mode="w:", format=tarfile.PAX_FORMAT) as tar:
        for name, path in members:
            with path.open("rb") as content:
                info = tarfile.TarInfo(name)
                info.size, info.mode = os.fstat(content.fileno()).st_size, 0o600
                reading = _Summing(content)
                tar.addfile(info, reading)
                sums[name] = reading.sum.hexdigest()
        closing = json.dumps({"format": FORMAT, **about, "sha256": sums}, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(closing), 0o600
        tar.addfile(info, io.BytesIO(closing))
    return Manifest(about=about, sums=sums)


class _Summing:
    """Sums up what is read through it."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content, self.sum = content, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.content.read(size)
        self.sum.update(block)
        return block


def _read_manifest(content: IO[bytes]) -> Manifest:
    try:
        said = json.loads(content.read())
        if said["format"] != FORMAT:
            raise UnusableArchive(f"its format is {said['format']}, and this version reads {FORMAT}")
        return Manifest(about=said, sums=dict(said["sha256"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableArchive(f"its manifest cannot be read ({error})") from error


def _plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name


def _copy(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sum_ = hashlib.sha256()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := content.read(BLOCK):
            sum_.update(block)
            out.write(block)
    return sum_.hexdigest()


def _compare(promised: Mapping[str, str], found: Mapping[str, str]) -> None:
    for name in sorted(set(promised) | set(found)):
        if name not in found:
            raise UnusableArchive(f"“{name}” is missing from it")
        if promised.get(name) != found[name]:
            raise UnusableArchive(f"“{name}” in it is damaged: its checksum differs")
