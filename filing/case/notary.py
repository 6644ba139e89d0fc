"""What passes between the case and a notary office: the matter, each applicant's task, packages out, certificate back.

Data only. Who may do what, and when, is ``notary.acts``'; the guards of a cancellation look at
:attr:`CaseNotary.current`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from filing.profile.cancelling import NotaryPurpose, NotaryStep
from filing.profile.people import PersonGroup

__all__ = [
    "OPEN_STATES",
    "RESTORED",
    "STANDS",
    "Agreement",
    "AgreementSigned",
    "ApplicantFile",
    "ApplicantTask",
    "CaseNotary",
    "Certificate",
    "CertificateChange",
    "ChangeKind",
    "Exchange",
    "FileKind",
    "MatterPaper",
    "NotaryMatter",
    "NotaryPurpose",
    "NotaryState",
    "Office",
    "OfficeDecision",
    "PackageVersion",
    "PageRead",
    "QrToken",
    "ScriptPosed",
    "Settlement",
    "StepTaken",
    "Supplement",
    "SupplementItem",
    "VideoGiven",
]


class NotaryState(StrEnum):
    """Where a matter is (rules.md § 7.3)."""

    PREPARED = "prepared"
    PUSHED = "pushed"
    """The office can pull the package."""
    QR_RETURNED = "qr_returned"
    """The office has it, and every purchaser has a code to scan (ZN-06)."""
    VERIFYING = "verifying"
    """A purchaser has begun."""
    SUBMITTED = "submitted"
    """All of them are done (ZN-17)."""
    SUPPLEMENT = "supplement"
    """The office wants something more, or again."""
    ACCEPTED = "accepted"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN_STATES = frozenset(NotaryState) - {NotaryState.ISSUED, NotaryState.REFUSED, NotaryState.WITHDRAWN}
"""States in which the matter is still in somebody's hands."""


class FileKind(StrEnum):
    """What an applicant hands in."""

    ID_FRONT = "id_front"
    ID_BACK = "id_back"
    ID_IN_HAND = "id_in_hand"
    SIGNATURE = "signature"
    """Picture of the handwritten signature (ZN-11, ZN-14)."""
    INK = "ink"
    """The strokes themselves."""


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
class Office:
    """The office as it was when it was chosen."""

    office_id: str
    """Its identifier here."""

    name: str
    """公证处 name."""

    code: str
    """机构代码, part of every certificate's number."""


@dataclass(frozen=True, slots=True)
class MatterPaper:
    """A paper generated for the matter (ZN-05, ZN-10)."""

    paper: str
    """Template."""

    sha256: str
    """The PDF, sealed in the archive."""

    page_count: int
    """Pages: each is read by itself."""


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """A party's own signature in the agreement."""

    party: str
    """Key of the party, also the name of the field."""

    signed_at: datetime
    """Time of its time-stamp."""

    sha256: str
    """The revision with this signature in it."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the parties agreed about the money, where the developer says it with the push; yuan, two places."""

    price: Decimal | None = None
    """合同总价款."""

    paid: Decimal | None = None
    """What the purchasers have paid, loans included."""

    refund: Decimal | None = None
    """What goes back."""

    within_days: int | None = None
    """Days from the cancellation within which it goes back."""

    loan: str | None = None
    """How a loan is settled, in words; ``None``: the general clause."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The termination agreement: a contract PDF of its own."""

    version: int
    """Version of its text among the contract files of the case; a re-push has a new one."""

    text_sha256: str
    """The text with its fields, certified, nobody's signature in it yet: what is read."""

    head_sha256: str
    """The newest revision."""

    signed: tuple[AgreementSigned, ...] = ()
    """Who has signed, in order."""

    page_count: int = 0
    """Pages: each is read by itself (ZN-10)."""

    settlement: Settlement | None = None
    """The money, as the text says it."""


@dataclass(frozen=True, slots=True)
class QrToken:
    """The code an applicant scans (ZN-06): good once, for one purchaser, for a while."""

    token_sha256: str
    """Digest of the 256 random bits in it."""

    sealed: str = field(repr=False)
    """The token itself under the service's key, base64: the office and the developer show it."""

    issued_at: datetime
    """When."""

    expires_at: datetime
    """When it is worthless."""

    used_at: datetime | None = None
    """When it was scanned by whom it is for."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of an applicant, with its evidence; in order, and a step may stand in it twice (ZN-13)."""

    step: NotaryStep
    """Which."""

    done_at: datetime
    """When."""

    method: str = ""
    """How, e.g. ``face``."""

    reference: str | None = None
    """The provider's number, or a digest."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page of one paper was open before the applicant (公证法 art. 27)."""

    paper: str
    """Template."""

    sha256: str
    """Digest of the very PDF."""

    page: int
    """From 1."""

    read_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class ApplicantFile:
    """A picture, or the strokes, of an applicant."""

    kind: FileKind
    """What."""

    sha256: str
    """As it is shown: turned upright, metadata taken off."""

    original_sha256: str
    """As it came, sealed; equal to ``sha256`` where nothing was changed."""

    media_type: str
    """Of what is shown."""

    added_by: str
    """Account."""

    added_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class ScriptPosed:
    """What is to be read aloud in the next video: a sentence nobody could have recorded before (ZN-15)."""

    attempt: str
    """Identifier of the attempt; the upload names it."""

    text: str
    """The words on the screen."""

    posed_at: datetime
    """When."""

    expires_at: datetime
    """A video must have been begun by then."""


@dataclass(frozen=True, slots=True)
class VideoGiven:
    """A video that was taken in (ZN-14…16)."""

    attempt: str
    """For which script."""

    text: str
    """What was to be read."""

    sha256: str
    """The recording, in clear; sealed in the archive."""

    size_bytes: int
    """Of the recording."""

    media_type: str
    """``video/mp4``, ``video/quicktime`` or ``video/webm``."""

    duration_ms: int
    """As found, not as claimed."""

    taken_at: datetime
    """When it was taken in."""


@dataclass(frozen=True, slots=True)
class ApplicantTask:
    """What one purchaser does before the notary (ZN-09…17), in person or by an agent with a mandate (H-42)."""

    party: str
    """Key of the purchaser."""

    group: PersonGroup
    """``mainland`` or ``overseas``: which steps."""

    qr: QrToken | None = None
    """The code, once the office has returned it."""

    applicant: str | None = None
    """``person_key`` of whoever does it: the purchaser, or the agent; bound when the code is scanned."""

    steps: tuple[StepTaken, ...] = ()
    """Steps done, in order."""

    pages: tuple[PageRead, ...] = ()
    """Pages read."""

    files: tuple[ApplicantFile, ...] = ()
    """Pictures and strokes; the newest of a kind is the one that counts."""

    script: ScriptPosed | None = None
    """The sentence of the next video."""

    videos: tuple[VideoGiven, ...] = ()
    """Videos taken in; the newest counts."""

    submitted_at: datetime | None = None
    """When it was handed in; undone where the office asks for more."""

    def file(self, kind: FileKind) -> ApplicantFile | None:
        """The newest of a kind."""
        return next((each for each in reversed(self.files) if each.kind is kind), None)


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


@dataclass(frozen=True, slots=True)
class NotaryMatter:
    """One matter before one office."""

    number: int
    """1, 2 … in the case: a re-push to another office is another matter."""

    purpose: NotaryPurpose
    """What for."""

    procedure: str
    """Name of the profile's procedure."""

    opened_at: datetime
    """When."""

    state: NotaryState = NotaryState.PREPARED
    """Where it is."""

    office: Office | None = None
    """Which office; chosen with the push."""

    papers: tuple[MatterPaper, ...] = ()
    """Papers generated with the push."""

    agreement: Agreement | None = None
    """The termination agreement."""

    tasks: tuple[ApplicantTask, ...] = ()
    """One for each purchaser."""

    exchange: Exchange = Exchange()
    """Packages, requests, decision, certificate."""

    def task(self, party: str) -> ApplicantTask | None:
        """What a purchaser does."""
        return next((task for task in self.tasks if task.party == party), None)


@dataclass(frozen=True, slots=True)
class CaseNotary:
    """Notary matters of the case."""

    current: NotaryMatter | None = None
    """The one that counts; an issued one stays here."""

    past: tuple[NotaryMatter, ...] = ()
    """Withdrawn, refused, replaced."""
