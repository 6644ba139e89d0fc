"""Transfer of title and delivery of the house."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from documents.contract.fields import Choice, count, line, many, named
from documents.contract.house import Ownership

__all__ = [
    "Delivery",
    "DeliveryCondition",
    "DeliveryMode",
    "Fixture",
    "Household",
    "HouseholdState",
    "MaintenanceFund",
    "Meter",
    "Performance",
    "Transfer",
    "Utility",
]


class DeliveryMode(Choice):
    """When the house is handed over."""

    ON_DATE = "on_date", "于约定日期前交付"
    AFTER_PAYMENT = "after_payment", "甲方收到全部房款后交付"
    AFTER_TRANSFER = "after_transfer", "转移登记完成后交付"


class DeliveryCondition(Choice):
    """In which state the house is handed over."""

    VACANT = "vacant", "腾空交付"
    WITH_LEASE = "with_lease", "带租约交付"


class Utility(Choice):
    """Supplies settled on the day of delivery."""

    WATER = "water", "水"
    ELECTRICITY = "electricity", "电"
    GAS = "gas", "燃气"
    HEATING = "heating", "供暖"
    BROADBAND = "broadband", "宽带"
    TELEVISION = "television", "有线电视"


class MaintenanceFund(Choice):
    """What becomes of the maintenance fund's balance."""

    INCLUDED = "included", "结余随房屋一并转移，价款已包含，不另计付"
    PAID_SEPARATELY = "paid_separately", "结余由乙方另行支付给甲方"
    NONE = "none", "房屋未缴存住宅专项维修资金"


class HouseholdState(Choice):
    """Whether anybody's household register is at the house."""

    NONE_REGISTERED = "none_registered", "房屋内无户口登记"
    MOVE_OUT = "move_out", "房屋内有户口登记，甲方应在约定期限内迁出"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Transfer of title in the register."""

    buyers_hold: Annotated[Ownership, named("乙方取得方式")]
    """How the buyers will hold the house."""

    within_days: Annotated[int, count("申请转移登记期限（日）", 1, 365)] | None = None
    """Days after filing within which the parties apply together."""

    apply_by: Annotated[date, named("申请转移登记截止日")] | None = None
    """Or the last day to apply."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One supply."""

    utility: Annotated[Utility, named("类别")]
    """Which."""

    account_no: Annotated[str, line("户号", 40)] | None = None
    """Customer number."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """Something that stays in the house."""

    name: Annotated[str, line("名称", 40)]
    """What it is."""

    quantity: Annotated[str, line("数量", 20)]
    """How many."""

    note: Annotated[str, line("品牌规格与状况", 80)] | None = None
    """Make and condition."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Handing over."""

    mode: Annotated[DeliveryMode, named("交付方式")]
    """On a day, on payment, or after transfer."""

    condition: Annotated[DeliveryCondition, named("交付状态")]
    """Vacant, or with a lease."""

    maintenance_fund: Annotated[MaintenanceFund, named("住宅专项维修资金")]
    """The fund's balance."""

    on: Annotated[date, named("交付日期")] | None = None
    """Last day, if on a day."""

    within_days: Annotated[int, count("交付期限（日）", 1, 365)] | None = None
    """Days after the event, if on an event."""

    maintenance_fund_amount: Annotated[Decimal, named("维修资金结余金额")] | None = None
    """Yuan, if paid separately."""

    property_manager: Annotated[str, line("物业服务企业", 60)] | None = None
    """Who manages the building."""

    meters: Annotated[tuple[Meter, ...], many("水电气等户号", 0, len(Utility))] = ()
    """Supplies and their customer numbers."""

    fixtures: Annotated[tuple[Fixture, ...], many("随房转让的设施设备", 0, 60)] = ()
    """What stays; listed in annex 1."""


@dataclass(frozen=True, slots=True)
class Household:
    """The household register."""

    state: Annotated[HouseholdState, named("户口登记状况")]
    """Whether anybody is registered there."""

    move_out_by: Annotated[date, named("户口迁出期限")] | None = None
    """Last day to move out."""

    daily_penalty: Annotated[Decimal, named("逾期迁出户口日违约金")] | None = None
    """Yuan for each day of delay."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What is done after signing."""

    transfer: Annotated[Transfer, named("转移登记")]
    """In the register."""

    delivery: Annotated[Delivery, named("交付")]
    """Of the house."""

    household: Annotated[Household, named("户口")]
    """Of whoever is registered there."""
