"""When a sealed file must be renewed, told from the file alone, without keys, clock or network.

An archive time-stamp proves something for as long as the certificates above it last. The file is to be stamped again
before the first of them ends: afterwards nothing in it can be proven to be older than that end
(ETSI EN 319 102-1 v1.4.1 § 5.6.2.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from signing import der
from signing.errors import TimeStampError
from signing.pades import PdfBase
from signing.pades.evidence import document_timestamps
from signing.renewal import refusals
from signing.time.token import SignedToken, parse_token
from signing.time.trust import issuer_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["LEAD", "RenewalDue", "due_of", "renewal_due"]

LEAD: Final = timedelta(days=365)
"""A year ahead: an archive is looked through once a year, and a missed year must not be a lost file."""


@dataclass(frozen=True, slots=True)
class RenewalDue:
    """How long the newest archive time-stamp carries the file."""

    last_archive_timestamp_at: datetime
    """Its ``genTime``."""

    expires_at: datetime
    """The earliest end of a certificate above it, the unit's included, the root's not: the file is good until then."""

    due_at: datetime
    """From then on it should be renewed: :data:`LEAD` before the end, or in the last quarter of a shorter span."""

    def is_due(self, at: datetime) -> bool:
        """Whether the time for renewal has come by ``at``."""
        return self.due_at <= at


def renewal_due(stream: BinaryIO) -> RenewalDue:
    """Read the newest archive time-stamp of a sealed file.

    Checks nothing of what it reads: this is for planning, :func:`signing.renewal.renew` verifies. Raises
    ``SignatureStateError``: ``renew.not_sealed``, ``renew.timestamp_unreadable``, and those of ``PdfBase``.
    """
    with PdfBase(stream) as base:
        try:
            stamps = document_timestamps(base)
        except (AttributeError, KeyError, TypeError, ValueError) as cause:  # what pikepdf raises on a broken form
            raise refusals.timestamp_unreadable(str(cause)) from cause
    if not stamps:
        raise refusals.not_sealed()
    try:
        token = parse_token(der.Reader(stamps[-1]).take_encoded(der.SEQUENCE))  # /Contents is padded
        certificates = [x509.load_der_x509_certificate(certificate) for certificate in token.certificates]
    except (TimeStampError, ValueError) as cause:
        raise refusals.timestamp_unreadable(str(cause)) from cause
    return due_of(token.info.gen_time, _chain(token, certificates))


def due_of(stamped_at: datetime, chain: Sequence[x509.Certificate]) -> RenewalDue:
    """The dates for a time-stamp of ``stamped_at`` under ``chain``, the unit first."""
    expires_at = min(certificate.not_valid_after_utc for certificate in chain)
    return RenewalDue(stamped_at, expires_at, expires_at - min(LEAD, (expires_at - stamped_at) / 4))


def _chain(token: SignedToken, certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """The unit and those above it that the token carries, without a self-signed root, whose date does not count."""
    chain = [certificate for certificate in certificates if _is_signer(token, certificate)][:1]
    if not chain:
        raise refusals.timestamp_unreadable("the unit's certificate is missing")
    while above := [each for each in certificates if each not in chain and _issued(each, chain[-1])]:
        chain.append(above[0])
    return [chain[0], *(above for above in chain[1:] if above.issuer != above.subject)]


def _is_signer(token: SignedToken, certificate: x509.Certificate) -> bool:
    if isinstance(token.signer_id, tuple):
        named = issuer_name(certificate.public_bytes(Encoding.DER)), certificate.serial_number
        return token.signer_id == named
    return token.signer_id == x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
