"""Files that came with a message, kept encrypted: one key for each file, wrapped by the desk's own.

A file is: MAGIC, the wrapped key, the content, each as AES-256-GCM with its nonce first. Both are bound to
the file's name, so that a file cannot stand in for another.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from evenhand import postgres

MAGIC = b"EVENHAND1"
_NONCE, _TAG, _KEY = 12, 16, 32  # bytes
_WRAPPED = _NONCE + _KEY + _TAG
_PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


class Unreadable(Exception):
    """The file is missing, damaged, or was encrypted by another desk's key."""


def store(content: bytes) -> str:
    """Encrypt and keep `content`; its place below ATTACHMENTS. It is on disk when this returns."""
    name = secrets.token_hex(16)
    place = f"{name[:2]}/{name}"
    path = _path(place)
    _make_folder(path.parent)
    key = AESGCM.generate_key(bit_length=256)
    sealed = MAGIC + _seal(_master(), key, place) + _seal(key, content, place)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(descriptor)
    _sync_folder(path.parent)
    return place


def fetch(place: str) -> bytes:
    """What was stored under `place`. Raises Unreadable."""
    if not _PLACE.fullmatch(place):
        raise Unreadable(f"{place}: not the name of a stored file.")
    try:
        sealed = _path(place).read_bytes()
        if not sealed.startswith(MAGIC):
            raise Unreadable(f"{place}: not a file of this desk.")
        wrapped, content = sealed[len(MAGIC) :][:_WRAPPED], sealed[len(MAGIC) + _WRAPPED :]
        return _open(_open(_master(), wrapped, place), content, place)
    except FileNotFoundError:
        raise Unreadable(f"{place}: the file is gone from the disk. Restore it from a backup.") from None
    except (InvalidTag, ValueError):
        raise Unreadable(
            f"{place}: damaged, or encrypted under another key. Restore it from a backup."
        ) from None


def _seal(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def _open(key: bytes, sealed: bytes, place: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())


def _master() -> bytes:
    return base64.urlsafe_b64decode(postgres.secret(settings.KEYS / "attachments") + "=")


def _path(place: str) -> Path:
    return settings.ATTACHMENTS / place


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """A new name in a folder survives a power cut only when the folder itself is on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
