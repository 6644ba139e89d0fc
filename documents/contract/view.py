"""Terms to the data of the contract's template: every value worded, no law decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.contract.house import Ownership
from documents.contract.liability import Forum
from documents.contract.performance import DeliveryCondition, DeliveryMode, HouseholdState, MaintenanceFund
from documents.contract.view_house import house_view, rights_view
from documents.contract.view_money import money_view
from documents.contract.view_parties import party_blocks, signature_places
from documents.contract.wording import chinese_date, chinese_day_of, money, options, plain

if TYPE_CHECKING:
    from documents.contract.liability import Delay, Liability
    from documents.contract.performance import Delivery, Performance
    from documents.contract.record import ContractRecord
    from documents.contract.terms import ContractTerms

__all__ = ["CONTRACT_TITLE", "contract_title", "contract_view"]

CONTRACT_TITLE = "存量房买卖合同"


def contract_view(record: ContractRecord) -> dict[str, Any]:
    """Data for ``contract.typ``, JSON-ready."""
    terms = record.terms
    return {
        "case_no": record.case_no,
        "contract_title": contract_title(terms),
        "made_on": chinese_day_of(record.made_at),
        "names": {side: "、".join(one.name for one in getattr(terms, side)) for side in ("sellers", "buyers")},
        "parties": party_blocks(terms),
        "house": house_view(terms.house),
        "rights": rights_view(terms.house.rights),
        "money": money_view(terms.money),
        "performance": _performance(terms.performance),
        "liability": _liability(terms.liability),
        "filing": {
            "city": terms.filing.city,
            "authority": terms.filing.authority,
            "registry": terms.filing.registry,
            "within_days": terms.filing.within_days,
        },
        "annexes": _annexes(terms),
        "other_agreements": [text.split("\n") for text in terms.other_agreements],
        "signatures": signature_places(terms),
    }


def contract_title(terms: ContractTerms) -> str:
    """The name of the contract, the city's own or the house's."""
    return terms.filing.contract_title or CONTRACT_TITLE


def _performance(performance: Performance) -> dict[str, Any]:
    transfer, household = performance.transfer, performance.household
    if transfer.apply_by:
        deadline = f"{chinese_date(transfer.apply_by)}前"
    else:
        deadline = f"本合同网签备案之日起 {transfer.within_days} 日内"
    return {
        "transfer": {"deadline": deadline, "buyers_hold": options(Ownership, transfer.buyers_hold)},
        "delivery": _delivery(performance.delivery),
        "household": {
            "state": options(HouseholdState, household.state),
            "move_out_by": chinese_date(household.move_out_by),
            "daily_penalty": money(household.daily_penalty),
        },
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "mode": options(DeliveryMode, delivery.mode),
        "condition": options(DeliveryCondition, delivery.condition),
        "on": chinese_date(delivery.on),
        "within_days": delivery.within_days,
        "fund": options(MaintenanceFund, delivery.maintenance_fund),
        "fund_amount": money(delivery.maintenance_fund_amount),
        "property_manager": delivery.property_manager,
        "meters": [{"name": meter.utility.zh, "account_no": meter.account_no} for meter in delivery.meters],
    }


def _liability(liability: Liability) -> dict[str, Any]:
    dispute = liability.dispute
    return {
        "late_payment": _delay(liability.late_payment),
        "late_transfer": _delay(liability.late_transfer),
        "late_delivery": _delay(liability.late_delivery),
        "damages_percent": plain(liability.damages_percent),
        "forum": options(Forum, dispute.forum),
        "arbitration_body": dispute.arbitration_body,
    }


def _delay(delay: Delay) -> dict[str, Any]:
    return {"rate": plain(delay.daily_rate), "days": delay.terminate_after_days}


def _annexes(terms: ContractTerms) -> dict[str, Any]:
    fixtures = terms.performance.delivery.fixtures
    return {
        "fixtures": [{"name": one.name, "quantity": one.quantity, "note": one.note} for one in fixtures],
        "others": [{"title": annex.title, "paragraphs": annex.content.split("\n")} for annex in terms.annexes],
    }
