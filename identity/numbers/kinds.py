"""The kinds of identity document and what a number tells (``rules.md`` § 7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - records are read back by these types
from enum import Enum

__all__ = ["ID_TYPE_NAMES", "IdType", "IdentityNumber", "Region", "Sex"]


class IdType(Enum):
    """Documents by which somebody is identified."""

    RESIDENT_ID = "resident_id"
    RESIDENT_ID_15 = "resident_id_15"
    OFFICER_ID = "officer_id"
    POLICE_ID = "police_id"
    HM_PERMIT = "hm_permit"
    TW_PERMIT = "tw_permit"
    PASSPORT = "passport"
    HMT_RESIDENCE = "hmt_residence"
    FOREIGN_PR = "foreign_pr"
    HM_ID_CARD = "hm_id_card"
    USCC = "uscc"


ID_TYPE_NAMES: dict[IdType, tuple[str, str]] = {
    IdType.RESIDENT_ID: ("居民身份证", "resident identity card"),
    IdType.RESIDENT_ID_15: ("第一代居民身份证", "first-generation resident identity card"),
    IdType.OFFICER_ID: ("军官证", "officer's certificate"),
    IdType.POLICE_ID: ("警官证", "police officer's certificate"),
    IdType.HM_PERMIT: ("港澳居民来往内地通行证", "mainland travel permit for Hong Kong and Macau residents"),
    IdType.TW_PERMIT: ("台湾居民来往大陆通行证", "mainland travel permit for Taiwan residents"),
    IdType.PASSPORT: ("护照", "passport"),
    IdType.HMT_RESIDENCE: ("港澳台居民居住证", "residence permit for Hong Kong, Macau and Taiwan residents"),
    IdType.FOREIGN_PR: ("外国人永久居留身份证", "foreign permanent resident identity card"),
    IdType.HM_ID_CARD: ("港澳居民身份证", "Hong Kong or Macau identity card"),
    IdType.USCC: ("统一社会信用代码", "unified social credit code"),
}
"""Chinese and English name of each kind, as messages use them."""


class Region(Enum):
    """Where somebody belongs, as the rules of the cities tell people apart (SZ-51…54)."""

    CN = "CN"
    HK = "HK"
    MO = "MO"
    TW = "TW"
    OTHER = "other"


class Sex(Enum):
    """As the number says."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number that was read and found in order. What it does not tell is ``None``, never guessed."""

    type: IdType
    """Kind of document."""

    normalised: str
    """The one written form: upper case, ASCII, no blanks."""

    birth_date: date | None = None
    """Date of birth, where the number holds it."""

    sex: Sex | None = None
    """Sex, where the number holds it."""

    region: Region | None = None
    """Where the holder belongs, where the number tells."""

    area: str | None = None
    """Code of the first place of registration (6 digits of GB/T 2260; 2 of a PR card), where the number holds it."""

    country: str | None = None
    """Country of a PR card as it is written there: ISO 3166 numeric (new card) or alpha-3 (old card)."""
