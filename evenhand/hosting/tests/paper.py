"""Certificates made for tests: a root, one below it, and what shops show."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Paper:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


def issue(
    name: str,
    *names: str,
    by: Paper | None = None,
    authority: bool = False,
    begins: dt.datetime = NOW - 30 * DAY,
    ends: dt.datetime = NOW + 60 * DAY,
    key: rsa.RSAPrivateKey | None = None,
    digest: hashes.HashAlgorithm | None = None,
    purpose: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.SERVER_AUTH,
    issuer_address: str | None = None,
) -> Paper:
    """A certificate; without `by` it issues itself."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    signer = by.key if by else own
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False
        )
    if purpose is not None and not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    if authority:
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    if issuer_address is not None:
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_address)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
    return Paper(builder.sign(signer, digest or hashes.SHA256()), own)


@cache
def root() -> Paper:
    return issue("Test Root", authority=True)


@cache
def between() -> Paper:
    return issue("Test Authority", by=root(), authority=True)


@cache
def rsa_between() -> Paper:
    return issue("Test RSA Authority", by=root(), authority=True, key=rsa_key(3072))


def signed_with_sha1(paper: Paper, by: Paper) -> Paper:
    """The same certificate, signed anew in the outdated way; libraries refuse to make one."""
    sha256, sha1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    body = paper.certificate.tbs_certificate_bytes.replace(sha256, sha1)
    assert isinstance(by.key, rsa.RSAPrivateKey)
    signature = by.key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    algorithm = bytes.fromhex("300d0609") + sha1 + bytes.fromhex("0500")
    der = _der(0x30, body + algorithm + _der(3, b"\x00" + signature))
    return Paper(x509.load_der_x509_certificate(der), paper.key)


def _der(tag: int, content: bytes) -> bytes:
    count = len(content)
    size = count.to_bytes((count.bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (bytes([count]) if count < 128 else bytes([0x80 | len(size)]) + size) + content


@cache
def stranger() -> Paper:
    return issue("Unknown Authority", authority=True)


def serving(folder: Path, own: Paper, *chain: Paper, old: str = "") -> ssl.SSLContext:
    """A server's context that shows a certificate and chain. `old`: "only" or "too" for TLS 1.0 and 1.1."""
    place = folder / f"{own.certificate.serial_number:x}.pem"
    place.write_bytes(own.key_pem + own.pem + b"".join(one.pem for one in chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    # Said outright: what a context allows by itself differs from one OpenSSL to another.
    context.minimum_version = ssl.TLSVersion.TLSv1 if old else ssl.TLSVersion.TLSv1_2
    if old == "only":
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(place)
    return context
