"""Papers: templates as data, filled or refused, set as PDF/A with fields where people sign."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image
from zxingcpp import read_barcodes

from documents.errors import PaperTemplateError, PaperValueMissing
from documents.pages import render_page
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


OFFICIAL = """
title: 申请表
subtitle: （电子公证）
head: [["{+office}机构", "{office}"], [日期, "{day}"]]
code: "{case_no}"
blocks:
  - articles:
      - [没有的, "{+refund}退款{refund}。"]
      - [终止, 双方同意终止。, "{+refund}退款{refund}。", "{!refund}另行约定。"]
      - [送达, 以短信送达。]
  - items: ["{!agents}没有代理人", "{+agents}有代理人"]
  - table: [["{+office}公证处", "{office}"], [日期, "{day}"]]
  - grid: {columns: [[材料, 3], [份数, 1]], rows: [[合同, "1"], ["{+agents}委托书", "1"]]}
  - cards: {of: buyers, label: 买受人, fields: [[姓名, name], [份额, share], [住址, address, wide]]}
  - people: {of: agents, columns: [[姓名, name]]}
  - h: "{+agents}代理人"
  - note: "{!draft}本表一式一份。"
"""
BUYERS = [
    {"key": "buyer-1", "name": "沈书瑶", "address": "示例路1号", "share": ""},
    {"key": "buyer-2", "name": "顾长安", "address": "", "share": ""},
]
GIVEN = {"day": "2026年11月21日", "case_no": "2026112100001", "buyers": BUYERS, "agents": []}
KNOWN = {**GIVEN, "office": "石岐公证处", "refund": "1.00 元", "agents": [{"key": "buyer-2", "name": "周慕白"}]}


def test_a_piece_stands_only_where_its_condition_holds() -> None:
    without, with_all = (paper_text(parse_template(OFFICIAL), values) for values in (GIVEN, KNOWN))
    assert ("另行约定。" in without, "退款" in without) == (True, False)
    assert ("另行约定。" in with_all, "退款1.00 元。" in with_all) == (False, True)
    assert ("没有代理人" in without, "委托书" in without, "公证处" in without) == (True, False, False)
    assert ("有代理人" in with_all, "委托书" in with_all, "公证处：石岐公证处" in with_all) == (True, True, True)
    assert "{" not in without + with_all


def test_articles_are_numbered_as_they_stand() -> None:
    without, with_all = (paper_text(parse_template(OFFICIAL), values) for values in (GIVEN, KNOWN))
    assert ("第一条　终止" in without, "第二条　送达" in without) == (True, True)
    assert ("第一条　没有的" in with_all, "第三条　送达" in with_all) == (True, True)


def test_the_eleventh_and_the_twentieth_article_are_called_so() -> None:
    articles = "\n".join(f"      - [题{number}, 文]" for number in range(1, 22))
    text = paper_text(parse_template(f"title: 长\nblocks:\n  - articles:\n{articles}\n"), {})
    assert [
        word for word in ("第十条　题10", "第十一条　题11", "第二十条　题20", "第二十一条　题21") if word not in text
    ] == []


def test_what_nobody_has_takes_no_room_in_a_card() -> None:
    text = paper_text(parse_template(OFFICIAL), GIVEN)
    assert "买受人（1）　姓名：沈书瑶，住址：示例路1号" in text
    assert "买受人（2）　姓名：顾长安\n" in text
    assert "份额" not in text


def test_conditions_are_names_that_are_used() -> None:
    assert names_used(parse_template(OFFICIAL)) == {"office", "day", "case_no", "refund", "agents", "buyers", "draft"}


def test_the_code_beside_the_title_says_the_number() -> None:
    made = render_paper(parse_template(OFFICIAL), KNOWN, made_at=MADE_AT)
    picture = render_page(made.pdf, 0, width_px=1200)
    found = read_barcodes(Image.open(io.BytesIO(picture)))
    assert [code.text for code in found] == ["2026112100001"]


def test_signature_boxes_stand_together_on_one_page() -> None:
    people = [{"key": f"buyer-{number}", "name": "沈书瑶"} for number in range(1, 6)]
    long = "\n".join(["  - p: 一行文字。"] * 24)
    text = f"title: 协议\nblocks:\n{long}\n  - h: 签署\n  - boxes: {{of: buyers, label: 买受人}}\n"
    made = render_paper(parse_template(text), {"buyers": people}, made_at=MADE_AT)
    assert (made.page_count, {box.page_index for box in made.boxes}) == (2, {1})


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
        "{title: 无文, blocks: [{articles: [[只有标题]]}]}",
        "{title: 少格, blocks: [{grid: {columns: [[一, 1]], rows: [[一, 二]]}}]}",
        "{title: 无宽, blocks: [{grid: {columns: [一], rows: [[一]]}}]}",
        "{title: 窄, blocks: [{cards: {of: buyers, label: 买, fields: [[姓名, name, narrow]]}}]}",
        "{title: 头, head: [一], blocks: []}",
        "{title: 脚, foot: 一, blocks: []}",
        "title: [",
    ],
)
def test_a_template_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(PaperTemplateError):
        parse_template(text)
