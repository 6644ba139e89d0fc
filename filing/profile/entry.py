"""What is entered into a contract, by whom, what is locked, and what must be done before signing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from filing.lifecycle import Event
from filing.profile.shape import Limits, Name, RuleId
from filing.profile.vocabulary import Actor
from identity.subjects import Side

__all__ = [
    "BuyerEntry",
    "CaseField",
    "CoOwnership",
    "Confirmers",
    "ContractFacts",
    "Entry",
    "FormRule",
    "JoinWay",
    "Material",
    "MaterialRules",
    "NoticeRule",
    "Preparation",
    "QualificationNeed",
    "QualificationRule",
    "Undertaking",
    "UndertakingSigners",
]


class JoinWay(StrEnum):
    """How a buyer comes into the case."""

    NONE = "none"
    """Typed in by the seller; speaks by the code only."""
    OWN_LOGIN = "own_login"
    LOOKUP = "lookup"


class CoOwnership(StrEnum):
    """Nature of co-ownership (ZS-27, ZS-30, H-01)."""

    SOLE = "sole"
    BY_SHARE = "by_share"
    JOINT = "joint"


class CaseField(StrEnum):
    """What a rule may lock."""

    PARTY_SET = "party_set"
    PARTY_NAME = "party_name"
    PARTY_ID_TYPE = "party_id_type"
    PARTY_ID_NUMBER = "party_id_number"
    BUYER_SET = "buyer_set"
    BUYER_IDENTITY = "buyer_identity"
    BUYER_CONTACT = "buyer_contact"
    SELLER_NAME = "seller_name"
    SELLER_REGION = "seller_region"
    SELLER_ID_NUMBER = "seller_id_number"
    SELLER_ID_ISSUE_PLACE = "seller_id_issue_place"
    SELLER_SHARE = "seller_share"
    PROPERTY = "property"


class QualificationNeed(StrEnum):
    """When a buyer must be qualified to buy."""

    NEVER = "never"
    RESIDENTIAL_AND_RESTRICTED = "residential_and_restricted"


class UndertakingSigners(StrEnum):
    """Who signs an undertaking."""

    EVERY_PARTY = "every_party"
    SELLERS = "sellers"
    BUYERS = "buyers"


class Confirmers(StrEnum):
    """Who must confirm the text before signing starts."""

    NOBODY = "nobody"
    BUYER_AND_EVERY_CO_OWNER = "buyer_and_every_co_owner"


@dataclass(frozen=True, slots=True)
class BuyerEntry:
    """How buyers get into the contract."""

    by: Side
    """Which side types them in."""

    join: JoinWay
    """How they come in themselves."""

    join_keys: tuple[Name, ...] = ()
    """What a buyer who looks the case up must know (HS-25)."""

    editable_until: Event = Event.START_SIGNING
    """Their data may be corrected until this event (WH-26)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class FormRule:
    """A form beside the contract."""

    name: Name
    """Which form."""

    required: bool
    """Whether it must be filled."""


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Something to be read and ticked."""

    template: Name
    """What is read."""

    sides: tuple[Side, ...]
    """Who reads."""

    before: Event
    """The reader's tick is needed before this event; of a side that joins later, before it joins."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Entering the contract."""

    buyers: BuyerEntry
    """How buyers get in."""

    co_ownership: tuple[CoOwnership, ...]
    """Natures of co-ownership the buyers choose from."""

    co_owner_choice: bool = False
    """The seller must say whether there are co-owners (WH-28)."""

    zero_share_allowed: bool = False
    """An owner may transfer a share of 0: does not transfer (SZ-57)."""

    locked: frozenset[CaseField] = frozenset()
    """Not editable in the contract form."""

    fixed_once_signed: frozenset[CaseField] = frozenset()
    """Never changed after signing, only by cancelling and signing anew (ZS-42, H-05)."""

    fixed_when_refiling: frozenset[CaseField] = frozenset()
    """Not changed after a filing was revoked; needs a new net-sign (SZ-95, H-23)."""

    forms: tuple[FormRule, ...] = ()
    """Forms beside the contract, in order."""

    notices: tuple[NoticeRule, ...] = ()
    """What is read and ticked."""

    expires_after_hours: Annotated[int, Limits(minimum=1, maximum=8760)] | None = None
    """From creation; cleared only when signing is complete (ZS-28, H-03)."""


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """What the model text says of the city."""

    place: str
    """City with its suffix, e.g. 黄石市."""

    registry: str
    """The land registry, by its full name."""

    submit_within_days: Annotated[int, Limits(minimum=1, maximum=365)] = 30
    """Days after signing within which the seller submits the contract."""


@dataclass(frozen=True, slots=True)
class QualificationRule:
    """Whether and by whom the qualification to buy is asked for."""

    need: QualificationNeed
    """When it is needed."""

    applicant: Side = Side.BUYER
    """Who applies (SZ-61)."""

    tell: tuple[Side, ...] = ()
    """Who gets an SMS on the result (SZ-63)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A promise on paper."""

    template: Name
    """Which paper."""

    signed_by: UndertakingSigners
    """Who signs it."""

    uploaded_by: Actor
    """Who uploads it, signed, as PDF."""

    before: Event
    """Needed before this event."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class Material:
    """One slot for papers."""

    slot: Name
    """Which papers."""

    sides: tuple[Side, ...]
    """Of whom."""

    required: bool
    """Starred or not (HS-18)."""

    before: Event
    """Needed before this event."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class MaterialRules:
    """Papers to hand in."""

    uploaded_by: tuple[Actor, ...]
    """Who may upload."""

    slots: tuple[Material, ...]
    """What is asked for."""

    e_licence: bool = False
    """Electronic licences are fetched first; what is not found is uploaded by hand (SZ-77)."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """What must be done before signing."""

    qualification: QualificationRule
    """Qualification to buy."""

    confirmers: Confirmers
    """Who confirms the text."""

    undertakings: tuple[Undertaking, ...] = ()
    """Promises on paper."""

    materials: MaterialRules | None = None
    """Papers to hand in."""
