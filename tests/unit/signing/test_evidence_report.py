"""The evidence report as a document: what it holds, how it breaks its pages, and that it verifies itself."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pikepdf
import pypdfium2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from documents.fonts import default_fonts
from signing.appearance import load_typeface
from signing.evidence import CaseEvidence, CourseEntry, ReportHead, ReportSeal, seal_report, typeset_report
from signing.revocation import KeyRingRevocation
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from signing.validation import Severity, TrustAnchors, Verdict, report_to_dict, verify_pdf
from tests.builders.house import no_time
from tests.builders.keyring import NOW, make_keyring
from tests.builders.verification import finding, signature, signer, stamp, verification

if TYPE_CHECKING:
    from signing.validation import VerificationReport

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schemas/verification.schema.json").read_text(encoding="utf-8"))
HEAD = ReportHead("QS-ER-2026112100001", "contract.pdf", "签署电子签约服务平台", datetime(2026, 11, 21, tzinfo=UTC))
FOOTER = "第 "
HEADINGS = ("Document", "Signatures", "Course of events", "Findings", "How to check this yourself", "TOTAL-PASSED")
TABLE_HEADS = ("凭据", "说明")


def course(length: int) -> CaseEvidence:
    entry = CourseEntry(NOW, "当事人签名 seller-1", "签署人 4202**********0039，PAdES B-T", "ab" * 32)
    return CaseEvidence("2026112100001", (entry,) * length)


def pages_of(pdf: bytes) -> list[list[str]]:
    """The lines of each page, from the top."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().split("\r\n") for page in document]


def text_of(report: VerificationReport, case: CaseEvidence | None = None) -> str:
    return "\n".join(line for page in pages_of(typeset_report(HEAD, report, case).pdf) for line in page)


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (verification(signatures=(signature(), stamp())), "验证通过：全部签名有效，文件完整"),
        (verification(Verdict.FAILED, (signature(),), (finding(),)), "验证不通过"),
        (verification(Verdict.INDETERMINATE, (), (finding(1, Severity.WARNING),)), "尚不能判定：证据不足"),
        (verification(Verdict.UNREADABLE, (), (finding(1, Severity.FATAL),)), "文件无法读取"),
    ],
    ids=["passed", "failed", "indeterminate", "unreadable"],
)
def test_the_verdict_stands_on_the_first_page(report: VerificationReport, words: str) -> None:
    first = "\n".join(pages_of(typeset_report(HEAD, report, None).pdf)[0])
    assert words in first
    assert sum(text in first for text in ("验证通过", "验证不通过", "尚不能判定", "文件无法读取")) == 1


def test_every_signature_finding_and_act_is_told() -> None:
    fields = [f"seller-{number}" for number in range(1, 8)]
    report = verification(
        Verdict.FAILED,
        tuple(signature(field=field) for field in fields),
        tuple(finding(number) for number in range(1, 20)),
    )
    text = text_of(report, course(5))
    assert all(field in text for field in fields)
    assert all(f"test.code_{number}" in text for number in range(1, 20))
    assert text.count("当事人签名") == 5
    assert "4202**********0039" in text
    assert "4202.........." not in text


def test_the_verification_is_attached_as_published() -> None:
    report = verification(signatures=(signature(), stamp()))
    with pikepdf.open(io.BytesIO(typeset_report(HEAD, report, None).pdf)) as pdf:
        (attached,) = pdf.attachments.values()
        told = json.loads(attached.get_file().read_bytes())
    jsonschema.validate(told, SCHEMA)
    assert told == report_to_dict(report)


HOSTILE = {
    "no glyph": ("สมชาย😀", "<U+0E2A><U+0E21>"),
    "private use": ("\ue000", "<U+E000>"),
    "direction override": ("a\u202eb", "a<U+202E>b"),
    "a line of its own": ("a\nb", "a<U+000A>b"),
    "null": ("a\0b", "a<U+0000>b"),
    "lone surrogate": ("a\ud800b", "a<U+D800>b"),
    "markup": ("#panic() *a* $x$ @b <c>", "#panic() *a* $x$ @b <c>"),
    "endless": ("名" * 5000, "名…"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_foreign_name_never_stops_or_falsifies_the_report(name: str) -> None:
    given, shown = HOSTILE[name]
    report = verification(signatures=(signature(field=given, signer=signer(f"CN={given}", given)),))
    text = text_of(report).replace("\n", "")
    assert shown in text


def test_no_page_ends_with_a_heading() -> None:
    """Whatever the numbers of signatures, acts and findings: headings go with what they head."""
    seen = set()
    for length in range(24):
        report = verification(
            Verdict.FAILED,
            (signature(), stamp())[: length % 3],
            tuple(finding(n) for n in range(1, 1 + length * 2 % 13)),
        )
        for page in pages_of(typeset_report(HEAD, report, course(length)).pdf):
            body = [line for line in page if line.strip() and not line.startswith(FOOTER)]
            assert not body[-1].endswith((*HEADINGS, *TABLE_HEADS)), body[-1]
            seen.add(len(page))
    assert len(seen) > 10, "the pages should have broken in many places"


@cache
def anchors_and_seal(folder: Path) -> tuple[TrustAnchors, ReportSeal]:
    keys = make_keyring(folder)
    client = TimeStampClient(
        [LocalTransport(TimeStampAuthority(keys.timestamp_unit, "1.2.3.4"), lambda: NOW)],
        TimeStampTrust(keys.trust_anchors),
    )
    seal = ReportSeal(
        keys.service_seal,
        lambda digest: client.stamp(digest, NOW),
        KeyRingRevocation(keys, lambda: NOW),
        load_typeface(default_fonts().body),
    )
    return TrustAnchors(tuple(root.public_bytes(Encoding.DER) for root in keys.trust_anchors)), seal


def test_a_sealed_report_passes_our_own_verification(tmp_path: Path) -> None:
    trust, seal = anchors_and_seal(tmp_path)
    head = ReportHead(HEAD.report_no, HEAD.file_name, HEAD.issuer, NOW)
    pdf, made = seal_report(typeset_report(head, verification(signatures=(signature(),)), course(3)), head, seal)
    assert made.level.value == "B-LTA"
    report = verify_pdf(io.BytesIO(pdf), trust=trust, now=NOW)
    assert (report.verdict, report.findings) == (Verdict.PASSED, ())
    assert [item.level.value for item in report.signatures] == ["B-LTA", "B-LTA", "none"]
    altered = pdf.replace(b"/Lang(zh-CN)", b"/Lang(en-US)", 1)
    assert altered != pdf
    assert verify_pdf(io.BytesIO(altered), trust=trust, now=NOW).verdict is Verdict.FAILED


def test_without_time_there_is_no_sealed_report(tmp_path: Path) -> None:
    _, seal = anchors_and_seal(tmp_path)
    with pytest.raises(Exception, match=r"time\.unavailable"):
        seal_report(
            typeset_report(HEAD, verification(signatures=(signature(),)), None),
            HEAD,
            replace(seal, timestamper=no_time),
        )
