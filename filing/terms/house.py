"""The house of a case as data of the contract's terms: the register's word first, what the seller adds after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from filing.case.house import CaseHouse, HouseMortgage, HouseRecord

__all__ = ["house_conflicts", "house_data"]


def house_data(house: CaseHouse, drafted: Mapping[str, Any]) -> dict[str, Any]:
    """What the contract says of the house; nothing typed replaces anything registered (SZ-56, WH-27)."""
    registered = _registered(house)
    return _overlaid(drafted, registered)


def house_conflicts(house: CaseHouse, drafted: Mapping[str, Any]) -> tuple[str, ...]:
    """Paths below ``house`` where what was typed differs from what is registered."""
    return tuple(_differences("house", drafted, _registered(house)))


def _registered(house: CaseHouse) -> dict[str, Any]:
    if house.checked is None:
        return {}
    record = house.checked.record
    return _present(
        {
            "location": record.location,
            "title": _title(record, house.code),
            "building": _building(record),
            "land": _land(record),
            "rights": _rights(record),
        }
    )


def _title(record: HouseRecord, house_code: str | None) -> dict[str, Any]:
    return _present(
        {
            "number": record.certificate_number,
            "unit_no": record.unit_no,
            "issued_on": None if record.issued_on is None else record.issued_on.isoformat(),
            "land_certificate_no": record.land_certificate_no,
            "house_code": house_code,
        }
    )


def _building(record: HouseRecord) -> dict[str, Any]:
    building = record.building
    if building is None:
        return _present({"design_use": record.design_use or None})
    return _present(
        {
            "structure": building.structure,
            "floor_area": _two_places(building.floor_area),
            "inner_area": _two_places(building.inner_area),
            "shared_area": _two_places(building.shared_area),
            "floor": building.floor,
            "floors_total": building.floors_total,
            "design_use": record.design_use or None,
            "layout": building.layout,
            "year_built": building.year_built,
        }
    )


def _land(record: HouseRecord) -> dict[str, Any]:
    ends, building = record.rights.land_term_ends_on, record.building
    return _present(
        {
            "acquired_by": record.rights.land_acquired_by,
            # Of the land certificate, else the shared land area of the real-estate certificate (WH-30).
            "area": None if building is None else _two_places(building.land_area),
            "term_ends_on": None if ends is None else ends.isoformat(),
        }
    )


def _rights(record: HouseRecord) -> dict[str, Any]:
    data: dict[str, Any] = {"ownership": record.rights.co_ownership.value}
    mortgages = record.rights.mortgages
    if mortgages:
        data["mortgage"] = {
            "mortgagee": "、".join(mortgage.mortgagee for mortgage in mortgages)[:60],
            "secured_amount": _two_places(_secured(mortgages)),
        }
    return data


def _secured(mortgages: tuple[HouseMortgage, ...]) -> Decimal | None:
    first, *others = (mortgage.secured_amount for mortgage in mortgages)
    return sum(others, first)


def _overlaid(drafted: Mapping[str, Any], registered: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(drafted)
    for name, value in registered.items():
        typed = merged.get(name)
        merged[name] = _overlaid(typed, value) if isinstance(typed, dict) and isinstance(value, dict) else value
    return merged


def _differences(path: str, drafted: Mapping[str, Any], registered: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name, typed in drafted.items():
        here, said = f"{path}.{name}", registered.get(name)
        if isinstance(said, dict) and isinstance(typed, dict):
            found += _differences(here, typed, said)
        elif said is not None and typed != said:
            found.append(here)
    return found


def _two_places(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, {})}
