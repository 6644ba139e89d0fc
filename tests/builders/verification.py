"""Verification reports made by hand: what the verifier could say of any file."""

from __future__ import annotations

from datetime import UTC, datetime

from signing.validation import (
    Finding,
    Integrity,
    Level,
    Severity,
    SignatureKind,
    SignatureReport,
    Verdict,
    VerificationReport,
)
from signing.validation.report import Coverage, FileFacts, Outcome, SignerFacts, SigningTime, TimeProof

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

PARTY = "2.5.4.5=4202..........0039,CN=周明远,OU=2026112100001,C=CN"
ISSUER = "CN=签署电子签约服务平台 签发证书 G1,O=签署电子签约服务平台,C=CN"


def signer(subject: str = PARTY, common_name: str | None = "周明远") -> SignerFacts:
    return SignerFacts(common_name, subject, ISSUER, "0a1b", AT, AT, "ab" * 32)


def signature(**changes: object) -> SignatureReport:
    said: dict[str, object] = {
        "field": "seller-1",
        "kind": SignatureKind.APPROVAL,
        "signer": signer(),
        "level": Level.B_LTA,
        "signed_at": SigningTime(AT, AT, TimeProof.TIME_STAMP, "时间戳单元 G1"),
        "intact": True,
        "trusted": True,
        "covers": Coverage(whole_file=False, whole_revision=True, revision=3, revisions=7, end_offset=1000),
        "changes": (),
        "outcome": Outcome(Verdict.PASSED, "TOTAL-PASSED", None),
    }
    return SignatureReport(**(said | changes))  # type: ignore[arg-type]


def stamp(**changes: object) -> SignatureReport:
    """An archive time-stamp."""
    said: dict[str, object] = {
        "field": "archive-timestamp-1",
        "kind": SignatureKind.DOCUMENT_TIMESTAMP,
        "level": Level.NONE,
        "signed_at": SigningTime(None, AT, TimeProof.DOCUMENT_TIMESTAMP, "时间戳单元 G1"),
        "covers": Coverage(whole_file=True, whole_revision=True, revision=7, revisions=7, end_offset=2000),
    }
    return signature(**(said | changes))


def finding(number: int = 1, severity: Severity = Severity.ERROR, **changes: object) -> Finding:
    return Finding(f"test.code_{number}", severity, f"第 {number} 项发现", f"finding {number}", **changes)  # type: ignore[arg-type]


def verification(
    verdict: Verdict = Verdict.PASSED,
    signatures: tuple[SignatureReport, ...] = (),
    findings: tuple[Finding, ...] = (),
    integrity: Integrity = Integrity.INTACT,
) -> VerificationReport:
    return VerificationReport(verdict, integrity, AT, FileFacts(605_911, "cd" * 32, 11, 7), signatures, findings)
