"""Electronic licences, fetched with the holder's authorisation (SZ-77, SZ-98, SZ-99)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from identity.subjects import Subject

__all__ = ["ELicence", "ELicenceKind", "ELicences", "LicenceAuthorisation"]


class ELicenceKind(StrEnum):
    """Kinds of licence that the materials of a sale need."""

    IDENTITY = "identity"
    MARRIAGE = "marriage"
    HOUSEHOLD = "household"
    BUSINESS_LICENCE = "business_licence"


@dataclass(frozen=True, slots=True)
class LicenceAuthorisation:
    """The holder's leave to fetch."""

    document_sha256: str
    """Digest, hex, of the signed authorisation (SZ-98)."""

    authorised_at: datetime
    """When the holder gave it; aware."""

    case_number: str
    """What for."""

    kinds: tuple[ELicenceKind, ...] = (ELicenceKind.IDENTITY,)
    """Which ones."""


@dataclass(frozen=True, slots=True)
class ELicence:
    """A licence with its file."""

    kind: ELicenceKind
    """Which kind."""

    number: str
    """Number of the licence."""

    issuer: str
    """Who issued it."""

    issued_on: date
    """When."""

    media_type: str
    """Of the file: ``application/pdf``, ``image/png`` or ``image/jpeg``."""

    content: bytes
    """The file, not inspected: whoever stores it passes it through ``documents.uploads``."""

    expires_on: date | None = None
    """Last day, if it ends."""


class ELicences(Protocol):
    """The e-licence service.

    ``fetch`` MUST return only licences held by ``person`` and of the kinds authorised, with files that match the
    digests the service states; MUST return nothing (not raise) where there are none: then the papers are uploaded by
    hand (SZ-77, SZ-99).
    """

    def fetch(self, person: Subject, authorisation: LicenceAuthorisation) -> tuple[ELicence, ...]: ...
