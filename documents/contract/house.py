"""The house: title, building, land-use right, and what rests on it (WH-29…32; ``field.md`` § 10.2, § 14)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from documents.contract.fields import END, Choice, Field, count, line, named

__all__ = [
    "Building",
    "House",
    "Land",
    "LandAcquisition",
    "Lease",
    "Mortgage",
    "MortgageSettlement",
    "Ownership",
    "ResidenceRight",
    "Rights",
    "Title",
]

UNIT_NUMBER_PATTERN = rf"^[0-9]{{12}}[GJZ][ABSXCDEFHGWY][0-9]{{5}}[FLQW][0-9]{{8}}{END}"
"""GB/T 37346-2019: county 6, district 3, sub-district 3, parcel mark 2, parcel 5, fixture mark 1, unit 8: 28 in all."""


class Ownership(Choice):
    """How a house is held (民法典 art. 298, 299)."""

    SOLE = "sole", "单独所有"
    JOINT = "joint", "共同共有"
    BY_SHARE = "by_share", "按份共有"


class LandAcquisition(Choice):
    """How the land-use right was acquired; the contract must say so (城市房地产管理法 art. 41)."""

    GRANT = "grant", "出让"
    ALLOCATION = "allocation", "划拨"
    OTHER = "other", "其他"


class MortgageSettlement(Choice):
    """What becomes of a mortgage (民法典 art. 406)."""

    RELEASE_FIRST = "release_first", "转移登记前由甲方清偿债务并注销抵押登记"
    TRANSFER_WITH = "transfer_with", "带抵押办理转移登记"


@dataclass(frozen=True, slots=True)
class Title:
    """The certificates of title."""

    number: Annotated[str, line("不动产权证书（房屋所有权证）号", 60)]
    """Number of the real-estate or house certificate, as printed."""

    unit_no: Annotated[str, Field("不动产单元号", UNIT_NUMBER_PATTERN, 28)] | None = None
    """Real-estate unit number; older certificates have none."""

    issued_on: Annotated[date, named("权属证书填发日期")] | None = None
    """Date of issue."""

    land_certificate_no: Annotated[str, line("土地使用权证号", 60)] | None = None
    """Number of a separate land certificate; optional (WH-31)."""

    house_code: Annotated[str, line("房源核验编码", 40)] | None = None
    """Code of the house in the bureau's building table or property check (WH-08)."""


@dataclass(frozen=True, slots=True)
class Building:
    """The building and the part of it that is sold."""

    structure: Annotated[str, line("房屋结构", 30)]
    """E.g. 钢筋混凝土结构."""

    floor_area: Annotated[Decimal, named("建筑面积")]
    """Square metres."""

    floor: Annotated[str, line("所在层次", 20)]
    """Floor or floors, as in the certificate."""

    floors_total: Annotated[int, count("地上总层数", 1, 200)]
    """Floors above ground."""

    design_use: Annotated[str, line("设计用途", 30)]
    """E.g. 住宅."""

    inner_area: Annotated[Decimal, named("套内建筑面积")] | None = None
    """Square metres."""

    shared_area: Annotated[Decimal, named("分摊共有建筑面积")] | None = None
    """Square metres."""

    layout: Annotated[str, line("房型", 30)] | None = None
    """E.g. 三室两厅一厨两卫."""

    year_built: Annotated[int, count("建成年份", 1900, 2100)] | None = None
    """Year of completion."""


@dataclass(frozen=True, slots=True)
class Land:
    """The right to use the land under it."""

    acquired_by: Annotated[LandAcquisition, named("土地使用权取得方式")]
    """Granted, allocated, or otherwise."""

    acquired_otherwise: Annotated[str, line("其他取得方式", 30)] | None = None
    """How, if otherwise."""

    area: Annotated[Decimal, named("用地面积")] | None = None
    """Square metres: of the land certificate, else the shared land area of the real-estate certificate (WH-30)."""

    term_ends_on: Annotated[date, named("土地使用权终止日期")] | None = None
    """Last day of the term; an allocated right has none."""


@dataclass(frozen=True, slots=True)
class Mortgage:
    """A mortgage on the house."""

    mortgagee: Annotated[str, line("抵押权人", 60)]
    """Who holds it; must be notified (民法典 art. 406)."""

    secured_amount: Annotated[Decimal, named("被担保债权余额")]
    """What is still owed, yuan."""

    settlement: Annotated[MortgageSettlement, named("抵押处理方式")]
    """Released before transfer, or transferred with the house."""

    release_by: Annotated[date, named("抵押注销期限")] | None = None
    """By when it is released."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease of the house."""

    tenant: Annotated[str, line("承租人", 60)]
    """Who rents it."""

    ends_on: Annotated[date, named("租赁期满日")]
    """Last day of the lease."""

    tenant_waived: Annotated[bool, named("承租人是否书面放弃优先购买权")]
    """Whether the tenant has waived the right of first refusal in writing (民法典 art. 726)."""


@dataclass(frozen=True, slots=True)
class ResidenceRight:
    """A registered right to live in the house (民法典 art. 366)."""

    holder: Annotated[str, line("居住权人", 60)]
    """Who may live there."""

    ends_on: Annotated[date, named("居住权期满日")] | None = None
    """Last day; none for life."""

    arrangement: Annotated[str, line("居住权处理", 200)] | None = None
    """What the parties agree on it."""


@dataclass(frozen=True, slots=True)
class Rights:
    """How the house is held now, and what rests on it. Seizure is excluded by the seller's warranty."""

    ownership: Annotated[Ownership, named("产权共有方式")]
    """Sole, joint, or by shares."""

    mortgage: Annotated[Mortgage, named("抵押")] | None = None
    """A mortgage, if there is one."""

    lease: Annotated[Lease, named("租赁")] | None = None
    """A lease, if there is one."""

    residence_right: Annotated[ResidenceRight, named("居住权")] | None = None
    """A right of residence, if there is one."""

    other: Annotated[str, line("其他权利限制", 200)] | None = None
    """Anything else."""


@dataclass(frozen=True, slots=True)
class House:
    """What is sold."""

    location: Annotated[str, line("房屋坐落", 150)]
    """As in the certificate."""

    title: Annotated[Title, named("权属证书")]
    """Certificates and numbers."""

    building: Annotated[Building, named("建筑")]
    """Areas, floors, use."""

    land: Annotated[Land, named("土地使用权")]
    """Land-use right."""

    rights: Annotated[Rights, named("权利状况")]
    """Ownership and burdens."""
