"""Amounts of money as contracts write them: figures with separators, and capitals (大写金额) made from the figures.

The rules are those of 《正确填写票据和结算凭证的基本规定》 (``field.md`` § 15): begin with 人民币 without a gap; one 零
for a run of zeros inside; end with 整 after 元 and, so that nothing can be added, after 角 too.
"""

from __future__ import annotations

from decimal import Decimal

from documents.errors import AmountError

__all__ = ["MAX_AMOUNT", "capital_amount", "figures"]

MAX_AMOUNT = Decimal("999999999999.99")
"""Below one trillion (万亿): beyond it customs of writing differ, and no house costs it."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_SECTIONS = ("亿", "万", "")


def capital_amount(amount: Decimal) -> str:
    """``Decimal("1409.50")`` → ``人民币壹仟肆佰零玖元伍角整``."""
    yuan, jiao, fen = _parts(amount)
    whole = _whole(yuan) + "元" if yuan else ""
    if not (jiao or fen):
        return f"人民币{whole or '零元'}整"
    # 元 place zero before a 角: 零 is optional, and is written; 角 place zero before a 分: 零 is due.
    gap = "零" if whole and (yuan % 10 == 0 or not jiao) else ""
    tail = (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[fen]}分" if fen else "整")
    return f"人民币{whole}{gap}{tail}"


def figures(amount: Decimal) -> str:
    """``Decimal("1286500")`` → ``1,286,500.00``."""
    _parts(amount)
    return f"{amount:,.2f}"


def _parts(amount: Decimal) -> tuple[int, int, int]:
    """Yuan, jiao, fen; refuses whatever is not a plain amount."""
    if not isinstance(amount, Decimal):  # a float has no exact fen, an int no unit
        raise AmountError("amount.not_decimal", zh="金额须为十进制数", en="an amount must be a Decimal")
    if not amount.is_finite():
        raise AmountError("amount.not_finite", zh="金额须为有限数值", en="an amount must be finite")
    if amount.is_signed():
        raise AmountError("amount.negative", zh="金额不得为负", en="an amount must not be negative")
    if amount > MAX_AMOUNT:
        raise AmountError("amount.too_large", zh="金额超出可填写范围", en="the amount is too large to be written")
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise AmountError(
            "amount.too_precise", zh="金额最多保留两位小数", en="an amount has at most two decimal places"
        )
    yuan, rest = divmod(int(cents), 100)
    return yuan, rest // 10, rest % 10


def _whole(yuan: int) -> str:
    """Yuan in capitals: four digits at a time, for 亿, 万 and the rest."""
    text, pending_zero = "", False
    for index, section in enumerate(_SECTIONS):
        number = yuan // 10000 ** (len(_SECTIONS) - 1 - index) % 10000
        if not number:
            pending_zero = bool(text)
            continue
        if text and (pending_zero or number < 1000):
            text += "零"
        text, pending_zero = text + _section(number) + section, False
    return text


def _section(number: int) -> str:
    """1 to 9999, a run of zeros inside as one 零."""
    text, pending_zero = "", False
    for digit, place in zip(f"{number:04}", _PLACES, strict=True):
        if digit == "0":
            pending_zero = bool(text)
            continue
        text += ("零" if pending_zero else "") + _DIGITS[int(digit)] + place
        pending_zero = False
    return text
