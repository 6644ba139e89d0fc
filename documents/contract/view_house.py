"""The house and what rests on it, as the template wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.contract.house import LandAcquisition, Ownership
from documents.contract.wording import cell, chinese_date, money, options, wide

if TYPE_CHECKING:
    from decimal import Decimal

    from documents.contract.house import House, Mortgage, Rights

__all__ = ["house_view", "rights_view"]


def house_view(house: House) -> dict[str, Any]:
    """Rows of the house's table, and the land-use right."""
    title, land = house.title, house.land
    separate = title.land_certificate_no is not None
    return {
        "location": house.location,
        "rows": _rows(house),
        "acquired": options(LandAcquisition, land.acquired_by),
        "acquired_otherwise": land.acquired_otherwise,
        "land_area": _area(land.area),
        # WH-30: which document the land area is taken from.
        "land_area_source": "土地使用权证" if separate else "不动产权证书“权利其他状况”栏所载分摊土地面积",
        "term_ends_on": chinese_date(land.term_ends_on),
    }


def rights_view(rights: Rights) -> dict[str, Any]:
    """Ownership, and each burden or none."""
    lease, residence = rights.lease, rights.residence_right
    return {
        "ownership": options(Ownership, rights.ownership),
        "mortgage": _mortgage(rights.mortgage) if rights.mortgage else None,
        "lease": {
            "tenant": lease.tenant,
            "ends_on": chinese_date(lease.ends_on),
            "waived": [{"on": lease.tenant_waived, "text": "已"}, {"on": not lease.tenant_waived, "text": "未"}],
        }
        if lease
        else None,
        "residence": {
            "holder": residence.holder,
            "ends_on": chinese_date(residence.ends_on) or "居住权人终身",
            "arrangement": residence.arrangement,
        }
        if residence
        else None,
        "other": rights.other,
    }


def _mortgage(mortgage: Mortgage) -> dict[str, Any]:
    return {
        "mortgagee": mortgage.mortgagee,
        "secured": money(mortgage.secured_amount),
        "settlement": options(type(mortgage.settlement), mortgage.settlement),
        "release_by": chinese_date(mortgage.release_by),
    }


def _rows(house: House) -> list[list[dict[str, Any]]]:
    building, title = house.building, house.title
    return [
        [wide("房屋坐落", house.location)],
        [wide("权属证书号", title.number)],
        [wide("不动产单元号", title.unit_no)],
        [cell("填发日期", chinese_date(title.issued_on)), cell("房源编码", title.house_code)],
        [wide("土地使用权证号", title.land_certificate_no)],
        [cell("建筑面积", _area(building.floor_area)), cell("套内面积", _area(building.inner_area))],
        [cell("分摊面积", _area(building.shared_area)), cell("用地面积", _area(house.land.area))],
        [cell("房屋结构", building.structure), cell("设计用途", building.design_use)],
        [cell("所在层次", f"第 {building.floor} 层"), cell("地上总层数", f"{building.floors_total} 层")],
        [cell("房型", building.layout), cell("建成年份", f"{building.year_built} 年" if building.year_built else None)],
    ]


def _area(area: Decimal | None) -> str | None:
    return None if area is None else f"{area:.2f} 平方米"
