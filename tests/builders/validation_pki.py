"""A PKI for validation tests in which every time is given: certificates, CRLs and OCSP answers of any year.

It shares no code with ``signing``: what judges must not also make what is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["BIRTH", "DAY", "YEAR", "Holder", "Pki", "der", "make_pki", "shared_pki"]

BIRTH = datetime(2026, 11, 1, tzinfo=UTC)
"""When the PKI was made."""

DAY = timedelta(days=1)
YEAR = timedelta(days=365)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        return der(self.certificate)

    def key_der(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


@dataclass(frozen=True, slots=True)
class Pki:
    """root → issuing CA → whoever is asked for."""

    root: Holder
    issuing: Holder

    def party(self, name: str, start: datetime = BIRTH, life: timedelta = 2 * YEAR, **kind: object) -> Holder:
        """Someone who signs documents."""
        return _issue(name, self.issuing, (start, start + life), usage="sign", **kind)

    def stamper(self, name: str, start: datetime = BIRTH, life: timedelta = 5 * YEAR, **kind: object) -> Holder:
        """A time-stamp unit; pyHanko's time-stamper for tests knows RSA only."""
        return _issue(name, self.issuing, (start, start + life), usage="stamp", key=_rsa_key(name), **kind)

    def responder(self, name: str, start: datetime = BIRTH, life: timedelta = YEAR) -> Holder:
        return _issue(name, self.issuing, (start, start + life), usage="ocsp")

    def crl(
        self,
        authority: Holder,
        at: datetime,
        revoked: tuple[tuple[Holder, datetime], ...] = (),
        life: timedelta = 30 * DAY,
        *,
        expired_too: bool = True,
    ) -> bytes:
        """A CRL of ``authority`` made ``at``; by default it also speaks about expired certificates."""
        builder = x509.CertificateRevocationListBuilder(authority.certificate.subject, at, at + life)
        if expired_too:
            stamp = BIRTH.strftime("%Y%m%d%H%M%SZ").encode()
            point = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.60"), b"\x18\x0f" + stamp)
            builder = builder.add_extension(point, critical=False)
        for holder, when in revoked:
            entry = x509.RevokedCertificateBuilder(holder.certificate.serial_number, when).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def crls(self, at: datetime, *revoked: tuple[Holder, datetime]) -> tuple[bytes, bytes]:
        """The root's and the issuing CA's."""
        return self.crl(self.root, at, life=90 * DAY), self.crl(self.issuing, at, revoked)

    def ocsp(
        self,
        about: Holder,
        responder: Holder,
        at: datetime,
        revoked_at: datetime | None = None,
        life: timedelta = 7 * DAY,
    ) -> bytes:
        status = ocsp.OCSPCertStatus.REVOKED if revoked_at else ocsp.OCSPCertStatus.GOOD
        builder = ocsp.OCSPResponseBuilder().add_response(
            about.certificate, self.issuing.certificate, hashes.SHA256(), status, at, at + life, revoked_at, None
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        if responder is not self.issuing:
            builder = builder.certificates([responder.certificate])
        # ``produced_at`` is always the machine's clock in cryptography; validity of the responder must span it.
        return builder.sign(responder.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def make_pki(name: str, start: datetime = BIRTH, life: timedelta = 40 * YEAR) -> Pki:
    """A root and an issuing CA that outlive a contract."""
    root = _issue(f"{name} Root", None, (start, start + life), usage="ca")
    return Pki(root, _issue(f"{name} Issuing CA", root, (start, start + life), usage="ca"))


@cache
def shared_pki() -> Pki:
    """One PKI per process for tests that need no particular one."""
    return make_pki("Shared")


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


@cache
def _rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key per name and process; RSA generation is slow."""
    del name
    return rsa.generate_private_key(65537, bits)


def _issue(
    name: str,
    issuer: Holder | None,
    validity: tuple[datetime, datetime],
    *,
    usage: str,
    key: PrivateKey | None = None,
    no_check: bool = False,
) -> Holder:
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
        .add_extension(x509.BasicConstraints(ca=usage == "ca", path_length=None), critical=True)
        .add_extension(_key_usage(usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if usage == "stamp":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if usage == "ocsp":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    if usage == "ocsp" or no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return Holder(builder.sign(signer, hashes.SHA256()), key)


def _key_usage(usage: str) -> x509.KeyUsage:
    is_ca = usage == "ca"
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=usage == "sign",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
