"""The cancel table of a city, and the notary's part in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from filing.calendar import NOTARY_CERTIFICATE_WORKING_DAYS
from filing.lifecycle import State
from filing.profile.people import PersonGroup
from filing.profile.shape import Limits, Name, RuleId
from filing.profile.signing import SignMethod
from filing.profile.vocabulary import Actor

__all__ = [
    "CancelDemands",
    "CancelRule",
    "CancelScope",
    "CancelTable",
    "CancelWhen",
    "Channel",
    "Consent",
    "Ground",
    "MethodChosen",
    "NotaryProcedure",
    "NotaryPurpose",
    "NotaryStep",
    "QualificationCode",
    "Signatures",
    "VideoRule",
    "WithdrawUntil",
]


class CancelScope(StrEnum):
    """What is cancelled: the contract in the system, or its filing (rules.md § 0)."""

    NET_SIGN = "net_sign"
    FILING = "filing"


class Channel(StrEnum):
    """Where it is asked for."""

    ONLINE = "online"
    WINDOW = "window"


class Ground(StrEnum):
    """Why it may be done: the parties agree, or one side holds an effective legal instrument (SZ-96)."""

    AGREEMENT = "agreement"
    LEGAL_INSTRUMENT = "legal_instrument"


class Consent(StrEnum):
    """Whose consent it takes besides the asker's (rules.md § 7.3)."""

    NONE = "none"
    UNILATERAL = "unilateral"
    """Nobody's, though a net-signed contract exists; the other side is told."""
    OTHER_SIDE = "other_side"
    """Every person of the other side (H-21)."""
    ALL_PARTIES = "all_parties"
    ALL_PARTIES_IN_PERSON = "all_parties_in_person"
    ONE_WITH_LEGAL_INSTRUMENT = "one_with_legal_instrument"
    NOTARISED = "notarised"
    """Every buyer's, before a notary."""


class Signatures(StrEnum):
    """Whether anybody has signed the text; one signature is as good as all (H-19)."""

    NONE = "none"
    ANY = "any"


class QualificationCode(StrEnum):
    """Whether the buyer has a live qualification code (SZ-64, H-18)."""

    NONE = "none"
    LIVE = "live"


class MethodChosen(StrEnum):
    """The signing method as far as it is decided."""

    UNDECIDED = "undecided"
    OTP = SignMethod.OTP.value
    APP = SignMethod.APP.value
    WET = SignMethod.WET.value


class WithdrawUntil(StrEnum):
    """Until when the asker may take the request back."""

    FINISHED = "finished"
    NOTARY_ACCEPTED = "notary_accepted"


class NotaryPurpose(StrEnum):
    """What is notarised."""

    CANCELLATION = "cancellation"
    """The agreement that ends a new-house contract (ZN-01)."""
    CONTRACT = "contract"
    """The contract of an overseas party, before it is filed (SZ-80)."""


class NotaryStep(StrEnum):
    """One step of an applicant before a notary."""

    SELECT_SELF = "select_self"
    FACE = "face"
    ENTER_ID_DOCUMENT = "enter_id_document"
    READ_ALL = "read_all"
    UPLOAD_ID_PHOTOS = "upload_id_photos"
    UPLOAD_ID_IN_HAND = "upload_id_in_hand"
    UPLOAD_SIGNATURE_IMAGE = "upload_signature_image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class CancelWhen:
    """The situations a rule is for. What is not said is any."""

    states: tuple[State, ...]
    """States of the case."""

    signatures: tuple[Signatures, ...] = tuple(Signatures)
    """Signed by anybody or not."""

    qualification: tuple[QualificationCode, ...] = tuple(QualificationCode)
    """With a live code or not."""

    methods: tuple[MethodChosen, ...] = tuple(MethodChosen)
    """Signing methods."""

    downloaded: tuple[bool, ...] = (False, True)
    """Whether the contract has been downloaded for signing by hand."""


@dataclass(frozen=True, slots=True)
class CancelDemands:
    """What a cancellation needs and does besides consent."""

    papers: tuple[Name, ...] = ()
    """Templates to be filled, signed and handed in, by every party unless said otherwise."""

    proofs: tuple[Name, ...] = ()
    """What the asker must show, e.g. a code to the reserved telephone (WH-41)."""

    reason: bool = False
    """A reason is asked for (ZN-02)."""

    review: bool = False
    """The authority looks at it (SZ-105)."""

    appointment: bool = False
    """Come by appointment (SZ-96)."""

    tell: tuple[Actor, ...] = ()
    """Who is told by SMS; of the parties, those who did not ask."""

    proxy_matter: Name | None = None
    """A proxy's notarised mandate must name this matter (ZS-49)."""

    guardians_matter: Name | None = None
    """Guardians of a minor come by the rules of this matter (ZS-47)."""

    notary: Name | None = None
    """Which notary procedure."""

    withdraw_until: WithdrawUntil = WithdrawUntil.FINISHED
    """Until when it may be taken back (ZN-07, H-41)."""


@dataclass(frozen=True, slots=True)
class CancelRule:
    """One row of the cancel table."""

    name: Name
    """Name of the row."""

    rules: tuple[RuleId, ...]
    """Where it is said."""

    when: CancelWhen
    """Which situations it is for."""

    scopes: tuple[CancelScope, ...]
    """What may be cancelled."""

    consent: Consent
    """Whose consent it takes."""

    by: tuple[Actor, ...] = (Actor.SELLER, Actor.BUYER)
    """Who may ask."""

    channel: Channel = Channel.ONLINE
    """Where."""

    ground: Ground = Ground.AGREEMENT
    """Why."""

    first: Name | None = None
    """Something that must be done first; until then the request is refused for it (SZ-89)."""

    demands: CancelDemands = CancelDemands()
    """What else."""


@dataclass(frozen=True, slots=True)
class VideoRule:
    """A video that stands for a face check (ZN-15)."""

    target_seconds: Annotated[int, Limits(minimum=5, maximum=120)]
    """How long it should be."""

    longest_seconds: Annotated[int, Limits(minimum=5, maximum=300)]
    """How long it may be, since it is started and stopped by hand (H-39)."""

    script_minutes: Annotated[int, Limits(minimum=2, maximum=120)] = 15
    """How long a sentence may be read after it was shown; then another is drawn (ZN-15)."""


@dataclass(frozen=True, slots=True)
class NotaryProcedure:
    """What applicants do before a notary, and what comes back."""

    sent: tuple[Name, ...]
    """Templates pushed to the office (ZN-05)."""

    returned: tuple[Name, ...]
    """What the package back holds (ZN-20)."""

    read: tuple[Name, ...] = ()
    """Templates to read, all of them (ZN-10)."""

    steps: Mapping[PersonGroup, tuple[NotaryStep, ...]] = field(default_factory=dict)
    """Steps of a mainland applicant and of any other, in order; none where the parties see the notary themselves."""

    video: VideoRule = VideoRule(15, 30)
    """The video, where it is one of the steps."""

    purpose: NotaryPurpose = NotaryPurpose.CANCELLATION
    """What is notarised."""

    qr_hours: Annotated[int, Limits(minimum=1, maximum=720)] = 72
    """How long a code may be scanned; then it is issued again (ZN-06, H-40)."""

    term_working_days: Annotated[int, Limits(minimum=1, maximum=15)] = NOTARY_CERTIFICATE_WORKING_DAYS
    """Working days from acceptance to the certificate; the law allows no more than fifteen (公证法 art. 30)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class CancelTable:
    """Every way to cancel in a city."""

    rows: tuple[CancelRule, ...]
    """No two of them fit one situation."""

    notary: Mapping[Name, NotaryProcedure]
    """Notary procedures by name."""
