"""A certification authority for notary offices that do not exist: in memory, its days as given, worth nothing.

Root, issuing CA, time-stamp unit, offices' certificates; its CRLs say what was revoked. Real offices have a licensed
authority's (电子签名法 art. 16).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from signing.pades import RevocationAnswers
from signing.ports import SignatureAlgorithm
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cryptography.x509 import Certificate

    from signing.pades import TimeStamper

__all__ = ["NotaryPki", "OfficeSigner", "make_pki"]

_DAY = timedelta(days=1)
_YEAR = 365 * _DAY
_POLICY = "2.25.183164013115775903716615750672045416708.9"
"""Of the demo's time-stamps, in this project's own arc."""

_CRLS = x509.CRLDistributionPoints(
    [
        x509.DistributionPoint(
            [x509.UniformResourceIdentifier("http://pki.qianshu.example/notary.crl")], None, None, None
        )
    ]
)
"""Answers nobody: NSS, and so poppler, trusts no certificate that does not say where its list would be."""

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True, slots=True)
class OfficeSigner:
    """A key and its certificate: :class:`signing.ports.Signer`."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    """Never written anywhere."""

    certificate: Certificate
    """Its certificate."""

    issuers: tuple[Certificate, ...] = ()
    """Issuing CA first, root last."""

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return SignatureAlgorithm.ECDSA_WITH_SHA256

    def sign(self, data: bytes) -> bytes:
        """ECDSA over SHA-256, DER."""
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        """Issuers, DER."""
        return tuple(each.public_bytes(Encoding.DER) for each in self.issuers)

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(Encoding.DER)


@dataclass
class NotaryPki:
    """The authority. ``now`` of every act is given."""

    root: OfficeSigner
    issuing: OfficeSigner
    stamper: OfficeSigner
    made_at: datetime
    revoked: dict[int, datetime] = field(default_factory=dict)

    def office_signer(self, name: str, starts_at: datetime, lifetime: timedelta = 2 * _YEAR) -> OfficeSigner:
        """A certificate for an office."""
        wanted = _Wanted(name, starts_at, starts_at + lifetime, "sign")
        return _issued(wanted, self.issuing)

    def revoke(self, signer: OfficeSigner, at: datetime) -> None:
        """From ``at`` on its CRLs say so."""
        self.revoked[signer.certificate.serial_number] = at

    def timestamper(self, now: datetime) -> TimeStamper:
        """Time-stamps of the moment ``now``."""
        authority = TimeStampAuthority(self.stamper, _POLICY)
        client = TimeStampClient([LocalTransport(authority, lambda: now)], TimeStampTrust([self.root.certificate]))
        return lambda digest: client.stamp(digest, now)

    def crls(self, now: datetime) -> tuple[bytes, bytes]:
        """The root's and the issuing CA's, DER."""
        return self._crl(self.root, now, {}), self._crl(self.issuing, now, self.revoked)

    def revocation(self, now: datetime) -> PkiRevocation:
        """:class:`signing.pades.RevocationSource` as of ``now``."""
        return PkiRevocation(self, now)

    def _crl(self, authority: OfficeSigner, now: datetime, revoked: dict[int, datetime]) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder(authority.certificate.subject, now, now + 30 * _DAY)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(_key_of(authority), critical=False)
        )
        for serial, at in revoked.items():
            entry = x509.RevokedCertificateBuilder(serial, at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True, slots=True)
class PkiRevocation:
    """Answers by CRL: of the root for the issuing CA, of the issuing CA for the rest."""

    pki: NotaryPki
    """Whose."""

    now: datetime
    """As of when."""

    def answers_for(
        self, certificates: Iterable[Certificate], settled: Iterable[Certificate] = ()
    ) -> RevocationAnswers:
        """Every certificate of this authority, and both lists."""
        del settled
        own = (self.pki.stamper.certificate, self.pki.issuing.certificate, self.pki.root.certificate)
        every = dict.fromkeys((*certificates, *own))
        return RevocationAnswers(tuple(each.public_bytes(Encoding.DER) for each in every), (), self.pki.crls(self.now))


def make_pki(made_at: datetime, name: str = "演示公证电子认证") -> NotaryPki:
    """A new authority with keys of its own."""
    days = (made_at - _YEAR, made_at + 20 * _YEAR)
    root = _issued(_Wanted(f"{name}根CA", *days, "ca"), None)
    issuing = _issued(_Wanted(f"{name}签发CA", *days, "ca"), root)
    stamper = _issued(_Wanted(f"{name}时间戳", *days, "stamp"), issuing)
    return NotaryPki(root, issuing, stamper, made_at)


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    """Common name."""

    not_before: datetime
    """Start."""

    not_after: datetime
    """End."""

    usage: str
    """``ca``, ``sign``, ``stamp``."""


def _issued(wanted: _Wanted, issuer: OfficeSigner | None) -> OfficeSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(wanted.name)
    is_ca = wanted.usage == "ca"
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(wanted.not_before)
        .not_valid_after(wanted.not_after)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(_key_usage(wanted.usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is not None:
        builder = builder.add_extension(_key_of(issuer), critical=False).add_extension(_CRLS, critical=False)
    if wanted.usage == "sign":  # emailProtection is what NSS, and so poppler, asks of a signer
        usages = [_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if wanted.usage == "stamp":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    certificate = builder.sign(key if issuer is None else issuer.key, hashes.SHA256())
    above = () if issuer is None else (issuer.certificate, *issuer.issuers)
    return OfficeSigner(key, certificate, above)


def _key_of(issuer: OfficeSigner) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "签署演示（无效）"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(usage: str) -> x509.KeyUsage:
    named = functools.partial(
        x509.KeyUsage,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    is_ca = usage == "ca"
    return named(digital_signature=not is_ca, content_commitment=not is_ca, key_cert_sign=is_ca, crl_sign=is_ca)
