"""The desk's own keys: one that wraps the keys of persons, one that signs seals.

Both lie in EVENHAND_HOME/keys (mode 0600), outside the database: who holds only the database, or a copy
of it, can neither read what is personal in the record nor make a seal.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from evenhand import postgres

NONCE = 12  # bytes; AES-GCM's usual length


def encrypt(key: bytes, plain: bytes, place: str) -> bytes:
    """AES-256-GCM: nonce and ciphertext. `place` is authenticated, so it cannot be moved elsewhere."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def decrypt(key: bytes, sealed: bytes, place: str) -> bytes | None:
    """What `encrypt` was given, or None where key, place or content are not the same."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
    except InvalidTag:
        return None


def new_wrapped_key(person_id: int) -> tuple[bytes, bytes]:
    """A new key for a person, plain and wrapped."""
    key = AESGCM.generate_key(bit_length=256)
    return key, encrypt(_kept("audit-persons"), key, f"person:{person_id}")


def unwrap(person_id: int, wrapped: bytes) -> bytes | None:
    return decrypt(_kept("audit-persons"), wrapped, f"person:{person_id}")


def sign(content: bytes) -> bytes:
    return _signing_key().sign(content)


def is_signed(content: bytes, signature: bytes) -> bool:
    try:
        _signing_key().public_key().verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_kept("audit-seals"))


def _kept(name: str) -> bytes:
    """32 random bytes, made at the first use and kept from then on."""
    return base64.urlsafe_b64decode(postgres.secret(settings.KEYS / name) + "=")
