"""What a code's message must say, what a code may be sent to, and limits that make sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from identity.codes import CodePolicy, CodePurpose, CodeSubject, CodeText, SendLimits
from identity.codes.secrets import draw_code
from identity.errors import NumberError, RuleTableError
from tests.unit.identity.somebody import OTHER_TEXT, SECRET, TEXT

ABOUT_A_HOUSE = {CodePurpose.SIGN, CodePurpose.CONFIRM, CodePurpose.AMEND}


@pytest.mark.rule("WH-22", "H-43")
@pytest.mark.parametrize("purpose", CodePurpose)
def test_a_code_that_agrees_to_a_sale_names_house_and_price(purpose: CodePurpose) -> None:
    full = "验证码{code}，{house}，{price}元"
    assert CodeText(purpose, full).names() == {"code", "house", "price"}

    if purpose in ABOUT_A_HOUSE:
        for missing in ("{house}", "{price}"):
            with pytest.raises(RuleTableError, match=r"rule_table\.code_text"):
                CodeText(purpose, full.replace(missing, ""))
    else:
        assert CodeText(purpose, "验证码{code}")


def test_a_message_without_the_code_is_no_message() -> None:
    with pytest.raises(RuleTableError) as caught:
        CodeText(CodePurpose.LOGIN, "您好")
    assert caught.value.fields["missing"] == ["code"]


@pytest.mark.rule("ZS-26", "SZ-05", "HS-15", "H-10")
@pytest.mark.parametrize("phone", ["010-12345678", "+85291234567", "1380013800", ""])
def test_a_code_goes_to_mainland_mobiles_only(phone: str) -> None:
    with pytest.raises(NumberError):
        CodeSubject(CodePurpose.LOGIN, phone, "account-1")


def test_a_telephone_is_written_in_one_way() -> None:
    with pytest.raises(ValueError, match="eleven"):
        CodeSubject(CodePurpose.LOGIN, "+86 138 0013 8000", "account-1")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: SendLimits(resend_after=timedelta(seconds=29)),
        lambda: SendLimits(per_phone_daily=0),
        lambda: SendLimits(wrong_per_phone_daily=0),
        lambda: CodePolicy(life=timedelta(minutes=16)),
        lambda: CodePolicy(life=timedelta(0)),
        lambda: CodePolicy(tries=0),
        lambda: CodePolicy(tries=11),
    ],
)
def test_limits_that_limit_nothing_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"at least|at most"):
        wrong()


def test_codes_are_six_digits_and_use_them_all() -> None:
    drawn = [draw_code() for _ in range(400)]

    assert all(len(code) == 6 and code.isdigit() for code in drawn)
    assert len(set(drawn)) > 390
    assert {code[0] for code in drawn} == set("0123456789")


def test_the_text_is_no_part_of_the_place_where_a_code_stands() -> None:
    one = CodeSubject(CodePurpose.SIGN, "13800138000", "side:buyer", "case-1", TEXT)
    assert one.slot(SECRET) == replace(one, text_sha256=OTHER_TEXT).slot(SECRET)
