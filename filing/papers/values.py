"""What a paper may say of a case: the words templates are written with. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from documents.amounts import capital_amount
from documents.errors import AmountError
from filing.calendar import beijing_day
from identity.numbers import ID_TYPE_NAMES
from identity.subjects import Side

if TYPE_CHECKING:
    from datetime import date, datetime

    from documents.papers import Values
    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.profile import FlowProfile

__all__ = ["PAPER_NAMES", "paper_values"]

PAPER_NAMES: Final = frozenset(
    {
        *("authority", "city_title", "case_no", "filing_number", "today", "reason"),
        *("seller_names", "buyer_names", "house_location", "certificate_number", "unit_no", "floor_area"),
        *("price", "price_capital", "text_sha256", "filed_on", "signed_on", "cancel_scope"),
        *("sellers", "buyers", "parties", "representatives", "agent_name", "agent_id_number"),
    }
)
"""Every name a template may use; a template with another stops the start."""


def paper_values(profile: FlowProfile, case: Case, now: datetime) -> Values:
    """Everything known of a case by the names of :data:`PAPER_NAMES`; what is not known is not there."""
    texts = {
        "authority": profile.city.authority,
        "city_title": profile.city.title,
        "case_no": case.case_no,
        "filing_number": case.filing.number,
        "today": _day(beijing_day(now)),
        "seller_names": _names(case, Side.SELLER),
        "buyer_names": _names(case, Side.BUYER),
        "text_sha256": None if case.text.fixed is None else case.text.fixed.sha256,
        "filed_on": None if case.filing.filed_at is None else _day(beijing_day(case.filing.filed_at)),
        **_of_house(case),
        **_of_price(case),
        **_of_cancellation(case),
    }
    return {**{name: text for name, text in texts.items() if text}, **_people(case)}


def _of_house(case: Case) -> dict[str, str | None]:
    if case.house.checked is None:
        return {}
    record = case.house.checked.record
    area = None if record.building is None else record.building.floor_area
    return {
        "house_location": record.location,
        "certificate_number": record.certificate_number,
        "unit_no": record.unit_no,
        "floor_area": None if area is None else f"{area} 平方米",
    }


def _of_price(case: Case) -> dict[str, str | None]:
    money = case.text.clauses.get("money")
    price = money.get("price") if isinstance(money, dict) else None
    try:
        amount = Decimal(str(price))
        return {"price": f"{amount:,.2f} 元", "price_capital": capital_amount(amount)}
    except (ArithmeticError, AmountError):  # no price yet, or none that can be written
        return {}


def _of_cancellation(case: Case) -> dict[str, str | None]:
    current = case.cancelling.current
    if current is None:
        return {}
    return {"reason": current.reason, "cancel_scope": _SCOPES[current.scope.value]}


_SCOPES: Final = {"net_sign": "注销网签（同时撤销备案）", "filing": "注销备案"}


def _people(case: Case) -> dict[str, list[dict[str, str]]]:
    sides = {side: [_person(party) for party in case.people.of_side(side)] for side in Side}
    return {
        "sellers": sides[Side.SELLER],
        "buyers": sides[Side.BUYER],
        "parties": [*sides[Side.SELLER], *sides[Side.BUYER]],
        "representatives": [
            {"name": record.representative.name, "id_number": record.representative.id_number, "key": record.party}
            for record in case.people.representations
        ],
    }


def _person(party: CaseParty) -> dict[str, str]:
    who, contact = party.identified, party.contact
    return {
        "key": party.key,
        "name": who.name,
        "id_type": ID_TYPE_NAMES[who.id_type][0],
        "id_number": who.id_number,
        "phone": "" if contact is None else contact.phone,
        "address": "" if contact is None else contact.address,
    }


def _names(case: Case, side: Side) -> str:
    return "、".join(party.identified.name for party in case.people.of_side(side))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
