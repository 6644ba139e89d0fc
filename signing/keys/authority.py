"""The issuing CA in daily work: party certificates, revocation, CRLs and OCSP answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.der import null, oid, sequence
from signing.keys import refusals
from signing.keys.issuance_log import Revocation
from signing.keys.issuer import Issuance
from signing.keys.moments import utc_seconds
from signing.keys.profiles import PARTY_LIFETIME, PARTY_PROFILE
from signing.keys.revocation import CrlWindow, OcspAnswer, OcspCertId, build_ocsp_response, cert_id_of
from signing.keys.subjects import party_name

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
    from cryptography.x509 import Certificate, ReasonFlags

    from signing.keys.issuer import CertificateIssuer
    from signing.keys.subjects import PartySubject
    from signing.ports import Signer

__all__ = ["CRL_LIFETIME", "OCSP_LIFETIME", "CertificateAuthority"]

# How long an answer may be reused. Proof embedded in a contract is fetched fresh, so a day only spares the network.
OCSP_LIFETIME: Final = timedelta(days=1)
CRL_LIFETIME: Final = timedelta(days=7)


class CertificateAuthority:
    """One generation of the issuing CA with its OCSP responder. Safe for threads; never copied or pickled."""

    __slots__ = ("_issuer", "_responder")

    def __init__(self, issuer: CertificateIssuer, responder: Signer) -> None:
        self._issuer = issuer
        self._responder = responder

    @property
    def certificate(self) -> Certificate:
        return self._issuer.identity.certificate

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """The CA first, root last."""
        return (self.certificate, *self._issuer.identity.issuers)

    @property
    def responder(self) -> Signer:
        """Signs OCSP answers; its certificate is enclosed in each."""
        return self._responder

    def issue_party_certificate(
        self,
        subject: PartySubject,
        public_key: CertificatePublicKeyTypes,
        now: datetime,
        lifetime: timedelta = PARTY_LIFETIME,
    ) -> Certificate:
        """An event-type certificate for one signature: a minute ago to ``lifetime`` ahead, content commitment only.

        The issuing is on disk before the certificate is signed.
        """
        profile = PARTY_PROFILE
        if lifetime != PARTY_LIFETIME:
            profile = replace(PARTY_PROFILE, lifetime=lifetime, least_lifetime=lifetime)
        return self._issuer.issue(Issuance(None, party_name(subject), public_key, profile), now)

    def has_issued(self, serial: int) -> bool:
        """Whether a certificate with this serial is on record here."""
        return self._issuer.log.was_issued(serial)

    def revoke(self, serial: int, at: datetime, reason: ReasonFlags = x509.ReasonFlags.unspecified) -> None:
        """Withdraw a certificate issued here, durably; a second revocation changes nothing."""
        if not self.has_issued(serial):
            raise refusals.serial_unknown(serial)
        if self._issuer.log.revocation_of(serial) is None:
            self._issuer.log.record_revoked(Revocation(serial, utc_seconds(at), reason))

    def crl(self, now: datetime, next_update: datetime | None = None) -> bytes:
        """DER CRL of this CA; ``next_update`` defaults to :data:`CRL_LIFETIME` from now."""
        return self._issuer.crl(CrlWindow(now, next_update or now + CRL_LIFETIME))

    def ocsp_response(self, certificate: Certificate, now: datetime) -> bytes:
        """DER ``OCSPResponse`` about a certificate of this CA; refused for one whose signature is not this CA's."""
        self.require_issued_here(certificate)
        question = cert_id_of(certificate, self.certificate)
        return self._answer(question, now, certificate_sha256=sha256(certificate.public_bytes(Encoding.DER)).digest())

    def answer_ocsp(self, request_der: bytes, now: datetime) -> bytes:
        """The answer to an RFC 6960 request: never raises for what a stranger sent, answers with an error status."""
        try:
            request = ocsp.load_der_ocsp_request(request_der)
            question = _question_of(request)
            nonce = _nonce_of(request)
        except (ValueError, NotImplementedError, KeyError):
            return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if not self._is_about_us(request):
            return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        return self._answer(question, now, nonce=nonce)

    def require_issued_here(self, certificate: Certificate) -> None:
        """Refuse a certificate this CA did not sign, whatever name it bears."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            raise refusals.not_issued_here() from None

    def _answer(
        self,
        question: OcspCertId,
        now: datetime,
        *,
        certificate_sha256: bytes | None = None,
        nonce: bytes | None = None,
    ) -> bytes:
        log = self._issuer.log
        return build_ocsp_response(
            OcspAnswer(
                cert_id=question,
                is_known=log.was_issued(question.serial),
                revocation=log.revocation_of(question.serial),
                this_update=now,
                next_update=now + OCSP_LIFETIME,
                archive_cutoff=self.certificate.not_valid_before_utc,
                certificate_sha256=certificate_sha256,
                nonce=nonce,
            ),
            self._responder,
        )

    def _is_about_us(self, request: ocsp.OCSPRequest) -> bool:
        builder = ocsp.OCSPRequestBuilder().add_certificate(
            self._responder.certificate, self.certificate, request.hash_algorithm
        )
        ours = builder.build()
        return (ours.issuer_name_hash, ours.issuer_key_hash) == (request.issuer_name_hash, request.issuer_key_hash)

    def __repr__(self) -> str:
        return f"CertificateAuthority({self._issuer.identity.stem})"

    def __reduce__(self) -> NoReturn:
        raise refusals.never_leaves()


# Hashes a CertID may use; SHA-1 names, it proves nothing here (RFC 6960 § 4.3 still has clients send it).
_HASH_OID: Final = {
    "sha1": "1.3.14.3.2.26",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}

# RFC 9654 § 2.1: responders must accept 1 to 128 octets at most.
_MAX_NONCE_BYTES: Final = 128


def _question_of(request: ocsp.OCSPRequest) -> OcspCertId:
    return OcspCertId(
        sequence(oid(_HASH_OID[request.hash_algorithm.name]), null()),
        request.issuer_name_hash,
        request.issuer_key_hash,
        request.serial_number,
    )


def _nonce_of(request: ocsp.OCSPRequest) -> bytes | None:
    try:
        nonce = request.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None
    if not 0 < len(nonce) <= _MAX_NONCE_BYTES:
        raise ValueError("nonce length")
    return nonce


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
