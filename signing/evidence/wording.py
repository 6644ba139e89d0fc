"""A verification in plain Chinese, for a report that a judge, a clerk and a seller read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing.appearance.party import BEIJING
from signing.validation import Integrity, Level, SignatureKind, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from signing.validation import SignatureReport, VerificationReport
    from signing.validation.report import SigningTime

__all__ = ["beijing_time", "changes_text", "coverage_text", "explanation", "proven_text", "signature_data"]

VERDICT_TEXT = {
    Verdict.PASSED: "验证通过：全部签名有效，文件完整",
    Verdict.FAILED: "验证不通过",
    Verdict.INDETERMINATE: "尚不能判定：证据不足",
    Verdict.UNREADABLE: "文件无法读取",
}

INTEGRITY_TEXT = {
    Integrity.INTACT: "完整：与签署时的内容逐字节一致",
    Integrity.ALTERED: "已被改动",
    Integrity.UNKNOWN: "无法判定",
}

_KIND_TEXT = {
    SignatureKind.CERTIFICATION: "认证签名",
    SignatureKind.APPROVAL: "签名",
    SignatureKind.DOCUMENT_TIMESTAMP: "归档时间戳",
}


def beijing_time(at: datetime | None) -> str:
    """``2026-11-21 12:00:00`` in Beijing time, or a dash."""
    return "—" if at is None else at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def explanation(report: VerificationReport) -> str:
    """One paragraph on what the verdict rests on."""
    parties = sum(s.kind is SignatureKind.APPROVAL for s in report.signatures)
    stamps = sum(s.kind is SignatureKind.DOCUMENT_TIMESTAMP for s in report.signatures)
    counted = (
        f"文件中有 {len(report.signatures)} 个签名，其中当事人与主管部门的签名 {parties} 个，归档时间戳 {stamps} 个。"
    )
    if report.verdict is Verdict.PASSED:
        return counted + "每个签名的摘要、证书链、吊销状态与时间戳均已核对；签署之后只有允许的变化。"
    return counted + f"检查发现 {len(report.findings)} 项，详见“检查发现”。未能证明的，不作通过处理。"


def proven_text(time: SigningTime) -> str:
    """The proof of the signing time."""
    if time.proven_at is None:
        return "无时间证明"
    return f"{beijing_time(time.proven_at)}（时间戳证明，{time.source or '来源不明'}）"


def coverage_text(signature: SignatureReport) -> str:
    """How much of the file the signature covers."""
    covers = signature.covers
    if covers.whole_file:
        return "整个文件"
    if covers.whole_revision:
        return f"第 {covers.revision} 个修订的全部内容（共 {covers.revisions} 个修订）"
    return "未覆盖所在修订的全部内容"


def changes_text(signature: SignatureReport) -> str:
    """What came after, in a word."""
    suspicious = sum(change.suspicious for change in signature.changes)
    if suspicious:
        return f"{len(signature.changes)} 处，其中 {suspicious} 处可疑"
    return f"{len(signature.changes)} 处，均为允许的变化" if signature.changes else "无"


def signature_data(signature: SignatureReport) -> dict[str, object]:
    """One signature as data for the template."""
    signer = signature.signer
    outcome = signature.outcome
    sub = f" / {outcome.sub_indication}" if outcome.sub_indication else ""
    return {
        "kind_text": _KIND_TEXT[signature.kind],
        "who": (signer.common_name if signer else None) or "—",
        "verdict": outcome.verdict.value,
        "outcome": outcome.indication + sub,
        "field": signature.field or "—",
        "subject": signer.subject if signer else "—",
        "issuer": signer.issuer if signer else "—",
        "serial": signer.serial_number if signer else "—",
        "claimed_at": beijing_time(signature.signed_at.claimed_at),
        "proven_at": proven_text(signature.signed_at),
        "level": "—" if signature.level is Level.NONE else signature.level.value,
        "coverage": coverage_text(signature),
        "changes": changes_text(signature),
    }
