"""Filing in a case: submission, review, number, stamp, and what the registry makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from filing.case.signing import SideCode

__all__ = [
    "Amending",
    "CaseFiling",
    "CaseRegistry",
    "FilingPast",
    "Review",
    "ReviewDecision",
    "Sealed",
    "Supervision",
]


class ReviewDecision(StrEnum):
    """What a reviewer decided."""

    APPROVED = "approved"
    RETURN_TEXT = "return_text"
    RETURN_MATERIALS = "return_materials"


@dataclass(frozen=True, slots=True)
class Review:
    """One review (HS-34, SZ-78, H-32)."""

    submitted_at: datetime
    """When it was handed in."""

    claimed_by: str | None = None
    """Account of the reviewer who took it."""

    claimed_key: str | None = None
    """``person_key`` of that reviewer: a second account makes nobody a second person."""

    decision: ReviewDecision | None = None
    """What was decided; ``None`` while open."""

    decided_at: datetime | None = None
    """When."""

    reasons: tuple[str, ...] = ()
    """Why it was returned, for the parties to read."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The finished file."""

    sha256: str
    """The contract with every signature, the stamp and the archive time-stamp."""

    sealed_at: datetime
    """Time of the archive time-stamp."""

    evidence_sha256: str | None = None
    """The evidence report, once made."""

    text_version: int = 1
    """Version of the text it is of: an amendment is a file of its own (H-06)."""


@dataclass(frozen=True, slots=True)
class Supervision:
    """The price under supervision of a bank (ZS-35…37)."""

    bank: str
    """Usual short name."""

    reference: str | None = None
    """The bank's number; ``None`` where it is done at a branch."""

    opened_at: datetime | None = None
    """When the bank said the account is open."""


@dataclass(frozen=True, slots=True)
class Amending:
    """A change of the filed contract that waits for both sides (H-06); its text is in ``CaseText.amendments``."""

    clauses: Mapping[str, object]
    """The clauses with the change in them."""

    codes: tuple[SideCode, ...] = ()
    """Codes given back so far, for the amended text."""


@dataclass(frozen=True, slots=True)
class FilingPast:
    """What came before."""

    reviews: tuple[Review, ...] = ()
    """Earlier reviews."""

    numbers: tuple[str, ...] = ()
    """Numbers of filings that were revoked: none is used twice."""

    sealed: tuple[Sealed, ...] = ()
    """Sealed files of earlier texts: all are kept (H-06)."""


@dataclass(frozen=True, slots=True)
class CaseFiling:
    """Filing with the authority."""

    required: bool | None = None
    """Whether this contract must be filed (SZ-67); ``None`` until decided."""

    number: str | None = None
    """备案编号."""

    review: Review | None = None
    """The newest review."""

    past: FilingPast = FilingPast()
    """Earlier reviews, numbers and files."""

    sealed_by: str | None = None
    """Account of the officer who let the seal be used, or ``system`` where the city files without review."""

    filed_at: datetime | None = None
    """When it was filed."""

    sealed: Sealed | None = None
    """The stamped and sealed file; ``None`` until the seal is on."""

    revoked_at: datetime | None = None
    """When the filing was revoked."""

    supervision: Supervision | None = None
    """Money under supervision, if chosen."""

    amending: Amending | None = None
    """A change under way."""

    @property
    def in_force(self) -> bool:
        """Filed, and not revoked since."""
        return self.filed_at is not None and self.revoked_at is None


@dataclass(frozen=True, slots=True)
class CaseRegistry:
    """What went to the land registry and what came back."""

    pushed: tuple[tuple[str, datetime], ...] = ()
    """Recipients who have acknowledged the contract, and when (HS-34, WH-09)."""

    acknowledged_at: datetime | None = None
    """When the registry said it has the file."""

    accepted_at: datetime | None = None
    """When it accepted the transfer application (WH-12, SZ-92)."""

    reference: str | None = None
    """Its number for the application."""

    rejected_reason: str | None = None
    """Why the last application was refused."""

    transferred_at: datetime | None = None
    """When ownership was transferred."""
