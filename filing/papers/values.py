"""What a paper may say of a case: the words templates are written with. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from documents.amounts import capital_amount
from documents.errors import AmountError
from filing.calendar import beijing_day
from filing.profile.entry import CoOwnership
from identity.numbers import ID_TYPE_NAMES, Region, Sex
from identity.representation import Attestation, Basis
from identity.subjects import PartyKind, Side

if TYPE_CHECKING:
    from datetime import date, datetime

    from documents.papers import Values
    from filing.case import Case
    from filing.case.notary import Settlement
    from filing.case.people import CaseParty, Identified, RepresentationRecord
    from filing.profile import FlowProfile

__all__ = ["PAPER_NAMES", "paper_values", "settlement_values"]

PAPER_NAMES: Final = frozenset(
    {
        *("authority", "city_title", "case_no", "filing_number", "today", "reason"),
        *("seller_names", "buyer_names", "house_location", "certificate_number", "unit_no", "floor_area", "house_use"),
        *("price", "price_capital", "text_sha256", "text_pages", "filed_on", "signed_on", "cancel_scope"),
        *("requested_on", "seller_head", "sellers", "buyers", "parties", "representatives", "agents", "handlers"),
        *("agent_name", "agent_id_number", "co_ownership", "buyer_count"),
        *("office_name", "acceptance_number", "accepted_on", "due_on"),
        *("contract_price", "paid", "paid_capital", "refund", "refund_capital", "refund_days", "loan_words"),
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
        "text_pages": None if case.text.fixed is None else f"{case.text.fixed.source.page_count}",
        "seller_head": "、".join(head.name for head in case.people.heads),
        "co_ownership": None if case.people.co_ownership is None else _CO_OWNERSHIPS[case.people.co_ownership],
        "buyer_count": f"{len(case.people.of_side(Side.BUYER))}",
        **_of_house(case),
        **_of_price(case),
        **_of_cancellation(case),
        **_of_notary(case),
    }
    return {**{name: text for name, text in texts.items() if text}, **_people(case)}


def settlement_values(settlement: Settlement | None) -> Values:
    """What a paper may say of the money that goes back."""
    if settlement is None:
        return {}
    texts = {
        "contract_price": _amount(settlement.price),
        "paid": _amount(settlement.paid),
        "paid_capital": None if settlement.paid is None else capital_amount(settlement.paid),
        "refund": _amount(settlement.refund),
        "refund_capital": None if settlement.refund is None else capital_amount(settlement.refund),
        "refund_days": None if settlement.within_days is None else f"{settlement.within_days}",
        "loan_words": settlement.loan,
    }
    return {name: text for name, text in texts.items() if text}


def _amount(yuan: Decimal | None) -> str | None:
    return None if yuan is None else f"{yuan:,.2f} 元"


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
        "house_use": record.design_use,
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
    return {
        "reason": current.reason,
        "cancel_scope": _SCOPES[current.scope.value],
        "requested_on": _day(beijing_day(current.asked_at)),
    }


def _of_notary(case: Case) -> dict[str, str | None]:
    matter = case.notary.current
    if matter is None:
        return {}
    decision = matter.exchange.decision
    return {
        "office_name": None if matter.office is None else matter.office.name,
        "acceptance_number": decision.acceptance_number,
        "accepted_on": None if decision.accepted_at is None else _day(beijing_day(decision.accepted_at)),
        "due_on": None if decision.due_on is None else _day(decision.due_on),
    }


_SCOPES: Final = {"net_sign": "注销网签（同时撤销备案）", "filing": "注销备案"}

_CO_OWNERSHIPS: Final = {CoOwnership.SOLE: "单独所有", CoOwnership.JOINT: "共同共有", CoOwnership.BY_SHARE: "按份共有"}

_REGIONS: Final = {
    Region.CN: "中国大陆",
    Region.HK: "中国香港",
    Region.MO: "中国澳门",
    Region.TW: "中国台湾",
}

_SEXES: Final = {Sex.MALE: "男", Sex.FEMALE: "女"}

_BASES: Final = {
    Basis.AGENT_POA: "委托代理",
    Basis.GUARDIAN: "法定代理（监护）",
    Basis.HANDLER: "单位经办",
    Basis.LEGAL_REP: "法定代表",
    Basis.WINDOW_STAFF: "窗口代办",
}

_ATTESTATIONS: Final = {Attestation.NOTARISED: "授权委托书经公证", Attestation.CERTIFIED: "授权委托书经认证"}

_OF_SELLERS: Final = frozenset({Basis.HANDLER, Basis.LEGAL_REP})


def _people(case: Case) -> dict[str, list[dict[str, str]]]:
    sides = {side: [_person(case, party) for party in case.people.of_side(side)] for side in Side}
    records = case.people.representations
    return {
        "sellers": sides[Side.SELLER],
        "buyers": sides[Side.BUYER],
        "parties": [*sides[Side.SELLER], *sides[Side.BUYER]],
        "representatives": [
            {"name": record.representative.name, "id_number": record.representative.id_number, "key": record.party}
            for record in records
        ],
        "agents": [_representative(case, record) for record in records if record.basis not in _OF_SELLERS],
        "handlers": [_representative(case, record) for record in records if record.basis in _OF_SELLERS],
    }


def _person(case: Case, party: CaseParty) -> dict[str, str]:
    who, contact = party.identified, party.contact
    head = next((head for head in case.people.heads if head.party == party.key), None)
    share = party.shares.held
    return {
        "key": party.key,
        **_identity(who),
        "phone": "" if contact is None else contact.phone,
        "address": "" if contact is None else contact.address,
        "head": "" if head is None else f"{head.name}（{head.post}）",
        "share": "" if share is None else f"{share.numerator}/{share.denominator}",
    }


def _representative(case: Case, record: RepresentationRecord) -> dict[str, str]:
    """Somebody who acts for a party, and whether that still holds is not asked here."""
    party = case.people.party(record.party)
    own = "" if record.contact is None else record.contact.address
    principal = "" if party is None or party.contact is None else party.contact.address
    return {
        "key": record.party,
        **_identity(record.representative),
        "phone": record.phone or "",
        "address": own or principal,
        "acts_for": "" if party is None else party.identified.name,
        "basis": _BASES[record.basis],
        "scope": record.scope,
        "attested": _ATTESTATIONS.get(record.attestation, ""),
    }


def _identity(who: Identified) -> dict[str, str]:
    person = who.kind is PartyKind.PERSON
    region = _REGIONS.get(who.region, who.nationality)
    return {
        "name": who.name,
        "id_type": ID_TYPE_NAMES[who.id_type][0],
        "id_number": who.id_number,
        "sex": _SEXES[who.sex] if who.sex else "",
        "birth_date": _day(who.birth_date) if who.birth_date else "",
        "region": region if person else "",
    }


def _names(case: Case, side: Side) -> str:
    return "、".join(party.identified.name for party in case.people.of_side(side))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
