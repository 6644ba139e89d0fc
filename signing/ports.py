"""What signing needs from others: a key that signs, and a way to a time-stamp authority."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate

__all__ = ["SignatureAlgorithm", "Signer", "TimeStampToken", "TimeStampTransport"]


class SignatureAlgorithm(Enum):
    """Signature algorithms in use, by the name RFC 5754 / RFC 5758 gives them."""

    ECDSA_WITH_SHA256 = "ecdsa-with-SHA256"
    RSA_WITH_SHA256 = "sha256WithRSAEncryption"


class Signer(Protocol):
    """A private key and its certificate chain. The key itself is never handed out.

    ``sign`` MUST return the signature over SHA-256 of ``data`` (ECDSA: DER ``Ecdsa-Sig-Value``; RSA: PKCS #1 v1.5)
    and MUST raise :class:`signing.errors.KeyStoreError` when the key cannot be used. It MUST NOT parse or decrypt the
    key per call.
    """

    @property
    def algorithm(self) -> SignatureAlgorithm: ...

    @property
    def certificate(self) -> Certificate: ...

    @property
    def issuers(self) -> tuple[Certificate, ...]:
        """Issuing CA first, root last."""
        ...

    def sign(self, data: bytes) -> bytes: ...


class TimeStampTransport(Protocol):
    """One time-stamp authority, however it is reached (in process, or over HTTP in ``gateways``).

    MUST return the response body (DER ``TimeStampResp``) or raise :class:`signing.errors.TimeStampError`; MUST give up
    after ``timeout_seconds``; MUST NOT retry, follow redirects, or judge the answer: that is the client's work.
    """

    @property
    def name(self) -> str: ...

    def post(self, request_der: bytes, timeout_seconds: float) -> bytes: ...


@dataclass(frozen=True, slots=True)
class TimeStampToken:
    """A checked RFC 3161 token."""

    token_der: bytes
    """DER ``ContentInfo`` (CMS SignedData over TSTInfo), ready for an unsigned attribute or a /DocTimeStamp."""

    gen_time: datetime
    """``genTime`` of the token, aware UTC."""

    source_name: str
    """Which transport answered."""
