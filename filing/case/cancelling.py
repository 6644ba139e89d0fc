"""Cancellations of a case: what was asked, who has agreed, which papers came, what was decided."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from filing.profile.cancelling import CancelScope, Channel, Ground
from filing.profile.vocabulary import Actor

__all__ = [
    "Attended",
    "CancelFile",
    "CancelOutcome",
    "CancelPaper",
    "CancelReview",
    "Cancellation",
    "CaptchaPosed",
    "CaseCancelling",
    "ConsentGiven",
    "MandateHandedIn",
    "NotarisedMandate",
    "PastCancellation",
    "Tombstone",
]


class CancelOutcome(StrEnum):
    """How a cancellation ended (rules.md § 7.3)."""

    DONE = "done"
    DROPPED = "dropped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody came to the window for a party, the original of their identity document seen (ZS-46…48)."""

    person_key: str
    """Who came."""

    capacity: str
    """``self``, or the basis on which they act for the party."""

    papers: tuple[str, ...] = ()
    """Papers seen in the original: mandate, household register …"""


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A party agreed to the cancellation."""

    party: str
    """Key of the party."""

    by: str
    """Account of whoever agreed."""

    given_at: datetime
    """When."""

    in_person: bool = False
    """At the window, the original of the identity document seen (ZS-46)."""

    attended: tuple[Attended, ...] = ()
    """Who came, at a window."""


@dataclass(frozen=True, slots=True)
class CancelPaper:
    """A paper of the cancellation (SZ-98…102)."""

    paper: str
    """Template or proof."""

    sha256: str
    """The file, sealed in the archive."""

    added_by: str
    """Account."""

    added_at: datetime
    """When."""

    party: str | None = None
    """For which party; ``None`` where one serves all."""


@dataclass(frozen=True, slots=True)
class CancelReview:
    """What the authority or the window made of it."""

    submitted_at: datetime | None = None
    """When it was handed in for review (SZ-105)."""

    passed_at: datetime | None = None
    """When it passed."""

    by: str | None = None
    """Account of whoever decided."""

    appointment_at: datetime | None = None
    """When the parties come to the window (SZ-96)."""


@dataclass(frozen=True, slots=True)
class CaptchaPosed:
    """A captcha waits for its answer (WH-41); good for one answer."""

    salt: str
    """Drawn anew for each."""

    answer_hash: str
    """``identity.challenges.answer_hash``: the answer itself is kept nowhere."""

    expires_at: datetime
    """When it is worthless."""


@dataclass(frozen=True, slots=True)
class NotarisedMandate:
    """A mandate that came as an electronic certificate and was verified (ZS-48, ZS-49)."""

    number: str
    """Of the certificate."""

    issued_on: date
    """Date on it."""

    office: str
    """Name of the office that signed it."""

    scope: str
    """Its words."""

    last_day: date | None
    """Until when; ``None``: until the matter is done."""


@dataclass(frozen=True, slots=True)
class MandateHandedIn:
    """Such a mandate of a party, with the file."""

    party: str
    """Key of the party who gave it."""

    id_number: str
    """Number of the agent's document, normalised."""

    mandate: NotarisedMandate
    """What was found."""

    sha256: str
    """The file, sealed in the archive."""

    added_by: str
    """Account."""

    added_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class CancelFile:
    """Papers and decisions of one cancellation."""

    papers: tuple[CancelPaper, ...] = ()
    """Papers handed in."""

    proofs: tuple[str, ...] = ()
    """Proofs shown and found right, e.g. ``otp_to_reserved_phone`` (WH-41)."""

    review: CancelReview = CancelReview()
    """What was decided."""

    captcha: CaptchaPosed | None = None
    """A captcha that waits for its answer."""

    mandates: tuple[MandateHandedIn, ...] = ()
    """Notarised mandates that were verified here."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """One request to cancel."""

    rule: str
    """Name of the row of the cancel table."""

    scope: CancelScope
    """What is to be cancelled."""

    channel: Channel
    """Where it was asked for."""

    ground: Ground
    """Why it may be done."""

    asker: Actor
    """In which capacity it was asked for."""

    asked_by: str
    """Account of whoever asked: the applicant (SZ-100)."""

    asked_at: datetime
    """When."""

    reason: str | None = None
    """Why, in words (ZN-02)."""

    consents: tuple[ConsentGiven, ...] = ()
    """Who has agreed."""

    file: CancelFile = CancelFile()
    """Papers and review."""


@dataclass(frozen=True, slots=True)
class PastCancellation:
    """A cancellation that has ended."""

    request: Cancellation
    """What was asked."""

    outcome: CancelOutcome
    """How it ended."""

    ended_at: datetime
    """When."""

    reason: str | None = None
    """Why, where it was refused."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What lists show of a case that was thrown away: nothing personal (H-03)."""

    what: str
    """What became of it: ``expired``."""

    at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class CaseCancelling:
    """Cancellations of the case."""

    current: Cancellation | None = None
    """The one under way."""

    past: tuple[PastCancellation, ...] = ()
    """Those that have ended."""

    hidden_at: datetime | None = None
    """Since when the content is no longer shown as in force; evidence and journal stay (H-50)."""

    tombstone: Tombstone | None = None
    """What is left in lists."""
