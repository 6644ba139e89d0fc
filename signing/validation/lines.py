"""The report as lines of plain text for a terminal, in Chinese or English.

Names come from the file and are hostile: whatever is not printable is shown as its code point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from signing.validation.report import Integrity, Severity, SignatureKind, TimeProof, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from signing.validation.report import Finding, SignatureReport, VerificationReport

__all__ = ["Language", "moment_text", "printable", "report_lines", "word_for"]

Language = Literal["zh", "en"]

_MAX_NAME = 120
"""Longer names are cut: a subject may be kilobytes."""

_WORDS: dict[object, tuple[str, str]] = {
    Verdict.PASSED: ("通过", "PASSED"),
    Verdict.FAILED: ("不通过", "FAILED"),
    Verdict.INDETERMINATE: ("无法判定", "INDETERMINATE"),
    Verdict.UNREADABLE: ("无法读取", "UNREADABLE"),
    Integrity.INTACT: ("完整", "intact"),
    Integrity.ALTERED: ("已被改动", "altered"),
    Integrity.UNKNOWN: ("未知", "unknown"),
    SignatureKind.CERTIFICATION: ("认证签名", "certification"),
    SignatureKind.APPROVAL: ("签名", "approval signature"),
    SignatureKind.DOCUMENT_TIMESTAMP: ("文档时间戳", "document time-stamp"),
    TimeProof.TIME_STAMP: ("时间戳", "time-stamp"),
    TimeProof.DOCUMENT_TIMESTAMP: ("文档时间戳", "document time-stamp"),
    TimeProof.CLAIMED: ("仅为声明", "claimed only"),
    Severity.INFO: ("提示", "note"),
    Severity.WARNING: ("警告", "warning"),
    Severity.ERROR: ("错误", "error"),
    Severity.FATAL: ("中止", "fatal"),
    "verdict": ("结论", "Verdict"),
    "integrity": ("内容完整性", "Integrity"),
    "file": ("文件", "File"),
    "pages": ("页", "pages"),
    "revisions": ("个修订", "revisions"),
    "as_of": ("验证时点", "As of"),
    "no_field": ("(无签名域)", "(no field)"),
    "unknown_signer": ("(无法识别签名人)", "(unknown signer)"),
    "intact": ("未被改动", "intact"),
    "broken": ("已被改动", "not intact"),
    "trusted": ("可信", "trusted"),
    "untrusted": ("不可信或未证实", "not proven trusted"),
    "whole": ("覆盖整个文件", "covers the whole file"),
    "part": ("覆盖修订 {}/{}", "covers revision {} of {}"),
    "none": ("未覆盖完整修订", "covers no whole revision"),
    "field": ("域", "field"),
    "page": ("页", "page"),
}


def report_lines(report: VerificationReport, language: Language = "zh") -> list[str]:
    """The report, one fact per line, verdict first."""
    index = 0 if language == "zh" else 1
    return list(_lines(report, index))


def _lines(report: VerificationReport, index: int) -> Iterator[str]:
    yield f"{word_for('verdict', index)}: {word_for(report.verdict, index)}"
    yield f"{word_for('integrity', index)}: {word_for(report.integrity, index)}"
    yield f"{word_for('as_of', index)}: {moment_text(report.verified_at)}"
    facts = [f"{report.file.size_bytes} B"]
    if report.file.pages is not None and report.file.revisions is not None:
        facts += [
            f"{report.file.pages} {word_for('pages', index)}",
            f"{report.file.revisions} {word_for('revisions', index)}",
        ]
    yield f"{word_for('file', index)}: {', '.join(facts)}"
    if report.file.sha256 is not None:
        yield f"SHA-256: {report.file.sha256}"
    for number, signature in enumerate(report.signatures, 1):
        yield ""
        yield from _signature(number, signature, index)
    if report.findings:
        yield ""
    for item in report.findings:
        yield _finding(item, index)


def _signature(number: int, item: SignatureReport, index: int) -> Iterator[str]:
    field = printable(item.field) if item.field is not None else word_for("no_field", index)
    name = item.signer.common_name or item.signer.subject if item.signer else None
    who = printable(name) if name else word_for("unknown_signer", index)
    yield f"{number}. {field}: {who} ({word_for(item.kind, index)})"
    sub_indication = f" / {item.outcome.sub_indication}" if item.outcome.sub_indication else ""
    yield f"   {word_for(item.outcome.verdict, index)} ({item.outcome.indication}{sub_indication}), {item.level.value}"
    intact = word_for("intact" if item.intact else "broken", index)
    trusted = word_for("trusted" if item.trusted else "untrusted", index)
    yield f"   {intact}, {trusted}, {_coverage(item, index)}"
    at = item.signed_at.proven_at or item.signed_at.claimed_at
    source = f", {printable(item.signed_at.source)}" if item.signed_at.source else ""
    yield f"   {moment_text(at) if at else '-'} ({word_for(item.signed_at.proof, index)}{source})"


def _coverage(item: SignatureReport, index: int) -> str:
    if item.covers.whole_file:
        return word_for("whole", index)
    if item.covers.whole_revision:
        return word_for("part", index).format(item.covers.revision, item.covers.revisions)
    return word_for("none", index)


def _finding(item: Finding, index: int) -> str:
    places = [f"{word_for('field', index)} {printable(item.field)}"] if item.field is not None else []
    places += [f"{word_for('page', index)} {item.page}"] if item.page is not None else []
    where = f" [{', '.join(places)}]" if places else ""
    return f"{word_for(item.severity, index)}: {(item.zh, item.en)[index]}{where} ({item.code})"


def word_for(key: object, index: int) -> str:
    """The word for a verdict, a severity …: 0 Chinese, 1 English."""
    return _WORDS[key][index]


def moment_text(at: datetime) -> str:
    """To the second, with its zone."""
    return at.strftime("%Y-%m-%d %H:%M:%S %Z")


def printable(text: str) -> str:
    """Hostile text, cut, with nothing in it that a terminal would obey."""
    cut = text if len(text) <= _MAX_NAME else f"{text[:_MAX_NAME]}…"
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in cut)
