"""A certificate by itself: when it holds, for which names, how strong, and who issued it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID

WEAKEST_RSA = 2_048
WEAKEST_CURVE = 224
WEAK_DIGESTS = ("md5", "sha1")


@dataclass(frozen=True)
class Certificate:
    """One certificate as a server showed it."""

    x509: x509.Certificate

    @classmethod
    def read(cls, der: bytes) -> Certificate:
        """Raises ValueError where the bytes are no certificate."""
        return cls(x509.load_der_x509_certificate(der))

    @property
    def begins(self) -> dt.datetime:
        return self.x509.not_valid_before_utc

    @property
    def ends(self) -> dt.datetime:
        return self.x509.not_valid_after_utc

    @property
    def names(self) -> tuple[str, ...]:
        """The names it stands for; the common name counts no more (RFC 9525)."""
        try:
            listed = self.x509.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (x509.ExtensionNotFound, ValueError):
            return ()
        return tuple(name.lower() for name in listed.get_values_for_type(x509.DNSName))

    @property
    def issuer(self) -> str:
        names = self.x509.issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
        names = names or self.x509.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.x509.issuer.rfc4514_string()

    @property
    def issued_itself(self) -> bool:
        return self.x509.issuer == self.x509.subject and is_issued_by(self, self)

    @property
    def issuer_address(self) -> str | None:
        """Where the issuer's own certificate can be fetched (RFC 5280, 4.2.2.1)."""
        try:
            access = self.x509.extensions.get_extension_for_oid(
                ExtensionOID.AUTHORITY_INFORMATION_ACCESS
            ).value
        except (x509.ExtensionNotFound, ValueError):
            return None
        assert isinstance(access, x509.AuthorityInformationAccess)
        for one in access:
            if one.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
                return str(one.access_location.value)
        return None

    @property
    def key_words(self) -> str:
        key = self.x509.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            return f"RSA, {key.key_size} bits"
        if isinstance(key, ec.EllipticCurvePublicKey):
            return f"{key.curve.name}, {key.curve.key_size} bits"
        return "DSA" if isinstance(key, dsa.DSAPublicKey) else type(key).__name__.removesuffix("PublicKey")

    @property
    def has_weak_key(self) -> bool:
        key = self.x509.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            return key.key_size < WEAKEST_RSA
        if isinstance(key, ec.EllipticCurvePublicKey):
            return key.curve.key_size < WEAKEST_CURVE
        return isinstance(key, dsa.DSAPublicKey)

    @property
    def digest(self) -> str:
        try:
            used = self.x509.signature_hash_algorithm
        except UnsupportedAlgorithm:
            return "unknown"
        return used.name if used is not None else ""

    @property
    def has_weak_digest(self) -> bool:
        return self.digest in WEAK_DIGESTS

    @property
    def may_serve(self) -> bool:
        """Whether its purpose is to prove a server's name; one that names no purpose may do anything."""
        try:
            purposes = self.x509.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (x509.ExtensionNotFound, ValueError):
            return True
        wanted = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
        return any(purpose in wanted for purpose in purposes)

    def stands_for(self, name: str) -> bool:
        """Whether it holds for a name; a star stands for one whole label (RFC 9525, 6.3)."""
        label, _, rest = name.lower().partition(".")
        return bool(label) and any(one in (name.lower(), f"*.{rest}") for one in self.names)


def is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's name and signature are those on the certificate."""
    try:
        certificate.x509.verify_directly_issued_by(issuer.x509)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def is_trusted(chain: Sequence[Certificate], roots: Sequence[Certificate]) -> bool:
    """Whether a chain, the server's certificate first, leads to one of the roots. Dates are not looked at."""
    current = chain[0]
    others = list(chain[1:])
    for _ in range(len(chain) + 1):
        if any(current.x509 == root.x509 or is_issued_by(current, root) for root in roots):
            return True
        issuer = next((one for one in others if is_issued_by(current, one)), None)
        if issuer is None:
            return False
        others.remove(issuer)
        current = issuer
    return False
