"""Signing in a case: the method, each signer's steps, codes of the sides, and the wet-signed copy."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from filing.profile.signing import Circumstance, SignMethod, SignStep
from identity.subjects import Side

__all__ = [
    "CaseSigning",
    "ExtraPaperFile",
    "MethodBar",
    "NotarialProof",
    "NotarialStanding",
    "SideCode",
    "SigningTask",
    "StepDone",
    "WetCopy",
]


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step of one signer, with its evidence."""

    step: SignStep
    """Which."""

    done_at: datetime
    """When."""

    method: str = ""
    """How, e.g. ``face`` or ``window``."""

    reference: str | None = None
    """The provider's number, or a digest."""


@dataclass(frozen=True, slots=True)
class SigningTask:
    """What one party still has to do and has done (SZ-69…74)."""

    party: str
    """Key of the party, also the name of the signature field."""

    signer: str
    """``person_key`` of whoever signs: the party, or its representative."""

    text_sha256: str
    """Digest of the text."""

    steps: tuple[StepDone, ...] = ()
    """Steps done, in order."""

    signed_at: datetime | None = None
    """Time-stamp of the party's signature; ``None`` before."""

    revision_sha256: str | None = None
    """The file with this signature in it."""


@dataclass(frozen=True, slots=True)
class SideCode:
    """One side's code was given back right (ZS-38, WH-36, H-09)."""

    side: Side
    """Which side."""

    party: str
    """Key of the party whose telephone it was."""

    text_sha256: str
    """Digest of the text it was given for."""

    verified_at: datetime
    """When."""

    reference: str
    """Number of the code's record."""


@dataclass(frozen=True, slots=True)
class WetCopy:
    """The scan of the contract signed by hand, checked page by page (SZ-79)."""

    sha256: str
    """The scan, sealed in the archive."""

    text_sha256: str
    """Digest of the text all its pages name."""

    page_count: int
    """Pages found, all of them."""

    checked_at: datetime
    """When."""

    look_at_pages: tuple[int, ...] = ()
    """Pages, from 1, that do not look as they were printed: somebody has to look at them."""


class NotarialStanding(StrEnum):
    """How far a notary's paper can be believed."""

    VERIFIED = "verified"
    """Signed by an office at the place, about this very text: checked here."""
    UNVERIFIED = "unverified"
    """A scan of a paper: nobody can tell from it."""
    CONFIRMED = "confirmed"
    """A scan whose original a reviewer has looked up by its number."""


@dataclass(frozen=True, slots=True)
class NotarialProof:
    """What is known of a notary's paper (SZ-80)."""

    standing: NotarialStanding
    """How far it is believed."""

    number: str | None = None
    """Number of the certificate: as verified, or as the reviewer found it on record."""

    issued_on: date | None = None
    """Date of a certificate that was verified."""

    office: str | None = None
    """Name of the office that signed it."""

    signed_at: datetime | None = None
    """Time of its time-stamp."""

    confirmed_by: str | None = None
    """Account of the reviewer who confirmed the original."""

    confirmed_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True)
class ExtraPaperFile:
    """A paper that wet signing needs besides the contract, e.g. the notarised contract (SZ-80)."""

    paper: str
    """Which."""

    sha256: str
    """The file, sealed in the archive."""

    text_sha256: str
    """Digest of the text it goes with."""

    added_by: str
    """Account."""

    added_at: datetime
    """When."""

    notarial: NotarialProof | None = None
    """What is known of it, where it is a notary's."""

    media_type: str = "application/pdf"
    """Of the file; a photograph stays one."""


@dataclass(frozen=True, slots=True)
class MethodBar:
    """One reason for signing by hand."""

    party: str
    """Key of the party."""

    circumstance: Circumstance
    """What about them."""


@dataclass(frozen=True, slots=True)
class CaseSigning:
    """How the case is signed and how far it has come."""

    method: SignMethod | None = None
    """Decided by rule when the text is fixed (SZ-44…49)."""

    bars: tuple[MethodBar, ...] = ()
    """Every reason against signing online."""

    started_at: datetime | None = None
    """When signing was started."""

    tasks: tuple[SigningTask, ...] = ()
    """One for each party."""

    side_codes: tuple[SideCode, ...] = ()
    """Codes given back."""

    wet: WetCopy | None = None
    """The scan, where the contract is signed by hand."""

    head_sha256: str | None = None
    """The newest revision of the contract file."""

    extra_papers: tuple[ExtraPaperFile, ...] = ()
    """Papers besides the scan."""

    scan_pages: tuple[str, ...] = ()
    """Digests of photographed pages handed in one by one, not yet put together."""

    def task(self, party: str) -> SigningTask | None:
        """The task of a party."""
        return next((task for task in self.tasks if task.party == party), None)

    def signed_parties(self, text_sha256: str) -> frozenset[str]:
        """Keys of the parties whose own signature stands on this text."""
        return frozenset(
            task.party for task in self.tasks if task.text_sha256 == text_sha256 and task.revision_sha256 is not None
        )
