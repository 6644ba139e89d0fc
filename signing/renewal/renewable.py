"""Whether a file may be renewed, judged on the report about it. Pure.

A renewal adds proof to proof: the newest archive time-stamp must still hold, and the file must still say what was
signed. What other signatures are worth is not asked: a contract in dispute is the last one whose evidence may fade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing.renewal import refusals
from signing.validation import Integrity, SignatureKind, Verdict

if TYPE_CHECKING:
    from signing.validation import SignatureReport, VerificationReport

__all__ = ["archive_timestamps", "require_renewable"]

_STRANGERS = frozenset({"trust.no_chain", "trust.constraints"})

_STATUS_OPEN = "TRY_LATER"
"""Nothing in a file can say whether the unit of its newest time-stamp is revoked: renewal gathers that first."""


def require_renewable(report: VerificationReport) -> None:
    """Refuse what cannot be renewed; ``report`` is the verification at the time of renewal, with our roots trusted.

    Raises ``SignatureStateError``: ``renew.unreadable``, ``renew.not_sealed``, ``renew.altered``, ``renew.foreign``,
    ``renew.too_late``, ``renew.timestamp_unusable``.
    """
    if report.verdict is Verdict.UNREADABLE:
        raise refusals.unreadable(report.findings[0].code)
    stamps = archive_timestamps(report)
    if not stamps:
        raise refusals.not_sealed()
    if report.integrity is not Integrity.INTACT:
        raise refusals.altered(sorted({finding.code for finding in report.findings}))
    strangers = sorted({finding.field or "" for finding in report.findings if finding.code in _STRANGERS})
    if strangers:
        raise refusals.foreign(strangers)
    _require_holding(stamps[-1], report)


def archive_timestamps(report: VerificationReport) -> list[SignatureReport]:
    """The document time-stamps, oldest first."""
    return [item for item in report.signatures if item.kind is SignatureKind.DOCUMENT_TIMESTAMP]


def _require_holding(newest: SignatureReport, report: VerificationReport) -> None:
    found = newest.outcome.sub_indication
    if found in {None, _STATUS_OPEN}:
        return
    if found == "OUT_OF_BOUNDS_NO_POE" and newest.signer is not None and newest.signer.not_after < report.verified_at:
        raise refusals.too_late(newest.signer.not_after)
    raise refusals.timestamp_unusable(found)
