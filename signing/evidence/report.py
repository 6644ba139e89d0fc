"""The evidence report (签署证据报告): a PDF/A-3a made from a verification, sealed like a contract."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from documents.fonts import covers
from documents.typesetting import TEMPLATES, Attachment, Manuscript, TypesetPdf, typeset
from signing.appearance import SealFace, service_seal_appearance
from signing.evidence.wording import (
    INTEGRITY_TEXT,
    VERDICT_TEXT,
    beijing_time,
    explanation,
    finding_data,
    signature_data,
)
from signing.pades import CERTIFICATION_FIELD, FieldSignature, archive_timestamp, certify, sign_field
from signing.validation import report_to_dict

if TYPE_CHECKING:
    from datetime import datetime

    from signing.appearance import Typeface
    from signing.evidence.model import CaseEvidence, CourseEntry
    from signing.pades import RevocationSource, SignedRevision, TimeStamper
    from signing.ports import Signer
    from signing.validation import VerificationReport

__all__ = ["ReportHead", "ReportSeal", "seal_report", "typeset_report"]

TITLE = "签署证据报告"
SEAL_FIELD = "service-seal"

MAX_TEXT = 400
"""Longest text printed: a subject of a foreign certificate may be kilobytes; the attached data has all of it."""


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands at the head of a report."""

    report_no: str
    """Number of the report."""

    file_name: str
    """Name of the file reported on."""

    issuer: str
    """Who issues the report."""

    made_at: datetime
    """When, aware."""


@dataclass(frozen=True, slots=True)
class ReportSeal:
    """What it takes to seal a report."""

    signer: Signer
    """The service seal."""

    timestamper: TimeStamper
    """From a digest to a checked token."""

    revocation: RevocationSource
    """Fresh revocation answers."""

    typeface: Typeface
    """The face the seal is cut in."""


def typeset_report(head: ReportHead, verification: VerificationReport, case: CaseEvidence | None) -> TypesetPdf:
    """Set the report; the verification itself is attached as ``verification.json``.

    Works on any file: what a foreign name holds that no face shows is printed as its code point.
    """
    attachment = Attachment(
        "verification.json",
        # A name from the file may hold a lone surrogate: its escape is what JSON would write too.
        json.dumps(report_to_dict(verification), ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace"),
        "application/json",
        "验证结果数据",
    )
    data = {name: _printable(value) for name, value in _data(head, verification, case).items()}
    return typeset(Manuscript(TEMPLATES / "evidence-report.typ", TITLE, data, head.made_at, attachment))


def seal_report(report: TypesetPdf, head: ReportHead, seal: ReportSeal) -> tuple[bytes, SignedRevision]:
    """Certify the report, put the service's round seal on it, and seal it to B-LTA."""
    certified, sealed, archived = io.BytesIO(), io.BytesIO(), io.BytesIO()
    certification = FieldSignature(CERTIFICATION_FIELD, seal.signer, head.made_at, "固定报告内容", None)
    certify(io.BytesIO(report.pdf), certified, report.boxes, certification, seal.timestamper)
    x0, y0, x1, y1 = next(box.rect for box in report.boxes if box.name == SEAL_FIELD)
    appearance = service_seal_appearance(SealFace(head.issuer, "签署证据专用章", ""), x1 - x0, y1 - y0, seal.typeface)
    visible = FieldSignature(SEAL_FIELD, seal.signer, head.made_at, "出具签署证据报告", appearance)
    sign_field(certified, sealed, visible, seal.timestamper)
    made = archive_timestamp(sealed, archived, seal.revocation, seal.timestamper)
    return archived.getvalue(), made


def _data(head: ReportHead, verification: VerificationReport, case: CaseEvidence | None) -> dict[str, object]:
    file = verification.file
    return {
        "report_no": head.report_no,
        "case_no": case.case_no if case else None,
        "verdict": verification.verdict.value,
        "verdict_text": VERDICT_TEXT[verification.verdict],
        "verdict_explained": explanation(verification),
        "integrity_text": INTEGRITY_TEXT[verification.integrity],
        "verified_at": beijing_time(verification.verified_at),
        "file": {
            "name": head.file_name,
            "sha256": file.sha256,
            "size_bytes": f"{file.size_bytes:,}",
            "pages": str(file.pages) if file.pages is not None else "—",
            "revisions": str(file.revisions) if file.revisions is not None else "—",
        },
        "signatures": [signature_data(signature) for signature in verification.signatures],
        "acts": [_entry(entry) for entry in case.course] if case else [],
        "findings": [finding_data(item) for item in verification.findings],
        "issuer": head.issuer,
        "made_at": beijing_time(head.made_at),
    }


def _printable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same data, every text cut to a line or ten and every character one that can be shown."""
    if isinstance(value, str):
        cut = value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}…"
        return "".join(char if covers(char) else f"<U+{ord(char):04X}>" for char in cut)
    if isinstance(value, dict):
        return {name: _printable(item) for name, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, (list, tuple)) else value


def _entry(entry: CourseEntry) -> dict[str, object]:
    return {"at": beijing_time(entry.at), "what": entry.what, "how": entry.how, "sha256": entry.sha256}
