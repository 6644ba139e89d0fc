"""Papers of a case: qualification, undertakings, materials."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from filing.profile.cancellation import QualificationState

__all__ = ["CasePapers", "LicencesAllowed", "MaterialFile", "MaterialSource", "Qualification", "UndertakingFile"]


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

    party: str | None = None
    """Key of the buyer who applied; only that buyer can void the code."""

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
class LicencesAllowed:
    """A party lets its e-licences be fetched (SZ-77, SZ-98)."""

    party: str
    """Key of the party."""

    sha256: str
    """The authorisation it signed, sealed in the archive."""

    by: str
    """Account of whoever handed it in."""

    allowed_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class CasePapers:
    """Everything on paper besides the contract."""

    qualification: Qualification = Qualification()
    """Qualification to buy."""

    undertakings: tuple[UndertakingFile, ...] = ()
    """Undertakings handed in."""

    materials: tuple[MaterialFile, ...] = ()
    """Materials handed in."""

    licences_allowed: tuple[LicencesAllowed, ...] = ()
    """Parties that allowed their e-licences to be fetched, once each (SZ-77, SZ-98)."""

    def materials_in(self, slot: str, party: str) -> tuple[MaterialFile, ...]:
        """Everything handed in for a party in a slot."""
        return tuple(file for file in self.materials if file.slot == slot and file.party == party)
