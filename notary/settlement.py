"""What the developer says of the money that goes back, as the agreement will say it (ZN-05). Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from filing.acts.entry.identify import refuse
from filing.case.notary import Settlement

if TYPE_CHECKING:
    from notary.acts.inputs import SettlementInput

__all__ = ["settlement_from"]

_YUAN: Final = re.compile(r"(0|[1-9][0-9]{0,11})\.[0-9]{2}")
"""One way to write an amount, as in a contract's terms."""

MOST_DAYS: Final = 3650

MOST_WORDS: Final = 500


def settlement_from(said: SettlementInput | None) -> Settlement | None:
    """The settlement, if anything was said. Raises ``InputRefused``."""
    if said is None:
        return None
    price, paid, refund = (_yuan(getattr(said, name), name) for name in ("price", "paid", "refund"))
    if paid is not None and refund is not None and refund > paid:
        raise refuse("settlement.refund", "退款不能超过已付款", "more goes back than was paid", "settlement.refund")
    if said.within_days is not None and not 0 < said.within_days <= MOST_DAYS:
        raise refuse("field.format", "退款期限不正确", "the days are not a term", "settlement.within_days")
    words = None if said.loan is None else said.loan.strip()
    if words is not None and not 0 < len(words) <= MOST_WORDS:
        raise refuse("field.format", "贷款处理说明不正确", "say how the loan is settled", "settlement.loan")
    return Settlement(price, paid, refund, said.within_days, words)


def _yuan(text: str | None, name: str) -> Decimal | None:
    if text is None:
        return None
    if not _YUAN.fullmatch(text):
        raise refuse("field.format", "金额格式不正确", "write the amount as 1150000.00", f"settlement.{name}")
    return Decimal(text)
