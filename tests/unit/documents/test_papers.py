"""Papers: templates as data, filled or refused, set as PDF/A with fields where people sign."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from documents.errors import PaperTemplateError, PaperValueMissing
from documents.papers import names_used, paper_digest, paper_text, parse_template, render_paper

MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
PEOPLE = [{"key": "seller-1", "name": "王建国", "id_number": "420202196503150034"}]
TEMPLATE = """
title: 终止协议
blocks:
  - p: "{seller_names}与买方约定："
  - items: [第一项, "因{reason?}终止"]
  - table: [[合同编号, "{case_no}"]]
  - people: {of: sellers, columns: [[姓名, name], [证件号码, id_number]]}
  - sign: [卖方]
  - boxes: {of: sellers, label: 卖方}
"""


def test_a_paper_says_what_it_was_given() -> None:
    text = paper_text(parse_template(TEMPLATE), {"seller_names": "王建国", "case_no": "1", "sellers": PEOPLE})
    assert "王建国与买方约定：" in text
    assert "1. 第一项" in text
    assert "姓名：王建国，证件号码：420202196503150034" in text


def test_an_unknown_optional_value_leaves_a_line_to_write_on() -> None:
    assert "因＿＿＿＿＿＿＿＿终止" in paper_text(
        parse_template(TEMPLATE), {"seller_names": "甲", "case_no": "1", "sellers": []}
    )


@pytest.mark.parametrize("missing", ["seller_names", "case_no", "sellers"])
def test_a_paper_is_not_made_with_a_hole_in_it(missing: str) -> None:
    values = {"seller_names": "甲", "case_no": "1", "sellers": PEOPLE}
    del values[missing]
    with pytest.raises(PaperValueMissing) as refused:
        render_paper(parse_template(TEMPLATE), values, made_at=MADE_AT)
    assert refused.value.fields["name"] == missing


def test_signature_boxes_are_named_after_the_people() -> None:
    values = {"seller_names": "王建国", "case_no": "2026112100001", "sellers": PEOPLE}
    made = render_paper(parse_template(TEMPLATE), values, made_at=MADE_AT)
    assert [box.name for box in made.boxes] == ["seller-1"]
    assert made == render_paper(parse_template(TEMPLATE), values, made_at=MADE_AT)


def test_names_used_are_found_in_every_kind_of_block() -> None:
    assert names_used(parse_template(TEMPLATE)) == {"seller_names", "reason", "case_no", "sellers"}


def test_another_word_is_another_digest() -> None:
    assert paper_digest("同意") != paper_digest("同意。")


@pytest.mark.parametrize(
    "text",
    [
        "- a list",
        "title: 只有标题",
        "{title: 无块, blocks: 文字}",
        "{title: 空标题, blocks: [{p: ''}]}",
        "{title: 未知块, blocks: [{script: x}]}",
        "{title: 两种, blocks: [{p: x, h: y}]}",
        "{title: 不成对, blocks: [{table: [[一]]}]}",
        "{title: 缺列, blocks: [{people: {of: sellers}}]}",
        "title: [",
    ],
)
def test_a_template_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(PaperTemplateError):
        parse_template(text)
