"""Who takes part in a city, how they prove themselves, what they are identified by, who may act for them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from filing.lifecycle import Event
from filing.profile.shape import Limits, Name, RuleId
from filing.profile.vocabulary import Actor
from identity.eligibility import IdTypeTable
from identity.guardians import GuardianRule
from identity.numbers import IdType
from identity.representation import RepresentationRule
from identity.subjects import Side
from identity.trust_level import CheckMethod, TrustPolicy

__all__ = [
    "CheckPurpose",
    "CodePer",
    "CodeRule",
    "IdentityCheck",
    "LoginWay",
    "MatterGuardians",
    "People",
    "PersonGroup",
    "PhoneRule",
    "Phones",
]


class PersonGroup(StrEnum):
    """How the manuals tell people apart at the door."""

    MAINLAND = "mainland"
    OVERSEAS = "overseas"
    ORGANISATION = "organisation"


class CheckPurpose(StrEnum):
    """What an identity is checked for (rules.md § 7.2)."""

    OPEN = "open"
    JOIN = "join"
    SIGN = "sign"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    NOTARY = "notary"
    """Before a notary: the profile's steps say when (ZN-09, ZN-11)."""


class PhoneRule(StrEnum):
    """Which numbers are taken."""

    MAINLAND_MOBILE = "mainland_mobile"
    OWN_MOBILE = "own_mobile"
    """A mainland mobile that reaches this very person (HS-15)."""


class CodePer(StrEnum):
    """Who gets a code."""

    SIDE = "side"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class LoginWay:
    """One way in; the login methods are all done."""

    group: PersonGroup
    """For whom."""

    methods: tuple[CheckMethod, ...]
    """What is done, all of it."""

    recommended: bool = False
    """Offered first, never forced (H-13)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """A check of the person at one point; any one of the methods suffices."""

    purpose: CheckPurpose
    """When."""

    sides: tuple[Side, ...]
    """Of whom."""

    any_of: tuple[CheckMethod, ...]
    """Methods; never faces alone (《人脸识别技术应用安全管理办法》)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class CodeRule:
    """One-time codes that go with an event."""

    at: Event
    """Verified before this event."""

    per: CodePer
    """One code per side, or per person (H-09)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class Phones:
    """Telephone numbers and codes."""

    rule: PhoneRule
    """Which numbers are taken."""

    codes: tuple[CodeRule, ...] = ()
    """When codes are asked for."""

    resend_seconds: Annotated[int, Limits(minimum=30, maximum=600)] = 120
    """Least time between two sends, in seconds (H-46)."""


@dataclass(frozen=True, slots=True)
class MatterGuardians:
    """What is asked of guardians in one matter."""

    matter: Name
    """The matter, e.g. ``sign`` or ``cancel_filing``."""

    rule: GuardianRule
    """How many of them, with which papers."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a city's sale."""

    entrant: Actor
    """Who enters the contract (合同录入人)."""

    login: tuple[LoginWay, ...]
    """Ways in."""

    organisations: bool
    """Enterprises and other organisations may be parties."""

    id_types: IdTypeTable
    """Documents accepted per side, kind and region."""

    phones: Phones
    """Telephone numbers and codes."""

    trust: TrustPolicy | None = None
    """Levels and routes for the property check, where the city grades identities."""

    title_id_replaceable: tuple[IdType, ...] = ()
    """Holders of these may put the title's number in place of the platform's (SZ-37, SZ-38)."""

    representation: tuple[RepresentationRule, ...] = ()
    """Who may act for whom, by what."""

    guardians: tuple[MatterGuardians, ...] = ()
    """What is asked of guardians, by matter."""

    checks: tuple[IdentityCheck, ...] = ()
    """Identity checks at points of the flow."""
