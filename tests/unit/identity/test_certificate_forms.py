"""Forms of certificate numbers come in as data; what contradicts itself stops the start."""

from __future__ import annotations

import pytest

from identity.errors import RuleTableError
from identity.numbers import certificate_form, read_certificate
from tests.unit.identity.somebody import TODAY

GOOD = {
    "name": "hs_old_serial",
    "pattern": "(?:黄房权证(?P<year>[0-9]{4})字第?)?(?P<serial>[0-9]{7})号?",
    "written": "黄房权证{year}字第{serial}号",
    "lookup": "{serial}",
    "example": "0000001",
}


@pytest.mark.rule("HS-11")
def test_a_form_given_as_data_reads_like_one_in_code() -> None:
    number = read_certificate("黄房权证 2012 字第 0000001 号", (certificate_form(**GOOD),), TODAY)

    assert (number.normalised, number.lookup, number.year) == ("黄房权证2012字第0000001号", "0000001", 2012)


@pytest.mark.rule("WH-32")
def test_a_pattern_may_name_any_province() -> None:
    form = certificate_form(
        "any",
        r"(?P<province>{provinces})\(?(?P<year>[0-9]{4})\)?(?P<place>[一-鿿]{1,20})不动产权第(?P<serial>[0-9]{5,8})号",
        "{province}({year}){place}不动产权第{serial}号",
        example="鄂(2022)武汉市东西湖不动产权第0012345号",
    )
    assert read_certificate("苏(2017)海门市不动产权第0000183号", (form,), TODAY).province == "苏"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"pattern": "("}, "pattern"),
        ({"pattern": "[0-9]{7}"}, "pattern"),
        ({"pattern": "(?P<serial>[0-9]{7})(?P<colour>红)?"}, "pattern"),
        ({"written": "{province}{serial}"}, "written"),
        ({"lookup": "{year}"}, "lookup"),
        ({"example": "1"}, "example"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(change: dict[str, str], part: str) -> None:
    with pytest.raises(RuleTableError) as caught:
        certificate_form(**{**GOOD, **change})
    assert (caught.value.code, caught.value.fields["part"]) == ("rule_table.certificate_form", part)
