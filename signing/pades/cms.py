"""CMS SignedData for PAdES and CAdES baseline B-T, written straight as DER (RFC 5652, ETSI EN 319 122-1, 319 142-1).

One signer, SHA-256, no content inside (detached). Signed attributes: content-type, message-digest,
signing-certificate-v2; signing-time only for CAdES, since PAdES keeps the claimed time in ``/M`` (EN 319 142-1 § 6.3,
requirement (f)). Unsigned attribute: the signature time-stamp, always: without a token there is no signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from signing import der
from signing.ports import SignatureAlgorithm, TimeStampToken

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate

    from signing.ports import Signer

__all__ = ["TimeStamper", "sign_detached", "sign_digest"]

TimeStamper = Callable[[bytes], TimeStampToken]
"""From a SHA-256 digest (32 bytes) to a checked token over it, or ``TimeStampError``."""

_DATA = der.oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
_SIGNING_TIME = der.oid("1.2.840.113549.1.9.5")
_SIGNATURE_TIME_STAMP = der.oid("1.2.840.113549.1.9.16.2.14")
_SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")

_SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))  # parameters absent, RFC 5754 § 2
_SIGNATURE_ALGORITHMS = {
    SignatureAlgorithm.ECDSA_WITH_SHA256: der.sequence(der.oid("1.2.840.10045.4.3.2")),  # RFC 5758 § 3.2
    SignatureAlgorithm.RSA_WITH_SHA256: der.sequence(der.oid("1.2.840.113549.1.1.11"), der.null()),  # RFC 5754 § 3.2
}

_UTC_TIME_UNTIL = 2050
"""From this year on a signing-time is a GeneralizedTime (RFC 5652 § 11.3)."""


def sign_digest(digest: bytes, signer: Signer, timestamper: TimeStamper) -> bytes:
    """PAdES B-T: DER ``ContentInfo`` over the SHA-256 ``digest`` (32 bytes) of the ByteRange."""
    return _signed_data(_signed_attributes(digest, signer.certificate), signer, timestamper)


def sign_detached(data: bytes, signer: Signer, timestamper: TimeStamper, signed_at: datetime) -> bytes:
    """CAdES B-T: DER ``ContentInfo`` over ``data``, which stays outside; ``signed_at`` is the claimed time."""
    digest = hashlib.sha256(data).digest()
    attributes = _signed_attributes(digest, signer.certificate, _attribute(_SIGNING_TIME, _time(signed_at)))
    return _signed_data(attributes, signer, timestamper)


def _signed_attributes(digest: bytes, certificate: Certificate, *more: bytes) -> bytes:
    """The SET OF that is signed (RFC 5652 § 5.4)."""
    certificate_digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    # RFC 5035 § 4: SHA-256 is the default hash algorithm and therefore absent in DER.
    signing_certificate = der.sequence(der.sequence(der.sequence(der.octet_string(certificate_digest))))
    return der.set_of(
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, der.octet_string(digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, signing_certificate),
        *more,
    )


def _signed_data(attributes: bytes, signer: Signer, timestamper: TimeStamper) -> bytes:
    signature = signer.sign(attributes)
    token = timestamper(hashlib.sha256(signature).digest())
    certificates = [c.public_bytes(Encoding.DER) for c in (signer.certificate, *signer.issuers)]
    return der.sequence(
        _SIGNED_DATA,
        der.explicit(
            0,
            der.sequence(
                der.integer(1),
                der.set_of(_SHA256),
                der.sequence(_DATA),
                der.implicit(0, der.set_of(*certificates)),
                der.set_of(_signer_info(attributes, signer, signature, token)),
            ),
        ),
    )


def _signer_info(attributes: bytes, signer: Signer, signature: bytes, token: TimeStampToken) -> bytes:
    certificate = signer.certificate
    return der.sequence(
        der.integer(1),
        der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number)),
        _SHA256,
        der.implicit(0, attributes),
        _SIGNATURE_ALGORITHMS[signer.algorithm],
        der.octet_string(signature),
        der.implicit(1, der.set_of(_attribute(_SIGNATURE_TIME_STAMP, token.token_der))),
    )


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.sequence(kind, der.set_of(value))


def _time(at: datetime) -> bytes:
    if at.year < _UTC_TIME_UNTIL:
        return der.tlv(der.UTC_TIME, at.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode())
    return der.generalized_time(at.replace(microsecond=0))
