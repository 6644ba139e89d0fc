"""One door to every kind of identity number, and whether two numbers are one person's."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from identity.numbers.credit_code import read_credit_code
from identity.numbers.kinds import IdentityNumber, IdType
from identity.numbers.permits import read_hm_id_card, read_hm_permit, read_tw_permit
from identity.numbers.resident import (
    read_first_generation,
    read_foreign_pr,
    read_residence_permit,
    read_resident_id,
    to_eighteen,
)
from identity.numbers.text import folded
from identity.numbers.unchecked import read_officer_id, read_passport, read_police_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

__all__ = ["PersonMatch", "check_number", "lifetime_form", "same_person_number"]

DATED: Mapping[IdType, Callable[[str, date], IdentityNumber]] = {
    IdType.RESIDENT_ID: read_resident_id,
    IdType.RESIDENT_ID_15: read_first_generation,
    IdType.HMT_RESIDENCE: read_residence_permit,
    IdType.FOREIGN_PR: read_foreign_pr,
}
"""Kinds whose number holds a date of birth."""

UNDATED: Mapping[IdType, Callable[[str], IdentityNumber]] = {
    IdType.OFFICER_ID: read_officer_id,
    IdType.POLICE_ID: read_police_id,
    IdType.HM_PERMIT: read_hm_permit,
    IdType.TW_PERMIT: read_tw_permit,
    IdType.PASSPORT: read_passport,
    IdType.HM_ID_CARD: read_hm_id_card,
    IdType.USCC: read_credit_code,
}

LIFETIME_LENGTH: Mapping[IdType, int | None] = {
    IdType.RESIDENT_ID: None,
    IdType.HMT_RESIDENCE: None,
    IdType.HM_ID_CARD: None,
    IdType.USCC: None,
    IdType.HM_PERMIT: 9,
    IdType.TW_PERMIT: 8,
}
"""How many leading characters a holder keeps for life; ``None`` is all. Kinds not named change on renewal."""


class PersonMatch(Enum):
    """Whether two numbers are one person's."""

    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"
    """The numbers cannot tell: other kinds of document, or one that changes on renewal."""


def check_number(id_type: IdType, text: str, today: date) -> IdentityNumber:
    """Read ``text``, as typed, as a number of ``id_type``.

    ``today`` is the day in China. Raises :class:`identity.errors.NumberError`. That the number was ever issued, or
    belongs to who typed it, is not checked here.
    """
    dated = DATED.get(id_type)
    return dated(folded(text), today) if dated else UNDATED[id_type](folded(text))


def lifetime_form(number: IdentityNumber) -> tuple[IdType, str]:
    """What of a number stays with its holder: a first-generation number converted (ZS-23), a permit without its
    renewal digits. Of kinds that change on renewal the whole number, for want of better.
    """
    number = to_eighteen(number)
    return number.type, number.normalised[: LIFETIME_LENGTH.get(number.type)]


def same_person_number(one: IdentityNumber, other: IdentityNumber) -> PersonMatch:
    """Compare across generations (15 and 18 digits, by converting: ZS-23) and renewals (permits by 9 or 8 places)."""
    one, other = to_eighteen(one), to_eighteen(other)
    if (one.type, one.normalised) == (other.type, other.normalised):
        return PersonMatch.SAME
    if one.type is not other.type:
        organisation = IdType.USCC in (one.type, other.type)
        return PersonMatch.DIFFERENT if organisation else PersonMatch.UNDECIDED
    if one.type not in LIFETIME_LENGTH:
        return PersonMatch.UNDECIDED
    return PersonMatch.SAME if lifetime_form(one) == lifetime_form(other) else PersonMatch.DIFFERENT
