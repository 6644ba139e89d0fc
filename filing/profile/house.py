"""How a city finds a house and which houses may be sold."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from filing.profile.people import PersonGroup
from filing.profile.shape import Limits, Name, RuleId
from filing.profile.vocabulary import Actor

__all__ = [
    "Bar",
    "HouseRules",
    "Lookup",
    "LookupKey",
    "PropertyState",
    "UnknownRestriction",
    "UseCategoryRule",
]


class PropertyState(StrEnum):
    """What the land register says of a house; several may hold at once (rules.md § 7.3)."""

    VALID = "valid"
    MORTGAGED = "mortgaged"
    SEIZED = "seized"
    OBJECTION = "objection"
    CANCELLED = "cancelled"
    OTHER = "other"


class LookupKey(StrEnum):
    """What a house is looked up by."""

    CERTIFICATE_NUMBER = "certificate_number"
    CERTIFICATE_TYPE = "certificate_type"
    CHECK_CODE = "check_code"
    REGION = "region"
    UNIT_NUMBER = "unit_number"
    OWNER_NAME = "owner_name"
    OWNER_ID_NUMBER = "owner_id_number"
    OWN_TITLE_QUERY = "own_title_query"


class Bar(StrEnum):
    """What else stops a house."""

    BLACKLISTED_OWNER = "blacklisted_owner"
    ONE_CERTIFICATE_MANY_USES = "one_certificate_many_uses"


class UnknownRestriction(StrEnum):
    """What happens if nobody can tell whether the purchase is restricted."""

    NOT_ASKED = "not_asked"
    ASSESSED = "assessed"
    """Somebody decides; until then the case waits."""
    OFFLINE_APPOINTMENT = "offline_appointment"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One way of finding a house; all keys are given."""

    keys: tuple[LookupKey, ...]
    """What is given."""

    groups: tuple[PersonGroup, ...] = tuple(PersonGroup)
    """To whom it is offered."""

    recommended_for: tuple[PersonGroup, ...] = ()
    """To whom it is offered first (H-13)."""

    rules: tuple[RuleId, ...] = ()
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class UseCategoryRule:
    """Who decides an unclear use category, by when."""

    decided_by: Name
    """The body."""

    working_days: Annotated[int, Limits(minimum=1, maximum=60)]
    """Working days from the property check (SZ-28, H-25)."""

    tell: tuple[Actor, ...]
    """Who gets the result by SMS."""


@dataclass(frozen=True, slots=True)
class HouseRules:
    """Houses of a city."""

    lookups: tuple[Lookup, ...]
    """Ways of finding a house."""

    states_allowed: frozenset[PropertyState]
    """A house may be in these states only; whatever is not named is refused (H-02)."""

    certificate_forms: tuple[Name, ...] = ()
    """Forms of certificate numbers, by the names of ``identity.numbers.CERTIFICATE_FORMS``."""

    locked_from_login: frozenset[LookupKey] = frozenset()
    """Keys taken from the login and not editable."""

    first_generation_retry: bool = False
    """A failed lookup may be repeated by the 15-digit number on the title (ZS-23)."""

    any_one_co_owner: bool = False
    """Name and number of any one owner find a co-owned house (HS-12)."""

    bars: frozenset[Bar] = frozenset()
    """What else stops a house."""

    use_category: UseCategoryRule | None = None
    """Who decides an unclear use category."""

    unknown_restriction: UnknownRestriction = UnknownRestriction.NOT_ASKED
    """What happens if the restriction is unknown."""

    query_same_day: bool = False
    """The owner's own title query must be of the same Beijing day (WH-05)."""
