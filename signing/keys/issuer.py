"""A CA key that issues: serial, profile, record, signature. What it issues for is decided by its callers."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.keys import refusals
from signing.keys.moments import utc_seconds
from signing.keys.profiles import PROFILES, extensions_of, validity_of
from signing.keys.revocation import CrlWindow, build_crl, hash_for
from signing.keys.subjects import Role

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
    from cryptography.x509 import Certificate, CertificateBuilder, Name

    from signing.keys.issuance_log import IssuanceLog
    from signing.keys.profiles import Profile
    from signing.keys.subjects import AuthorityNames

__all__ = ["CertificateIssuer", "Issuance", "IssuerIdentity", "self_signed"]


@dataclass(frozen=True, slots=True)
class IssuerIdentity:
    """What a CA's certificates say about it."""

    certificate: Certificate
    """Its own."""

    issuers: tuple[Certificate, ...]
    """Above it, root last; empty for the root."""

    stem: str
    """Names its files and addresses, e.g. ``issuing-0001``."""

    names: AuthorityNames
    """Policy and base address for what it issues."""


@dataclass(frozen=True, slots=True)
class Issuance:
    """One certificate asked for."""

    role: Role | None
    """Profile; absent for a party."""

    subject: Name
    """As it will stand in the certificate."""

    public_key: CertificatePublicKeyTypes
    """Whose private half the subject holds."""

    profile: Profile
    """What it may do and how long."""


class CertificateIssuer:
    """Holds a CA's private key. Safe for threads; never copied or pickled."""

    __slots__ = ("_key", "_log", "_templates", "identity")

    def __init__(self, key: EllipticCurvePrivateKey, identity: IssuerIdentity, log: IssuanceLog) -> None:
        self._key = key
        self._log = log
        self._templates: dict[Role | None, CertificateBuilder] = {}
        self.identity = identity

    @property
    def log(self) -> IssuanceLog:
        return self._log

    def issue(self, issuance: Issuance, now: datetime) -> Certificate:
        """Record, then sign. The serial has 159 random bits (§ 4.1.2.2)."""
        identity = self.identity
        not_before, not_after = validity_of(issuance.profile, now, identity.certificate)
        serial = x509.random_serial_number()
        builder = (
            self._template(issuance.role)
            .subject_name(issuance.subject)
            .public_key(issuance.public_key)
            .serial_number(serial)
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(issuance.public_key), critical=False)
        )
        builder = _with_key_use(builder, issuance.profile, not_before, not_after)
        self._log.record_issued(serial, _subject_digest(issuance), utc_seconds(now))
        return builder.sign(self._key, hash_for(self._key))

    def _template(self, role: Role | None) -> CertificateBuilder:
        # Extensions are encoded objects that never change: building them once halves the cost of a party certificate.
        known = self._templates.get(role)
        if known is None:
            identity = self.identity
            known = x509.CertificateBuilder().issuer_name(identity.certificate.subject)
            for extension, critical in extensions_of(role, identity.certificate, identity.stem, identity.names):
                known = known.add_extension(extension, critical=critical)
            self._templates[role] = known
        return known

    def crl(self, window: CrlWindow) -> bytes:
        """DER CRL of everything revoked here."""
        return build_crl(self._key, self.identity.certificate, self._log.revocations(), window)

    def __repr__(self) -> str:
        return f"CertificateIssuer({self.identity.stem})"

    def __reduce__(self) -> NoReturn:
        raise refusals.never_leaves()


def self_signed(key: EllipticCurvePrivateKey, name: Name, names: AuthorityNames, now: datetime) -> Certificate:
    """A root's certificate for itself."""
    profile = PROFILES[Role.ROOT]
    not_before, not_after = validity_of(profile, now, None)
    builder = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    for extension, critical in extensions_of(Role.ROOT, None, "", names):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key, hash_for(key))


def _with_key_use(
    builder: CertificateBuilder, profile: Profile, not_before: datetime, not_after: datetime
) -> CertificateBuilder:
    if profile.key_use is None:
        return builder
    end = min(not_before + profile.key_use, not_after)
    return builder.add_extension(x509.PrivateKeyUsagePeriod(not_before, end), critical=False)


def _subject_digest(issuance: Issuance) -> str:
    """Names nobody: without the public key a name and a masked number cannot be guessed from it."""
    spki = issuance.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(issuance.subject.public_bytes() + spki).hexdigest()
