"""Keys in memory that sign: one that serves for the life of the process, and one that serves once.

Neither gives its key away: no attribute, no ``repr``, no copy, no pickle. That guards against accidents (a log line, a
task argument), not against code running in this process.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from signing.keys import refusals
from signing.ports import SignatureAlgorithm

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from cryptography.x509 import Certificate

    from signing.keys.authority import CertificateAuthority
    from signing.keys.encrypted_key import PrivateKey
    from signing.keys.subjects import PartySubject

__all__ = ["OneTimeSigner", "SoftwareSigner", "one_time_signer"]

_SHA256: Final = hashes.SHA256()
_ECDSA: Final = ec.ECDSA(_SHA256)
_PKCS1: Final = padding.PKCS1v15()
_CURVE: Final = ec.SECP256R1()


def algorithm_of(key: PrivateKey) -> SignatureAlgorithm:
    """The algorithm a key of this kind signs with."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return SignatureAlgorithm.ECDSA_WITH_SHA256
    return SignatureAlgorithm.RSA_WITH_SHA256


def _sign(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, _ECDSA)
    return key.sign(data, _PKCS1, _SHA256)


class SoftwareSigner:
    """A private key decrypted once and kept; safe for any number of threads."""

    __slots__ = ("_algorithm", "_certificate", "_issuers", "_key")

    def __init__(self, key: PrivateKey, certificate: Certificate, issuers: tuple[Certificate, ...]) -> None:
        self._key = key
        self._certificate = certificate
        self._issuers = issuers
        self._algorithm = algorithm_of(key)

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._algorithm

    @property
    def certificate(self) -> Certificate:
        return self._certificate

    @property
    def issuers(self) -> tuple[Certificate, ...]:
        """Issuing CA first, root last."""
        return self._issuers

    def sign(self, data: bytes) -> bytes:
        """Signature over SHA-256 of ``data``, DER."""
        return _sign(self._key, data)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(serial={self._certificate.serial_number:x})"

    def __reduce__(self) -> NoReturn:
        raise refusals.never_leaves()


class OneTimeSigner:
    """A party's key: born in memory, signs once, gone.

    The reference is dropped before the signature is returned, whether or not signing succeeded; OpenSSL wipes the
    number when the object dies. Of many threads calling at once exactly one gets a signature. Leaving the ``with``
    block unused abandons the key.
    """

    __slots__ = ("_abandoned", "_certificate", "_issuers", "_key", "_lock")

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, certificate: Certificate, issuers: tuple[Certificate, ...]
    ) -> None:
        self._key: ec.EllipticCurvePrivateKey | None = key
        self._certificate = certificate
        self._issuers = issuers
        self._abandoned = False
        self._lock = Lock()

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return SignatureAlgorithm.ECDSA_WITH_SHA256

    @property
    def certificate(self) -> Certificate:
        return self._certificate

    @property
    def issuers(self) -> tuple[Certificate, ...]:
        """Issuing CA first, root last."""
        return self._issuers

    def sign(self, data: bytes) -> bytes:
        """The one signature over SHA-256 of ``data``, DER; then ``key.already_used`` for ever."""
        with self._lock:
            key, self._key = self._key, None
        if key is None:
            raise refusals.abandoned() if self._abandoned else refusals.already_used()
        return key.sign(data, _ECDSA)

    def abandon(self) -> None:
        """Drop the key unused; harmless twice and after signing."""
        with self._lock:
            if self._key is not None:
                self._key, self._abandoned = None, True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()

    def __repr__(self) -> str:
        return f"OneTimeSigner(serial={self._certificate.serial_number:x})"

    def __reduce__(self) -> NoReturn:
        raise refusals.never_leaves()


def one_time_signer(authority: CertificateAuthority, subject: PartySubject, now: datetime) -> OneTimeSigner:
    """A key pair and a certificate for one person and one signature; the issuing is on record before it happens."""
    key = ec.generate_private_key(_CURVE)
    certificate = authority.issue_party_certificate(subject, key.public_key(), now)
    return OneTimeSigner(key, certificate, authority.chain)
