"""What the walk through an archive found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from storage.canonical import instant_text

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["ArchiveFinding", "ArchiveReport", "Severity", "Verdict", "verdict_of"]


class Severity(StrEnum):
    """How much a finding weighs."""

    FAILED = "failed"
    """Something is missing, altered, or no longer proved."""

    INDETERMINATE = "indeterminate"
    """It cannot be said."""

    NOTE = "note"
    """Worth knowing; nothing is wrong."""


class Verdict(StrEnum):
    """The worst of all findings."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ArchiveFinding:
    """One thing found."""

    code: str
    """Stable, dotted: ``archive.object_missing``."""

    severity: Severity
    """How much it weighs."""

    zh: str
    """What it is, in Chinese."""

    en: str
    """The same in English."""

    case_no: str | None = None
    """The case concerned; none for the archive as a whole."""

    subject: str | None = None
    """An object's digest, or the name of a record."""

    name: str | None = None
    """What the manifest calls the object; none for anything else."""

    def to_dict(self) -> dict[str, str | None]:
        """JSON-ready."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "case_no": self.case_no,
            "subject": self.subject,
            "name": self.name,
            "zh": self.zh,
            "en": self.en,
        }


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """The result of one walk."""

    checked_at: datetime
    """When."""

    verdict: Verdict
    """The worst of the findings."""

    case_count: int
    """Cases walked."""

    manifest_count: int
    """Manifests read."""

    object_count: int
    """Objects in the store, each read to its end."""

    size_bytes: int
    """Their bytes."""

    findings: tuple[ArchiveFinding, ...]
    """In the order found."""

    def to_json(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "checked_at": instant_text(self.checked_at),
            "verdict": self.verdict.value,
            "case_count": self.case_count,
            "manifest_count": self.manifest_count,
            "object_count": self.object_count,
            "size_bytes": self.size_bytes,
            "findings": [finding.to_dict() for finding in self.findings],
        }


def verdict_of(findings: tuple[ArchiveFinding, ...]) -> Verdict:
    """The worst of ``findings``."""
    severities = {finding.severity for finding in findings}
    if Severity.FAILED in severities:
        return Verdict.FAILED
    return Verdict.INDETERMINATE if Severity.INDETERMINATE in severities else Verdict.PASSED
