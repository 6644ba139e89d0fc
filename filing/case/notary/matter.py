"""One matter before one office, where it is, and all matters of a case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from filing.case.notary.agreement import Agreement, MatterPaper
from filing.case.notary.applicant import ApplicantTask
from filing.case.notary.exchange import Exchange
from filing.profile.cancelling import NotaryPurpose

__all__ = [
    "OPEN_STATES",
    "CaseNotary",
    "NotaryMatter",
    "NotaryState",
    "Office",
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

    exchange: Exchange = Exchange()  # noqa: RUF009 - frozen, all the way down
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
