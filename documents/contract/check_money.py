"""What must hold of price, payments, loan and supervision."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from documents.amounts import figures
from documents.contract.money import Channel, InstalmentKind, PaymentMethod
from documents.contract.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.contract.money import Instalment, Money

__all__ = ["DEPOSIT_LIMIT", "check_money"]

DEPOSIT_LIMIT = Decimal("0.20")
"""A deposit is 20 % of the contract amount at most (民法典 art. 586)."""


def check_money(money: Money) -> Iterator[Problem]:
    """The payments are the price, and each can take its way."""
    if money.price <= 0:
        yield Problem("money.price", "price.zero", "成交价格须大于零", "the price must be above zero")
    for index, instalment in enumerate(money.instalments):
        yield from _instalment(f"money.instalments.{index}", instalment)
    yield from _sums(money)
    yield from _ways(money)
    yield from _loan(money)
    yield from _supervision(money)
    yield from _taxes(money)


def _instalment(path: str, instalment: Instalment) -> Iterator[Problem]:
    if instalment.amount <= 0:
        yield Problem(f"{path}.amount", "payment.zero", "付款金额须大于零", "a payment must be above zero")
    if instalment.due_on is None and instalment.due_when is None:
        yield Problem(
            f"{path}.due_on",
            "payment.no_date",
            "须填写支付日期或者支付条件",
            "needs a date or an event",
        )


def _sums(money: Money) -> Iterator[Problem]:
    total = _total(money, *InstalmentKind)
    if total != money.price:
        yield Problem(
            "money.instalments",
            "payment.sum",
            f"各期付款合计 {figures(total)} 元，与成交价格 {figures(money.price)} 元不符",
            f"the payments sum to {figures(total)}, the price is {figures(money.price)}",
        )
    if _total(money, InstalmentKind.DEPOSIT) > money.price * DEPOSIT_LIMIT:
        yield Problem(
            "money.instalments",
            "deposit.too_high",
            "定金不得超过成交价格的百分之二十（《民法典》第五百八十六条）",
            "the deposit exceeds 20 % of the price (Civil Code art. 586)",
        )


def _ways(money: Money) -> Iterator[Problem]:
    way_open = {
        Channel.SELLER: (money.payee, "money.payee", "甲方收款账户", "an account of the seller"),
        Channel.SUPERVISED: (money.supervision, "money.supervision", "资金监管", "supervision of the money"),
        Channel.LENDER: (money.loan, "money.loan", "贷款", "a loan"),
    }
    for channel in sorted({instalment.channel for instalment in money.instalments}, key=lambda one: one.value):
        given, path, zh, en = way_open[channel]
        if given is None:
            yield Problem(path, "payment.no_way", f"付款安排需要{zh}，但未填写", f"a payment needs {en}")


def _loan(money: Money) -> Iterator[Problem]:
    if (money.method is PaymentMethod.LOAN) != (money.loan is not None):
        yield Problem(
            "money.loan",
            "loan.method",
            "付款方式为贷款时须填写贷款信息，否则不得填写",
            "goes with method 'loan' only",
        )
    lent = _total(money, InstalmentKind.LOAN)
    if lent != (money.loan.amount if money.loan else 0):
        yield Problem(
            "money.loan",
            "loan.sum",
            "付款安排中的贷款合计与贷款金额不符",
            "loan payments must sum to the loan",
        )


def _supervision(money: Money) -> Iterator[Problem]:
    if money.supervision is None:
        return
    kept = sum((one.amount for one in money.instalments if one.channel is Channel.SUPERVISED), Decimal(0))
    if kept != money.supervision.amount:
        yield Problem(
            "money.supervision.amount",
            "supervision.sum",
            "存入监管账户的款项合计与监管金额不符",
            "supervised payments must sum to the supervised amount",
        )


def _taxes(money: Money) -> Iterator[Problem]:
    taxes = [share.tax for share in money.taxes]
    for index, tax in enumerate(taxes):
        if tax in taxes[:index]:
            yield Problem(f"money.taxes.{index}", "tax.repeated", "税费重复约定", "the same tax twice")


def _total(money: Money, *kinds: InstalmentKind) -> Decimal:
    return sum((one.amount for one in money.instalments if one.kind in kinds), Decimal(0))
