"""Price, payments and taxes, as the template wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.contract.money import InstalmentKind, LoanKind, LoanRefused, Payer, PaymentMethod, Tax
from documents.contract.wording import chinese_date, money, options, wide

if TYPE_CHECKING:
    from documents.contract.money import Account, Instalment, Loan, Money, Supervision, TaxShare

__all__ = ["money_view"]


def money_view(held: Money) -> dict[str, Any]:
    """Everything of clause group 2."""
    deposit = sum((one.amount for one in held.instalments if one.kind is InstalmentKind.DEPOSIT), start=held.price * 0)
    return {
        "price": money(held.price),
        "method": options(PaymentMethod, held.method),
        "instalments": [_instalment(one) for one in held.instalments],
        "deposit": money(deposit) if deposit else None,
        "payee": _account_rows(held.payee) if held.payee else None,
        "loan": _loan(held.loan) if held.loan else None,
        "supervision": _supervision(held.supervision) if held.supervision else None,
        "taxes": _taxes(held.taxes),
    }


def _instalment(one: Instalment) -> dict[str, Any]:
    by = f"{chinese_date(one.due_on)}前" if one.due_on else ""
    return {
        "kind": one.kind.zh,
        "amount": money(one.amount),
        "due": "，且最迟于".join(part for part in (one.due_when, by) if part),
        "channel": one.channel.zh,
    }


def _account_rows(account: Account) -> list[list[dict[str, Any]]]:
    return [[wide("账户名称", account.holder)], [wide("开户银行", account.bank)], [wide("账号", account.number)]]


def _loan(loan: Loan) -> dict[str, Any]:
    return {
        "kind": options(LoanKind, loan.kind),
        "lender": loan.lender,
        "amount": money(loan.amount),
        "apply_within_days": loan.apply_within_days,
        "if_refused": options(LoanRefused, loan.if_refused),
    }


def _supervision(supervision: Supervision) -> dict[str, Any]:
    return {
        "rows": [*_account_rows(supervision.account), [wide("监管协议编号", supervision.agreement_no)]],
        "amount": money(supervision.amount),
        "release_when": supervision.release_when,
    }


def _taxes(agreed: tuple[TaxShare, ...]) -> list[dict[str, Any]]:
    """Every tax with its bearer; one not agreed on is borne as the law says."""
    payers = {share.tax: share.payer for share in agreed}
    return [{"name": tax.zh, "payer": options(Payer, payers.get(tax, Payer.BY_LAW))} for tax in Tax]
