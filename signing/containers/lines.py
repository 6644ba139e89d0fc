"""The report on a container as lines of plain text for a terminal, in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from signing.validation.lines import Language, moment_text, printable, word_for
from signing.validation.report import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.containers.report import ContainerReport, SealReport
    from signing.validation.report import Finding

__all__ = ["container_report_lines"]

_WORDS: Final = {
    "files": ("个文件", "files"),
    "covered": ("个由签章覆盖", "of them covered by a seal"),
    "stamp": ("归档时间戳", "archive time-stamp"),
}


def container_report_lines(report: ContainerReport, language: Language = "zh") -> list[str]:
    """The report, one fact per line, verdict first."""
    return list(_lines(report, 0 if language == "zh" else 1))


def _lines(report: ContainerReport, index: int) -> Iterator[str]:
    yield f"{word_for('verdict', index)}: {word_for(report.verdict, index)}"
    yield f"{word_for('as_of', index)}: {moment_text(report.verified_at)}"
    covered = sum(member.covered for member in report.members)
    counts = f"{len(report.members)} {_WORDS['files'][index]}, {covered} {_WORDS['covered'][index]}"
    yield f"{word_for('file', index)}: {report.size_bytes} B, {counts}"
    if report.sha256 is not None:
        yield f"SHA-256: {report.sha256}"
    for number, seal in enumerate(report.seals, 1):
        yield ""
        yield from _seal(number, seal, index)
    if report.findings:
        yield ""
    for item in report.findings:
        yield _finding(item, index)


def _seal(number: int, seal: SealReport, index: int) -> Iterator[str]:
    name = seal.signer.common_name or seal.signer.subject if seal.signer else None
    who = printable(name) if name else word_for("unknown_signer", index)
    yield f"{number}. {printable(seal.name)}: {who}"
    sub_indication = f" ({seal.sub_indication})" if seal.sub_indication else ""
    level = _WORDS["stamp"][index] if seal.level is Level.NONE else seal.level.value
    yield f"   {word_for(seal.verdict, index)}{sub_indication}, {level}"
    if seal.proven_at is not None:
        yield f"   {moment_text(seal.proven_at)}"


def _finding(item: Finding, index: int) -> str:
    where = ", ".join(printable(str(value)) for name, value in item.details if name == "name")
    place = f" [{where}]" if where else ""
    return f"{word_for(item.severity, index)}: {(item.zh, item.en)[index]}{place} ({item.code})"
