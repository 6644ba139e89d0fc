"""Capital amounts: every vector of field.md § 15, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.amounts import MAX_AMOUNT, capital_amount, figures
from documents.errors import AmountError

# Where the rules allow two forms, the set holds both.
VECTORS = {
    "1409.50": {"人民币壹仟肆佰零玖元伍角", "人民币壹仟肆佰零玖元伍角整"},
    "6007.14": {"人民币陆仟零柒元壹角肆分"},
    "1680.32": {"人民币壹仟陆佰捌拾元叁角贰分", "人民币壹仟陆佰捌拾元零叁角贰分"},
    "107000.53": {"人民币壹拾万柒仟元零伍角叁分", "人民币壹拾万零柒仟元伍角叁分"},
    "16409.02": {"人民币壹万陆仟肆佰零玖元零贰分"},
    "325.04": {"人民币叁佰贰拾伍元零肆分"},
    "2850000": {"人民币贰佰捌拾伍万元整"},
    "10050000": {"人民币壹仟零伍万元整"},
    "100000001": {"人民币壹亿零壹元整"},
    "20300000": {"人民币贰仟零叁拾万元整"},
    "10.00": {"人民币壹拾元整"},
    "100010000": {"人民币壹亿零壹万元整"},
    "100001000": {"人民币壹亿零壹仟元整"},
    "1286500.00": {"人民币壹佰贰拾捌万陆仟伍佰元整"},
    "0": {"人民币零元整"},
    "0.07": {"人民币柒分"},
    "0.50": {"人民币伍角", "人民币伍角整"},
    "1000.00": {"人民币壹仟元整"},
    "999999999999.99": {"人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"},
}


@pytest.mark.rule("WH-33")
@pytest.mark.parametrize("figure", VECTORS)
def test_writes_the_capitals_of(figure: str) -> None:
    assert capital_amount(Decimal(figure)) in VECTORS[figure]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (Decimal("-0.01"), "amount.negative"),
        (Decimal("-0"), "amount.negative"),
        (Decimal("1.001"), "amount.too_precise"),
        (MAX_AMOUNT + Decimal("0.01"), "amount.too_large"),
        (Decimal("1E+30"), "amount.too_large"),
        (Decimal("NaN"), "amount.not_finite"),
        (Decimal("Infinity"), "amount.not_finite"),
        (1286500.0, "amount.not_decimal"),
        (1286500, "amount.not_decimal"),
        ("1286500.00", "amount.not_decimal"),
    ],
)
@pytest.mark.parametrize("write", [capital_amount, figures])
def test_refuses(write, amount, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        write(amount)
    assert refused.value.code == code


def test_accepts_trailing_zeros_beyond_the_second_place() -> None:
    assert capital_amount(Decimal("5.5000")) == "人民币伍元伍角整"
    assert figures(Decimal("5.5000")) == "5.50"


def test_separates_thousands() -> None:
    assert figures(Decimal(1286500)) == "1,286,500.00"


@given(st.integers(0, 10**14 - 1))
def test_says_the_same_number_as_the_figures(cents: int) -> None:
    assert _read(capital_amount(Decimal(cents) / 100)) == cents


@given(st.integers(0, 10**14 - 1))
def test_never_doubles_or_dangles_a_zero(cents: int) -> None:
    capitals = capital_amount(Decimal(cents) / 100)
    assert "零零" not in capitals
    assert not any(bad in capitals for bad in ("零万", "零亿"))
    assert cents < 100 or "零元" not in capitals


def _read(capitals: str) -> int:
    """Read capitals back, in fen: the inverse, written independently."""
    digits = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total, section, digit = 0, 0, 0
    for char in capitals.removeprefix("人民币").removesuffix("整"):
        if char in digits:
            digit = digits[char]
        elif char in places:
            section, digit = section + digit * places[char], 0
        elif char in "亿万元":
            total += (section + digit) * {"亿": 10**10, "万": 10**6, "元": 100}[char]
            section = digit = 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[char], 0
    return total
