"""What goes to the office and comes back: packages, requests for more, its decision, its certificate (ZN-18…20)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from filing.profile.cancelling import NotaryStep

__all__ = [
    "RESTORED",
    "STANDS",
    "Certificate",
    "CertificateChange",
    "ChangeKind",
    "Exchange",
    "OfficeDecision",
    "PackageVersion",
    "Supplement",
    "SupplementItem",
]


class ChangeKind(StrEnum):
    """What becomes of a certificate afterwards (公证法 art. 39)."""

    CORRECTED = "corrected"
    REVOKED = "revoked"
    """Void from the start."""


STANDS = "stands"
"""Outcome of a change: what was done on the certificate stays done."""

RESTORED = "restored"
"""Outcome of a change: the filing is in force again."""


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """A package as it went out; never changed, only followed by another."""

    number: int
    """1, 2 …: over all matters of the case."""

    complete: bool
    """Whether it holds what the applicants handed in."""

    ordered_at: datetime
    """When it was to be built."""

    sha256: str | None = None
    """The container, in clear; ``None`` until it is built."""

    size_bytes: int | None = None
    """Of the container."""

    sealed_at: datetime | None = None
    """Time of the time-stamp on its signature."""

    superseded_at: datetime | None = None
    """Since when another one counts, or none (withdrawn)."""


@dataclass(frozen=True, slots=True)
class SupplementItem:
    """One thing the office wants."""

    text: str
    """In words, for people to read."""

    party: str | None = None
    """Of which purchaser; ``None``: of the developer, or of all."""

    step: NotaryStep | None = None
    """Which step is to be done again."""


@dataclass(frozen=True, slots=True)
class Supplement:
    """The office asks for more (公证法 art. 30: this time does not count)."""

    asked_at: datetime
    """When."""

    asked_by: str
    """Account or client."""

    items: tuple[SupplementItem, ...]
    """What for."""

    answer: str | None = None
    """What the developer says to items that name no step; ``None`` until said."""

    answered_at: datetime | None = None
    """When everything was handed in again."""


@dataclass(frozen=True, slots=True)
class OfficeDecision:
    """What the office made of the matter so far."""

    received_at: datetime | None = None
    """When it said that it has the package."""

    accepted_at: datetime | None = None
    """受理: the term runs from here (公证法 art. 30)."""

    acceptance_number: str | None = None
    """The office's own number."""

    due_on: date | None = None
    """Last working day of the term, pauses counted; ``None`` while it is paused."""

    refused_at: datetime | None = None
    """When it refused."""

    refused_ground: str | None = None
    """Which of the nine grounds of 公证法 art. 31."""

    reason: str | None = None
    """In words: of the refusal, or of letting the matter go."""

    overdue_told_at: datetime | None = None
    """When office and bureau were told that the term is over."""


@dataclass(frozen=True, slots=True)
class CertificateChange:
    """A correction or revocation (公证法 art. 39), and what a person here made of it."""

    kind: ChangeKind
    """Which."""

    sha256: str
    """The office's signed decision, sealed in the archive."""

    decided_on: date
    """The office's date."""

    came_at: datetime
    """When it came in."""

    outcome: str | None = None
    """``stands`` or ``restored``; ``None`` while nobody has decided."""

    outcome_by: str | None = None
    """Account of whoever decided."""

    outcome_at: datetime | None = None
    """When."""

    reason: str | None = None
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """公证书, verified on the way in (ZN-19, ZN-20)."""

    number: str
    """（2026）粤中石岐第001234号."""

    issued_on: date
    """Date on it; in force from here (公证法 art. 32)."""

    sha256: str
    """The certificate, PDF, sealed in the archive."""

    bundle_sha256: str
    """The package that came back, whole."""

    names_sha256: str
    """Digest of the file it is about, which it names."""

    verified_at: datetime
    """When it was taken in."""

    signed_by: str
    """SHA-256 of the certificate it was signed with."""

    parts: tuple[tuple[str, str], ...] = ()
    """Name and digest of every part of the returned package (ZN-20)."""

    changes: tuple[CertificateChange, ...] = ()
    """Corrections and revocations, in order."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Everything that went to the office and came back."""

    packages: tuple[PackageVersion, ...] = ()
    """Packages, oldest first; the last that is not superseded counts."""

    supplements: tuple[Supplement, ...] = ()
    """What was asked for, oldest first."""

    decision: OfficeDecision = OfficeDecision()
    """Acceptance, term, refusal."""

    certificate: Certificate | None = None
    """What came back."""
