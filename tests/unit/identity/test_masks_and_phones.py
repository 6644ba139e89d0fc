"""Mainland mobiles, and what may be shown of personal data (field.md § 16)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.errors import NumberError
from identity.numbers import check_mobile, mask_name, mask_number, mask_phone


@pytest.mark.rule("ZS-26")
@pytest.mark.rule("H-10")
@pytest.mark.parametrize(
    "text", ["13800001234", "+86 138 0000 1234", "0086-138-0000-1234", "8613800001234", "１３８００００１２３４"]
)
def test_reads_mainland_mobiles(text: str) -> None:
    assert check_mobile(text) == "13800001234"


@pytest.mark.rule("ZS-26")
@pytest.mark.rule("H-10")
@pytest.mark.parametrize("text", ["12800001234", "1380000123", "138000012345", "+852 5123 4567", "0760-88363077", ""])
def test_refuses_phones_that_get_no_code(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        check_mobile(text)
    assert caught.value.code == "phone.not_mainland_mobile"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("11010519491231002X", "1101**********002X"),
        ("150102880730303", "1501*******0303"),
        ("H12345678", "H1*****78"),
        ("E1234", "E***4"),
        ("AB", "**"),
        ("", ""),
    ],
)
def test_masks_numbers(text: str, masked: str) -> None:
    assert mask_number(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [("13800001234", "138****1234"), ("+85251234567", "********4567"), ("12345", "***45"), ("110", "***")],
)
def test_masks_phones(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张*"),
        ("欧阳修", "欧阳*"),
        ("司马相如", "司马*"),
        ("欧阳", "欧*"),
        ("歐陽修", "歐陽*"),
        ("阿迪力·买买提", "阿*"),
        ("John Smith", "J*"),
        ("𠮷野家", "𠮷*"),
        ("张", "*"),
        (" ", ""),
    ],
)
def test_masks_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(alphabet="0123456789ABCX", min_size=1, max_size=40))
def test_a_mask_always_hides_a_third(text: str) -> None:
    assert mask_number(text).count("*") * 3 >= len(text)
    assert mask_phone(text).count("*") * 3 >= len(text)


@given(st.text(min_size=1).filter(str.strip))
def test_a_masked_name_ends_with_one_star_and_shows_two_at_most(name: str) -> None:
    masked = mask_name(name)
    assert masked.endswith("*")
    assert len(masked) <= 3
