"""Papers of a case: qualification, undertakings, materials."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from filing.profile.cancellation import QualificationState

__all__ = ["CasePapers", "MaterialFile", "MaterialSource", "Qualification", "UndertakingFile"]


class MaterialSource(StrEnum):
    """How a paper came (rules.md § 7.2)."""

    UPLOAD = "upload"
    E_LICENCE = "e_licence"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Qualification:
    """The buyer's qualification and its code (SZ-61…64, H-18)."""

    state: QualificationState = QualificationState.NONE
    """Where it is."""

    code: str | None = None
    """购房资格码, from application on."""

    reference: str | None = None
    """The office's number."""

    reason: str | None = None
    """Why it was refused."""

    applied_at: datetime | None = None
    """When it was applied for."""

    decided_at: datetime | None = None
    """When it was decided."""


@dataclass(frozen=True, slots=True)
class UndertakingFile:
    """A signed undertaking (SZ-65)."""

    template: str
    """Which."""

    sha256: str
    """The signed PDF, sealed in the archive."""

    text_sha256: str
    """Digest of the contract text it goes with: another text needs another undertaking."""

    uploaded_by: str
    """Account."""

    uploaded_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class MaterialFile:
    """One paper in a slot (HS-17, SZ-75)."""

    slot: str
    """Which slot."""

    party: str
    """Whose."""

    sha256: str
    """The file, normalised and sealed in the archive."""

    media_type: str
    """Of the normalised file."""

    source: MaterialSource
    """How it came."""

    added_by: str
    """Account, or the service it was fetched from."""

    added_at: datetime
    """When."""

    number: int = 1
    """Running number in the slot of the party: pages or several papers."""


@dataclass(frozen=True, slots=True)
class CasePapers:
    """Everything on paper besides the contract."""

    qualification: Qualification = Qualification()
    """Qualification to buy."""

    undertakings: tuple[UndertakingFile, ...] = ()
    """Undertakings handed in."""

    materials: tuple[MaterialFile, ...] = ()
    """Materials handed in."""

    licence_authorisations: tuple[str, ...] = ()
    """Keys of the parties that allowed their e-licences to be fetched (SZ-77, SZ-98)."""
