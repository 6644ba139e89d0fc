"""What must hold of the house, its transfer and delivery, and of liability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.contract.house import LandAcquisition, MortgageSettlement
from documents.contract.liability import Forum
from documents.contract.performance import DeliveryCondition, DeliveryMode, HouseholdState, MaintenanceFund
from documents.contract.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.contract.house import Building, House, Land
    from documents.contract.liability import Liability
    from documents.contract.performance import Delivery, Household, Performance, Transfer

__all__ = ["check_delivery_of_lease", "check_house", "check_liability", "check_performance"]

WHOLE_PERCENT = 100
TEN_THOUSAND = 10_000


def check_house(house: House) -> Iterator[Problem]:
    """Areas add up; the land-use right is stated; a mortgage has an end."""
    yield from _areas(house.building)
    yield from _land(house.land)
    mortgage = house.rights.mortgage
    if mortgage and (mortgage.settlement is MortgageSettlement.RELEASE_FIRST) != (mortgage.release_by is not None):
        yield Problem(
            "house.rights.mortgage.release_by",
            "mortgage.release_by",
            "转移登记前注销抵押的须填写期限，带抵押办理的不得填写",
            "a day of release goes with release before transfer, and only with it",
        )


def check_performance(performance: Performance) -> Iterator[Problem]:
    """Each promise has its day, and one only."""
    yield from _transfer(performance.transfer)
    yield from _delivery(performance.delivery)
    yield from _household(performance.household)


def check_delivery_of_lease(house: House, performance: Performance) -> Iterator[Problem]:
    """A house is delivered with a lease if, and only if, there is one."""
    with_lease = performance.delivery.condition is DeliveryCondition.WITH_LEASE
    if with_lease and house.rights.lease is None:
        yield Problem(
            "performance.delivery.condition", "delivery.no_lease", "房屋无租赁，不能带租约交付", "there is no lease"
        )


def check_liability(liability: Liability) -> Iterator[Problem]:
    """Rates are above zero and below the whole; an arbitral body is named."""
    rates = {
        "late_payment": liability.late_payment,
        "late_transfer": liability.late_transfer,
        "late_delivery": liability.late_delivery,
    }
    for name, delay in rates.items():
        if not 0 < delay.daily_rate < TEN_THOUSAND:
            yield Problem(
                f"liability.{name}.daily_rate", "rate.out_of_range", "违约金比例超出范围", "rate out of range"
            )
    if not 0 < liability.damages_percent < WHOLE_PERCENT:
        yield Problem("liability.damages_percent", "rate.out_of_range", "违约金比例超出范围", "rate out of range")
    dispute = liability.dispute
    if (dispute.forum is Forum.ARBITRATION) != (dispute.arbitration_body is not None):
        yield Problem(
            "liability.dispute.arbitration_body",
            "dispute.arbitration_body",
            "选择仲裁的须写明仲裁机构全称，选择诉讼的不得填写",
            "an arbitral body goes with arbitration, and only with it",
        )


def _areas(building: Building) -> Iterator[Problem]:
    for name in ("floor_area", "inner_area"):
        area = getattr(building, name)
        if area is not None and area <= 0:
            yield Problem(f"house.building.{name}", "area.zero", "面积须大于零", "an area must be above zero")
    inner, shared = building.inner_area, building.shared_area
    fits = inner is None or inner <= building.floor_area
    if inner is not None and shared is not None:
        fits = inner + shared == building.floor_area
    if not fits:
        yield Problem(
            "house.building.inner_area",
            "area.sum",
            "套内建筑面积与分摊面积之和应等于建筑面积",
            "inner and shared area must sum to the floor area",
        )


def _land(land: Land) -> Iterator[Problem]:
    if (land.acquired_by is LandAcquisition.OTHER) != (land.acquired_otherwise is not None):
        yield Problem(
            "house.land.acquired_otherwise",
            "land.acquired_otherwise",
            "仅在取得方式为“其他”时填写，且须填写",
            "goes with acquisition 'other', and only with it",
        )
    if land.acquired_by is LandAcquisition.ALLOCATION and land.term_ends_on is not None:
        yield Problem(
            "house.land.term_ends_on",
            "land.term",
            "划拨土地使用权没有终止日期",
            "an allocated right has no end",
        )


def _transfer(transfer: Transfer) -> Iterator[Problem]:
    if (transfer.apply_by is None) == (transfer.within_days is None):
        yield Problem(
            "performance.transfer",
            "transfer.deadline",
            "申请转移登记的期限须填写日数或者截止日之一",
            "needs either a number of days or a last day",
        )


def _delivery(delivery: Delivery) -> Iterator[Problem]:
    on_date = delivery.mode is DeliveryMode.ON_DATE
    if (delivery.on is not None, delivery.within_days is not None) != (on_date, not on_date):
        yield Problem(
            "performance.delivery",
            "delivery.deadline",
            "约定日期交付的填写交付日期，其他方式填写交付日数",
            "delivery on a day needs the day, any other mode a number of days",
        )
    separately = delivery.maintenance_fund is MaintenanceFund.PAID_SEPARATELY
    if separately != (delivery.maintenance_fund_amount is not None):
        yield Problem(
            "performance.delivery.maintenance_fund_amount",
            "maintenance_fund.amount",
            "另行支付维修资金结余的须填写金额，否则不得填写",
            "an amount goes with separate payment, and only with it",
        )
    utilities = [meter.utility for meter in delivery.meters]
    if len(set(utilities)) != len(utilities):
        yield Problem("performance.delivery.meters", "meter.repeated", "户号类别重复", "the same supply twice")


def _household(household: Household) -> Iterator[Problem]:
    moving = household.state is HouseholdState.MOVE_OUT
    if (household.move_out_by is not None, household.daily_penalty is not None) != (moving, moving):
        yield Problem(
            "performance.household",
            "household.move_out",
            "有户口需要迁出的须填写迁出期限和逾期违约金，否则不得填写",
            "a day and a penalty go with moving out, and only with it",
        )
