"""A time-stamp authority of our own (RFC 3161 with RFC 5816, profiled by ETSI EN 319 422).

Owns: reading a request, refusing it for the right reason, and a CMS token over TSTInfo. Refuses: any clock of its own
(``now`` is passed in), any transport, and any request that asks for what it cannot do.

It is fast because everything that is the same in every token (algorithms, signer identifier, signing-certificate
attribute, certificates) is encoded once, and the rest is joined octets: a token costs little more than its signature.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.serialization import Encoding

from signing import der
from signing.errors import SigningError
from signing.ports import SignatureAlgorithm
from signing.time.syntax import (
    DIGEST_BYTES,
    ID_AA_SIGNING_CERTIFICATE_V2,
    ID_CONTENT_TYPE,
    ID_CT_TST_INFO,
    ID_MESSAGE_DIGEST,
    ID_SHA256,
    ID_SIGNED_DATA,
    Accuracy,
    PkiFailure,
    PkiStatus,
    TimeStampRequest,
    algorithm,
    parse_request,
)
from signing.time.trust import issuer_name, require_time_stamping_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cryptography.x509 import Certificate

    from signing.ports import Signer

__all__ = ["MAX_REQUEST_BYTES", "TimeStampAuthority", "random_serial"]

# A request is about 80 octets; a nonce or an extension has no reason to make it a thousand.
MAX_REQUEST_BYTES: Final = 1024

_GRANTED: Final = der.sequence(der.integer(PkiStatus.GRANTED))
_SHA256: Final = algorithm(ID_SHA256)
_SIGNATURE_ALGORITHMS: Final = {
    SignatureAlgorithm.ECDSA_WITH_SHA256: algorithm("1.2.840.10045.4.3.2"),  # RFC 5758 § 3.2: parameters absent
    SignatureAlgorithm.RSA_WITH_SHA256: algorithm("1.2.840.113549.1.1.11", der.null()),  # RFC 5754 § 3.2: NULL
}


def random_serial() -> int:
    """128 random bits: unique without a counter to keep (RFC 3161 § 2.4.2 allows 160)."""
    return secrets.randbits(128) | 1  # never zero


class TimeStampAuthority:
    """Answers time-stamp requests with tokens signed by one time-stamp unit.

    ``policy_oid`` is the one policy tokens are issued under; ``accuracy`` is declared in each (EN 319 422 § 5.2);
    ``serial_source`` MUST NOT give a number twice. genTime is in whole seconds, cut, so that a token is never from
    the future; that, and the drift of the clock behind ``now``, must lie within the accuracy declared.

    Raises :class:`signing.errors.TimeStampError` (``time.wrong_usage``) for a certificate not for time-stamping only.
    """

    def __init__(
        self,
        signer: Signer,
        policy_oid: str,
        accuracy: Accuracy = Accuracy(),  # noqa: B008 - frozen
        serial_source: Callable[[], int] = random_serial,
    ) -> None:
        require_time_stamping_only(signer.certificate)
        self._signer = signer
        self._policy_oid = policy_oid
        self._serial_source = serial_source
        self._not_before = signer.certificate.not_valid_before_utc
        self._not_after = signer.certificate.not_valid_after_utc
        # The constant octets of every token, in the order they are used.
        self._info_head = der.integer(1) + der.oid(policy_oid)
        self._accuracy = accuracy.encode()
        self._content_type = _attribute(ID_CONTENT_TYPE, der.oid(ID_CT_TST_INFO))
        self._signing_certificate = _signing_certificate_v2(signer.certificate)
        self._certificates = _certificates(signer)
        self._signer_head = der.integer(1) + _issuer_and_serial(signer.certificate) + _SHA256
        self._signature_algorithm = _SIGNATURE_ALGORITHMS[signer.algorithm]

    def respond(self, request_der: bytes, now: datetime) -> bytes:
        """DER ``TimeStampResp`` to a DER ``TimeStampReq``: granted at ``now`` (aware), or a rejection."""
        if len(request_der) > MAX_REQUEST_BYTES:
            return _rejection(PkiFailure.BAD_DATA_FORMAT, "request too long")
        try:
            request = parse_request(request_der)
        except der.DerError as error:
            return _rejection(PkiFailure.BAD_DATA_FORMAT, str(error))
        refusal = self._refusal(request, now)
        if refusal is not None:
            return _rejection(*refusal)
        try:
            return der.sequence(_GRANTED, self._token(request, now))
        except SigningError as error:
            # The code tells the operator which key failed and tells a stranger nothing.
            return _rejection(PkiFailure.SYSTEM_FAILURE, error.code)

    def _refusal(self, request: TimeStampRequest, now: datetime) -> tuple[PkiFailure, str] | None:
        """Why the request cannot be granted, or nothing (RFC 3161 § 2.4.1, § 2.4.2)."""
        reasons = (
            (request.version != 1, PkiFailure.BAD_REQUEST, "version is not 1"),
            (request.hash_oid not in DIGEST_BYTES, PkiFailure.BAD_ALG, "digest algorithm not accepted"),
            (
                len(request.digest) != DIGEST_BYTES.get(request.hash_oid),
                PkiFailure.BAD_DATA_FORMAT,
                "digest of the wrong length",
            ),
            (request.policy_oid not in (None, self._policy_oid), PkiFailure.UNACCEPTED_POLICY, "policy not served"),
            (request.has_extensions, PkiFailure.UNACCEPTED_EXTENSION, "extensions not accepted"),
            (not self._not_before <= now <= self._not_after, PkiFailure.SYSTEM_FAILURE, "certificate not current"),
        )
        return next(((failure, text) for applies, failure, text in reasons if applies), None)

    def _token(self, request: TimeStampRequest, now: datetime) -> bytes:
        """ContentInfo with SignedData over TSTInfo (RFC 5652 § 5, RFC 3161 § 2.4.2)."""
        info = der.sequence(
            self._info_head,
            request.imprint_der,
            der.integer(self._serial_source()),
            der.generalized_time(now.replace(microsecond=0)),
            self._accuracy,
            # ordering is FALSE, the default, which DER leaves out (EN 319 422 § 5.2)
            request.nonce_der or b"",
        )
        message_digest = _attribute(ID_MESSAGE_DIGEST, der.octet_string(hashlib.sha256(info).digest()))
        attributes = der.set_of(self._content_type, message_digest, self._signing_certificate)
        signature = self._signer.sign(attributes)  # RFC 5652 § 5.4: over the SET OF, not over [0] IMPLICIT
        signer_info = der.sequence(
            self._signer_head, der.implicit(0, attributes), self._signature_algorithm, der.octet_string(signature)
        )
        signed_data = der.sequence(
            der.integer(3),  # RFC 5652 § 5.1: the content is not id-data
            der.set_of(_SHA256),
            der.sequence(der.oid(ID_CT_TST_INFO), der.explicit(0, der.octet_string(info))),
            self._certificates if request.certificate_requested else b"",
            der.set_of(signer_info),
        )
        return der.sequence(der.oid(ID_SIGNED_DATA), der.explicit(0, signed_data))


def _attribute(dotted: str, value: bytes) -> bytes:
    return der.sequence(der.oid(dotted), der.set_of(value))


def _signing_certificate_v2(certificate: Certificate) -> bytes:
    """ESSCertIDv2 (RFC 5035 § 4): SHA-256 is the default and left out; the digest alone names the certificate."""
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    cert_id = der.sequence(der.octet_string(digest))
    return _attribute(ID_AA_SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(cert_id)))


def _issuer_and_serial(certificate: Certificate) -> bytes:
    issuer_der = issuer_name(certificate.public_bytes(Encoding.DER))
    return der.sequence(issuer_der, der.integer(certificate.serial_number))


def _certificates(signer: Signer) -> bytes:
    """``[0] IMPLICIT CertificateSet``: the unit and the CAs above it, without the root, which must be known anyway."""
    above = [issuer for issuer in signer.issuers if issuer.issuer != issuer.subject]
    encoded = [certificate.public_bytes(Encoding.DER) for certificate in (signer.certificate, *above)]
    return der.implicit(0, der.set_of(*encoded))


def _rejection(failure: PkiFailure, text: str) -> bytes:
    texts = der.sequence(der.utf8_string(text))
    return der.sequence(der.sequence(der.integer(PkiStatus.REJECTION), texts, der.named_bits(failure)))
