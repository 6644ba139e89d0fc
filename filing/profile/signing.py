"""How a city signs and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from filing.profile.entry import CaseField
from filing.profile.people import CodePer
from filing.profile.shape import Name, RuleId
from filing.profile.vocabulary import Actor

__all__ = [
    "AmendRule",
    "BankWay",
    "Circumstance",
    "Exemption",
    "ExtraPaper",
    "Filing",
    "FilingExemption",
    "FilingTrigger",
    "FundSupervision",
    "Invitation",
    "NumberForm",
    "NumberRule",
    "Recipient",
    "SignMethod",
    "SignStep",
    "Signing",
    "WetCondition",
]


class SignMethod(StrEnum):
    """How a contract is signed (rules.md § 7.3)."""

    OTP = "otp"
    APP = "app"
    WET = "wet"


class SignStep(StrEnum):
    """One step of signing."""

    PREVIEW_CONTRACT = "preview_contract"
    PREVIEW_RISK = "preview_risk"
    FACE_OR_CERT_CHECK = "face_or_cert_check"
    HANDWRITING = "handwriting"
    OTP = "otp"
    CONFIRM = "confirm"
    DOWNLOAD = "download"
    UPLOAD_SIGNED_CONTRACT = "upload_signed_contract"
    UPLOAD_SIGNED_UNDERTAKING = "upload_signed_undertaking"


class Circumstance(StrEnum):
    """What about a party may forbid signing online."""

    ORGANISATION = "organisation"
    OVERSEAS = "overseas"
    NOT_FULL_CAPACITY = "not_full_capacity"
    REPRESENTED = "represented"
    NO_PERSON_CHECK = "no_person_check"
    NO_APP = "no_app"


class Invitation(StrEnum):
    """How signers are called."""

    NONE = "none"
    SMS_LINK = "sms_link"


class NumberForm(StrEnum):
    """How a number is made."""

    DATE_AND_FIVE_DIGITS = "date_and_five_digits"
    """yyyymmdd and five digits a day (HS-19)."""
    PREFIX_AND_DATE = "prefix_and_date"
    """A prefix, then date and five digits (WH-41)."""


class FilingTrigger(StrEnum):
    """The moment a contract is filed."""

    SIGNING_COMPLETE = "signing_complete"
    APPROVAL = "approval"
    REGISTRY_ACCEPT = "registry_accept"
    IMPORTED = "imported"
    """Filed elsewhere, before the case came here (S4)."""


class Recipient(StrEnum):
    """Who is sent a filed contract."""

    REGISTRY = "registry"
    TAX = "tax"
    HOUSING_FUND = "housing_fund"
    BANKS = "banks"


class FilingExemption(StrEnum):
    """Sales that need no filing."""

    INDUSTRIAL = "industrial"
    INTER_ENTERPRISE_NON_RESIDENTIAL = "inter_enterprise_non_residential"


class BankWay(StrEnum):
    """How a bank takes the money into supervision."""

    ONLINE_REDIRECT = "online_redirect"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class WetCondition:
    """One thing about any party that makes signing by hand the only way."""

    circumstance: Circumstance
    """What."""

    rules: tuple[RuleId, ...]
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class ExtraPaper:
    """A paper that wet signing needs besides the contract."""

    circumstance: Circumstance
    """If any party is so."""

    paper: Name
    """Which paper."""

    rules: tuple[RuleId, ...]
    """Where it is said."""

    notarised: bool = False
    """It is a notary office's, about this very text: verified, or its original confirmed by the reviewer (SZ-80)."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How a contract is signed."""

    default: SignMethod
    """The method, unless a condition says otherwise."""

    steps: Mapping[SignMethod, tuple[SignStep, ...]]
    """Every method the city has, with its steps in order."""

    wet_if_any: tuple[WetCondition, ...] = ()
    """What makes signing by hand the only way."""

    wet_extra: tuple[ExtraPaper, ...] = ()
    """Papers that wet signing needs besides."""

    invitation: Invitation = Invitation.NONE
    """How signers are called."""

    started_by: tuple[Actor, ...] = (Actor.SELLER,)
    """Who may start signing."""

    printed_after: bool = False
    """Parties print and sign the contract for the registry; bringing it back is optional (WH-39, H-47)."""


@dataclass(frozen=True, slots=True)
class NumberRule:
    """A number and how it is called."""

    label: str
    """As screens call it, e.g. 登记编号."""

    form: NumberForm
    """How it is made."""

    prefix: str = ""
    """What stands before it."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A sale that goes to the registry without filing."""

    case: FilingExemption
    """Which."""

    rules: tuple[RuleId, ...]
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class AmendRule:
    """Changing a filed contract."""

    not_fields: frozenset[CaseField]
    """Everything but these may be changed."""

    codes: CodePer
    """Both sides agree by code (H-06)."""

    record: tuple[Name, ...]
    """What is written down (ZS-45)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class FundSupervision:
    """The price held by a supervised account."""

    optional: bool
    """The parties choose."""

    banks: Mapping[str, BankWay]
    """Banks by their usual short name, and how each takes part."""


@dataclass(frozen=True, slots=True)
class Filing:
    """How a contract is filed."""

    trigger: FilingTrigger
    """The moment of filing."""

    case_number: NumberRule
    """The number a case gets when opened, or came with."""

    stamp: bool
    """The authority's stamp is put on."""

    review: bool = False
    """Somebody looks at it first."""

    submitted_by: tuple[Actor, ...] = ()
    """Who hands it in for review."""

    recipients: tuple[Recipient, ...] = ()
    """Who is sent the filed contract."""

    exempt: tuple[Exemption, ...] = ()
    """Sales that need no filing."""

    amend: AmendRule | None = None
    """Changing a filed contract."""

    fund_supervision: FundSupervision | None = None
    """Money under supervision."""
