"""A certification authority that lives for one test run: root → issuing CA → {signer, time-stamp unit}, with CRLs.

It shares no code with ``signing``: the harness must be able to tell good from bad without the code it will judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

BACKDATED_BY = timedelta(hours=1)
LIFETIME = timedelta(days=3650)
_SIGNING = ExtendedKeyUsageOID.EMAIL_PROTECTION
_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
CRL_URL = "http://crl.example/{name}.crl"
"""Reserved name (RFC 2606): DSS wants a distribution point, nobody may ever reach it."""


RSA_BITS = 3072
"""The least that DSS still accepts after 2028 (ETSI TS 119 312)."""

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Holder:
    certificate: x509.Certificate
    """The certificate."""

    key: PrivateKey
    """Its private key."""

    def key_der(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def write_pem(self, path: Path) -> Path:
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path


@dataclass(frozen=True, slots=True)
class ThrowawayPki:
    root: Holder
    """Trust anchor."""

    issuing: Holder
    """Issues both leaves."""

    signer: Holder
    """Signs documents."""

    time_stamper: Holder
    """Signs RFC 3161 tokens (extended key usage critical, RFC 3161 § 2.3)."""

    crls_der: tuple[bytes, ...]
    """The root's and the issuing CA's, both empty."""


def make_pki(name: str) -> ThrowawayPki:
    now = datetime.now(UTC).replace(microsecond=0)
    root = _authority(f"{name} Root", None, now)
    issuing = _authority(f"{name} Issuing CA", root, now)
    signer_key = ec.generate_private_key(ec.SECP256R1())
    # pyHanko's time-stamper for tests knows RSA only.
    stamp_key = rsa.generate_private_key(65537, RSA_BITS)
    signer = _leaf(_builder(f"{name} Signer", signer_key, issuing, now), signer_key, issuing, _SIGNING)
    time_stamper = _leaf(_builder(f"{name} TSU", stamp_key, issuing, now), stamp_key, issuing, _STAMPING)
    crls = tuple(_crl(authority, now).public_bytes(serialization.Encoding.DER) for authority in (root, issuing))
    return ThrowawayPki(root, issuing, signer, time_stamper, crls)


def revoked_signer_crl(pki: ThrowawayPki) -> bytes:
    """A CRL of the issuing CA that revokes the signer, as of the signer's birth."""
    now = datetime.now(UTC).replace(microsecond=0)
    entry = x509.RevokedCertificateBuilder(pki.signer.certificate.serial_number, now - BACKDATED_BY, []).build()
    return _crl(pki.issuing, now, entry).public_bytes(serialization.Encoding.DER)


def _authority(common_name: str, parent: Holder | None, now: datetime) -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    usage = _key_usage(signs_documents=False)
    builder = _builder(common_name, key, parent, now)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return _issue(builder.add_extension(usage, critical=True), key, parent)


def _leaf(builder: x509.CertificateBuilder, key: PrivateKey, parent: Holder, purpose: x509.ObjectIdentifier) -> Holder:
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(signs_documents=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return _issue(builder, key, parent)


def _builder(common_name: str, key: PrivateKey, parent: Holder | None, now: datetime) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(parent.certificate.subject if parent else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED_BY)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if parent is None:
        return builder
    authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(parent.key.public_key())
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(CRL_URL.format(name="ca"))], None, None, None)
    builder = builder.add_extension(authority_key, critical=False)
    return builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)


def _issue(builder: x509.CertificateBuilder, key: PrivateKey, parent: Holder | None) -> Holder:
    return Holder(builder.sign(parent.key if parent else key, hashes.SHA256()), key)


def _key_usage(*, signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_documents,
        crl_sign=not signs_documents,
        encipher_only=False,
        decipher_only=False,
    )


def _crl(authority: Holder, now: datetime, *revoked: x509.RevokedCertificate) -> x509.CertificateRevocationList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now)
        .next_update(now + timedelta(days=30))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    for entry in revoked:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority.key, hashes.SHA256())
