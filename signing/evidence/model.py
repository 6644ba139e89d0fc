"""What an evidence report tells besides the verification: the case and its course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["CaseEvidence", "CourseEntry"]


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """One act of the case, as journalled."""

    at: datetime
    """When it was journalled, aware."""

    what: str
    """The act in words."""

    how: str
    """By which proof: level, time-stamp, certificate serial."""

    sha256: str | None
    """Digest of the object the act made."""


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """The case a file belongs to."""

    case_no: str
    """Business number."""

    course: tuple[CourseEntry, ...]
    """The acts in order."""
