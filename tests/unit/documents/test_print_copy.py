"""The print copy: the text itself with codes in two corners of every page."""

from __future__ import annotations

import io

import pikepdf
import pikepdf.pdfa
import pytest
import zxingcpp
from PIL import ImageChops

from documents.contract import render_contract
from documents.print_copy import Corner, PageCode, code_square, make_print_copy, read_page_code, write_page_code
from tests.builders.keyring import NOW
from tests.builders.scanner import printed_page
from tests.builders.terms import demo_terms

CODE = PageCode("武房2026112100001", 3, 1, 11, "ab" * 32)


@pytest.fixture(scope="module")
def text() -> bytes:
    return render_contract(demo_terms(), case_no="武房2026112100001", made_at=NOW).pdf


@pytest.fixture(scope="module")
def copy(text: bytes) -> bytes:
    return make_print_copy(text, CODE)


def test_a_code_is_read_as_it_was_written() -> None:
    code, corner = read_page_code(write_page_code(CODE, Corner.BOTTOM_RIGHT))
    assert corner is Corner.BOTTOM_RIGHT
    assert (code.case_no, code.text_version, code.page, code.page_count) == ("武房2026112100001", 3, 1, 11)
    assert code.same_text(CODE)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.cn/1",
        "QS1:1:1:12:11:T:" + "A" * 22,
        "QS1:1:0:1:1:T:" + "A" * 22,
        "QS1:1:1:1:1:X:" + "A" * 22,
        "QS2:1:1:1:1:T:" + "A" * 22,
        "QS1:1:1:1:1:T:" + "A" * 21,
    ],
)
def test_other_codes_are_no_page_codes(text: str) -> None:
    assert read_page_code(text) is None


@pytest.mark.rule("WH-39")
def test_both_codes_of_every_page_are_read_from_a_print(copy: bytes) -> None:
    for index in range(11):
        found = zxingcpp.read_barcodes(printed_page(copy, index, 150))
        said = {read_page_code(each.text) for each in found}
        assert {(code.page, corner) for code, corner in said} == {(index + 1, corner) for corner in Corner}


def test_nothing_but_the_corners_differs_from_the_text(text: bytes, copy: bytes) -> None:
    for index in (0, 4, 10):
        before, after = printed_page(text, index, 72), printed_page(copy, index, 72)
        difference = ImageChops.difference(before, after)
        for corner in Corner:
            x0, y0, x1, y1 = code_square(corner, before.width, before.height)
            square = (round(x0) - 1, round(before.height - y1) - 1, round(x1) + 1, round(before.height - y0) + 1)
            assert before.crop(square).getextrema() == (255, 255)  # the text leaves the corners free
            difference.paste(0, square)
        assert difference.getbbox() is None


def test_it_is_as_good_a_pdfa_as_the_text(text: bytes, copy: bytes) -> None:
    def rules(data: bytes) -> set[str]:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return {finding.rule for finding in pikepdf.pdfa.check(pdf, "3b").findings}

    assert rules(copy) <= rules(text)


def test_equal_texts_give_equal_copies(text: bytes, copy: bytes) -> None:
    assert make_print_copy(text, CODE) == copy


def test_a_wrong_count_of_pages_is_a_mistake(text: bytes) -> None:
    with pytest.raises(ValueError, match="11 pages"):
        make_print_copy(text, PageCode("1", 1, 1, 12, "ab" * 32))
