"""Which identity documents a city takes from whom: reading a table that the city's profile brings.

The tables differ by side on purpose: owners may hold documents that buyers may not use (H-24).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from identity.errors import NumberError, RuleTableError
from identity.findings import Finding, Findings
from identity.numbers import ID_TYPE_NAMES, IdType, PersonMatch, Region, check_number, same_person_number
from identity.subjects import PartyKind, Side

if TYPE_CHECKING:
    from datetime import date

    from identity.numbers import IdentityNumber

__all__ = [
    "Claim",
    "IdTypeRow",
    "IdTypeTable",
    "allowed_id_types",
    "check_id_card_type",
    "check_id_type",
    "check_region",
    "may_replace_title_number",
]

REGION_NAMES = {
    Region.CN: ("中国内地", "mainland China"),
    Region.HK: ("中国香港", "Hong Kong, China"),
    Region.MO: ("中国澳门", "Macau, China"),
    Region.TW: ("中国台湾", "Taiwan, China"),
    Region.OTHER: ("外国", "another country"),
}


@dataclass(frozen=True, slots=True)
class IdTypeRow:
    """What one kind of party from one region may use on one side."""

    side: Side
    """Seller or buyer."""

    kind: PartyKind
    """Person or organisation."""

    region: Region
    """Where they belong."""

    id_types: tuple[IdType, ...]
    """Documents accepted, the usual one first."""


@dataclass(frozen=True, slots=True)
class IdTypeTable:
    """A city's table. One row for each (side, kind, region); what has no row is not accepted."""

    rows: tuple[IdTypeRow, ...]
    """In the order of the profile."""

    def __post_init__(self) -> None:
        keys = [(row.side, row.kind, row.region) for row in self.rows]
        for key in keys:
            if keys.count(key) > 1:
                where = "/".join(part.value for part in key)
                raise RuleTableError(
                    "rule_table.repeated_row",
                    zh=f"证件类型表中 {where} 重复",
                    en=f"the table of identity documents has more than one row for {where}",
                    row=where,
                )


@dataclass(frozen=True, slots=True)
class Claim:
    """How a party says they are identified."""

    side: Side
    """Seller or buyer."""

    kind: PartyKind
    """Person or organisation."""

    region: Region
    """Where they say they belong."""

    id_type: IdType
    """The document they chose."""


def allowed_id_types(table: IdTypeTable, side: Side, kind: PartyKind, region: Region) -> tuple[IdType, ...]:
    """The documents a form may offer; empty if nobody of this kind and region can be this side."""
    for row in table.rows:
        if (row.side, row.kind, row.region) == (side, kind, region):
            return row.id_types
    return ()


def check_id_type(table: IdTypeTable, claim: Claim) -> Findings:
    """Whether the chosen document is one the table takes (SZ-51…54, H-24, H-45)."""
    allowed = allowed_id_types(table, claim.side, claim.kind, claim.region)
    if claim.id_type in allowed:
        return ()
    zh, en = REGION_NAMES[claim.region]
    names_zh = "、".join(ID_TYPE_NAMES[id_type][0] for id_type in allowed) or "无"
    names_en = ", ".join(ID_TYPE_NAMES[id_type][1] for id_type in allowed) or "none"
    return (
        Finding(
            "eligibility.id_type",
            zh=f"{zh}当事人可选证件类型：{names_zh}",
            en=f"documents accepted here from a party of {en}: {names_en}",
            facts=(
                ("side", claim.side.value),
                ("region", claim.region.value),
                ("id_type", claim.id_type.value),
                ("allowed", " ".join(id_type.value for id_type in allowed)),
            ),
        ),
    )


def check_region(claim: Claim, number: IdentityNumber) -> Findings:
    """Whether the number belongs to the region claimed; a number that does not tell says nothing against it."""
    if number.region in (None, claim.region):
        return ()
    zh, en = REGION_NAMES[claim.region]
    return (
        Finding(
            "eligibility.region",
            zh=f"证件号码与所选国籍/地区（{zh}）不一致",
            en=f"the number does not belong to the region chosen ({en})",
            facts=(("claimed", claim.region.value), ("number", number.region.value if number.region else "")),
        ),
    )


def check_id_card_type(claim: Claim, text: str, today: date) -> Findings:
    """A Hong Kong or Macau seller whose number is an identity card's must choose that kind (SZ-59).

    Asked only of parties from there: elsewhere a number of this form is a passport's. Eight digits are a Macau card's
    for a Macau party only.
    """
    if claim.side is not Side.SELLER or claim.id_type is IdType.HM_ID_CARD:
        return ()
    try:
        card = check_number(IdType.HM_ID_CARD, text, today)
    except NumberError:
        return ()
    if card.region is not claim.region:
        return ()
    return (
        Finding(
            "eligibility.id_card_type",
            zh="证件号码为港澳身份证号码，证件类型须选择“港澳居民身份证”",
            en="this is the number of a Hong Kong or Macau identity card; choose that kind of document",
            facts=(("id_type", claim.id_type.value),),
        ),
    )


def may_replace_title_number(overseas: tuple[IdType, ...], platform: IdentityNumber, title: IdentityNumber) -> Findings:
    """Whether an owner may put the title's number in place of the one the identity platform gave (SZ-36, SZ-37).

    ``overseas`` is the city's list (SZ-38). Both conditions must hold: a document of that list, and numbers that
    differ. A first-generation title never needs it (ZS-23).
    """
    if platform.type not in overseas:
        return (
            Finding(
                "eligibility.number_locked",
                zh="证件号码取自统一身份认证平台，不可修改；须与产权证书一致",
                en="the number comes from the identity platform and is locked; it must equal the title's",
                facts=(("id_type", platform.type.value),),
            ),
        )
    if same_person_number(platform, title) is PersonMatch.SAME:
        return (
            Finding(
                "eligibility.number_same",
                zh="证件号码与产权证书一致，无需修改",
                en="the number is the title's already; there is nothing to edit",
            ),
        )
    return ()
