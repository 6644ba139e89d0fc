"""The structures of RFC 3161 § 2.4: requests, responses and TSTInfo, as frozen values and as DER.

Nothing is judged here: whoever reads a value decides whether it is acceptable. Malformed octets raise
:class:`signing.der.DerError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from signing import der

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "DIGEST_BYTES",
    "ID_AA_SIGNING_CERTIFICATE_V2",
    "ID_CONTENT_TYPE",
    "ID_CT_TST_INFO",
    "ID_MESSAGE_DIGEST",
    "ID_SHA256",
    "ID_SIGNED_DATA",
    "Accuracy",
    "PkiFailure",
    "PkiStatus",
    "TimeStampRequest",
    "TimeStampResponse",
    "TstInfo",
    "algorithm",
    "encode_request",
    "parse_request",
    "parse_response",
    "parse_tst_info",
]

ID_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
ID_CT_TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
ID_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
ID_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
ID_AA_SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
ID_SHA256: Final = "2.16.840.1.101.3.4.2.1"

# Digests time-stamped here, with their length. SM3 (1.2.156.10197.1.401) is refused until signing does SM2 as well.
DIGEST_BYTES: Final[dict[str, int]] = {
    ID_SHA256: 32,
    "2.16.840.1.101.3.4.2.2": 48,  # SHA-384
    "2.16.840.1.101.3.4.2.3": 64,  # SHA-512
}

# A status text is somebody else's and ends up in logs and messages: enough for a sentence, no more.
_MAX_STATUS_TEXT: Final = 200


class PkiStatus(IntEnum):
    """PKIStatus (RFC 3161 § 2.4.2)."""

    GRANTED = 0
    GRANTED_WITH_MODS = 1
    REJECTION = 2
    WAITING = 3
    REVOCATION_WARNING = 4
    REVOCATION_NOTIFICATION = 5


class PkiFailure(IntEnum):
    """PKIFailureInfo, by bit number (RFC 3161 § 2.4.2)."""

    BAD_ALG = 0
    BAD_REQUEST = 2
    BAD_DATA_FORMAT = 5
    TIME_NOT_AVAILABLE = 14
    UNACCEPTED_POLICY = 15
    UNACCEPTED_EXTENSION = 16
    ADD_INFO_NOT_AVAILABLE = 17
    SYSTEM_FAILURE = 25


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far genTime may be from UTC (RFC 3161 § 2.4.2); EN 319 422 § 5.2 wants one second or better."""

    seconds: int = 1
    """Whole seconds."""

    millis: int = 0
    """1…999, or 0 for none."""

    micros: int = 0
    """1…999, or 0 for none."""

    def __post_init__(self) -> None:
        if self.seconds < 0 or not (0 <= self.millis <= 999 and 0 <= self.micros <= 999):
            raise ValueError("accuracy out of range")

    def encode(self) -> bytes:
        """DER, zero components left out."""
        millis = der.implicit(0, der.integer(self.millis)) if self.millis else b""
        micros = der.implicit(1, der.integer(self.micros)) if self.micros else b""
        return der.sequence(der.integer(self.seconds) if self.seconds else b"", millis, micros)


@dataclass(frozen=True, slots=True)
class TimeStampRequest:
    """TimeStampReq (RFC 3161 § 2.4.1)."""

    version: int
    """1, or not a request of this protocol."""

    imprint_der: bytes
    """MessageImprint as it came: the response must repeat it."""

    hash_oid: str
    """Digest algorithm, dotted."""

    digest: bytes
    """The digest to be time-stamped."""

    policy_oid: str | None
    """Policy asked for, or none."""

    nonce_der: bytes | None
    """The nonce as it came (complete INTEGER), or none."""

    certificate_requested: bool
    """certReq: put the signer's certificate into the token."""

    has_extensions: bool
    """Whether extensions came with it (none is known here)."""


def algorithm(dotted: str, *parameters: bytes) -> bytes:
    """AlgorithmIdentifier; parameters absent unless given (RFC 5754 § 2)."""
    return der.sequence(der.oid(dotted), *parameters)


def encode_request(digest: bytes, nonce: int, policy_oid: str | None) -> bytes:
    """A request for a SHA-256 digest, with the certificate asked for."""
    return der.sequence(
        der.integer(1),
        der.sequence(algorithm(ID_SHA256), der.octet_string(digest)),
        der.oid(policy_oid) if policy_oid else b"",
        der.integer(nonce),
        der.boolean(True),  # noqa: FBT003 - certReq, the value encoded
    )


def parse_request(request_der: bytes) -> TimeStampRequest:
    """Read a request; what it asks is for the caller to judge."""
    outer = der.Reader(request_der)
    body = outer.enter(der.SEQUENCE)
    outer.finish()
    version = der.decode_integer(body.take(der.INTEGER))
    imprint_der = body.take_encoded(der.SEQUENCE)
    hash_oid, digest = _imprint(imprint_der)
    policy_oid = der.decode_oid(body.take(der.OBJECT_IDENTIFIER)) if body.peek() == der.OBJECT_IDENTIFIER else None
    nonce_der = body.take_encoded() if body.peek() == der.INTEGER else None
    if nonce_der is not None:
        der.decode_integer(nonce_der[2:])  # what is echoed must itself be DER; longer nonces are over the size limit
    # DEFAULT FALSE: an explicit FALSE is not DER, yet RFC 3161 clients write it; nothing is gained by refusing.
    certificate_requested = der.decode_boolean(body.take(der.BOOLEAN)) if body.peek() == der.BOOLEAN else False
    has_extensions = body.peek() == 0xA0
    if has_extensions:
        body.next()
    body.finish()
    return TimeStampRequest(
        version, imprint_der, hash_oid, digest, policy_oid, nonce_der, certificate_requested, has_extensions
    )


def _imprint(imprint_der: bytes) -> tuple[str, bytes]:
    fields = der.Reader(imprint_der).enter(der.SEQUENCE)
    hash_oid = algorithm_oid(fields)
    digest = fields.take(der.OCTET_STRING)
    fields.finish()
    return hash_oid, digest


def algorithm_oid(fields: der.Reader) -> str:
    """The algorithm of an AlgorithmIdentifier whose parameters may be absent or NULL (RFC 5754 § 2)."""
    identifier = fields.enter(der.SEQUENCE)
    dotted = der.decode_oid(identifier.take(der.OBJECT_IDENTIFIER))
    if identifier.peek() == der.NULL and identifier.take(der.NULL):
        raise der.DerError("NULL with content")
    identifier.finish()
    return dotted


@dataclass(frozen=True, slots=True)
class TimeStampResponse:
    """TimeStampResp (RFC 3161 § 2.4.2)."""

    status: int
    """PKIStatus as a number; see :class:`PkiStatus`."""

    texts: tuple[str, ...]
    """statusString, cut to a sentence and without control characters."""

    failures: tuple[str, ...]
    """Names of the PKIFailureInfo bits set, ``bit N`` for unknown ones."""

    token_der: bytes | None
    """The token, or none."""


def parse_response(response_der: bytes) -> TimeStampResponse:
    """Read a response; the token is not looked into."""
    outer = der.Reader(response_der)
    body = outer.enter(der.SEQUENCE)
    outer.finish()
    info = body.enter(der.SEQUENCE)
    status = der.decode_integer(info.take(der.INTEGER))
    texts = _texts(info.enter(der.SEQUENCE)) if info.peek() == der.SEQUENCE else ()
    failures = _failures(info.take(der.BIT_STRING)) if info.peek() == der.BIT_STRING else ()
    info.finish()
    token_der = None if body.at_end else body.take_encoded(der.SEQUENCE)
    body.finish()
    return TimeStampResponse(status, texts, failures, token_der)


def _texts(strings: der.Reader) -> tuple[str, ...]:
    texts = []
    while not strings.at_end:
        text = strings.take(der.UTF8_STRING)[: 4 * _MAX_STATUS_TEXT].decode("utf-8", "replace")
        texts.append("".join(sign for sign in text if sign.isprintable())[:_MAX_STATUS_TEXT])
    return tuple(texts)


def _failures(content: bytes) -> tuple[str, ...]:
    octets, _ = der.decode_bit_string(content)
    if len(octets) > 8:  # 25 is the highest bit there is
        raise der.DerError("failInfo too long")
    known = {int(failure): failure.name.lower() for failure in PkiFailure}
    bits = [at for at in range(len(octets) * 8) if octets[at // 8] & (0x80 >> at % 8)]
    return tuple(known.get(bit, f"bit {bit}") for bit in bits)


@dataclass(frozen=True, slots=True)
class TstInfo:
    """TSTInfo (RFC 3161 § 2.4.2), as far as a requester judges it."""

    policy_oid: str
    """Policy the token was issued under."""

    hash_oid: str
    """Digest algorithm of the imprint."""

    digest: bytes
    """What was time-stamped."""

    serial: int
    """Serial number of the token, unique per authority."""

    gen_time: datetime
    """When, aware UTC."""

    nonce: int | None
    """The request's nonce, or none."""


def parse_tst_info(info_der: bytes) -> TstInfo:
    """Read a TSTInfo of version 1; a critical extension is refused, for none is known."""
    outer = der.Reader(info_der)
    body = outer.enter(der.SEQUENCE)
    outer.finish()
    if der.decode_integer(body.take(der.INTEGER)) != 1:
        raise der.DerError("TSTInfo of an unknown version")
    policy_oid = der.decode_oid(body.take(der.OBJECT_IDENTIFIER))
    hash_oid, digest = _imprint(body.take_encoded(der.SEQUENCE))
    serial = der.decode_integer(body.take(der.INTEGER))
    gen_time = der.decode_generalized_time(body.take(der.GENERALIZED_TIME))
    nonce = _after_gen_time(body)
    return TstInfo(policy_oid, hash_oid, digest, serial, gen_time, nonce)


def _after_gen_time(body: der.Reader) -> int | None:
    """The nonce, past accuracy and ordering; the authority's name after it adds nothing to its certificate."""
    for passed in (der.SEQUENCE, der.BOOLEAN):
        if body.peek() == passed:
            body.next()
    nonce = der.decode_integer(body.take(der.INTEGER)) if body.peek() == der.INTEGER else None
    if body.peek() == 0xA0:
        body.next()
    if body.peek() == 0xA1:
        _refuse_critical(body.enter(0xA1))
    body.finish()
    return nonce


def _refuse_critical(extensions: der.Reader) -> None:
    while not extensions.at_end:
        extension = extensions.enter(der.SEQUENCE)
        dotted = der.decode_oid(extension.take(der.OBJECT_IDENTIFIER))
        if extension.peek() == der.BOOLEAN and der.decode_boolean(extension.take(der.BOOLEAN)):
            raise der.DerError(f"critical extension {dotted} in TSTInfo")
