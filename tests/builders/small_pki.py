"""A throwaway PKI for tests: a root, an issuing CA, and time-stamp units of every kind of rightness and wrongness.

Keys are made once per process. Real deployments make theirs with ``qianshu keys init``; this one exists so
that time-stamps can be tested without it, and so that certificates nobody would issue on purpose can be had.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.ports import SignatureAlgorithm

__all__ = ["NOW", "Authority", "CaProfile", "SoftSigner", "TsuProfile", "ca", "root", "tsu", "tsu_certificate"]

# A fixed "now" for certificates and clocks: tests may not depend on the day they run.
NOW = datetime(2026, 11, 21, 4, 0, 0, tzinfo=UTC)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SoftSigner:
    """``signing.ports.Signer`` over a key in memory."""

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...] = ()

    @property
    def algorithm(self) -> SignatureAlgorithm:
        is_rsa = isinstance(self.key, rsa.RSAPrivateKey)
        return SignatureAlgorithm.RSA_WITH_SHA256 if is_rsa else SignatureAlgorithm.ECDSA_WITH_SHA256

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class Authority:
    """A certification authority: its key and its certificate."""

    key: PrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = field(default=())

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return (self.certificate, *self.above)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Qianshu test"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@cache
def _key(kind: str, label: str) -> PrivateKey:
    """One key per label and process; RSA generation is slow."""
    del label
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class CaProfile:
    """What a CA's certificate says; the defaults are right."""

    is_ca: bool = True
    signs_certificates: bool = True
    usages: tuple[x509.ObjectIdentifier, ...] = ()
    critical: tuple[x509.ExtensionType, ...] = ()


@cache
def root(label: str = "Test root") -> Authority:
    key = _key("ec", label)
    return Authority(key, _ca_certificate(label, key, label, key, CaProfile()))


@cache
def ca(label: str = "Test issuing CA", root_label: str = "Test root", profile: CaProfile | None = None) -> Authority:
    above = root(root_label)
    key = _key("ec", label)
    return Authority(key, _ca_certificate(label, key, root_label, above.key, profile or CaProfile()), above.chain)


def _ca_certificate(
    label: str, key: PrivateKey, issuer_label: str, issuer_key: PrivateKey, profile: CaProfile
) -> x509.Certificate:
    builder = (
        _unsigned(label, key, issuer_label, issuer_key)
        .not_valid_before(NOW - 365 * _DAY)
        .not_valid_after(NOW + 3650 * _DAY)
        .add_extension(x509.BasicConstraints(ca=profile.is_ca, path_length=None), critical=True)
        .add_extension(_key_usage(signatures=False, certificates=profile.signs_certificates), critical=True)
    )
    if profile.usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(profile.usages), critical=False)
    for extra in profile.critical:
        builder = builder.add_extension(extra, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _unsigned(label: str, key: PrivateKey, issuer_label: str, issuer_key: PrivateKey) -> x509.CertificateBuilder:
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_name(label))
        .issuer_name(_name(issuer_label))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(issuer_id, critical=False)
    )


def _key_usage(*, signatures: bool, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signatures,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=not signatures,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True, slots=True)
class TsuProfile:
    """What a time-stamp unit's certificate says; the defaults are right (RFC 3161 § 2.3)."""

    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,)
    usage_is_critical: bool = True
    not_before: datetime = NOW - 30 * _DAY
    not_after: datetime = NOW + 365 * _DAY
    is_ca: bool = False
    signs: bool = True
    critical: tuple[x509.ExtensionType, ...] = ()


def tsu_certificate(issuer: Authority, key: PrivateKey, profile: TsuProfile) -> x509.Certificate:
    issuer_label = issuer.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    builder = (
        _unsigned("Test time-stamp unit", key, str(issuer_label), issuer.key)
        .not_valid_before(profile.not_before)
        .not_valid_after(profile.not_after)
        .add_extension(x509.BasicConstraints(ca=profile.is_ca, path_length=None), critical=True)
        .add_extension(_key_usage(signatures=profile.signs, certificates=False), critical=True)
    )
    if profile.usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(profile.usages), critical=profile.usage_is_critical)
    for extra in profile.critical:
        builder = builder.add_extension(extra, critical=True)
    return builder.sign(issuer.key, hashes.SHA256())


def tsu(issuer: Authority | None = None, kind: str = "ec", **profile: object) -> SoftSigner:
    """A time-stamp unit under ``issuer`` (default: the issuing CA); ``profile`` as in :class:`TsuProfile`."""
    issuer = issuer or ca()
    key = _key(kind, "Test time-stamp unit")
    certificate = tsu_certificate(issuer, key, TsuProfile(**profile))  # type: ignore[arg-type]
    return SoftSigner(key, certificate, issuer.chain)
