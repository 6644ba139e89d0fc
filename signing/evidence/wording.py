"""A verification in plain Chinese, for a report that a judge, a clerk and a seller read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from signing.appearance.party import BEIJING
from signing.evidence.subjects import subject_words
from signing.validation import Integrity, Level, Severity, SignatureKind, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from signing.validation import Finding, SignatureReport, VerificationReport
    from signing.validation.report import SigningTime

__all__ = ["INTEGRITY_TEXT", "VERDICT_TEXT", "beijing_time", "explanation", "finding_data", "signature_data"]

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

_SEVERITY_TEXT = {
    Severity.INFO: "提示",
    Severity.WARNING: "警告",
    Severity.ERROR: "错误",
    Severity.FATAL: "中止",
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
    if report.verdict is Verdict.UNREADABLE:
        return "文件无法打开或超出检查的限度，未能列出签名，原因见“检查发现”。"
    kinds = Counter(signature.kind for signature in report.signatures)
    listed = "，".join(f"{_KIND_TEXT[kind]} {kinds[kind]} 个" for kind in SignatureKind if kinds[kind])
    counted = f"文件中有 {len(report.signatures)} 个签名与时间戳：{listed}。" if listed else "文件中没有签名。"
    if report.verdict is Verdict.PASSED:
        return counted + "每个签名的摘要、证书链、吊销状态与时间戳均已核对；签署之后只有允许的变化。"
    return counted + f"检查发现 {len(report.findings)} 项，详见“检查发现”。未能证明的，不作通过处理。"


def checks_text(signature: SignatureReport) -> str:
    """The two questions every signature is asked, apart: is it what was signed, and is the signer who he says."""
    intact = "内容与签署时一致" if signature.intact else "内容与签署时不一致，或无法核对"
    trusted = "证书链可信、未被吊销" if signature.trusted else "证书链或吊销状态未得到证明"
    return f"{intact}；{trusted}"


def time_rows(signature: SignatureReport) -> list[str]:
    """What the signer claims, where he claims anything, and what is proven."""
    claimed = signature.signed_at.claimed_at
    proven = proven_text(signature.signed_at)
    return [proven] if claimed is None else [f"{beijing_time(claimed)}（签署人自述）", proven]


def level_text(signature: SignatureReport) -> str:
    """The level reached; a document time-stamp has none of its own (ETSI EN 319 142-1 § 6 speaks of signatures)."""
    if signature.kind is SignatureKind.DOCUMENT_TIMESTAMP:
        return "文档时间戳（RFC 3161），为此前全部签名作证"
    return "未达到任何 PAdES 等级" if signature.level is Level.NONE else f"PAdES {signature.level.value}"


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
        "who": (signer.common_name if signer else None) or "签署人不明",
        "verdict": outcome.verdict.value,
        "outcome": outcome.indication + sub,
        "field": signature.field or "—",
        "subject": subject_words(signer.subject) if signer else (),
        "issuer": _issuer_text(signer.issuer) if signer else "证书无法读取",
        "serial": signer.serial_number if signer else "—",
        "checks": checks_text(signature),
        "times": time_rows(signature),
        "level": level_text(signature),
        "coverage": coverage_text(signature),
        "changes": changes_text(signature),
    }


def finding_data(item: Finding) -> dict[str, object]:
    """One finding as data for the template."""
    places = [f"签名域 {item.field}"] if item.field is not None else []
    places += [f"第 {item.page} 页"] if item.page is not None else []
    where = f"（{'，'.join(places)}）" if places else ""
    return {"code": item.code, "severity": _SEVERITY_TEXT[item.severity], "zh": item.zh + where, "en": item.en}


def _issuer_text(issuer: str) -> str:
    """The issuer's name; its other attributes are in the attached data."""
    return subject_words(issuer)[0][1]
