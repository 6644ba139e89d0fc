"""What a verification takes on trust, given by the caller, never found in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta
    from pathlib import Path

__all__ = ["TrustAnchors", "load_trust_anchors"]


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Roots, and helpers that are checked like anything from the file."""

    certificates: tuple[bytes, ...]
    """DER certificates trusted as they are, for signers and for time-stamp units alike."""

    intermediates: tuple[bytes, ...] = ()
    """DER certificates that help to build a chain; not trusted."""

    revocation: tuple[bytes, ...] = ()
    """DER ``CertificateList`` or ``OCSPResponse`` from outside the file; their signatures are checked."""

    revocation_max_age: timedelta | None = None
    """How old an answer may be where no later proof closes the time (the newest time-stamp in the file). ``None``:
    until the answer's own ``nextUpdate`` (ETSI EN 319 102-1 § 5.2.5.4)."""

    time_roots: tuple[bytes, ...] = ()
    """DER certificates trusted for time-stamp units and nobody else."""


def load_trust_anchors(paths: Iterable[Path], revocation: Iterable[Path] = ()) -> TrustAnchors:
    """Read PEM bundles or DER certificates, and DER revocation data. Raises ``ValidationError``."""
    certificates = tuple(der for path in paths for der in _certificates(path))
    return TrustAnchors(certificates, revocation=tuple(path.read_bytes() for path in revocation))


def _certificates(path: Path) -> tuple[bytes, ...]:
    data = path.read_bytes()
    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except ValueError as cause:
        raise ValidationError(
            "trust.unreadable", zh="信任证书无法读取", en="the trust anchor cannot be read", name=path.name
        ) from cause
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in found)
