"""The terms of one contract: everything the parties agree, and nothing the service adds."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from documents.contract.fields import count, line, many, named, text
from documents.contract.house import House
from documents.contract.liability import Liability
from documents.contract.money import Money
from documents.contract.parties import Party
from documents.contract.performance import Performance

__all__ = ["Annex", "ContractTerms", "Filing"]

MAX_PARTIES = 20
"""On each side. A house with more owners is settled at the window."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Where the contract is net-signed and filed."""

    city: Annotated[str, line("城市", 20)]
    """City with its suffix, e.g. 黄石市."""

    authority: Annotated[str, line("网签备案机关", 60)]
    """The housing authority, by its full name."""

    registry: Annotated[str, line("不动产登记机构", 60)]
    """The land registry, by its full name."""

    within_days: Annotated[int, count("提交网签备案期限（日）", 1, 365)]
    """Days after signing within which the seller submits the contract."""

    contract_title: Annotated[str, line("合同名称", 30)] | None = None
    """What the city calls the contract; 存量房买卖合同 unless said."""


@dataclass(frozen=True, slots=True)
class Annex:
    """Text that belongs to the contract."""

    title: Annotated[str, line("附件名称", 60)]
    """E.g. 房屋平面图说明."""

    content: Annotated[str, text("附件内容", 5000)]
    """What it says."""


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A sale of a second-hand home."""

    sellers: Annotated[tuple[Party, ...], many("出卖人", 1, MAX_PARTIES)]
    """甲方: who sells; each signs."""

    buyers: Annotated[tuple[Party, ...], many("买受人", 1, MAX_PARTIES)]
    """乙方: who buys; each signs."""

    house: Annotated[House, named("房屋")]
    """What is sold."""

    money: Annotated[Money, named("价款")]
    """What it costs and how it is paid."""

    performance: Annotated[Performance, named("履行")]
    """Transfer and delivery."""

    liability: Annotated[Liability, named("责任")]
    """Breach and disputes."""

    filing: Annotated[Filing, named("网签备案")]
    """Where it is filed."""

    co_owners: Annotated[tuple[Party, ...], many("同意出售的共有人", 0, MAX_PARTIES)] = ()
    """Owners who do not sell in their own name but consent in writing (城市房地产管理法 art. 38); each signs."""

    annexes: Annotated[tuple[Annex, ...], many("其他附件", 0, 10)] = ()
    """Annexes after the list of fixtures, which is annex 1."""

    other_agreements: Annotated[tuple[Annotated[str, text("约定")], ...], many("其他约定", 0, 20)] = ()
    """Further agreements, each its own paragraph."""

    @property
    def price(self) -> Decimal:
        """The price in yuan."""
        return self.money.price
