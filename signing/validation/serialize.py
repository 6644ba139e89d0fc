"""The report as JSON-ready data, and back. The schema is ``docs/schemas/verification.schema.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from signing.validation.report import (
    Change,
    ChangeKind,
    Coverage,
    FileFacts,
    Finding,
    Integrity,
    Level,
    Outcome,
    Severity,
    SignatureKind,
    SignatureReport,
    SignerFacts,
    SigningTime,
    TimeProof,
    Verdict,
    VerificationReport,
)

__all__ = ["SCHEMA_ID", "report_from_dict", "report_to_dict"]

SCHEMA_ID = "urn:qianshu:schema:verification:1"
"""``$id`` of the published schema; the number rises when a reader of the old one would misread the new."""

Json = dict[str, Any]


def report_to_dict(report: VerificationReport) -> Json:
    """The report as data for ``json.dumps``."""
    return {
        "schema": SCHEMA_ID,
        "verdict": report.verdict.value,
        "integrity": report.integrity.value,
        "verified_at": report.verified_at.isoformat(),
        "file": {
            "size_bytes": report.file.size_bytes,
            "sha256": report.file.sha256,
            "pages": report.file.pages,
            "revisions": report.file.revisions,
        },
        "signatures": [_signature(item) for item in report.signatures],
        "findings": [_finding(item) for item in report.findings],
    }


def report_from_dict(data: Json) -> VerificationReport:
    """The report that ``data`` spells. Raises ``KeyError``, ``TypeError`` or ``ValueError`` on anything else."""
    file = data["file"]
    return VerificationReport(
        verdict=Verdict(data["verdict"]),
        integrity=Integrity(data["integrity"]),
        verified_at=datetime.fromisoformat(data["verified_at"]),
        file=FileFacts(file["size_bytes"], file["sha256"], file["pages"], file["revisions"]),
        signatures=tuple(_signature_from(item) for item in data["signatures"]),
        findings=tuple(_finding_from(item) for item in data["findings"]),
    )


def _signature(item: SignatureReport) -> Json:
    return {
        "field": item.field,
        "kind": item.kind.value,
        "signer": None if item.signer is None else _signer(item.signer),
        "level": item.level.value,
        "signed_at": {
            "claimed_at": _time(item.signed_at.claimed_at),
            "proven_at": _time(item.signed_at.proven_at),
            "proof": item.signed_at.proof.value,
            "source": item.signed_at.source,
        },
        "intact": item.intact,
        "trusted": item.trusted,
        "covers": {
            "whole_file": item.covers.whole_file,
            "whole_revision": item.covers.whole_revision,
            "revision": item.covers.revision,
            "revisions": item.covers.revisions,
            "end_offset": item.covers.end_offset,
        },
        "changes": [_change(change) for change in item.changes],
        "verdict": item.outcome.verdict.value,
        "indication": item.outcome.indication,
        "sub_indication": item.outcome.sub_indication,
    }


def _signer(item: SignerFacts) -> Json:
    return {
        "common_name": item.common_name,
        "subject": item.subject,
        "issuer": item.issuer,
        "serial_number": item.serial_number,
        "reason": item.reason,
        "not_before": item.not_before.isoformat(),
        "not_after": item.not_after.isoformat(),
        "sha256": item.sha256,
    }


def _change(item: Change) -> Json:
    return {
        "revision": item.revision,
        "kind": item.kind.value,
        "suspicious": item.suspicious,
        "field": item.field,
        "page": item.page,
        "detail": item.detail,
    }


def _finding(item: Finding) -> Json:
    return {
        "code": item.code,
        "severity": item.severity.value,
        "zh": item.zh,
        "en": item.en,
        "field": item.field,
        "page": item.page,
        "details": dict(item.details),
    }


def _time(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _signature_from(data: Json) -> SignatureReport:
    at, signer, covers = data["signed_at"], data["signer"], data["covers"]
    return SignatureReport(
        field=data["field"],
        kind=SignatureKind(data["kind"]),
        signer=None if signer is None else _signer_from(signer),
        level=Level(data["level"]),
        signed_at=SigningTime(
            _time_from(at["claimed_at"]), _time_from(at["proven_at"]), TimeProof(at["proof"]), at["source"]
        ),
        intact=data["intact"],
        trusted=data["trusted"],
        covers=Coverage(**covers),
        changes=tuple(Change(**{**change, "kind": ChangeKind(change["kind"])}) for change in data["changes"]),
        outcome=Outcome(Verdict(data["verdict"]), data["indication"], data["sub_indication"]),
    )


def _signer_from(data: Json) -> SignerFacts:
    times = {name: datetime.fromisoformat(data[name]) for name in ("not_before", "not_after")}
    return SignerFacts(**{**data, **times})


def _finding_from(data: Json) -> Finding:
    fields = {**data, "severity": Severity(data["severity"]), "details": tuple(sorted(data["details"].items()))}
    return Finding(**fields)


def _time_from(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
