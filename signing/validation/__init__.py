"""Examination of signed PDFs, ours and foreign, without believing any one library.

``verify_pdf`` · ``verify_file_guarded`` (untrusted files, in a child process) · ``load_trust_anchors`` ·
``report_to_dict`` · ``report_lines`` · ``exit_code``.
"""

from __future__ import annotations

from signing.validation.guard import verify_file_guarded
from signing.validation.limits import DEFAULT_LIMITS, Limits
from signing.validation.lines import report_lines
from signing.validation.report import (
    Change,
    ChangeKind,
    Coverage,
    Finding,
    Integrity,
    Level,
    Severity,
    SignatureKind,
    SignatureReport,
    TimeProof,
    Verdict,
    VerificationReport,
    exit_code,
)
from signing.validation.serialize import report_to_dict
from signing.validation.trust import TrustAnchors, load_trust_anchors
from signing.validation.verify import verify_pdf

__all__ = [
    "DEFAULT_LIMITS",
    "Change",
    "ChangeKind",
    "Coverage",
    "Finding",
    "Integrity",
    "Level",
    "Limits",
    "Severity",
    "SignatureKind",
    "SignatureReport",
    "TimeProof",
    "TrustAnchors",
    "Verdict",
    "VerificationReport",
    "exit_code",
    "load_trust_anchors",
    "report_lines",
    "report_to_dict",
    "verify_file_guarded",
    "verify_pdf",
]
