"""Proof of status as DER: certificate revocation lists (RFC 5280 § 5) and OCSP responses (RFC 6960).

Certificates here expire within a day and are looked at for decades, so both proofs say that they keep what has
expired: ``expiredCertsOnCRL`` (ITU-T X.509 § 9.5.2.8) and OCSP ``archiveCutoff`` (RFC 6960 § 4.4.4). Without it a
validator must not trust "good" for a certificate that had already expired when the proof was made.

The OCSP response is written here because ``cryptography`` cannot put an extension on a single response.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.der import (
    BIT_STRING,
    SEQUENCE,
    Reader,
    bit_string,
    decode_bit_string,
    enumerated,
    explicit,
    generalized_time,
    implicit,
    integer,
    null,
    octet_string,
    oid,
    sequence,
)
from signing.keys.moments import utc_seconds
from signing.ports import SignatureAlgorithm

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

    from signing.keys.issuance_log import Revocation
    from signing.ports import Signer

__all__ = [
    "CrlWindow",
    "OcspAnswer",
    "OcspCertId",
    "build_crl",
    "build_ocsp_response",
    "cert_id_of",
    "hash_for",
]

_EXPIRED_CERTS_ON_CRL: Final = x509.ObjectIdentifier("2.5.29.60")
_OCSP_BASIC: Final = "1.3.6.1.5.5.7.48.1.1"
_OCSP_NONCE: Final = "1.3.6.1.5.5.7.48.1.2"
_ARCHIVE_CUTOFF: Final = "1.3.6.1.5.5.7.48.1.6"
_CERT_HASH: Final = "1.3.36.8.3.13"
_SHA256_ALGORITHM: Final = sequence(oid("2.16.840.1.101.3.4.2.1"), null())
_SUCCESSFUL: Final = 0

# RFC 5758 § 3.2 (ECDSA: no parameters), RFC 4055 § 5 (RSA: NULL).
_SIGNATURE_ALGORITHM: Final = {
    SignatureAlgorithm.ECDSA_WITH_SHA256: sequence(oid("1.2.840.10045.4.3.2")),
    SignatureAlgorithm.RSA_WITH_SHA256: sequence(oid("1.2.840.113549.1.1.11"), null()),
}

# RFC 5280 § 5.3.1 CRLReason.
_REASON_NUMBER: Final = {
    x509.ReasonFlags.unspecified: 0,
    x509.ReasonFlags.key_compromise: 1,
    x509.ReasonFlags.ca_compromise: 2,
    x509.ReasonFlags.affiliation_changed: 3,
    x509.ReasonFlags.superseded: 4,
    x509.ReasonFlags.cessation_of_operation: 5,
    x509.ReasonFlags.certificate_hold: 6,
    x509.ReasonFlags.privilege_withdrawn: 9,
    x509.ReasonFlags.aa_compromise: 10,
}


@dataclass(frozen=True, slots=True)
class OcspCertId:
    """Which certificate is asked about (RFC 6960 § 4.1.1 ``CertID``)."""

    algorithm_der: bytes
    """AlgorithmIdentifier of the two hashes."""

    issuer_name_hash: bytes
    """Hash of the issuer's DER name."""

    issuer_key_hash: bytes
    """Hash of the issuer's public key bits."""

    serial: int
    """Of the certificate."""


@dataclass(frozen=True, slots=True)
class OcspAnswer:
    """What is said about one certificate."""

    cert_id: OcspCertId
    """The question."""

    is_known: bool
    """Whether the serial was ever issued; if not the status is ``unknown``."""

    revocation: Revocation | None
    """Absent: good."""

    this_update: datetime
    """When the status was looked up, aware."""

    next_update: datetime
    """When a newer answer will be had."""

    archive_cutoff: datetime
    """Certificates that expired after this are still answered for."""

    certificate_sha256: bytes | None = None
    """Digest of the certificate itself when the responder has seen it (ISIS-MTT ``CertHash``: a positive statement)."""

    nonce: bytes | None = None
    """Content of the nonce of the request (RFC 9654), given back."""


def cert_id_of(certificate: Certificate, issuer: Certificate) -> OcspCertId:
    """The CertID of a certificate under SHA-256."""
    spki = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    reader = Reader(spki).enter(SEQUENCE)
    reader.next(SEQUENCE)
    key_bits, _ = decode_bit_string(reader.take(BIT_STRING))
    return OcspCertId(
        algorithm_der=_SHA256_ALGORITHM,
        issuer_name_hash=sha256(issuer.subject.public_bytes()).digest(),
        issuer_key_hash=sha256(key_bits).digest(),
        serial=certificate.serial_number,
    )


def build_ocsp_response(answer: OcspAnswer, responder: Signer) -> bytes:
    """DER ``OCSPResponse`` with one answer, the responder named by key and its certificate enclosed."""
    identifier = responder.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    parts = [
        explicit(2, octet_string(identifier.digest)),
        generalized_time(utc_seconds(answer.this_update)),
        sequence(_single_response(answer)),
    ]
    if answer.nonce is not None:
        parts.append(explicit(1, sequence(_extension(_OCSP_NONCE, octet_string(answer.nonce)))))
    response_data = sequence(*parts)
    basic = sequence(
        response_data,
        _SIGNATURE_ALGORITHM[responder.algorithm],
        bit_string(responder.sign(response_data)),
        explicit(0, sequence(responder.certificate.public_bytes(Encoding.DER))),
    )
    return sequence(enumerated(_SUCCESSFUL), explicit(0, sequence(oid(_OCSP_BASIC), octet_string(basic))))


def _single_response(answer: OcspAnswer) -> bytes:
    extensions = [_extension(_ARCHIVE_CUTOFF, generalized_time(utc_seconds(answer.archive_cutoff)))]
    if answer.certificate_sha256 is not None:
        statement = sequence(_SHA256_ALGORITHM, octet_string(answer.certificate_sha256))
        extensions.append(_extension(_CERT_HASH, statement))
    cert_id = answer.cert_id
    return sequence(
        sequence(
            cert_id.algorithm_der,
            octet_string(cert_id.issuer_name_hash),
            octet_string(cert_id.issuer_key_hash),
            integer(cert_id.serial),
        ),
        _status(answer),
        generalized_time(utc_seconds(answer.this_update)),
        explicit(0, generalized_time(utc_seconds(answer.next_update))),
        explicit(1, sequence(*extensions)),
    )


def _status(answer: OcspAnswer) -> bytes:
    """RFC 6960 § 4.2.1 ``CertStatus``; the reason is left out when unspecified, as in a CRL."""
    if not answer.is_known:
        return implicit(2, null())
    if answer.revocation is None:
        return implicit(0, null())
    parts = [generalized_time(utc_seconds(answer.revocation.revoked_at))]
    number = _REASON_NUMBER[answer.revocation.reason]
    if number:
        parts.append(explicit(0, enumerated(number)))
    return implicit(1, sequence(*parts))


def _extension(dotted: str, value: bytes) -> bytes:
    return sequence(oid(dotted), octet_string(value))


def _crl_number_at(now: datetime, revoked: int) -> int:
    """A CRL number that grows with time and, within one second, with every revocation (RFC 5280 § 5.2.3)."""
    return int(now.timestamp()) << 32 | revoked


@dataclass(frozen=True, slots=True)
class CrlWindow:
    """When a CRL speaks."""

    this_update: datetime
    """Aware."""

    next_update: datetime
    """Aware; by then a newer one is there."""


def build_crl(
    key: EllipticCurvePrivateKey, issuer: Certificate, revocations: tuple[Revocation, ...], window: CrlWindow
) -> bytes:
    """DER CRL of one authority, complete: it keeps certificates that have expired."""
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    since = generalized_time(utc_seconds(issuer.not_valid_before_utc))
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(utc_seconds(window.this_update))
        .next_update(utc_seconds(window.next_update))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .add_extension(x509.CRLNumber(_crl_number_at(window.this_update, len(revocations))), critical=False)
        .add_extension(x509.UnrecognizedExtension(_EXPIRED_CERTS_ON_CRL, since), critical=False)
    )
    for revocation in revocations:
        builder = builder.add_revoked_certificate(_revoked_entry(revocation))
    return builder.sign(key, hash_for(key)).public_bytes(Encoding.DER)


def _revoked_entry(revocation: Revocation) -> x509.RevokedCertificate:
    entry = x509.RevokedCertificateBuilder().serial_number(revocation.serial).revocation_date(revocation.revoked_at)
    if revocation.reason is not x509.ReasonFlags.unspecified:  # RFC 5280 § 5.3.1: absent rather than unspecified
        entry = entry.add_extension(x509.CRLReason(revocation.reason), critical=False)
    return entry.build()


def hash_for(key: EllipticCurvePrivateKey) -> hashes.SHA256 | hashes.SHA384:
    """The digest that matches the strength of a CA's curve."""
    return hashes.SHA384() if key.key_size > 256 else hashes.SHA256()
