"""One renewal: verify, gather, stamp, verify again.

1. The file as it is: readable, sealed, unaltered, ours, its newest archive time-stamp still in time.
2. Revocation data for that time-stamp's chain, and for whatever in the file can still be asked about, go into the
   document security store; a new archive time-stamp covers them and all before (``signing.pades.archive``).
3. The file as it has become: both time-stamps hold. What its signatures are worth now is told, not demanded.

Bytes that were signed are copied, never rewritten. The sink is worth something only if :func:`renew` returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from cryptography import x509

from signing.pades import RevocationSource, SignedRevision, TimeStamper, archive_timestamp
from signing.renewal import refusals
from signing.renewal.due import RenewalDue, renewal_due
from signing.renewal.renewable import archive_timestamps, require_renewable
from signing.time.token import parse_token
from signing.validation import Level, SignatureKind, TrustAnchors, Verdict, VerificationReport, verify_pdf

if TYPE_CHECKING:
    from datetime import datetime

    from signing.ports import TimeStampToken

__all__ = ["Renewal", "RenewalDesk", "renew"]

_LEVELS = list(Level)
"""Lowest first."""


@dataclass(frozen=True, slots=True)
class RenewalDesk:
    """What a renewal needs from outside the file."""

    trust_anchors: tuple[bytes, ...]
    """DER roots, of signers and of time-stamp units: every one there has been."""

    revocation: RevocationSource
    """Answers as of now."""

    timestamper: TimeStamper
    """From a digest to a checked RFC 3161 token."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A file renewed."""

    revision: SignedRevision
    """The update made: its time-stamp field, digest and size of the whole file, token."""

    before: RenewalDue
    """How long the file was good before."""

    due: RenewalDue
    """How long it is good now."""

    level: Level
    """Lowest level that any of its signatures reaches now."""

    report: VerificationReport
    """The verification of the renewed file."""


def renew(stream: BinaryIO, sink: BinaryIO, desk: RenewalDesk, now: datetime) -> Renewal:
    """Write ``stream``, a sealed file, to ``sink`` with fresh revocation data and a new archive time-stamp.

    ``sink`` is empty, and readable too. Raises ``SignatureStateError`` (``renew.*``, see ``require_renewable``),
    ``TimeStampError``, whatever ``desk.revocation`` raises; the sink is then to be thrown away.
    """
    require_renewable(verify_pdf(stream, trust=TrustAnchors(desk.trust_anchors), now=now))  # (1)
    before = renewal_due(stream)
    revision = archive_timestamp(stream, sink, desk.revocation, desk.timestamper)  # (2)
    answers = desk.revocation.answers_for(_certificates(revision.timestamp))
    fresh = (*answers.ocsp_responses, *answers.crls)
    report = verify_pdf(sink, trust=TrustAnchors(desk.trust_anchors, answers.certificates, fresh), now=now)  # (3)
    _require_renewed(report)
    return Renewal(revision, before, renewal_due(sink), _lowest_level(report), report)


def _certificates(token: TimeStampToken) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_der_x509_certificate(der) for der in parse_token(token.token_der).certificates)


def _require_renewed(report: VerificationReport) -> None:
    """The new time-stamp and the one it carries on must hold, or nothing was gained."""
    require_renewable(report)
    for stamp in archive_timestamps(report)[-2:]:
        if stamp.outcome.verdict is not Verdict.PASSED:
            raise refusals.timestamp_unusable(stamp.outcome.sub_indication)


def _lowest_level(report: VerificationReport) -> Level:
    levels = (item.level for item in report.signatures if item.kind is not SignatureKind.DOCUMENT_TIMESTAMP)
    return min(levels, key=_LEVELS.index, default=Level.NONE)
