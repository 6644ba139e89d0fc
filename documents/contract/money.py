"""Price, how it is paid, and who bears which tax. Amounts are yuan with two places, never floats."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from documents.contract.fields import END, Choice, Field, count, line, many, named

__all__ = [
    "Account",
    "Channel",
    "Instalment",
    "InstalmentKind",
    "Loan",
    "LoanKind",
    "LoanRefused",
    "Money",
    "Payer",
    "PaymentMethod",
    "Supervision",
    "Tax",
    "TaxShare",
]

MAX_INSTALMENTS = 12
"""More payments than months in a year is a lease, not a sale."""


class PaymentMethod(Choice):
    """How the price is paid as a whole."""

    LUMP_SUM = "lump_sum", "一次性付款"
    INSTALMENTS = "instalments", "分期付款"
    LOAN = "loan", "贷款付款"


class InstalmentKind(Choice):
    """What one payment is."""

    DEPOSIT = "deposit", "定金"
    DOWN_PAYMENT = "down_payment", "首付款"
    INSTALMENT = "instalment", "分期款"
    LOAN = "loan", "贷款"
    BALANCE = "balance", "尾款"
    RETENTION = "retention", "交房及户口保证金"
    FULL = "full", "全部房款"


class Channel(Choice):
    """Which way one payment takes."""

    SELLER = "seller", "支付至甲方收款账户"
    SUPERVISED = "supervised", "存入资金监管账户"
    LENDER = "lender", "由贷款机构直接发放给甲方"


class LoanKind(Choice):
    """What kind of loan the buyer takes."""

    COMMERCIAL = "commercial", "商业性贷款"
    FUND = "fund", "住房公积金贷款"
    COMBINED = "combined", "组合贷款"


class LoanRefused(Choice):
    """What happens if the lender refuses, or grants less."""

    BUYER_PAYS = "buyer_pays", "由乙方自筹资金补足"
    TERMINATE = "terminate", "任何一方均可解除合同且互不承担违约责任，甲方应退还已收款项"


class Tax(Choice):
    """Taxes and fees of a sale."""

    VALUE_ADDED = "value_added", "增值税及附加"
    INCOME = "income", "个人所得税（企业所得税）"
    LAND_VALUE = "land_value", "土地增值税"
    LAND_PREMIUM = "land_premium", "土地出让价款（土地收益金）"
    DEED = "deed", "契税"
    STAMP = "stamp", "印花税"
    REGISTRATION = "registration", "不动产登记费"


class Payer(Choice):
    """Who bears a tax between the parties; towards the state the law decides."""

    SELLER = "seller", "甲方"
    BUYER = "buyer", "乙方"
    HALF = "half", "各半"
    BY_LAW = "by_law", "依法各自承担"


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account."""

    holder: Annotated[str, line("账户名称", 60)]
    """Name of the account."""

    bank: Annotated[str, line("开户银行", 60)]
    """Bank and branch."""

    number: Annotated[str, Field("账号", rf"^[0-9]{{6,32}}{END}", 32)]
    """Account number, digits only."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment."""

    kind: Annotated[InstalmentKind, named("款项")]
    """What it is."""

    amount: Annotated[Decimal, named("金额")]
    """Yuan."""

    channel: Annotated[Channel, named("支付方式")]
    """Which way it takes."""

    due_on: Annotated[date, named("支付日期")] | None = None
    """Last day to pay."""

    due_when: Annotated[str, line("支付条件", 100)] | None = None
    """Or the event on which it is due."""


@dataclass(frozen=True, slots=True)
class Loan:
    """The buyer's loan."""

    kind: Annotated[LoanKind, named("贷款类型")]
    """From a bank, the housing fund, or both."""

    lender: Annotated[str, line("贷款机构", 100)]
    """Who lends."""

    amount: Annotated[Decimal, named("贷款金额")]
    """Yuan."""

    apply_within_days: Annotated[int, count("申请贷款期限（日）", 1, 365)]
    """Days after signing within which the buyer applies."""

    if_refused: Annotated[LoanRefused, named("贷款未获批准的处理")]
    """What happens if it is refused."""


@dataclass(frozen=True, slots=True)
class Supervision:
    """Supervision of the purchase money."""

    account: Annotated[Account, named("监管账户")]
    """Where the money waits."""

    amount: Annotated[Decimal, named("监管金额")]
    """Yuan."""

    release_when: Annotated[str, line("划转条件", 200)]
    """When it goes to the seller."""

    agreement_no: Annotated[str, line("资金监管协议编号", 40)] | None = None
    """Number of the supervision agreement."""


@dataclass(frozen=True, slots=True)
class TaxShare:
    """Who bears one tax."""

    tax: Annotated[Tax, named("税费")]
    """Which."""

    payer: Annotated[Payer, named("承担方")]
    """Who."""


@dataclass(frozen=True, slots=True)
class Money:
    """The price and everything about paying it."""

    price: Annotated[Decimal, named("成交价格")]
    """Yuan; declared truthfully (城市房地产管理法 art. 35)."""

    method: Annotated[PaymentMethod, named("付款方式")]
    """At once, in parts, or with a loan."""

    instalments: Annotated[tuple[Instalment, ...], many("付款安排", 1, MAX_INSTALMENTS)]
    """Every payment; together they are the price."""

    payee: Annotated[Account, named("甲方收款账户")] | None = None
    """The seller's account, for what is paid directly."""

    loan: Annotated[Loan, named("贷款")] | None = None
    """The buyer's loan."""

    supervision: Annotated[Supervision, named("资金监管")] | None = None
    """Supervision of the money; none if the parties do without."""

    taxes: Annotated[tuple[TaxShare, ...], many("税费承担", 0, len(Tax))] = ()
    """Agreed shares; a tax not listed is borne as the law says."""
